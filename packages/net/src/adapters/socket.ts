// A TCP or Unix socket of node:net as a transport.
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type StreamKind, StreamTransport } from './stream.ts';

const SOCKET: StreamKind = {
  // A FIN of plain TCP can come from anybody on the path.
  capabilities: Object.freeze({ halfClose: true, reset: true, authenticEnd: false }),
  sharesInput: false,
  writesNothing: true,
  close(stream: Duplex): void {
    (stream as Socket).destroySoon();
  },
  abort(stream: Duplex): void {
    try {
      (stream as Socket).resetAndDestroy();
    } catch {
      // A Unix socket knows no reset.
      stream.destroy();
    }
  },
};

/** The transport of a connected `net.Socket`, which it takes over. */
export function socketTransport(socket: Socket): StreamTransport {
  return new StreamTransport(socket, SOCKET);
}
