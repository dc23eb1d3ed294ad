// What node's `ClientRequest` takes for its socket. No bytes of it go anywhere: the request is read,
// and made by the client on whichever connection is right.
import { Duplex } from 'node:stream';
import type { ClientConnectionInfo } from '../client/client-connection-info.ts';
import type { HttpClient } from '../client/http-client.ts';
import { AgentConnection, type AgentOutlet, type AgentTarget } from './agent-connection.ts';

type Callback = (error?: Error | null) => void;

/** A socket in the eyes of node:http, and of those who look at `request.socket`. */
export class AgentSocket extends Duplex implements AgentOutlet {
  /** As of a socket that is open: there is nothing to be waited for. */
  readonly connecting = false;
  /** Whether the requests are made over TLS. */
  readonly encrypted: boolean;
  readonly #connection: AgentConnection;
  /** The callback of a write that waits for room. */
  #written: Callback | null = null;
  #timeoutMs = 0;
  #timer: NodeJS.Timeout | null = null;

  /** Requests written to it go to `target` through `client`. */
  constructor(client: HttpClient, target: AgentTarget) {
    super({ allowHalfOpen: true });
    this.encrypted = target.origin.startsWith('https:');
    this.#connection = new AgentConnection(client, target, this);
  }

  /** The server's address while a request is on a connection; undefined before. */
  get remoteAddress(): string | undefined {
    return this.#connection.connection?.remoteAddress;
  }

  /** The server's port while a request is on a connection; undefined before. */
  get remotePort(): number | undefined {
    return this.#connection.connection?.remotePort;
  }

  /** IPv4 or IPv6; undefined while the address is. */
  get remoteFamily(): string | undefined {
    const address = this.remoteAddress;
    if (address === undefined) return undefined;
    return address.includes(':') ? 'IPv6' : 'IPv4';
  }

  /** The client refuses certificates that are not valid before a request is sent. */
  get authorized(): boolean {
    return this.encrypted;
  }

  /** Milliseconds without a byte after which `timeout` is emitted; 0 when it never is. */
  get timeout(): number {
    return this.#timeoutMs;
  }

  /** As of a net.Socket: emits `timeout` after `timeoutMs` without a byte, and does nothing else. */
  setTimeout(timeoutMs: number, listener?: () => void): this {
    this.#timeoutMs = timeoutMs;
    if (listener !== undefined) {
      if (timeoutMs === 0) this.removeListener('timeout', listener);
      else this.once('timeout', listener);
    }
    this.#touch();
    return this;
  }

  /** A no-op: TCP's options are the client's. */
  setNoDelay(): this {
    return this;
  }

  /** A no-op: TCP's options are the client's. */
  setKeepAlive(): this {
    return this;
  }

  /** A no-op: a request under way keeps the process alive, an idle connection does not. */
  ref(): this {
    return this;
  }

  /** A no-op, as `ref`. */
  unref(): this {
    return this;
  }

  /** {@link AgentOutlet} */
  deliver(data: Uint8Array): boolean {
    this.#touch();
    return this.push(data);
  }

  /** {@link AgentOutlet} */
  finish(): void {
    if (!this.readableEnded) this.push(null);
  }

  /** {@link AgentOutlet} */
  fail(error: Error | null): void {
    this.destroy(error ?? undefined);
  }

  /** {@link AgentOutlet} */
  release(): void {
    const written = this.#written;
    this.#written = null;
    written?.();
  }

  /** The connection that the present request is on. */
  get clientConnection(): ClientConnectionInfo | null {
    return this.#connection.connection;
  }

  override _read(): void {
    this.#connection.resume();
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, callback: Callback): void {
    this.#touch();
    this.#connection.receive(chunk);
    if (this.#connection.wantsData) callback();
    else this.#written = callback;
  }

  override _final(callback: Callback): void {
    this.#connection.receiveEnd();
    callback();
  }

  override _destroy(error: Error | null, callback: Callback): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#connection.abort(error);
    this.release();
    callback(error);
  }

  /** One timer for all bytes: it is moved, not made anew. */
  #touch(): void {
    if (this.#timeoutMs === 0 || this.destroyed) {
      if (this.#timer !== null) clearTimeout(this.#timer);
      this.#timer = null;
    } else if (this.#timer === null) {
      this.#timer = setTimeout(() => this.emit('timeout'), this.#timeoutMs);
    } else if (this.#timer.hasRef()) {
      this.#timer.refresh();
    }
  }
}
