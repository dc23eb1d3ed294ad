// Where two observations of the same stream differ, message by message, up to the first difference
// about whether there is a message at all: behind that, everything differs.

/** What is compared of two messages that both have read. */
const ASPECTS = ['start', 'minorVersion', 'fields', 'trailers', 'content', 'persistent', 'upgrade'];
/** Whoever differs here goes on differently. */
const STEERING = ['content', 'persistent', 'upgrade'];

function equalText(left, right) {
  return JSON.stringify(left) === JSON.stringify(right);
}

/** What an observation says about a message with this index: a fault by its code. */
function verdictOf(observation, index) {
  if (index < observation.completeCount) return 'accepts';
  return observation.end === 'refused' ? observation.code : observation.end;
}

/** Of a message that was not read to its end it does not matter where the fault was seen. */
const isUnread = ({ end }) => end === 'refused' || end === 'incomplete';

/**
 * Every difference: `what` is an aspect or `verdict`, `index` the message's, `ours` and `theirs`
 * what both say.
 */
export function differencesOf(ours, theirs) {
  const differences = [];
  for (let index = 0; ; index++) {
    const verdicts = [verdictOf(ours, index), verdictOf(theirs, index)];
    const [our, their] = verdicts;
    if (our !== 'accepts' && their !== 'accepts') {
      const isSame = our === their || (isUnread(ours) && isUnread(theirs));
      if (!isSame) differences.push({ what: 'verdict', index, ours: our, theirs: their });
      else if (our === 'switched' && ours.trailing !== theirs.trailing) {
        differences.push({ what: 'trailing', index, ours: ours.trailing, theirs: theirs.trailing });
      }
      return differences;
    }
    if (our !== their) {
      differences.push({ what: 'verdict', index, ours: our, theirs: their });
      return differences;
    }
    for (const what of ASPECTS) {
      const [left, right] = [ours.messages[index][what], theirs.messages[index][what]];
      if (!equalText(left, right)) differences.push({ what, index, ours: left, theirs: right });
    }
    if (STEERING.includes(differences.at(-1)?.what)) return differences;
  }
}

/** What another observation says about what a difference is about. */
export function outcomeOf(observation, { what, index }) {
  if (what === 'verdict') return verdictOf(observation, index);
  if (what === 'trailing') return observation.trailing;
  return observation.messages[index]?.[what] ?? verdictOf(observation, index);
}
