// Every byte at every joint of a request-line (RFC 9112 section 3).
import {
  accepted,
  answers,
  closes,
  METHOD_STATUSES,
  persists,
  refused,
} from '../src/expectation.mjs';
import { HOST } from '../src/requests.mjs';
import {
  isDigit,
  isLenientBlank,
  isPathCharacter,
  isQueryCharacter,
  isTokenCharacter,
} from './byte-classes.mjs';
import { sweep } from './sweep.mjs';

const withLine = (line) => `${line}\r\n${HOST}\r\n`;

/** A method that no server knows: its connection can stay (RFC 9110 section 9.1). */
const UNKNOWN_METHOD = {
  expect: [answers(METHOD_STATUSES)],
  house: [persists(METHOD_STATUSES)],
};

/** «SHOULD respond with either a 400 (Bad Request) error or a 301», RFC 9112 section 3.2. */
const INVALID_TARGET = { expect: [...refused(), answers([301])], house: refused() };

/** Recipients MAY parse on whitespace-delimited word boundaries; holdline does not. */
const LENIENT = { expect: [...refused(), ...accepted()], house: refused() };

const REFUSED = { expect: refused() };

function methodCases() {
  const shared = { section: '9112 3.1' };
  const first = sweep('method-first-byte', { ...shared, gist: 'before GET' }, (byte) => {
    const send = withLine(`${byte}GET / HTTP/1.1`);
    if (isTokenCharacter(byte)) return { send, ...UNKNOWN_METHOD };
    // LF alone may be an empty line, and other whitespace may be ignored.
    return { send, ...(isLenientBlank(byte) || byte === '\n' ? LENIENT : REFUSED) };
  });
  const inner = sweep('method-inner-byte', { ...shared, gist: 'within GET' }, (byte) => {
    const send = withLine(`G${byte}ET / HTTP/1.1`);
    return { send, ...(isTokenCharacter(byte) ? UNKNOWN_METHOD : REFUSED) };
  });
  const last = sweep('method-last-byte', { ...shared, gist: 'after GET' }, (byte) => {
    const send = withLine(`GET${byte} / HTTP/1.1`);
    if (isTokenCharacter(byte)) return { send, ...UNKNOWN_METHOD };
    return { send, ...(isLenientBlank(byte) ? LENIENT : REFUSED) };
  });
  return [...first, ...inner, ...last];
}

function spaceCases() {
  const shared = { section: '9112 3' };
  const first = sweep('first-space', { ...shared, gist: 'instead of SP after GET' }, (byte) => ({
    send: withLine(`GET${byte}/ HTTP/1.1`),
    ...(byte === ' ' ? { expect: accepted() } : isLenientBlank(byte) ? LENIENT : REFUSED),
  }));
  const second = sweep('second-space', { ...shared, gist: 'instead of SP after /' }, (byte) => ({
    send: withLine(`GET /${byte}HTTP/1.1`),
    ...(byte === ' ' ? { expect: accepted() } : isLenientBlank(byte) ? LENIENT : REFUSED),
  }));
  return [...first, ...second];
}

function targetCases() {
  const shared = { section: '9112 3.2' };
  const first = sweep('target-first-byte', { ...shared, gist: 'before /' }, (byte) => {
    const send = withLine(`GET ${byte}/ HTTP/1.1`);
    if (byte === '/') return { send, expect: accepted() };
    return { send, ...(isLenientBlank(byte) ? LENIENT : INVALID_TARGET) };
  });
  const path = sweep('path-byte', { ...shared, gist: 'in the path' }, (byte) => {
    const send = withLine(`GET /x${byte}y HTTP/1.1`);
    return { send, ...(isQueryCharacter(byte) ? { expect: accepted() } : INVALID_TARGET) };
  });
  const query = sweep('query-byte', { ...shared, gist: 'in the query' }, (byte) => {
    const send = withLine(`GET /?x${byte}y HTTP/1.1`);
    return { send, ...(isQueryCharacter(byte) ? { expect: accepted() } : INVALID_TARGET) };
  });
  const last = sweep('target-last-byte', { ...shared, gist: 'after the target' }, (byte) => {
    const send = withLine(`GET /x${byte} HTTP/1.1`);
    if (isPathCharacter(byte) || byte === '?') return { send, expect: accepted() };
    return { send, ...(isLenientBlank(byte) ? LENIENT : INVALID_TARGET) };
  });
  return [...first, ...path, ...query, ...last];
}

/** What each byte at one index of `HTTP/1.1` makes of it. */
function versionByte(index, byte) {
  const send = withLine(`GET / ${'HTTP/1.1'.slice(0, index)}${byte}${'HTTP/1.1'.slice(index + 1)}`);
  if (byte === 'HTTP/1.1'[index]) return { send, expect: accepted() };
  const wrong = { send, expect: refused(400, 505), house: refused() };
  if (index === 5 && isDigit(byte)) return { ...wrong, house: refused(505) };
  if (index === 7 && byte === '0') return { send, isOld: true, expect: [closes(['understood'])] };
  // «SHOULD process the message as if it were in the highest minor version», RFC 9110 section 6.2.
  if (index === 7 && isDigit(byte)) return { send, expect: accepted() };
  return wrong;
}

function versionCases() {
  const shared = { section: '9112 2.3' };
  const cases = [0, 3, 4, 5, 6, 7].flatMap((index) =>
    sweep(`version-byte-${index}`, { ...shared, gist: `at ${index} of HTTP/1.1` }, (byte) =>
      versionByte(index, byte),
    ),
  );
  const first = sweep('version-first-byte', { ...shared, gist: 'before HTTP/1.1' }, (byte) => ({
    send: withLine(`GET / ${byte}HTTP/1.1`),
    ...(isLenientBlank(byte) ? LENIENT : { expect: refused(400, 505), house: refused() }),
  }));
  const last = sweep('version-last-byte', { ...shared, gist: 'after HTTP/1.1' }, (byte) => {
    const send = withLine(`GET / HTTP/1.1${byte}`);
    if (isLenientBlank(byte)) return { send, ...LENIENT };
    // The head ends there, without a Host; what follows is no request.
    if (byte === '\n')
      return { send, expect: [...refused(), closes([400], [400])], house: refused() };
    return { send, expect: refused(400, 505), house: refused() };
  });
  return [...cases, ...first, ...last];
}

/** All of them. */
export function requestLineByteCases() {
  return [...methodCases(), ...spaceCases(), ...targetCases(), ...versionCases()];
}
