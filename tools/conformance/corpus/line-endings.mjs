// Every way to end each line of a request, and empty lines before it (RFC 9112 section 2.2).
import { defineCase } from '../src/case.mjs';
import { escapeText } from '../src/escape.mjs';
import {
  accepted,
  acceptedThenClosed,
  closes,
  contentRefused,
  persists,
  refused,
} from '../src/expectation.mjs';
import { get } from '../src/requests.mjs';

const ENDINGS = [
  ...['\n', '\r', '\r\r\n', '\n\r', '\r\n\r', '\n\n', '\r\r', '\v', '\f', '\0', '\x85', ' '],
  ...['\xe2\x80\xa8', '\\r\\n', '\r\0\n', '\r \n', '%0d%0a', '\x8d\x8a', '', '\t', '\r\x0b\n'],
];

/** A chunked request in its lines; the rest of each is data. */
const LINES = [
  { name: 'request-line', text: 'POST / HTTP/1.1' },
  { name: 'host', text: 'Host: localhost' },
  { name: 'field', text: 'X: y' },
  { name: 'coding', text: 'Transfer-Encoding: chunked' },
  { name: 'head', text: '' },
  { name: 'chunk-size', text: '5' },
  { name: 'chunk-data', text: 'hello' },
  { name: 'last-chunk', text: '0' },
  { name: 'trailer', text: 'T: v' },
  { name: 'end', text: '' },
];

const HEAD_LINES = 5;

/** Without an end, the next line belongs to this one's value: a field that means nothing. */
function joinsValue(name, ending) {
  return name === 'field' && /^[\t -~\x80-\xff]*$/.test(ending);
}

function endingCase({ name, text }, index, ending) {
  const send = LINES.map((line, at) => line.text + (at === index ? ending : '\r\n')).join('');
  const isTerminal = /\n/.test(ending);
  const isContent = index >= HEAD_LINES;
  const refusal = isContent ? contentRefused() : refused();
  // The head has ended before what is too much, and the content is wrong.
  const isLate = index === HEAD_LINES - 1 && ending === '\r\n\r';
  if (isLate) refusal.push(...acceptedThenClosed());
  // A lone LF MAY end a line; a CR before it is ignored. What a doubled ending means then depends
  // on where it stands, so only the number of responses is certain there.
  const lenient = isTerminal
    ? [...accepted(), closes(['understood'], [400]), closes([400], [400])]
    : [];
  // There is no coding then, and the chunks are where a request should be.
  const joined = joinsValue(name, ending) ? [closes(['understood'], [400])] : [];
  const gist = `${name} line ${JSON.stringify(text)} ended by ${escapeText(ending) || 'nothing'}`;
  return defineCase({
    id: `line-ending/${name}-${ENDINGS.indexOf(ending) + 1}`,
    section: '9112 2.2',
    level: 'SHOULD',
    gist,
    send,
    // The request may lack its end for ever: then the client's own end settles it.
    halfCloses: true,
    expect: [...refusal, closes(), ...refused(408), ...halfClosed(lenient), ...joined],
    house: joined.length > 0 ? joined : houseEnding(refusal, ending, index),
  });
}

/** After the client's end, a connection that would persist is closed. */
function halfClosed(alternatives) {
  return alternatives.map(({ statuses }) => closes(...statuses));
}

function houseEnding(refusal, ending, index) {
  const isExtra = ending === '\r\n\r';
  const isLast = index === LINES.length - 1;
  // What is behind the end of a message is the beginning of another, which never comes.
  if (isLast && isExtra) return halfClosed(accepted());
  // Behind the end of the head, the bytes too many begin the content.
  const isContent = index >= HEAD_LINES || (index === HEAD_LINES - 1 && isExtra);
  return [...refusal, closes(), ...(isContent ? acceptedThenClosed() : [])];
}

function endingCases() {
  return LINES.flatMap((line, index) => ENDINGS.map((ending) => endingCase(line, index, ending)));
}

/** «SHOULD ignore at least one empty line (CRLF) received prior to the request-line». */
function emptyLineCases() {
  const counts = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 64, 1000, 20_000];
  const houseMax = 8;
  const first = counts.map((count) => ({
    name: `first-${count}`,
    send: '\r\n'.repeat(count) + get('/a'),
    expect: count < 2 ? accepted() : [...accepted(), ...refused()],
    house: count <= houseMax ? accepted() : refused(),
  }));
  const second = counts.map((count) => ({
    name: `second-${count}`,
    send: get('/a') + '\r\n'.repeat(count) + get('/b'),
    expect: count < 2 ? accepted(2) : [...accepted(2), closes(['understood'], [400])],
    house:
      count <= houseMax
        ? [persists(['understood'], ['understood'])]
        : [closes(['understood'], [400])],
  }));
  const odd = [
    '\n',
    '\n\n',
    '\r',
    '\r\r\n',
    ' \r\n',
    '\t\r\n',
    '\r\n\n',
    '\r\n ',
    '\r\n\r',
    '\0\r\n',
  ].map((line, index) => ({
    name: `odd-${index + 1}`,
    send: line + get('/a'),
    expect: /^[\r\n \t]+$/.test(line) ? [...accepted(), ...refused()] : refused(),
    house: refused(),
  }));
  return [...first, ...second, ...odd].map(({ name, ...parts }) =>
    defineCase({
      id: `empty-lines/${name}`,
      section: '9112 2.2',
      gist: 'at least one empty line before a request-line is ignored',
      ...parts,
    }),
  );
}

/** All of them. */
export function lineEndingCases() {
  return [...endingCases(), ...emptyLineCases()];
}
