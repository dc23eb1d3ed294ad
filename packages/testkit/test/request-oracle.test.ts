import { expect, test } from 'vitest';
import { readRequest } from '../src/oracles/request-oracle.ts';

const verdicts: [string, string][] = [
  ['GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'complete'],
  ['GET / HTTP/1.1\r\nHost: a\r\n', 'incomplete'],
  ['GET /  HTTP/1.1\r\nHost: a\r\n\r\n', 'invalid'],
  ['GET / HTTP/1.1\r\nHost : a\r\n\r\n', 'invalid'],
  ['POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab', 'complete'],
  ['POST / HTTP/1.1\r\nContent-Length: 2, 2\r\n\r\nab', 'complete'],
  ['POST / HTTP/1.1\r\nContent-Length: 2, 3\r\n\r\nab', 'invalid'],
  ['POST / HTTP/1.1\r\nContent-Length: +2\r\n\r\nab', 'invalid'],
  ['POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nab', 'incomplete'],
  [
    'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2;a="b\\""\r\nab\r\n0\r\n\r\n',
    'complete',
  ],
  ['POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n', 'invalid'],
  ['POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2 \r\nab\r\n0\r\n\r\n', 'invalid'],
  ['POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n\r\n', 'complete'],
  ['POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA b\r\n\r\n', 'invalid'],
  ['POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n', 'invalid'],
];
for (const [text, verdict] of verdicts) {
  test(`${verdict}: ${JSON.stringify(text)}`, () =>
    expect(readRequest(text).verdict).toBe(verdict));
}

test('a complete request gives its parts and the rest', () => {
  expect(readRequest('PUT /x HTTP/1.1\r\nA:  b c \r\nContent-Length: 1\r\n\r\nzNEXT')).toEqual({
    verdict: 'complete',
    method: 'PUT',
    target: '/x',
    content: 'z',
    rest: 'NEXT',
    fields: [
      { name: 'a', value: 'b c' },
      { name: 'content-length', value: '1' },
    ],
  });
});
