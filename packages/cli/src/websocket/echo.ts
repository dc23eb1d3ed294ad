// `/echo`: every message goes back as it came, piece by piece, so that its size needs no memory.
import {
  type IncomingMessage,
  serveWebSocket,
  type WebSocketConnection,
  WebSocketMessageError,
  type WebSocketServeOptions,
  type WebSocketServer,
} from '@holdline/net/websocket';
import { nodeCompression } from '@holdline/websocket/node';
import { tallyOf, type WebSocketTally } from './websocket-tally.ts';

/** Where it is. */
export const ECHO_PATH = '/echo';

/**
 * Serves it. It keeps nothing and knows nobody, so every Origin may connect, and compression has no
 * secrets to betray. `common` is what all WebSockets of the command have.
 */
export function echoServer(common: WebSocketServeOptions): WebSocketServer {
  const { websocket } = common;
  const limits = { ...websocket?.limits, messageBytesMax: Number.POSITIVE_INFINITY };
  return serveWebSocket({
    ...common,
    websocket: { ...websocket, limits, delivery: 'pieces' },
    compression: nodeCompression,
    // A browser that asks for subprotocols wants one of them.
    subprotocols: (offered) => offered[0] ?? null,
    onOpen(connection) {
      void common.onOpen?.(connection);
      return echo(connection);
    },
  });
}

/** One message after the other: while one waits for its reader, nothing more is read. */
async function echo(connection: WebSocketConnection): Promise<void> {
  const tally = tallyOf(connection);
  try {
    for await (const message of connection.streams()) await sendBack(message, connection, tally);
  } catch (error) {
    // The connection is over, and its end is told elsewhere.
    if (!(error instanceof WebSocketMessageError)) throw error;
  }
}

async function sendBack(
  message: IncomingMessage,
  connection: WebSocketConnection,
  tally: WebSocketTally,
): Promise<void> {
  const { kind, byteCount: declared, isCompressed } = message;
  let byteCount = 0;
  async function* counted(): AsyncGenerator<Uint8Array, undefined> {
    for await (const piece of message) {
      byteCount += piece.length;
      tally.observer?.progress();
      yield piece;
    }
    tally.received(kind, byteCount);
  }
  // What came as one frame goes as one; what came in fragments, or compressed, goes likewise.
  const options = declared >= 0 ? { byteCount: declared } : { compress: isCompressed };
  await connection.sendStream(kind, counted(), options);
  tally.sent(kind, byteCount);
}
