// Which paths answer to WebSockets. Other requests for them go on, as a folder may have such a file.
import type { ConnectionInfo, HttpHandler } from '@holdline/net';
import type {
  ClosedEvent,
  WebSocketConnection,
  WebSocketServeOptions,
  WebSocketServer,
} from '@holdline/net/websocket';
import { pathOfTarget } from '../safe-path.ts';
import { asksForWebSocket } from './opening.ts';
import { tallyOf, WebSocketTally } from './websocket-tally.ts';

/**
 * Silence after which a WebSocket is pinged. Whoever serves with this command wants to look at
 * connections: round trips are worth more to him than the few bytes that they cost.
 */
const PING_MS = 5000;

/** Who hears of WebSockets. */
export interface WebSocketListeners {
  /** Whether anybody may look at the frames of a WebSocket that is about to go over a connection. */
  watches(connection: ConnectionInfo): boolean;
  /** It is open. */
  opened(tally: WebSocketTally, connection: WebSocketConnection): void;
  /** It is over. */
  closed(tally: WebSocketTally, connection: WebSocketConnection, event: ClosedEvent): void;
  /** The program was at fault. */
  fault(error: unknown, tally: WebSocketTally): void;
}

/** What all WebSockets of the command have in common. */
export function commonOptions(listeners: WebSocketListeners): WebSocketServeOptions {
  return {
    websocket: { timeouts: { pingMs: PING_MS } },
    decide: (_request, exchange) => ({
      data: new WebSocketTally(exchange),
      watchesFrames: listeners.watches(exchange.connection),
    }),
    onOpen: (connection) => listeners.opened(tallyOf(connection), connection),
    onFrame: (frame, connection) => tallyOf(connection).observer?.frame(frame),
    onPong: (_payload, roundTripMs, connection) => tallyOf(connection).observer?.pong(roundTripMs),
    onClosed(event, connection) {
      const tally = tallyOf(connection);
      tally.observer?.closed(event);
      listeners.closed(tally, connection, event);
    },
    onFault: (error, connection) => listeners.fault(error, tallyOf(connection)),
  };
}

/** Lets `servers` answer, by path, who asks for a WebSocket, and `resource` everybody else. */
export function webSocketSite(
  servers: ReadonlyMap<string, WebSocketServer>,
  resource: HttpHandler,
): HttpHandler {
  return (exchange) => {
    const { head } = exchange;
    const server = asksForWebSocket(head) ? servers.get(pathOfTarget(head.target)) : undefined;
    return server === undefined ? resource(exchange) : server.handle(exchange);
  };
}
