// The answer to an upgrade that does not become a WebSocket, written by hand, since node:http has given
// the socket away.
import { type OutgoingHttpHeaders, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Answers, and closes. */
export function refuseUpgrade(
  socket: Duplex,
  status: number,
  message: string = STATUS_CODES[status] ?? '',
  headers: OutgoingHttpHeaders = {},
): void {
  const fields: OutgoingHttpHeaders = {
    Connection: 'close',
    'Content-Type': 'text/html',
    'Content-Length': Buffer.byteLength(message),
    ...headers,
  };
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    [value].flat().map((one) => `${name}: ${one}`),
  );
  socket.once('finish', () => socket.destroy());
  socket.end(
    [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', message].join('\r\n'),
  );
}
