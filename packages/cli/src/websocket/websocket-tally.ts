// What is counted of one WebSocket, for the log at its end and for who looks meanwhile.
import type { ConnectionInfo, HttpExchange } from '@holdline/net';
import type { ClosedEvent, MessageKind, WebSocketConnection } from '@holdline/net/websocket';

/** Seen from here: `in` has come, `out` was sent. */
export type Direction = 'in' | 'out';

/** Who is told what happens on a WebSocket, while it happens. */
export interface TallyObserver {
  /** A whole message has come, or was sent. */
  message(direction: Direction, kind: MessageKind, byteCount: number): void;
  /** A ping has come, and was answered. */
  ping(byteCount: number): void;
  /** A ping of ours was answered. */
  pong(byteCount: number, roundTripMs: number): void;
  /** It is over. */
  closed(event: ClosedEvent): void;
}

/** One WebSocket, from its opening request on. */
export class WebSocketTally {
  /** The connection that it goes over. */
  readonly connection: ConnectionInfo;
  /** Of the request, among those of its connection; 1 for the first. */
  readonly number: number;
  /** As received, for the reader to escape. */
  readonly target: string;
  /** Monotonic milliseconds. */
  readonly openedAt: number = performance.now();
  messagesReceived = 0;
  messagesSent = 0;
  /** Null when nobody looks. */
  observer: TallyObserver | null = null;

  constructor({ connection, number, head }: HttpExchange) {
    this.connection = connection;
    this.number = number;
    this.target = head.target;
  }

  /** A message has come to its end. */
  received(kind: MessageKind, byteCount: number): void {
    this.messagesReceived += 1;
    this.observer?.message('in', kind, byteCount);
  }

  /** A message was sent to its end. */
  sent(kind: MessageKind, byteCount: number): void {
    this.messagesSent += 1;
    this.observer?.message('out', kind, byteCount);
  }
}

/** The tally that a server's connections carry as their `data`. */
export function tallyOf(connection: WebSocketConnection): WebSocketTally {
  return connection.data as WebSocketTally;
}
