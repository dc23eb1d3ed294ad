import { describe, expect, test } from 'vitest';
import { ReceiveBuffer } from '../src/bytes/receive-buffer.ts';
import { ChunkedDecoder, isForbiddenTrailer } from '../src/chunked-decoder.ts';
import { DEFAULT_LIMITS } from '../src/limits.ts';
import { bytes, text } from './support/bytes.ts';

/** Decodes in pieces of `pieceBytes`; gives content, the last result and what is left unread. */
function decode(body: string, pieceBytes: number, limits = {}, unfold = false) {
  const decoder = new ChunkedDecoder({ ...DEFAULT_LIMITS, ...limits }, unfold);
  const buffer = new ReceiveBuffer();
  const data = bytes(body);
  let content = '';
  let result = 'need-data';
  for (let at = 0; at < data.length && result === 'need-data'; at += pieceBytes) {
    buffer.append(data.slice(at, at + pieceBytes));
    for (;;) {
      const next = decoder.next(buffer);
      if (typeof next === 'string') {
        result = next;
        break;
      }
      expect(next.length).toBeGreaterThan(0);
      content += text(next);
    }
  }
  return { content, result, trailers: decoder.trailers, unread: buffer.length };
}

for (const pieceBytes of [1, 2, 3, 1000]) {
  describe(`in pieces of ${pieceBytes}`, () => {
    test.each([
      ['0\r\n\r\n', ''],
      ['3\r\nabc\r\n0\r\n\r\n', 'abc'],
      ['03;x\r\nabc\r\n1 ; y = "z"\r\nd\r\n000\r\n\r\n', 'abcd'],
      ['2\r\n\r\n\r\n0\r\n\r\n', '\r\n'],
    ])('%j', (body, content) => {
      expect(decode(body, pieceBytes)).toMatchObject({
        content,
        result: 'complete',
        trailers: [],
        unread: 0,
      });
    });

    test.each([
      ['g', 'HTTP1_INVALID_CHUNK_SIZE'],
      ['1x', 'HTTP1_INVALID_CHUNK_SIZE'],
      ['1\n', 'HTTP1_BARE_LF'],
      ['1\rx', 'HTTP1_BARE_CR'],
      ['1;=', 'HTTP1_INVALID_CHUNK_EXTENSION'],
      ['1;a\n', 'HTTP1_BARE_LF'],
      ['1\r\nab', 'HTTP1_INVALID_CHUNK_END'],
      ['1\r\na\rb', 'HTTP1_INVALID_CHUNK_END'],
      ['0\r\nA\r\n', 'HTTP1_MISSING_COLON'],
      ['0\r\nA: b\r\n c\r\n\r\n', 'HTTP1_OBS_FOLD'],
    ])('%j: %s', (body, result) => expect(decode(body, pieceBytes).result).toBe(result));
  });
}

test('what comes behind the last chunk stays unread', () => {
  expect(decode('0\r\n\r\nGET', 1000)).toMatchObject({ result: 'complete', unread: 3 });
});

test('trailers lose what RFC 9110 section 6.5.1 forbids; folds are replaced in responses', () => {
  const { trailers } = decode('0\r\nX: \u00e9\r\nHost: a\r\nY: b\r\n c\r\n\r\n', 1000, {}, true);
  expect(trailers).toEqual([
    { name: 'x', value: '\u00e9' },
    { name: 'y', value: 'b c' },
  ]);
});

test('once complete it stays complete', () => {
  const decoder = new ChunkedDecoder(DEFAULT_LIMITS, false);
  const buffer = new ReceiveBuffer();
  buffer.append(bytes('0\r\n\r\nx'));
  expect([decoder.next(buffer), decoder.next(buffer), buffer.length]).toEqual([
    'complete',
    'complete',
    1,
  ]);
  expect(decoder.remainingBytes).toBe(Number.POSITIVE_INFINITY);
});

test('limits', () => {
  expect(decode('5\r\n', 1, { contentBytesMax: 4 }).result).toBe('HTTP1_CONTENT_TOO_LARGE');
  expect(decode('2\r\nab\r\n3\r\n', 1, { contentBytesMax: 4 })).toMatchObject({
    content: 'ab',
    result: 'HTTP1_CONTENT_TOO_LARGE',
  });
  expect(decode('0;abc\r\n\r\n', 1, { chunkExtensionBytesMax: 4 }).result).toBe('complete');
  expect(decode('0;abcd\r\n\r\n', 1, { chunkExtensionBytesMax: 4 }).result).toBe(
    'HTTP1_CHUNK_EXTENSIONS_TOO_LARGE',
  );
  expect(decode('1;a\r\nx\r\n0;ab\r\n\r\n', 1, { chunkExtensionBytesMax: 4 }).result).toBe(
    'HTTP1_CHUNK_EXTENSIONS_TOO_LARGE',
  );
  expect(decode('0\r\nA: b\r\n\r\n', 1, { trailerBytesMax: 8 }).result).toBe('complete');
  expect(decode('0\r\nA: bc\r\n\r\n', 1, { trailerBytesMax: 8 }).result).toBe(
    'HTTP1_TRAILERS_TOO_LARGE',
  );
  expect(decode('1fffffffffffff\r\n', 1).result).toBe('need-data');
  expect(decode('20000000000000\r\n', 1).result).toBe('HTTP1_INVALID_CHUNK_SIZE');
  expect(decode(`${'0'.repeat(64)}\r\n\r\n`, 1).result).toBe('complete');
  expect(decode('0'.repeat(65), 1).result).toBe('HTTP1_INVALID_CHUNK_SIZE');
});

test('forbidden are framing, routing, modifiers, authentication, control and format', () => {
  for (const name of [
    'content-length',
    'host',
    'te',
    'if-match',
    'authorization',
    'set-cookie',
    'date',
    'content-type',
  ]) {
    expect(isForbiddenTrailer(name)).toBe(true);
  }
  for (const name of ['etag', 'x-checksum', 'server-timing', ''])
    expect(isForbiddenTrailer(name)).toBe(false);
});

test('with any byte in any place, it is the same at once and byte by byte', () => {
  const body = '3\r\nabc\r\n00a;x\r\n0123456789\r\n7fffffff\r\n';
  const last = '2\r\nhi\r\n00\r\n\r\n';
  let complete = 0;
  for (const text of [body, last, `${last.slice(0, -2)}A: b\r\n\r\n`]) {
    for (let at = 0; at < text.length; at++) {
      for (let code = 0; code < 256; code++) {
        const changed = text.slice(0, at) + String.fromCharCode(code) + text.slice(at + 1);
        const whole = decode(changed, 1000);
        expect(whole).toEqual({ ...decode(changed, 1), unread: whole.unread });
        if (whole.result === 'complete') complete++;
      }
    }
  }
  expect(complete).toBeGreaterThan(100);
});
