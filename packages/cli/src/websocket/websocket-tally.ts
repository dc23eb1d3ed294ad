// What is counted of one WebSocket, for the log at its end and for who looks meanwhile.
import type { ConnectionInfo, HttpExchange } from '@holdline/net';
import type { ClosedEvent, WebSocketConnection, WireFrame } from '@holdline/net/websocket';

/** Who is told what happens on a WebSocket, while it happens. */
export interface TallyObserver {
  /** A frame has come, or goes. */
  frame(frame: WireFrame): void;
  /** A message was counted. */
  counted(): void;
  /** The pong whose frame has come answers a ping of ours, sent so long before; null: it answers none. */
  pong(roundTripMs: number | null): void;
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
  received(): void {
    this.messagesReceived += 1;
    this.observer?.counted();
  }

  /** A message was sent to its end. */
  sent(): void {
    this.messagesSent += 1;
    this.observer?.counted();
  }
}

/** The tally that a server's connections carry as their `data`. */
export function tallyOf(connection: WebSocketConnection): WebSocketTally {
  return connection.data as WebSocketTally;
}
