// Long lines, large heads and many of everything (RFC 9112 section 3, RFC 9110 sections 2.3, 5.4).
import { defineCase } from '../src/case.mjs';
import {
  accepted,
  acceptedThenClosed,
  closes,
  contentRefused,
  declined,
  refused,
} from '../src/expectation.mjs';
import { chunked, get, HELLO, HOST } from '../src/requests.mjs';

/** Request-lines that everybody is asked to support. */
const LINE_BYTES_MIN = 8000;
/** Heads that every server under test takes by default. */
const HEAD_BYTES_USUAL = 4000;
/** More than any of them takes. */
const EXCESSIVE_BYTES = 1_000_000;

const TOO_LONG = [400, 413, 414, 431];

function lengthCase(family, section, size, send, parts) {
  return defineCase({
    id: `${family}/${size}`,
    section,
    gist: `${family} of ${size}`,
    send,
    ...parts,
  });
}

function byUsual(size, usual, statuses) {
  if (size <= usual) return { expect: accepted() };
  const isExcessive = size >= EXCESSIVE_BYTES;
  return { expect: isExcessive ? refused(...statuses) : [...accepted(), ...refused(...statuses)] };
}

function lineCases() {
  const sizes = [100, 1000, 4000, LINE_BYTES_MIN, 8190, 16_000, 16_500, 65_536, EXCESSIVE_BYTES];
  const overhead = 'GET / HTTP/1.1'.length;
  return sizes.flatMap((size) => {
    const rest = size - overhead;
    const level = size >= EXCESSIVE_BYTES ? 'MUST' : 'SHOULD';
    const parts = { level, ...byUsual(size, LINE_BYTES_MIN, [414, 431]) };
    const head = (target) => `GET ${target} HTTP/1.1\r\n${HOST}\r\n`;
    return [
      lengthCase('long-path', '9112 3', size, head(`/${'a/'.repeat(rest / 2)}`), parts),
      lengthCase('long-query', '9112 3', size, head(`/?${'a'.repeat(rest - 1)}`), parts),
    ];
  });
}

/** «SHOULD respond with a 501 (Not Implemented)» to a method longer than any implemented. */
function methodCases() {
  return [8, 16, 32, 63, 64, 65, 100, 1000, 4000].map((size) =>
    lengthCase('long-method', '9112 3', size, `${'M'.repeat(size)} / HTTP/1.1\r\n${HOST}\r\n`, {
      expect: declined('understood', 501),
      house: size > 64 ? [closes([501])] : declined(501),
    }),
  );
}

function fieldCases() {
  const sizes = [
    100,
    1000,
    HEAD_BYTES_USUAL,
    8000,
    16_000,
    32_000,
    33_000,
    100_000,
    EXCESSIVE_BYTES,
  ];
  return sizes.flatMap((size) => {
    const parts = { level: 'MUST', ...byUsual(size, HEAD_BYTES_USUAL, TOO_LONG) };
    const tiny = 'X: y\r\n';
    return [
      lengthCase('long-value', '9110 5.4', size, get('/', `X: ${'v'.repeat(size)}\r\n`), parts),
      lengthCase('long-name', '9110 5.4', size, get('/', `${'X'.repeat(size)}: v\r\n`), parts),
      lengthCase('long-padding', '9110 5.4', size, get('/', `X:${' '.repeat(size)}v\r\n`), parts),
      lengthCase('long-line', '9110 5.4', size, get('/', `${'v'.repeat(size)}\r\n`), {
        expect: refused(...TOO_LONG),
      }),
      lengthCase('many-bytes', '9110 5.4', size, get('/', tiny.repeat(size / tiny.length)), {
        level: 'MUST',
        // A hundred fields are what Apache takes, and fewer than these make.
        expect:
          size >= EXCESSIVE_BYTES
            ? refused(...TOO_LONG)
            : size > 600
              ? [...accepted(), ...refused(...TOO_LONG)]
              : accepted(),
      }),
    ];
  });
}

function countCases() {
  return [10, 50, 90, 99, 127, 128, 129, 200, 1000, 10_000].map((count) => {
    const lines = Array.from({ length: count - 1 }, (_, index) => `X${index}: y\r\n`).join('');
    const isUsual = count <= 99;
    const expect = isUsual ? accepted() : [...accepted(), ...refused(...TOO_LONG)];
    return lengthCase('many-fields', '9110 5.4', count, get('/', lines), {
      level: 'MUST',
      expect: count >= 10_000 ? refused(...TOO_LONG) : expect,
    });
  });
}

function contentCases() {
  const sizes = [1, 100, 4000, 65_536, 262_144, 300_000, EXCESSIVE_BYTES];
  const open = [...accepted(), ...acceptedThenClosed(), ...refused(413)];
  return sizes.flatMap((size) => {
    const isSmall = size <= 65_536;
    const content = 'x'.repeat(size);
    const parts = {
      level: 'MUST',
      expect: isSmall ? accepted() : open,
      echo: isSmall ? content : null,
    };
    const head = `POST / HTTP/1.1\r\n${HOST}Content-Length: ${size}\r\n\r\n`;
    const small = chunked(`${`1\r\nx\r\n`.repeat(Math.min(size, 65_536))}0\r\n\r\n`);
    const one = chunked(`${size.toString(16)}\r\n${content}\r\n0\r\n\r\n`);
    return [
      lengthCase('long-content', '9112 6.2', size, head + content, parts),
      lengthCase('long-chunk', '9112 7.1', size, one, parts),
      lengthCase('many-chunks', '9112 7.1', size, small, {
        level: 'MUST',
        expect: isSmall ? accepted() : open,
      }),
    ];
  });
}

/** «A server ought to limit the total length of chunk extensions», RFC 9112 section 7.1.1. */
function extensionCases() {
  const limited = [...contentRefused(...TOO_LONG)];
  return [10, 100, 1000, 4000, 16_000, 17_000, 100_000, EXCESSIVE_BYTES].flatMap((size) => {
    const expect =
      size <= 1000 ? accepted() : size >= EXCESSIVE_BYTES ? limited : [...accepted(), ...limited];
    const value = 'e'.repeat(size);
    const many = ';a=b'.repeat(size / 4 + 1);
    const trailers = 'T: v\r\n'.repeat(size / 6 + 1);
    const spread = `1;${'a'.repeat(98)}\r\nx\r\n`.repeat(size / 100 + 1);
    return [
      lengthCase(
        'long-extension',
        '9112 7.1.1',
        size,
        chunked(`5;a=${value}\r\nhello\r\n0\r\n\r\n`),
        { expect },
      ),
      lengthCase(
        'quoted-long-extension',
        '9112 7.1.1',
        size,
        chunked(`5;a="${value}"\r\nhello\r\n0\r\n\r\n`),
        { expect },
      ),
      lengthCase('many-extensions', '9112 7.1.1', size, chunked(`5${many}\r\nhello\r\n0\r\n\r\n`), {
        expect,
      }),
      lengthCase('extensions-in-sum', '9112 7.1.1', size, chunked(`${spread}0\r\n\r\n`), {
        expect: size <= 1000 ? accepted() : [...accepted(), ...limited],
      }),
      lengthCase('long-trailers', '9110 5.4', size, chunked(`5\r\nhello\r\n0\r\n${trailers}\r\n`), {
        // Fields too many for a head are too many here, and none may be merged anyway.
        expect:
          size <= 100
            ? accepted()
            : size >= EXCESSIVE_BYTES
              ? limited
              : [...accepted(), ...limited],
      }),
      lengthCase(
        'long-trailer',
        '9110 5.4',
        size,
        chunked(`5\r\nhello\r\n0\r\nT: ${value}\r\n\r\n`),
        { expect },
      ),
    ];
  });
}

/** Zeros before a number do not change it, and do not overflow. */
function zeroCases() {
  return [1, 7, 8, 9, 15, 16, 17, 20, 32, 64, 100, 1000].flatMap((count) => {
    const zeros = '0'.repeat(count);
    const expect = count <= 8 ? accepted() : [...accepted(), ...contentRefused(...TOO_LONG)];
    return [
      lengthCase(
        'zeros-of-length',
        '9110 8.6',
        count,
        `POST / HTTP/1.1\r\n${HOST}Content-Length: ${zeros}5\r\n\r\nhello`,
        { expect },
      ),
      lengthCase('zeros-of-chunk', '9112 7.1', count, chunked(HELLO.replace('5', `${zeros}5`)), {
        expect,
      }),
      lengthCase(
        'zeros-of-last-chunk',
        '9112 7.1',
        count,
        chunked(`${HELLO.slice(0, 10)}${zeros}0\r\n\r\n`),
        { expect },
      ),
    ];
  });
}

/** All of them. */
export function limitCases() {
  return [
    ...lineCases(),
    ...methodCases(),
    ...fieldCases(),
    ...countCases(),
    ...contentCases(),
    ...extensionCases(),
    ...zeroCases(),
  ];
}
