import type { ConnectionInfo, ExchangeRecord } from '@holdline/net';
import type { ClosedEvent } from '@holdline/net/websocket';
import { expect, test } from 'vitest';
import { connectionLine, remoteOf, requestLine, webSocketLine } from '../src/access-log.ts';
import type { WebSocketTally } from '../src/websocket/websocket-tally.ts';

const connection = {
  id: 3,
  remoteAddress: '127.0.0.1',
  remotePort: 51234,
  requests: 2,
  bytesReceived: 214,
  bytesSent: 5321,
} as ConnectionInfo;

const record: ExchangeRecord = {
  connection,
  number: 2,
  method: 'GET',
  target: '/a.txt',
  status: 200,
  requestBytes: 0,
  responseBytes: 1234,
  durationMs: 1.234,
  complete: true,
  faultCode: null,
};

const unixMs = Date.UTC(2026, 10, 23, 13, 20, 11, 123);
const start = '2026-11-23T13:20:11.123Z 127.0.0.1:51234';

test('a request is one line with its connection', () => {
  expect(requestLine(record, unixMs)).toBe(`${start} #3.2 "GET /a.txt" 200 1234B 1.2ms`);
});

test('a response that was not sent whole says so', () => {
  expect(requestLine({ ...record, complete: false }, unixMs)).toMatch(/ 1\.2ms incomplete$/);
  expect(requestLine({ ...record, complete: false, status: 0 }, unixMs)).toContain('" - 1234B');
});

test('what was no request has neither method nor target', () => {
  const faulty = { ...record, number: 0, method: '', target: '', status: 400 };
  expect(requestLine({ ...faulty, faultCode: 'HTTP1_BARE_LF' }, unixMs)).toBe(
    `${start} #3.0 "-" 400 1234B 1.2ms HTTP1_BARE_LF`,
  );
});

test('a target cannot forge a line, nor leave its quotes, nor reach the terminal', () => {
  const target = '/" 200 0B\r\n\x1b[2J\x9b\xff\\';
  const line = requestLine({ ...record, target }, unixMs);
  expect(line).toBe(
    `${start} #3.2 "GET /\\" 200 0B\\x0d\\x0a\\x1b[2J\\x9b\\xff\\\\" 200 1234B 1.2ms`,
  );
});

test('a connection says why it ended', () => {
  expect(connectionLine(connection, 'idle-timeout', 66_040, unixMs)).toBe(
    `${start} #3 closed idle-timeout 2 requests 214B in 5321B out 66.0s`,
  );
  expect(connectionLine({ ...connection, requests: 1 }, 'reset', 0, unixMs)).toBe(
    `${start} #3 closed reset 1 request 214B in 5321B out 0.0s`,
  );
});

test('an IPv6 address stands in brackets, an unknown one is a dash', () => {
  expect(remoteOf({ ...connection, remoteAddress: '::1' })).toBe('[::1]:51234');
  expect(remoteOf({ ...connection, remoteAddress: '' })).toBe('-');
});

test.each([
  ['closing-handshake', 1000, 'closed 1000'],
  ['fin-without-close', 1006, 'fin-without-close 1006'],
] as const)('a WebSocket is one line at its end: %s', (observation, code, words) => {
  const tally = {
    connection,
    number: 2,
    target: '/echo?"\u001b',
    openedAt: 1000,
    messagesReceived: 3,
    messagesSent: 4,
  } as WebSocketTally;
  const bytes = { bytesReceived: 567, bytesSent: 1234 };
  const event = { observation, code } as ClosedEvent;
  expect(webSocketLine(tally, bytes, event, 21_001.23, unixMs)).toBe(
    `${start} #3.2 "GET /echo?\\"\\x1b" 101 1234B 20001.2ms websocket 3 in 4 out 567B in ${words}`,
  );
});
