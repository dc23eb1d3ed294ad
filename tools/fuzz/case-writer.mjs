// A finding as a case file: the steps that led to it, and what the machine makes of them at present,
// which is what a reviewer puts right.
import { parseCaseFile, printBlock, printEscapes, runCase } from '@holdline/testkit';

/** What events say that is worth expecting; texts for people are not. */
const NOT_EXPECTED = new Set(['type', 'message', 'rawHead', 'fields', 'trailers', 'data']);
const REPEATED_MIN = 64;
const COMMANDS = {
  sendData: 'data',
  endMessage: 'end-message',
  sendInformational: 'informational',
  sendResponse: 'response',
  sendRequest: 'request',
  takeTrailingData: 'trailing',
};

const bytesOf = (text) => Uint8Array.from(text, (unit) => unit.charCodeAt(0) & 0xff);
/** Long runs of one letter are written by their number. */
function escaped(text) {
  return printEscapes(bytesOf(text)).replace(
    new RegExp(`([a-z])\\1{${REPEATED_MIN},}`, 'g'),
    (run, letter) => `\\{${letter}*${run.length}}`,
  );
}
const quoted = (text) => `"${escaped(text)}"`;
/** With quotes only where a reader would miss them. */
const word = (text) => (/^[!#-<>-[\]-~]+$/.test(text) ? text : quoted(text));
const latin1 = (data) => String.fromCharCode(...data);

function fieldLines(fields) {
  return fields.map(({ name, value }) => {
    // The notation takes spaces at the ends of a value for its own.
    const text = escaped(value).replace(/^ | $/g, '\\x20');
    return `  ${escaped(name)}: ${text}`;
  });
}

/** The lines of a `do` block for one call. */
function commandLines({ call, args: [what = [], ...rest] }) {
  const name = COMMANDS[call] ?? call;
  if (what instanceof Uint8Array) return [`${name} ${quoted(latin1(what))}`];
  if (Array.isArray(what)) return [name, ...fieldLines(what)];
  if (typeof what === 'string') return [`${name} ${what}`];
  const { status, reason, method, target, fields = [] } = what;
  const words = method === undefined ? [status] : [word(method), word(target)];
  if (reason !== undefined) words.push(`reason=${word(reason)}`);
  return [[name, ...words, ...rest].join(' '), ...fieldLines(fields)];
}

function block(kind, lines) {
  return [`\`\`\`${kind}`, ...lines, '```', ''];
}

/** Blocks of input, and of what is done between them. */
function stepLines(steps) {
  const lines = [];
  let commands = [];
  const flush = () => {
    if (commands.length > 0) lines.push(...block('do', commands));
    commands = [];
  };
  for (const step of steps) {
    if (step.input !== undefined) {
      flush();
      lines.push(...block('input', printBlock(Uint8Array.from(step.input))));
    } else if (step.waitMs !== undefined) commands.push(`wait ${step.waitMs}`);
    else commands.push(...commandLines(step));
  }
  flush();
  return lines;
}

function valueText(value) {
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** The lines of an `events` block for one event. */
function eventLines(event) {
  const data = event.data instanceof Uint8Array ? [quoted(latin1(event.data))] : [];
  const pairs = Object.entries(event)
    .filter(
      ([key, value]) =>
        !NOT_EXPECTED.has(key) && (typeof value !== 'object' || Array.isArray(value)),
    )
    .filter(([, value]) => !Array.isArray(value) || value.every((one) => typeof one !== 'object'))
    .map(([key, value]) => [key, valueText(value)])
    .map(([key, text]) => `${key}=${word(text)}`);
  const fields = fieldLines(event.fields ?? event.trailers ?? []);
  return [[event.type, ...data, ...pairs].join(' '), ...fields];
}

/** What the runner of case files makes of a case: its events, and what it objects to. */
function run(subject, lines) {
  const [one] = parseCaseFile('', [...lines, ...block('state', [])].join('\n'));
  const { events, failure } = runCase(subject, one);
  return { events, objection: failure?.split('\n').slice(1, 3).join(' ') ?? null };
}

/**
 * The lines of a case. `options` are the lines of its options, `steps` a recorder's, `subject` how
 * the runner makes machines.
 */
export function writeCase({ title, prose, options, steps, subject }) {
  const lines = [...block('options', options), ...stepLines(steps)];
  const { events, objection } = run(subject, ['## a', '', ...lines]);
  const reported = events.flatMap(eventLines);
  const verdict =
    objection === null
      ? 'The runner of case files has no objection: correct the events to what should be reported.'
      : `The runner of case files objects, too: ${objection}`;
  return [
    `## ${title}`,
    '',
    ...prose,
    '',
    verdict,
    '',
    ...lines,
    ...block('events', reported.length > 0 ? reported : ['(none)']),
  ];
}
