// What fuzzing has found and case files cannot say, because their runner drains after every call.
import { expect, test } from 'vitest';
import { Http1Server, serverSettings } from '../src/server.ts';
import { bytes } from './support/bytes.ts';

const START = 1_000_003;
const HEAD_MS = 20_000;
const GRACE_MS = 10_000;

/** A server that has received `text` and whose time for the rest of it is over, which nobody has pulled. */
function timedOut(text: string, afterMs: number): Http1Server {
  const server = new Http1Server(serverSettings(), START);
  server.receive(bytes(text), START);
  while (server.nextEvent(START).type !== 'need-data');
  server.onDeadline(START + afterMs);
  return server;
}

const PART_OF_A_HEAD = 'GET / HT';
const PART_OF_CONTENT = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n';

test('a response is possible after a failure that was pulled in time', () => {
  const now = START + HEAD_MS;
  const server = timedOut(PART_OF_A_HEAD, HEAD_MS);
  expect(server.nextEvent(now)).toMatchObject({ code: 'HTTP1_HEAD_TIMEOUT', canRespond: true });
  expect(server.responseState).toBe('awaiting');
  server.sendResponse({ status: 408, fields: [] }, now);
});

test('a failure pulled after a reset says that no response is possible', () => {
  const now = START + HEAD_MS;
  const server = timedOut(PART_OF_A_HEAD, HEAD_MS);
  server.receiveEnd(now, 'reset');
  expect(server.nextEvent(now)).toMatchObject({ code: 'HTTP1_HEAD_TIMEOUT', canRespond: false });
  expect(server.nextEvent(now)).toMatchObject({ type: 'closed', cause: 'failed' });
});

test('a failure pulled after the response has begun ends it, as one that came meanwhile does', () => {
  const now = START + GRACE_MS;
  const server = timedOut(PART_OF_CONTENT, GRACE_MS);
  server.sendResponse({ status: 200, fields: [] }, now);
  expect(server.nextEvent(now)).toMatchObject({ code: 'HTTP1_CONTENT_TIMEOUT', canRespond: false });
  expect(server.responseState).toBe('ended');
  expect(server.transport).toBe('half-close');
});
