// `/echo`: every message goes back as it came, one behind the other, and no faster than the client reads.
// A long one goes back while it comes, so that its size takes no memory.
import {
  type IncomingMessage,
  serveWebSocket,
  type WebSocketConnection,
  WebSocketMessageError,
  type WebSocketServeOptions,
  type WebSocketServer,
} from '@holdline/net/websocket';
import { nodeCompression } from '@holdline/websocket/node';
import { tallyOf } from './websocket-tally.ts';

/** Where it is. */
export const ECHO_PATH = '/echo';

/** A message of up to so many bytes goes back in one frame, once it is all here. */
const WHOLE_BYTES_MAX = 65_536;
/** Nothing of a message is kept, in however many frames it comes. */
const ANY_SIZE = {
  messageBytesMax: Number.POSITIVE_INFINITY,
  fragmentsMax: Number.POSITIVE_INFINITY,
};

/**
 * Serves it. It keeps nothing and knows nobody, so every Origin may connect, and compression has no
 * secrets to betray. `common` is what all WebSockets of the command have.
 */
export function echoServer(common: WebSocketServeOptions): WebSocketServer {
  return serveWebSocket({
    ...common,
    websocket: { ...common.websocket, delivery: 'pieces', limits: ANY_SIZE },
    compression: nodeCompression,
    // A browser that asks for subprotocols wants one of them.
    subprotocols: (offered) => offered[0] ?? null,
    onOpen(connection) {
      common.onOpen?.(connection);
      return echoAll(connection);
    },
  });
}

async function echoAll(connection: WebSocketConnection): Promise<void> {
  const tally = tallyOf(connection);
  try {
    for await (const message of connection.streams()) {
      await echo(message, connection);
      tally.received();
      tally.sent();
      // The next message waits, at last with the client, until this one has left.
      await connection.drained();
    }
  } catch (error) {
    // The client has gone within a message, which is told of its connection.
    if (!(error instanceof WebSocketMessageError)) throw error;
  }
}

async function echo(message: IncomingMessage, connection: WebSocketConnection): Promise<void> {
  const { kind, byteCount } = message;
  const content = message[Symbol.asyncIterator]();
  const begun: Uint8Array[] = [];
  let begunBytes = 0;
  while (begunBytes <= WHOLE_BYTES_MAX) {
    const { done, value } = await content.next();
    if (done === true) {
      connection.send(Buffer.concat(begun, begunBytes), { kind });
      return;
    }
    begun.push(value);
    begunBytes += value.length;
  }
  // What came in one frame goes back in one.
  await connection.sendStream(kind, rejoined(begun, content), byteCount < 0 ? {} : { byteCount });
}

async function* rejoined(
  begun: readonly Uint8Array[],
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* begun;
  yield* { [Symbol.asyncIterator]: () => rest };
}
