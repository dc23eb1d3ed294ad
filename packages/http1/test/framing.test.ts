import { describe, expect, test } from 'vitest';
import { parseContentLength, requestLength, responseLength } from '../src/framing.ts';

// RFC 9112 section 6.3 as a table: (Content-Length, Transfer-Encoding) to framing or fault.
type Row = [string | null, string | null, string, number | string];

const requests: Row[] = [
  [null, null, 'none', 0],
  ['0', null, 'content-length', 0],
  ['5', null, 'content-length', 5],
  ['5,5', null, 'content-length', 5],
  ['x', null, 'HTTP1_INVALID_CONTENT_LENGTH', 0],
  [null, 'chunked', 'chunked', -1],
  [null, 'Chunked', 'chunked', -1],
  [null, ', chunked', 'chunked', -1],
  [null, 'gzip, chunked', 'HTTP1_UNKNOWN_TRANSFER_CODING', 0],
  [null, 'gzip', 'HTTP1_INVALID_TRANSFER_ENCODING', 0],
  [null, 'chunked, gzip', 'HTTP1_INVALID_TRANSFER_ENCODING', 0],
  [null, 'chunked, chunked', 'HTTP1_INVALID_TRANSFER_ENCODING', 0],
  [null, '', 'HTTP1_INVALID_TRANSFER_ENCODING', 0],
  [null, 'chunked;a=b', 'HTTP1_INVALID_TRANSFER_ENCODING', 0],
  [null, 'gz ip, chunked', 'HTTP1_INVALID_TRANSFER_ENCODING', 0],
  [null, 'gzip;a=b, chunked', 'HTTP1_INVALID_TRANSFER_ENCODING', 0],
  [null, 'x;a, chunked', 'HTTP1_INVALID_TRANSFER_ENCODING', 0],
  [null, 'gzip;a="b, chunked', 'HTTP1_INVALID_TRANSFER_ENCODING', 0],
  [null, 'x;a="b\\"c, d" ; e = f, chunked', 'HTTP1_UNKNOWN_TRANSFER_CODING', 0],
  [null, 'gzip;a=b, chunked', 'HTTP1_INVALID_TRANSFER_ENCODING', 0],
  ['5', 'chunked', 'HTTP1_AMBIGUOUS_LENGTH', 0],
  ['', '', 'HTTP1_AMBIGUOUS_LENGTH', 0],
];

describe('requests', () => {
  for (const [contentLength, transferEncoding, expected, length] of requests) {
    test(`${contentLength} and ${transferEncoding}: ${expected}`, () => {
      const result = requestLength({ contentLength, transferEncoding }, 1);
      expect(result.fault ?? result.framing).toBe(expected);
      expect(result.contentLength).toBe(length);
    });
  }
  test('Transfer-Encoding in HTTP/1.0', () => {
    const fields = { contentLength: '5', transferEncoding: 'chunked' };
    expect(requestLength(fields, 0).fault).toBe('HTTP1_TRANSFER_ENCODING_IN_HTTP10');
  });
});

describe('responses', () => {
  const both = { contentLength: '5', transferEncoding: 'chunked' };
  const none = { contentLength: null, transferEncoding: null };
  test.each([
    ['HEAD', 200],
    ['GET', 100],
    ['GET', 199],
    ['GET', 204],
    ['GET', 304],
    ['CONNECT', 100],
  ])('to %s with %i have no content', (method, status) =>
    expect(responseLength(both, 1, status, method).framing).toBe('none'),
  );
  test.each([200, 204, 299])('to CONNECT with %i make a tunnel', (status) => {
    expect(responseLength(both, 1, status, 'CONNECT').framing).toBe('tunnel');
  });
  test.each([99, 0, 300, 404, 600])('to CONNECT with %i are ordinary', (status) => {
    expect(responseLength(none, 1, status, 'CONNECT').framing).toBe('close-delimited');
  });
  const rows: Row[] = [
    [null, null, 'close-delimited', ''],
    ['5', null, 'content-length', ''],
    ['5, 6', null, 'HTTP1_INVALID_CONTENT_LENGTH', ''],
    [null, 'chunked', 'chunked', ''],
    [null, 'gzip, chunked', 'chunked', 'gzip'],
    [null, 'gzip', 'close-delimited', 'gzip'],
    [null, 'a, b', 'close-delimited', 'a,b'],
    [null, 'chunked, a', 'close-delimited', 'chunked,a'],
    [null, 'chunked, a, chunked', 'HTTP1_INVALID_TRANSFER_ENCODING', ''],
    [null, 'chunked, chunked, a', 'HTTP1_INVALID_TRANSFER_ENCODING', ''],
    [null, '@', 'HTTP1_INVALID_TRANSFER_ENCODING', ''],
    ['5', 'gzip', 'HTTP1_AMBIGUOUS_LENGTH', ''],
  ];
  for (const [contentLength, transferEncoding, expected, codings] of rows) {
    test(`${contentLength} and ${transferEncoding}: ${expected}`, () => {
      const result = responseLength({ contentLength, transferEncoding }, 1, 200, 'GET');
      expect(result.fault ?? result.framing).toBe(expected);
      expect(result.transferCodings.join()).toBe(codings);
    });
  }
  test('Transfer-Encoding in HTTP/1.0', () => {
    expect(responseLength(both, 0, 200, 'GET').fault).toBe('HTTP1_TRANSFER_ENCODING_IN_HTTP10');
  });
});

test('Content-Length holds what a number can hold exactly', () => {
  expect(parseContentLength('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
  expect(parseContentLength('9007199254740992')).toBe(-1);
  expect(parseContentLength('000000000000000000000001')).toBe(1);
  expect(parseContentLength('1,1 ,\t1')).toBe(1);
  for (const wrong of ['', ',', '1,', '1,2', '1,01', '-1', '+1', '1e1', ' 1', '0x1', '١']) {
    expect(parseContentLength(wrong)).toBe(-1);
  }
});
