// One line per request and one per connection that has ended. Blanks separate the parts of a line;
// only what is in quotes has blanks itself, and nothing that a client sent can end the quotes.
import type { ConnectionCloseCause, ConnectionInfo, ExchangeRecord } from '@holdline/net';
import type { ClosedEvent, WebSocketConnection } from '@holdline/net/websocket';
import { escapePeerText } from './escape.ts';
import { describeError } from './system-error.ts';
import type { WebSocketTally } from './websocket/websocket-tally.ts';

/**
 * `2026-11-23T13:20:11.123Z 127.0.0.1:51234 #3.2 "GET /a.txt" 200 1234B 1.2ms`, where #3.2 is the
 * second request of the third connection. `-` instead of a request that could not be understood, and
 * instead of the status where no response was sent; the last word says why a response is incomplete
 * or what was wrong with the request.
 */
export function requestLine(record: ExchangeRecord, unixMs: number): string {
  const { connection, number, method, target, status, responseBytes, durationMs } = record;
  const request = method === '' ? '-' : `${escapePeerText(method)} ${escapePeerText(target)}`;
  const parts = [
    start(connection, unixMs),
    `#${connection.id}.${number}`,
    `"${request}"`,
    status === 0 ? '-' : String(status),
    `${responseBytes}B`,
    `${durationMs.toFixed(1)}ms`,
  ];
  if (!record.complete) parts.push('incomplete');
  if (record.faultCode !== null) parts.push(record.faultCode);
  return parts.join(' ');
}

/**
 * `2026-11-23T13:20:31.123Z 127.0.0.1:51234 #3.2 "GET /echo" 101 1234B 20001.2ms websocket 3 in 4 out 567B in
 * closed 1000`: the request that became a WebSocket, at the end of that: bytes out, time, messages, bytes
 * in, and the code; instead of `closed`, what was seen where there was no closing handshake.
 */
export function webSocketLine(
  { connection, number, target, openedAt, messagesReceived, messagesSent }: WebSocketTally,
  { bytesReceived, bytesSent }: Pick<WebSocketConnection, 'bytesReceived' | 'bytesSent'>,
  { code, observation }: ClosedEvent,
  now: number,
  unixMs: number,
): string {
  const how = observation === 'closing-handshake' ? 'closed' : observation;
  return [
    start(connection, unixMs),
    `#${connection.id}.${number}`,
    `"GET ${escapePeerText(target)}"`,
    '101',
    `${bytesSent}B`,
    `${(now - openedAt).toFixed(1)}ms`,
    `websocket ${messagesReceived} in ${messagesSent} out ${bytesReceived}B in`,
    `${how} ${code}`,
  ].join(' ');
}

/**
 * `2026-11-23T13:21:16.123Z 127.0.0.1:51234 #3 closed idle-timeout 2 requests 214B in 5321B out 66.0s`:
 * why the third connection ended, and what it was.
 */
export function connectionLine(
  connection: ConnectionInfo,
  cause: ConnectionCloseCause,
  ageMs: number,
  unixMs: number,
): string {
  const { id, requests, bytesReceived, bytesSent } = connection;
  return [
    start(connection, unixMs),
    `#${id} closed ${cause}`,
    requests === 1 ? '1 request' : `${requests} requests`,
    `${bytesReceived}B in ${bytesSent}B out`,
    `${(ageMs / 1000).toFixed(1)}s`,
  ].join(' ');
}

/** `2026-11-23T13:20:11.123Z 127.0.0.1 no handshake: TLS_…: what the client did`: there was no TLS. */
export function handshakeLine(error: Error, remoteAddress: string, unixMs: number): string {
  const { code = '' } = error as { readonly code?: unknown };
  const named = typeof code === 'string' && code.startsWith('TLS_') ? `${code}: ` : '';
  const remote = remoteAddress === '' ? '-' : remoteAddress;
  return `${new Date(unixMs).toISOString()} ${remote} no handshake: ${named}${describeError(error)}`;
}

/** The client's address and port, an IPv6 address in brackets; `-` when it is not known. */
export function remoteOf({ remoteAddress, remotePort }: ConnectionInfo): string {
  if (remoteAddress === '') return '-';
  const isIpv6 = remoteAddress.includes(':');
  return `${isIpv6 ? `[${remoteAddress}]` : remoteAddress}:${remotePort}`;
}

function start(connection: ConnectionInfo, unixMs: number): string {
  return `${new Date(unixMs).toISOString()} ${remoteOf(connection)}`;
}
