// Every byte at every joint of a field line (RFC 9112 section 5, RFC 9110 section 5.5), and in the
// values of the fields that decide about framing and routing.
import {
  accepted,
  acceptedThenClosed,
  answers,
  closes,
  declined,
  METHOD_STATUSES,
  persists,
  refused,
} from '../src/expectation.mjs';
import { get, HELLO, HOST } from '../src/requests.mjs';
import {
  isBlank,
  isDigit,
  isFieldCharacter,
  isHexDigit,
  isHostCharacter,
  isReplaceable,
  isTokenCharacter,
} from './byte-classes.mjs';
import { sweep } from './sweep.mjs';

const ACCEPTED = { expect: accepted() };
const REFUSED = { expect: refused() };

/** A recipient may replace the byte with SP, or keep it; holdline refuses. */
const TOLERABLE = { expect: [...refused(), ...accepted()], house: refused() };

function nameCases() {
  const shared = { section: '9112 5.1' };
  const inner = sweep('field-name-byte', { ...shared, gist: 'in a field name' }, (byte) => ({
    send: get('/', `X${byte}Y: v\r\n`),
    ...(isTokenCharacter(byte) || byte === ':' ? ACCEPTED : REFUSED),
  }));
  const first = sweep('field-first-byte', { ...shared, gist: 'before a field name' }, (byte) => {
    const send = get('/', `X: v\r\n${byte}Y: v\r\n`);
    if (isTokenCharacter(byte)) return { send, ...ACCEPTED };
    // «MUST either reject the message … or replace each received obs-fold», RFC 9112 section 5.2.
    if (isBlank(byte)) return { send, ...TOLERABLE, section: '9112 5.2', level: 'MUST' };
    // The head ends there, where LF is taken for a line terminator; what follows is no request.
    if (byte === '\n')
      return { send, expect: [...refused(), closes(['understood'], [400])], house: refused() };
    return { send, ...REFUSED };
  });
  const last = sweep('before-colon-byte', { ...shared, gist: 'before the colon' }, (byte) => ({
    send: get('/', `X${byte}: v\r\n`),
    ...(isTokenCharacter(byte) || byte === ':' ? ACCEPTED : REFUSED),
    level: isBlank(byte) ? 'MUST' : 'SHOULD',
  }));
  return [...inner, ...first, ...last];
}

/** «MUST either reject the message or replace», RFC 9110 section 5.5, for CR, LF and NUL. */
function valueByte(byte, send) {
  if (isFieldCharacter(byte) || isBlank(byte)) return { send, ...ACCEPTED };
  return { send, ...TOLERABLE, level: isReplaceable(byte) ? 'MUST' : 'SHOULD' };
}

function valueCases() {
  const shared = { section: '9110 5.5' };
  return [
    ...sweep('after-colon-byte', { ...shared, gist: 'after the colon' }, (byte) =>
      valueByte(byte, get('/', `X:${byte}v\r\n`)),
    ),
    ...sweep('field-value-byte', { ...shared, gist: 'in a field value' }, (byte) =>
      valueByte(byte, get('/', `X: a${byte}b\r\n`)),
    ),
    ...sweep('field-last-byte', { ...shared, gist: 'at the end of a field value' }, (byte) =>
      valueByte(byte, get('/', `X: ab${byte}\r\n`)),
    ),
  ];
}

function hostCases() {
  const shared = { section: '9112 3.2', level: 'MUST' };
  const valid = { expect: declined('understood'), house: accepted() };
  const invalid = { expect: declined(), house: declined() };
  const withHost = (host) => `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  const inner = sweep('host-byte', { ...shared, gist: 'in Host' }, (byte) => ({
    send: withHost(`local${byte}host`),
    ...(isHostCharacter(byte) ? valid : invalid),
  }));
  const port = sweep('host-port-byte', { ...shared, gist: 'in the port of Host' }, (byte) => ({
    send: withHost(`localhost:8${byte}0`),
    ...(isDigit(byte) ? valid : invalid),
  }));
  const literal = sweep('host-ipv6-byte', { ...shared, gist: 'in an IPv6 literal' }, (byte) => ({
    send: withHost(`[1:${byte}::1]`),
    ...(isHexDigit(byte) ? valid : invalid),
  }));
  return [...inner, ...port, ...literal].map(withLineEndAlternative);
}

/** A Host that ends with LF may end the head; what is behind it is a request of its own. */
function withLineEndAlternative(testCase) {
  if (!testCase.steps[0].includes('host\n') && !/[^\r]\n/.test(testCase.steps[0])) return testCase;
  return { ...testCase, expect: [...testCase.expect, closes([400], [400])] };
}

function lengthCases() {
  const shared = { section: '9112 6.3', level: 'MUST' };
  const make = (value, byte) => {
    const size = isDigit(byte) ? Number(value) : 5;
    const send = `POST / HTTP/1.1\r\nContent-Length: ${value}\r\n${HOST}\r\n${'x'.repeat(size)}`;
    if (isDigit(byte) || isBlank(byte)) return { send, ...ACCEPTED };
    // An empty element of a list; and what may be replaced with SP.
    if (byte === ',' || isReplaceable(byte)) {
      const house = byte === ',' ? [...refused(), ...accepted()] : refused();
      return { send, expect: [...refused(), ...accepted()], house };
    }
    return { send, ...REFUSED };
  };
  return [
    ...sweep('content-length-first-byte', { ...shared, gist: 'before Content-Length' }, (byte) =>
      make(`${byte}5`, byte),
    ),
    ...sweep('content-length-last-byte', { ...shared, gist: 'after Content-Length' }, (byte) =>
      make(`5${byte}`, byte),
    ),
  ];
}

function codingCases() {
  const shared = { section: '9112 6.1', level: 'MUST' };
  const make = (value, byte, isInner) => {
    const send = `POST / HTTP/1.1\r\nTransfer-Encoding: ${value}\r\n${HOST}\r\n${HELLO}`;
    const wrong = { send, expect: refused(400, 501), house: refused() };
    if (isInner) return wrong;
    if (isBlank(byte) || byte === ',') return { send, ...ACCEPTED };
    if (isReplaceable(byte)) return { ...wrong, expect: [...wrong.expect, ...accepted()] };
    return wrong;
  };
  return [
    ...sweep('coding-first-byte', { ...shared, gist: 'before chunked' }, (byte) =>
      make(`${byte}chunked`, byte, false),
    ),
    ...sweep('coding-inner-byte', { ...shared, gist: 'within chunked' }, (byte) =>
      make(`chun${byte}ked`, byte, true),
    ),
    ...sweep('coding-last-byte', { ...shared, gist: 'after chunked' }, (byte) =>
      make(`chunked${byte}`, byte, false),
    ),
  ];
}

function optionCases() {
  const shared = { section: '9112 9.6', gist: 'after Connection: close' };
  return sweep('connection-option-byte', shared, (byte) => {
    const send = `GET / HTTP/1.1\r\nConnection: close${byte}\r\n${HOST}\r\n`;
    if (isBlank(byte) || byte === ',') return { send, expect: acceptedThenClosed(), level: 'MUST' };
    if (isTokenCharacter(byte)) return { send, ...ACCEPTED };
    // No token: what it means is open.
    const open = [...refused(), answers(['understood'])];
    const isInvalid = !isFieldCharacter(byte);
    return { send, expect: open, house: isInvalid ? refused() : open };
  });
}

/** One byte where the next request is expected. */
function betweenCases() {
  const shared = { section: '9112 2.2', gist: 'between two requests' };
  return sweep('between-requests-byte', shared, (byte) => {
    const send = `${get('/a')}${byte}${get('/b')}`;
    if (isTokenCharacter(byte)) {
      const house = [persists(['understood'], METHOD_STATUSES)];
      return { send, expect: [answers(['understood'], METHOD_STATUSES)], house };
    }
    const wrong = closes(['understood'], [400]);
    const isLenient = /^[ \t\v\f\r\n]$/.test(byte);
    return { send, expect: isLenient ? [wrong, ...accepted(2)] : [wrong], house: [wrong] };
  });
}

/** All of them. */
export function fieldByteCases() {
  return [
    ...nameCases(),
    ...valueCases(),
    ...hostCases(),
    ...lengthCases(),
    ...codingCases(),
    ...optionCases(),
    ...betweenCases(),
  ];
}
