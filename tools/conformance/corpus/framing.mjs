// All spellings of Content-Length and Transfer-Encoding, alone and in pairs, each with a request
// hidden where a wrong reading would find it (RFC 9112 sections 6.1 to 6.3 and 11.2).
import { defineCase } from '../src/case.mjs';
import { escapeText } from '../src/escape.mjs';
import {
  accepted,
  acceptedThenClosed,
  CLIENT_ERROR,
  closes,
  refused,
} from '../src/expectation.mjs';
import { HELLO, HIDDEN, HOST } from '../src/requests.mjs';
import { CODINGS, GREAT_LENGTHS, LENGTHS } from './length-fields.mjs';

const withFields = (lines, body, version = '1.1') =>
  `POST / HTTP/${version}\r\n${HOST}${lines}\r\n${body}`;

const nameOf = (...spellings) =>
  spellings.map(({ lines }) => escapeText(lines.slice(0, -2))).join(' + ');

/** What one spelling means alone; `body` fits it when it is accepted. */
function meaningAlone(spelling) {
  const { kind, size, statuses = [400], house, understood, replaceable, isOdd } = spelling;
  const content = size === 0 ? '' : 'hello';
  const body = size === undefined ? HELLO : content;
  if (kind === 'valid') return { body, expect: accepted() };
  if (kind === 'tolerable') {
    // «MAY either reject the message as invalid or replace», RFC 9110 section 8.6.
    const expect = [...accepted(), ...refused()];
    return { body, expect, house: isOdd ? expect : accepted() };
  }
  if (kind === 'foldable') return { body, expect: [...accepted(), ...refused()], house: refused() };
  if (kind === 'absent') return { body: '', expect: accepted() };
  const expect = refused(...statuses);
  if (understood || replaceable) expect.push(...accepted());
  return {
    body: size === undefined ? body : `hello${HIDDEN}`,
    expect,
    house: house && refused(...house),
  };
}

/**
 * «MUST respond with the 400» for a coding that does not end in chunked; 501 for an unknown one and
 * the refusal of what is no field line are SHOULD, but for whitespace before the colon.
 */
function levelOf(...spellings) {
  const isBroken = ({ kind, lines }) => kind === 'broken' && !/^[\w-]+[ \t]+:/.test(lines);
  if (spellings.some(isBroken)) return 'SHOULD';
  const values = spellings.map(({ lines }) => lines.slice(lines.indexOf(':') + 1, -2));
  const codings = values
    .join(',')
    .split(',')
    .map((value) => value.trim().toLowerCase());
  const last = codings.filter((value) => value !== '').at(-1);
  return last === 'chunked' && codings.length > 1 ? 'SHOULD' : 'MUST';
}

function aloneCases(family, section, spellings, version = '1.1') {
  return spellings.map((spelling, index) => {
    const { body, expect, house } = meaningAlone(spelling);
    return defineCase({
      id: `${family}/${index + 1}`,
      section,
      level: spelling.kind === 'valid' ? 'MUST' : levelOf(spelling),
      gist: nameOf(spelling),
      send: withFields(spelling.lines, body, version),
      expect,
      house,
    });
  });
}

/** The chunked body ends before the hidden request, the length behind it, and the other way round. */
function pairBody(size) {
  return size === 0 ? HIDDEN : `${HELLO}${HIDDEN}`;
}

/**
 * «A server MAY reject a request that contains both … Regardless, the server MUST close the
 * connection», RFC 9112 section 6.1; nothing behind it may be answered, whatever the spelling.
 */
function pairMeaning(length, coding) {
  const isBroken = [length, coding].some(({ kind }) => kind === 'broken');
  const isFolded = [length, coding].some(({ kind }) => kind === 'foldable');
  if (isBroken) return { expect: refused(), house: refused() };
  const hasBoth = length.kind !== 'absent' && coding.kind !== 'absent';
  if (!hasBoth) return null;
  const expect = refused(CLIENT_ERROR, 501);
  // Alone the coding would do, so it overrides the length, whatever that is.
  const { kind, understood, replaceable } = coding;
  if (['valid', 'foldable'].includes(kind) || understood || replaceable) {
    expect.push(...acceptedThenClosed());
  }
  return { expect, house: isFolded ? refused() : refused(400, 501) };
}

function pairCases() {
  const cases = [];
  LENGTHS.forEach((length, row) => {
    CODINGS.forEach((coding, column) => {
      const meaning = pairMeaning(length, coding);
      if (meaning === null) return;
      const isCodingFirst = (row + column) % 2 === 0;
      const pair = isCodingFirst ? [coding, length] : [length, coding];
      const lines = pair.map((spelling) => spelling.lines).join('');
      cases.push(
        defineCase({
          id: `length-and-coding/${row + 1}-${column + 1}`,
          section: '9112 6.3',
          level: levelOf(...pair),
          gist: nameOf(...pair),
          send: withFields(lines, pairBody(length.size)),
          ...meaning,
        }),
      );
    });
  });
  return cases;
}

function twoLengthCases() {
  const chosen = LENGTHS.filter(({ kind }) => kind !== 'absent').filter(
    (_, index) => index % 2 === 0,
  );
  return chosen.flatMap((first, row) =>
    chosen.map((second, column) => {
      const kinds = [first.kind, second.kind];
      const isSame = first.size !== undefined && first.size === second.size;
      const isTolerable = isSame && !kinds.includes('wrong') && !kinds.includes('broken');
      const house =
        isTolerable && !kinds.includes('foldable') ? [...refused(), ...accepted()] : refused();
      const body = first.size === 0 ? '' : 'hello';
      return defineCase({
        id: `two-lengths/${row + 1}-${column + 1}`,
        section: '9112 6.3',
        level: levelOf(first, second),
        gist: nameOf(first, second),
        send: withFields(
          `${first.lines}X: y\r\n${second.lines}`,
          isTolerable ? body : `hello${HIDDEN}`,
        ),
        expect: isTolerable ? [...refused(), ...accepted()] : refused(),
        house,
      });
    }),
  );
}

function twoCodingCases() {
  const chosen = CODINGS.filter(({ kind }) => kind !== 'absent').filter(
    (_, index) => index % 3 === 0,
  );
  const isEmpty = ({ lines }) => /^[^:]*:[ ,]*\r\n$/.test(lines);
  return chosen.flatMap((first, row) =>
    chosen.map((second, column) => {
      const expect = refused(400, 501);
      // What may be understood, or is an empty list, leaves the meaning to the other one.
      const isDecodable = (spelling) =>
        ['valid', 'foldable'].includes(spelling.kind) ||
        spelling.understood ||
        spelling.replaceable;
      const isOpen = [first, second].every(
        (spelling) => isDecodable(spelling) || isEmpty(spelling),
      );
      if (isOpen) expect.push(...accepted(), ...acceptedThenClosed());
      return defineCase({
        id: `two-codings/${row + 1}-${column + 1}`,
        section: '9112 6.1',
        level: levelOf(first, second),
        gist: nameOf(first, second),
        send: withFields(`${first.lines}X: y\r\n${second.lines}`, HELLO),
        expect,
      });
    }),
  );
}

/** «prevent parsing errors due to integer conversion overflows», RFC 9110 section 8.6. */
function greatLengthCases() {
  const late = [closes(), ...refused(400, 408, 413), ...acceptedThenClosed()];
  const lengths = GREAT_LENGTHS.map((size, index) =>
    defineCase({
      id: `great-length/${index + 1}`,
      section: '9110 8.6',
      level: 'MUST',
      gist: `Content-Length ${size.slice(0, 24)}`,
      send: withFields(`Content-Length: ${size}\r\n`, `hello${HIDDEN}`),
      halfCloses: true,
      expect: late,
    }),
  );
  const sizes = GREAT_LENGTHS.map((size, index) => {
    const hex = BigInt(size).toString(16);
    return defineCase({
      id: `great-chunk/${index + 1}`,
      section: '9112 7.1',
      level: 'MUST',
      gist: `chunk-size ${hex.slice(0, 24)}`,
      send: withFields('Transfer-Encoding: chunked\r\n', `${hex}\r\nhello\r\n0\r\n\r\n${HIDDEN}`),
      halfCloses: true,
      expect: late,
    });
  });
  const codings = CODINGS.filter(({ kind }) => kind === 'valid');
  const pairs = GREAT_LENGTHS.map((size, index) =>
    defineCase({
      id: `great-length-and-coding/${index + 1}`,
      section: '9112 6.3',
      level: 'MUST',
      gist: `Content-Length ${size.slice(0, 24)} with chunked`,
      send: withFields(
        `Content-Length: ${size}\r\n${codings[index % codings.length].lines}`,
        `${HELLO}${HIDDEN}`,
      ),
      expect: [...refused(CLIENT_ERROR, 501), ...acceptedThenClosed()],
      house: refused(),
    }),
  );
  return [...lengths, ...sizes, ...pairs];
}

/** «MUST treat the message as if the framing is faulty», RFC 9112 section 6.1, for HTTP/1.0. */
function oldCodingCases() {
  return CODINGS.filter(({ kind }) => kind !== 'absent').map((coding, index) => {
    const meaning = meaningAlone(coding);
    const isOpen = meaning.expect.some(({ fate }) => fate === 'persist');
    const expect = [...refused(CLIENT_ERROR, 501), ...(isOpen ? acceptedThenClosed() : [])];
    return defineCase({
      id: `coding-in-1.0/${index + 1}`,
      section: '9112 6.1',
      level: 'MUST',
      gist: `HTTP/1.0, keep-alive, ${nameOf(coding)}`,
      isOld: true,
      send: withFields(`Connection: keep-alive\r\n${coding.lines}`, `${HELLO}${HIDDEN}`, '1.0'),
      expect,
      house: refused(),
    });
  });
}

/** All of them. */
export function framingCases() {
  return [
    ...aloneCases('length', '9112 6.3', LENGTHS),
    ...aloneCases('coding', '9112 6.3', CODINGS),
    ...pairCases(),
    ...twoLengthCases(),
    ...twoCodingCases(),
    ...greatLengthCases(),
    ...oldCodingCases(),
  ];
}
