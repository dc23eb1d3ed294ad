import { GROUPS, shownAspect } from '../../fuzz/disagreements/list.mjs';
import { code, pageHead, withLinks } from '../markdown.mjs';

const INTRODUCTION = `
The fuzzer gives the same bytes, in the same pieces, to holdline and to the parser of node:http, which is llhttp, and
compares what both have read: accepted or refused, where each message ends, every field, content and trailer, whether the
connection goes on, and in which protocol. What they disagree about is on this list, with the sentence of the RFC that
decides it, or the fuzzer fails. The examples are run against both parsers on every supported Node release, so that the list
cannot go stale: each has to give the outcome that stands here. http-parser-js is shown as a third opinion.

Requests that one parser accepts and another refuses are how requests are smuggled past a proxy, so this is also a list of
what to expect with Node before or behind holdline. «Refuses» is what ends a connection.`;

const VERDICTS = {
  accepts: 'accepts',
  head: 'hands out the head',
  rest: 'sees no message',
  incomplete: 'sees half a message',
  closed: 'ignores what follows',
};
const YES = { persistent: 'lets the connection go on', upgrade: 'sees an offer of a protocol' };
const NO = { persistent: 'lets it end', upgrade: 'sees none' };

/** What one parser does, as words. */
function outcome(what, value) {
  if (value === true) return YES[what];
  if (value === false) return NO[what];
  if (what === 'trailers') return `hands out ${code(value.map(([name]) => name).join(', '))}`;
  if (what === 'content') return value === '' ? 'sees no content' : `sees ${code(escaped(value))}`;
  return VERDICTS[value] ?? (/^[A-Z]/.test(value) ? `refuses (${code(value)})` : 'refuses');
}

const escaped = (text) => text.replaceAll('\r', '\\r').replaceAll('\n', '\\n');

function agreement({ agreeing = [] }) {
  return agreeing.length === 0 ? '' : ` Node ${agreeing.join(' and ')} does as holdline.`;
}

function section(rule) {
  const [ours, theirs, third] = rule.outcome.map((value) => outcome(shownAspect(rule), value));
  const asked = rule.options?.asked;
  const stream = asked === undefined ? 'A request' : `An answer to ${asked[0]}`;
  return [
    `### ${rule.name}`,
    '',
    `${stream}: ${code(rule.example)}`,
    '',
    `- holdline ${ours}; node’s parser ${theirs}; http-parser-js ${third}.${agreement(rule)}`,
    `- «${rule.sentence}» ${withLinks(rule.section)}`,
    `- ${withLinks(rule.why)}`,
  ].join('\n');
}

/** `docs/security/parser-disagreements.md`. */
export function parserDisagreements() {
  const head = pageHead('Where holdline and Node’s parser disagree', [
    'tools/fuzz/disagreements/list.mjs',
  ]);
  const groups = GROUPS.map(({ title, rules }) =>
    [`## ${title}`, ...rules.map(section)].join('\n\n'),
  );
  return `${[head.trimEnd(), INTRODUCTION.trim(), ...groups].join('\n\n')}\n`;
}
