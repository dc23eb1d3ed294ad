// A TLS socket of node:tls as a transport, for as long as one needs OpenSSL's TLS underneath.
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { TlsInfo } from '../tls-info.ts';
import { type StreamKind, StreamTransport } from './stream.ts';

// Node (20 to 26, tried) reports the same `end` whether close_notify came or only the FIN of TCP, and
// offers no way to ask. So an end is never authentic here, and truncation is never reported as such:
// trust only messages that state their own length.
const TLS_1_3: StreamKind = {
  capabilities: Object.freeze({ halfClose: true, reset: false, authenticEnd: false }),
  sharesInput: false,
  // Deno (2.9.6) fails a write of nothing with EPERM, and the connection with it.
  writesNothing: false,
  close(stream: Duplex): void {
    (stream as TLSSocket).destroySoon();
  },
  abort(stream: Duplex): void {
    // Without close_notify, which is what the peer may tell a cut by.
    stream.destroy();
  },
};

// RFC 5246 section 7.2.1: the other party answers close_notify with its own "and closes down the
// connection immediately, discarding any pending writes".
const TLS_1_2: StreamKind = {
  ...TLS_1_3,
  capabilities: Object.freeze({ halfClose: false, reset: false, authenticEnd: false }),
};

/** The transport of a `tls.TLSSocket` whose handshake is done, which it takes over. */
export function tlsSocketTransport(socket: TLSSocket): StreamTransport {
  return new StreamTransport(socket, socket.getProtocol() === 'TLSv1.3' ? TLS_1_3 : TLS_1_2);
}

/** What a `TLSSocket` says about itself; it knows nothing of key updates. */
export function nodeTlsInfo(socket: TLSSocket): TlsInfo {
  const { servername } = socket as TLSSocket & { readonly servername?: string | false };
  return {
    engine: 'node',
    version: (socket.getProtocol() ?? '').replace('TLSv', 'TLS '),
    cipherSuite: socket.getCipher().standardName,
    group: null,
    protocol: socket.alpnProtocol === false ? null : socket.alpnProtocol,
    serverName: typeof servername === 'string' ? servername : null,
    sendingEpoch: 0,
    receivingEpoch: 0,
    heartbeatRoundTripMs: null,
  };
}
