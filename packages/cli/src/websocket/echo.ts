// `/echo`: every message goes back as it came. At once, so that also the last one before a Close frame,
// or before a frame that is wrong, is answered; and no faster than the client reads.
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
    onMessage(message, connection) {
      const tally = tallyOf(connection);
      tally.received();
      const hasRoom = connection.send(message);
      tally.sent();
      // The next message waits, at last with the client, until this one has left.
      if (!hasRoom) connection.hold();
    },
    onDrained: (connection) => connection.resume(),
  });
}
