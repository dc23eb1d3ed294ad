// Every byte at every joint of a chunked body (RFC 9112 section 7.1).
import { accepted, closes, contentRefused, refused } from '../src/expectation.mjs';
import { chunked } from '../src/requests.mjs';
import {
  isBlank,
  isFieldCharacter,
  isHexDigit,
  isQuotedText,
  isReplaceable,
  isTokenCharacter,
} from './byte-classes.mjs';
import { sweep } from './sweep.mjs';

const ACCEPTED = { expect: accepted() };
const REFUSED = { expect: contentRefused() };
const TOLERABLE = { expect: [...contentRefused(), ...accepted()], house: contentRefused() };

/** A chunk with what stands between its size and CRLF, and the end of the body. */
const withExtension = (extension, size = 5) =>
  chunked(`${size.toString(16)}${extension}\r\n${'x'.repeat(size)}\r\n0\r\n\r\n`);

function sizeCases() {
  const shared = { section: '9112 7.1' };
  const make = (line, byte) => {
    const size = isHexDigit(byte) ? Number.parseInt(line, 16) : 5;
    const send = chunked(`${line}\r\n${'x'.repeat(size)}\r\n0\r\n\r\n`);
    return { send, ...(isHexDigit(byte) ? ACCEPTED : REFUSED) };
  };
  const lastChunk = sweep('last-chunk-byte', { ...shared, gist: 'after the last 0' }, (byte) => ({
    send: chunked(`5\r\nhello\r\n0${byte}\r\n\r\n`),
    ...lastChunkByte(byte),
  }));
  return [
    ...sweep('chunk-size-first-byte', { ...shared, gist: 'before a chunk-size' }, (byte) =>
      make(`${byte}5`, byte),
    ),
    ...sweep('chunk-size-last-byte', { ...shared, gist: 'after a chunk-size' }, (byte) =>
      make(`5${byte}`, byte),
    ),
    ...lastChunk,
  ];
}

function lastChunkByte(byte) {
  if (byte === '0') return ACCEPTED;
  // Another size, whose data is missing: the request is incomplete, which its end shows.
  if (isHexDigit(byte))
    return { expect: [...contentRefused(400, 408), closes()], halfCloses: true };
  return REFUSED;
}

function extensionCases() {
  const shared = { section: '9112 7.1.1' };
  const at = (name, gist, make) => sweep(name, { ...shared, gist }, make);
  const token = (byte) => isTokenCharacter(byte);
  return [
    ...at('before-extension-byte', 'between chunk-size and ;', (byte) =>
      isHexDigit(byte)
        ? { send: withExtension(';a', Number.parseInt(`5${byte}`, 16)), ...ACCEPTED }
        : { send: withExtension(`${byte};a`), ...(isBlank(byte) ? ACCEPTED : REFUSED) },
    ),
    ...at('extension-first-byte', 'after ; of an extension', (byte) => ({
      send: withExtension(`;${byte}a`),
      ...(token(byte) || isBlank(byte) ? ACCEPTED : REFUSED),
    })),
    ...at('extension-name-byte', 'in the name of an extension', (byte) => ({
      send: withExtension(`;a${byte}b=c`),
      ...(token(byte) || byte === ';' ? ACCEPTED : REFUSED),
    })),
    ...at('extension-equals-byte', 'after = of an extension', (byte) => ({
      send: withExtension(`;a=${byte}b`),
      ...(token(byte) || isBlank(byte) ? ACCEPTED : REFUSED),
    })),
    ...at('extension-value-byte', 'in the value of an extension', (byte) => ({
      send: withExtension(`;a=b${byte}c`),
      ...(token(byte) || byte === ';' ? ACCEPTED : REFUSED),
    })),
    ...at('quoted-extension-byte', 'in a quoted value of an extension', (byte) => ({
      send: withExtension(`;a="b${byte}c"`),
      ...(isQuotedText(byte) || byte === '\\' ? ACCEPTED : REFUSED),
    })),
    ...at('quoted-pair-byte', 'after \\ in a quoted value', (byte) => ({
      send: withExtension(`;a="b\\${byte}c"`),
      ...(isFieldCharacter(byte) || isBlank(byte) ? ACCEPTED : REFUSED),
    })),
    ...at('after-quoted-byte', 'after a quoted value', (byte) => ({
      send: withExtension(`;a="b"${byte}`),
      ...REFUSED,
    })),
  ];
}

function dataCases() {
  const shared = { section: '9112 7.1' };
  const at = (name, gist, make) => sweep(name, { ...shared, gist }, make);
  const rest = '0\r\n\r\n';
  return [
    ...at('chunk-data-byte', 'in chunk-data', (byte) => ({
      send: chunked(`5\r\nhe${byte}lo\r\n${rest}`),
      ...ACCEPTED,
    })),
    ...at('after-chunk-byte', 'between chunk-data and its CRLF', (byte) => ({
      send: chunked(`5\r\nhello${byte}\r\n${rest}`),
      ...REFUSED,
    })),
    ...at('chunk-cr-byte', 'instead of CR after chunk-data', (byte) => ({
      send: chunked(`5\r\nhello${byte}\n${rest}`),
      ...(byte === '\r' ? ACCEPTED : REFUSED),
    })),
    ...at('chunk-lf-byte', 'instead of LF after chunk-data', (byte) => ({
      send: chunked(`5\r\nhello\r${byte}${rest}`),
      ...(byte === '\n' ? ACCEPTED : REFUSED),
    })),
  ];
}

function trailerCases() {
  const withTrailer = (line) => chunked(`5\r\nhello\r\n0\r\n${line}\r\n\r\n`);
  const name = { section: '9112 7.1.2', gist: 'in the name of a trailer field' };
  const value = { section: '9110 5.5', gist: 'in the value of a trailer field' };
  const only = { section: '9112 7.1.2', gist: 'as the only one of a trailer line' };
  return [
    ...sweep('trailer-name-byte', name, (byte) => ({
      send: withTrailer(`X${byte}Y: v`),
      ...(isTokenCharacter(byte) || byte === ':' ? ACCEPTED : REFUSED),
    })),
    ...sweep('trailer-value-byte', value, (byte) => ({
      send: withTrailer(`X: a${byte}b`),
      ...(isFieldCharacter(byte) || isBlank(byte) ? ACCEPTED : TOLERABLE),
      level: isReplaceable(byte) ? 'MUST' : 'SHOULD',
    })),
    ...sweep('trailer-byte', only, (byte) => ({
      send: withTrailer(byte),
      ...(byte === '\n' ? TOLERABLE : REFUSED),
    })),
  ];
}

/** A head that is refused stays refused, whatever the body would be. */
function oldChunkedCases() {
  const shared = { section: '9112 6.1', level: 'MUST', gist: 'as minor version with a coding' };
  return sweep('coding-minor-version', shared, (byte) => {
    const send = chunked('5\r\nhello\r\n0\r\n\r\n').replace('HTTP/1.1', `HTTP/1.${byte}`);
    if (byte === '0') {
      return { send, isOld: true, expect: contentRefused(), house: refused() };
    }
    if (/^[1-9]$/.test(byte)) return { send, ...ACCEPTED };
    return { send, expect: refused(400, 505), house: refused() };
  });
}

/** All of them. */
export function chunkByteCases() {
  return [
    ...sizeCases(),
    ...extensionCases(),
    ...dataCases(),
    ...trailerCases(),
    ...oldChunkedCases(),
  ];
}
