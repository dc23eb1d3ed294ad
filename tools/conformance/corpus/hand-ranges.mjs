// By hand, sentence by sentence: what a server of files does with ranges (RFC 9110 section 14).
import { family } from '../src/case.mjs';
import { persists } from '../src/expectation.mjs';
import { contentOfRanges, partialFault, wholeFault } from '../src/representation.mjs';
import { get, request } from '../src/requests.mjs';

/** What `/` holds. */
const HOME = 'home';

const ok = [persists([200])];
/** «A server MAY ignore the Range header field.» */
const partial = [persists([206]), ...ok];
const ranged = (value) => get('/', `Range: ${value}\r\n`);

const SATISFIABLE = [
  ['bytes=0-0', [0, 0]],
  ['bytes=1-2', [1, 2]],
  ['bytes=0-3', [0, 3]],
  ['bytes=1-', [1, 3]],
  ['bytes=-1', [3, 3]],
  ['bytes=-4', [0, 3]],
  ['bytes=-99', [0, 3]],
  ['bytes=2-99', [2, 3]],
  ['BYTES=2-3', [2, 3]],
  ['bytes=02-0003', [2, 3]],
  ['bytes=0-0,3-3', [0, 0], [3, 3]],
  ['bytes=3-3,0-0', [3, 3], [0, 0]],
  ['bytes=0-0, -1', [0, 0], [3, 3]],
  ['bytes= 0-0,3-3', [0, 0], [3, 3]],
  ['bytes=,0-0 ,, 3-3,', [0, 0], [3, 3]],
  ['bytes=0-0,9-', [0, 0]],
  ['bytes=9-,-1', [3, 3]],
];

function satisfiableRanges(add) {
  for (const [value, ...ranges] of SATISFIABLE) {
    add(`the ranges of ${value}`, ranged(value), partial, {
      house: [persists([206])],
      check: ({ responses: [response] }) => contentOfRanges(response, HOME, ranges),
    });
  }
  for (const value of ['bytes=0-99999999999999999999', 'bytes=-99999999999999999999']) {
    add(`numerals of any length: ${value}`, ranged(value), partial, {
      section: '9110 14.1.2',
      level: 'MUST',
      house: [persists([206])],
      check: ({ responses: [response] }) => contentOfRanges(response, HOME, [[0, 3]]),
    });
  }
}

function manyRanges(add) {
  for (const value of [`bytes=${'0-,'.repeat(100)}-4`, `bytes=${'3-,0-,'.repeat(500)}1-`]) {
    add(
      'no byte is sent as often as it is asked for',
      ranged(value),
      [...partial, persists([416])],
      {
        section: '9110 17.15',
        check: ({ responses: [{ content }] }) =>
          content.length > 1000 ? `${content.length} bytes of 4` : null,
      },
    );
  }
}

function unsatisfiableRanges(add) {
  const values = ['bytes=4-', 'bytes=4-5', 'bytes=-0', 'bytes=9-,-0', `bytes=${'9'.repeat(20)}-`];
  for (const value of values) {
    add(`not satisfiable: ${value}`, ranged(value), [persists([416]), ...ok], {
      house: [persists([416])],
      check: ({ responses: [response] }) => partialFault(response) ?? wholeFault(response, HOME),
    });
  }
}

/** «MAY ignore or reject a Range header field that contains an invalid ranges-specifier». */
const INVALID = [
  'bytes=',
  'bytes=,',
  'bytes',
  'bytes=-',
  'bytes=x',
  'bytes=1',
  'bytes=2-1',
  'bytes=0-0,2-1',
  'bytes=0-0;1-1',
  'bytes 0-1',
  'bytes=0 -1',
  'bytes=--1',
  'bytes=0x0-1',
];

function ignoredRanges(add) {
  for (const value of ['items=0-1', 'byte=0-1', 'none=0-1']) {
    const level = 'MUST';
    add(`a unit that is not known: ${value}`, ranged(value), ok, { level, contents: [HOME] });
  }
  for (const value of INVALID) {
    add(`an invalid set: ${value}`, ranged(value), [...ok, persists([400, 416])], { house: ok });
  }
  for (const value of ['bytes=0-1', 'bytes=9-']) {
    const fields = `Range: ${value}\r\n`;
    add(`GET is the only method with ranges: ${value}`, request('HEAD', '/', fields), ok, {
      level: 'MUST',
      methods: ['HEAD'],
    });
  }
}

/** All of them. */
export function handRangeCases() {
  return family(
    'range',
    { section: '9110 14.2', isAboutFiles: true },
    satisfiableRanges,
    manyRanges,
    unsatisfiableRanges,
    ignoredRanges,
  );
}
