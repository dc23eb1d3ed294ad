import { describe, expect, test } from 'vitest';
import { ResponseReader } from '../src/response-reader.mjs';

/** Reads `text` whole and, to the same end, byte by byte. */
function read(text: string, methods: string[] = [], hasEnded = false): ResponseReader {
  const whole = new ResponseReader(methods);
  const cut = new ResponseReader(methods);
  whole.receive(text);
  for (const character of text) cut.receive(character);
  if (hasEnded) {
    whole.receiveEnd();
    cut.receiveEnd();
  }
  expect(cut.responses).toEqual(whole.responses);
  expect(cut.faults.length).toBe(whole.faults.length);
  return whole;
}

const contents = (reader: ResponseReader) => reader.responses.map(({ content }) => content);

describe('ResponseReader', () => {
  test('reads content of a known length, one response after the other', () => {
    const reader = read(
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi' +
        'HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n',
    );
    expect(contents(reader)).toEqual(['hi', '']);
    expect(reader.faults).toEqual([]);
  });

  test('reads chunks, extensions aside, and trailers', () => {
    const reader = read(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nA\r\n0123456789\r\n0\r\nT: v\r\n\r\n',
    );
    expect(contents(reader)).toEqual(['hi0123456789']);
  });

  test('knows that HEAD, 204 and 304 have no content, whatever they say', () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n';
    const reader = read(
      `${head}HTTP/1.1 204 No\r\n\r\nHTTP/1.1 304 No\r\ncontent-length: 3\r\n\r\n`,
      ['HEAD', 'GET', 'GET'],
    );
    expect(reader.responses.map(({ status }) => status)).toEqual([200, 204, 304]);
  });

  test('sets informational responses aside', () => {
    const reader = read(
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n',
    );
    expect(reader.interim.map(({ after }) => after)).toEqual([0]);
    expect(reader.responses).toHaveLength(1);
  });

  test('reads to the end what has no length', () => {
    expect(contents(read('HTTP/1.1 200 OK\r\n\r\nall of it', [], true))).toEqual(['all of it']);
    expect(contents(read('HTTP/1.1 200 OK\r\n\r\nall of it', [], false))).toEqual([]);
  });

  test.each([
    ['a response cut off', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhi'],
    ['a head cut off', 'HTTP/1.1 200 OK\r\n'],
    ['HTTP/0.9', 'home'],
    ['no space after the status', 'HTTP/1.1 200\r\n\r\n'],
    ['SP before a colon', 'HTTP/1.1 200 OK\r\nX : y\r\n\r\n'],
    ['CR in a value', 'HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 5\r\n\r\nhello'],
    ['another coding', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n'],
    ['a chunk-size of nothing', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n\r\n'],
    ['data too long', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nxx\r\n0\r\n\r\n'],
    ['bytes behind a response', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nH'],
  ])('notes %s', (_what, text) => {
    expect(read(text, [], true).faults).toHaveLength(1);
  });
});
