// Where two observations of the same stream differ, message by message, up to the first difference
// about whether there is a message at all: behind that, everything differs.

/** What is compared of the heads of messages that both have read. */
const HEAD_ASPECTS = ['start', 'minorVersion', 'fields'];
/** Whoever differs here goes on differently. */
const STEERING = ['content', 'persistent', 'upgrade'];

/** What an observation says about a message with this index: a fault by its code. */
function verdictOf(observation, index) {
  if (index < observation.completeCount) return 'accepts';
  return observation.end === 'refused' ? observation.code : observation.end;
}

/** The same where nobody has read it to its end. */
function headVerdictOf(observation, index) {
  return index < observation.messages.length ? 'head' : verdictOf(observation, index);
}

/** It was not read to its end, be it for a fault or for the stream's. */
const isUnread = ({ end }) => end === 'refused' || end === 'incomplete';

/** What differs in the heads of messages that both have read. */
function headDifferences(index, ours, theirs) {
  return HEAD_ASPECTS.flatMap((what) => compareAspect(what, index, ours, theirs));
}

function compareAspect(what, index, ours, theirs) {
  const [left, right] = [ours, theirs].map(({ messages }) => messages[index][what]);
  const isSame = JSON.stringify(left) === JSON.stringify(right);
  return isSame ? [] : [{ what, index, ours: left, theirs: right }];
}

/** Content is judged byte by byte: one has refused what the other has taken so far. */
function contentVerdicts(index, ours, theirs) {
  if (ours.end === theirs.end) return [];
  return [
    { what: 'verdict', index, ours: verdictOf(ours, index), theirs: verdictOf(theirs, index) },
  ];
}

/** Neither has read the message to its end: they must agree about as much of it as both have read. */
function unreadDifferences(index, ours, theirs) {
  const verdicts = [ours, theirs].map((observation) => headVerdictOf(observation, index));
  const [our, their] = verdicts;
  if (our !== 'head' && their !== 'head') return [];
  if (our !== their) return [{ what: 'verdict', index, ours: our, theirs: their }];
  const [left, right] = [ours, theirs].map(({ messages }) => messages[index].content);
  const length = Math.min(left.length, right.length);
  const isSame = left.slice(0, length) === right.slice(0, length);
  const content = isSame ? [] : [{ what: 'content', index, ours: left, theirs: right }];
  return [
    ...headDifferences(index, ours, theirs),
    ...content,
    ...contentVerdicts(index, ours, theirs),
  ];
}

/** What differs where one of the two has no further message. */
function endDifferences(index, ours, theirs) {
  if (isUnread(ours) && isUnread(theirs)) return unreadDifferences(index, ours, theirs);
  const [our, their] = [ours, theirs].map((observation) => verdictOf(observation, index));
  if (our !== their) return [{ what: 'verdict', index, ours: our, theirs: their }];
  const { trailing } = ours;
  if (our !== 'switched' || trailing === theirs.trailing) return [];
  return [{ what: 'trailing', index, ours: trailing, theirs: theirs.trailing }];
}

/**
 * Every difference: `what` is an aspect, `trailing` or `verdict`, `index` the message's, `ours` and
 * `theirs` what both say.
 */
export function differencesOf(ours, theirs) {
  const differences = [];
  const count = Math.min(ours.completeCount, theirs.completeCount);
  for (let index = 0; index < count; index++) {
    differences.push(...headDifferences(index, ours, theirs));
    for (const what of ['trailers', ...STEERING]) {
      differences.push(...compareAspect(what, index, ours, theirs));
    }
    if (STEERING.includes(differences.at(-1)?.what)) return differences;
  }
  return [...differences, ...endDifferences(count, ours, theirs)];
}

/** What another observation says about what a difference is about. */
export function outcomeOf(observation, { what, index }) {
  const verdict = verdictOf(observation, index);
  const isHead = isUnread(observation) && observation.messages.length > index;
  if (what === 'verdict') return isHead && verdict !== 'accepts' ? 'head' : verdict;
  if (what === 'trailing') return observation.trailing;
  return observation.messages[index]?.[what] ?? verdictOf(observation, index);
}
