// `/echo`: every message goes back while it comes, piece by piece, so that its size takes no memory, and
// no faster than the client reads.
import {
  serveWebSocket,
  type WebSocketServeOptions,
  type WebSocketServer,
} from '@holdline/net/websocket';
import { nodeCompression } from '@holdline/websocket/node';
import { tallyOf } from './websocket-tally.ts';

/** Where it is. */
export const ECHO_PATH = '/echo';

/**
 * Serves it. It keeps nothing and knows nobody, so every Origin may connect, and compression has no
 * secrets to betray. `common` is what all WebSockets of the command have.
 */
export function echoServer(common: WebSocketServeOptions): WebSocketServer {
  return serveWebSocket({
    ...common,
    compression: nodeCompression,
    // A browser that asks for subprotocols wants one of them.
    subprotocols: (offered) => offered[0] ?? null,
    websocket: { ...common.websocket, ...ANY_SIZE },
    async onStream(message, connection) {
      const tally = tallyOf(connection);
      const { byteCount } = message;
      // What came in one frame goes back in one.
      await connection.sendStream(message.kind, message, byteCount < 0 ? {} : { byteCount });
      tally.received();
      tally.sent();
    },
  });
}
