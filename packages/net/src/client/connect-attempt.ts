// One attempt to open a connection, within its time.
import { Timer } from '@holdline/timer-wheel';
import type { Instant } from '../bytes/connection.ts';
import type { TransportSink } from '../transport.ts';
import { HttpClientError } from './client-errors.ts';
import type { ClientSettings } from './client-options.ts';
import type { Connected } from './connector.ts';
import type { Origin } from './origin.ts';

/** Who waits for an attempt. Exactly one of the methods is called, once. */
export interface AttemptOwner {
  attemptOpened(attempt: ConnectAttempt, connected: Connected): void;
  attemptFailed(attempt: ConnectAttempt, error: HttpClientError): void;
}

/** What an attempt needs of a client's settings. */
export type AttemptSettings = Pick<ClientSettings, 'clock' | 'connect' | 'connectMs'>;

const NOBODY: TransportSink = { onData(): void {}, onEnd(): void {}, onDrain(): void {} };

/** It is its own timer. */
export class ConnectAttempt extends Timer {
  /** Requests with a number up to this one have waited for it from its beginning. */
  readonly newestNumber: number;
  readonly #owner: AttemptOwner;
  readonly #settings: AttemptSettings;
  readonly #controller: AbortController = new AbortController();
  #isOver = false;

  constructor(owner: AttemptOwner, settings: AttemptSettings, newestNumber: number) {
    super();
    this.#owner = owner;
    this.#settings = settings;
    this.newestNumber = newestNumber;
  }

  /** Begins. Nothing is reported from within. */
  start(origin: Origin): void {
    const { clock, connect, connectMs } = this.#settings;
    clock.touch(this, clock.now() + connectMs);
    const { signal } = this.#controller;
    // A connector that throws fails as one that rejects.
    new Promise<Connected>((resolve) => resolve(connect(origin, signal))).then(
      (connected) => this.#open(connected),
      (error: unknown) => this.#fail('HTTP_CLIENT_CONNECT_FAILED', origin, error),
    );
  }

  /** Nobody waits for it any more; nothing will be reported. */
  cancel(): void {
    this.#end();
    this.#controller.abort();
  }

  /** The time is over. Behind a stall of the event loop the connection may be open by now. */
  onExpiry(_now: Instant): void {
    setImmediate(() => this.#giveUp());
  }

  #giveUp(): void {
    if (this.#isOver) return;
    const { connectMs } = this.#settings;
    const error = new HttpClientError(
      'HTTP_CLIENT_CONNECT_TIMEOUT',
      `no connection within ${connectMs} ms`,
      { safeToRetry: true },
    );
    this.cancel();
    this.#owner.attemptFailed(this, error);
  }

  #open(connected: Connected): void {
    if (this.#isOver) {
      // Too late. Only who is attached can let go.
      connected.transport.attach(NOBODY);
      connected.transport.abort();
      return;
    }
    this.#end();
    this.#owner.attemptOpened(this, connected);
  }

  #fail(code: 'HTTP_CLIENT_CONNECT_FAILED', origin: Origin, cause: unknown): void {
    if (this.#isOver) return;
    this.#end();
    const message = `no connection to ${origin.key}`;
    const error = new HttpClientError(code, message, { cause, safeToRetry: true });
    this.#owner.attemptFailed(this, error);
  }

  #end(): void {
    this.#isOver = true;
    this.#settings.clock.cancel(this);
  }
}
