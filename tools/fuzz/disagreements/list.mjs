// Every way in which holdline and node's parser are known to disagree. A rule has
//
//   name              of the rule, as an anchor
//   roles             whose input it is about; the example is for the first
//   stricter          who refuses more: holdline, node or neither
//   what              what differs: `verdict` (the default), an aspect of a message that both have
//                     read, or a list of such, of which the example shows the first
//   ours, theirs      patterns of the verdicts that it covers, where those are more than the example's
//   when              whether the bytes bear this out, told by the RFC's grammar and not by our code
//   example           a stream, in the escapes of case files; `options` as in `CallbackParser.observe`
//   outcome           what holdline, node's parser and http-parser-js make of it
//   agreeing          releases of Node whose parser does as we do; none when left out
//   section, sentence the RFC's
//   why               we are right, or differ on purpose
import process from 'node:process';
import { Message } from './observation.mjs';
import { chunkRules } from './rules/chunks.mjs';
import { connectionRules } from './rules/connection.mjs';
import { fieldRules } from './rules/fields.mjs';
import { lengthRules } from './rules/length.mjs';
import { requestLineRules } from './rules/request-line.mjs';
import { responseRules } from './rules/responses.mjs';

/** The rules by what they are about. */
export const GROUPS = [
  { title: 'Request lines', rules: requestLineRules },
  { title: 'Field lines', rules: fieldRules },
  { title: 'Length', rules: lengthRules },
  { title: 'Chunks and trailers', rules: chunkRules },
  { title: 'The connection', rules: connectionRules },
  { title: 'Responses', rules: responseRules },
];
/** All rules. */
export const RULES = GROUPS.flatMap(({ rules }) => rules);

const [release] = process.versions.node.split('.');
/** Of the node that runs this; the first that explains a difference counts. */
const PRESENT_RULES = RULES.filter(({ agreeing = [] }) => !agreeing.includes(release));

/** What differs in the example of a rule. */
export function shownAspect({ what = 'verdict' }) {
  return Array.isArray(what) ? what[0] : what;
}

const listOf = (words) => (Array.isArray(words) ? words : [words]);
/** Node's parser does not always say which fault it refuses; see `faults-behind-an-offer`. */
const covers = (pattern, usual, verdict) =>
  (pattern?.test(verdict) ?? usual === verdict) ||
  (verdict === 'hidden' && String(pattern ?? usual).includes('HPE_')) ||
  // Who accepts a message has accepted its head, and all there is of its content.
  (/^(?:head|incomplete)$/.test(verdict) && covers(pattern, usual, 'accepts'));

/** What a rule may look at. */
function contextOf(difference, { text, options, ours, theirs }) {
  const { what, index } = difference;
  const oursRefuse = what === 'verdict' && ours.end === 'refused' && difference.ours === ours.code;
  const refusing = oursRefuse ? ours : theirs;
  const offset = Math.max(0, refusing.offset);
  const message = (oursRefuse ? theirs : ours).messages[index] ?? new Message();
  // Which request a response answers.
  const finals = ours.messages.slice(0, index).filter(({ start }) => start[0] >= '200').length;
  const asked = options.asked?.[finals];
  const isOffered = options.offers === true && finals === options.asked.length - 1;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const refusedLine = text.slice(lineStart).split(/[\r\n]/, 1)[0];
  return {
    ...difference,
    text,
    options,
    ours,
    theirs,
    offset,
    message,
    refusedLine,
    asked,
    isOffered,
  };
}

/** The rule that explains a difference, or null. */
export function ruleFor(difference, observed) {
  const context = contextOf(difference, observed);
  const { role } = observed.options;
  const rule = PRESENT_RULES.find(
    ({ roles, what = 'verdict', outcome, ours, theirs, when }) =>
      roles.includes(role) &&
      listOf(what).includes(difference.what) &&
      (difference.what !== 'verdict' ||
        (covers(ours, outcome[0], difference.ours) &&
          covers(theirs, outcome[1], difference.theirs))) &&
      when(context),
  );
  return rule ?? null;
}
