// A connection that is as the test says, in place of the server's.
import type {
  ConnectionCloseCause,
  ConnectionInfo,
  ConnectionSnapshot,
  ConnectionState,
  HttpExchange,
} from '@holdline/net';

export class FakeConnection implements ConnectionInfo {
  readonly id: number;
  readonly remoteAddress = '127.0.0.1';
  readonly remotePort: number;
  readonly tls = null;
  requests = 0;
  bytesReceived = 0;
  bytesSent = 0;
  state: ConnectionState = 'idle';
  idleDeadline = Number.POSITIVE_INFINITY;
  closeCause: ConnectionCloseCause | null = null;
  isAborted = false;

  constructor(id: number) {
    this.id = id;
    this.remotePort = 50_000 + id;
  }

  snapshot(): ConnectionSnapshot {
    return { ...this };
  }

  abort(): void {
    this.isAborted = true;
  }

  /** A request for `target`, as far as is looked at. */
  exchange(target: string): HttpExchange {
    this.requests += 1;
    this.state = 'active';
    this.idleDeadline = Number.POSITIVE_INFINITY;
    const { requests: number } = this;
    return { connection: this, number, head: { target } } as unknown as HttpExchange;
  }

  /** The response is out; the connection waits until `idleDeadline`. */
  rest(idleDeadline: number): void {
    this.state = 'idle';
    this.idleDeadline = idleDeadline;
  }
}
