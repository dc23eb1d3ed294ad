import { describe, expect, test } from 'vitest';
import { OutputQueue } from '../src/bytes/output-queue.ts';
import { outgoingFields } from '../src/outgoing-fields.ts';
import { responseFraming, writeResponseHead } from '../src/response-head.ts';
import { text } from './support/bytes.ts';

const LENGTH = [{ name: 'Content-Length', value: '5' }];
const CHUNKED = [{ name: 'Transfer-Encoding', value: 'chunked' }];

describe('framing by status, fields, method and version (RFC 9112 section 6)', () => {
  test.each([
    [200, [], 'GET', 1, 'chunked'],
    [200, CHUNKED, 'GET', 1, 'chunked'],
    [200, LENGTH, 'GET', 1, 'content-length'],
    [200, [], 'GET', 0, 'close-delimited'],
    [200, CHUNKED, 'GET', 0, 'close-delimited'],
    [200, LENGTH, 'GET', 0, 'content-length'],
    [200, LENGTH, 'HEAD', 1, 'none'],
    [304, LENGTH, 'GET', 1, 'none'],
    [204, [], 'GET', 1, 'none'],
    [205, [], 'GET', 1, 'content-length'],
  ])('%i %j to %s in 1.%i', (status, fields, method, minorVersion, framing) => {
    expect(responseFraming(status, outgoingFields(fields), method, minorVersion).framing).toBe(
      framing,
    );
  });

  test.each([
    [204, LENGTH],
    [204, CHUNKED],
    [205, LENGTH],
    [205, CHUNKED],
  ])('%i with %j is refused', (status, fields) => {
    expect(() => responseFraming(status, outgoingFields(fields), 'GET', 1)).toThrow(
      /^HTTP1_FRAMING_NOT_ALLOWED/,
    );
  });
});

test('the machine writes Connection and Transfer-Encoding itself', () => {
  const queue = new OutputQueue();
  const fields = [...CHUNKED, { name: 'connection', value: 'x' }, { name: 'A', value: 'b' }];
  writeResponseHead(queue, { status: 299, reason: 'Fine', fields }, [
    { name: 'Connection', value: 'close' },
  ]);
  expect(text(queue.next()!)).toBe('HTTP/1.1 299 Fine\r\nA: b\r\nConnection: close\r\n\r\n');
});
