// The orderly end of a server: exchanges under way are finished, what is idle is closed, and what
// takes too long is cut.
import type { HttpConnection } from './http-connection.ts';
import type { ConnectionCloseCause } from './http-connection-info.ts';
import type { DrainReport } from './http-server-options.ts';
import { OrderlyEnd } from './orderly-end.ts';

/** One drain. */
export class ServerDrain extends OrderlyEnd<HttpConnection, DrainReport> {
  #exchangesFinished = 0;
  #connectionsClosed = 0;
  #connectionsCut = 0;

  /** Asks every connection to end; those that have not after `timeoutMs` are cut. */
  start(timeoutMs: number): void {
    this.askAll(timeoutMs, (connection) => connection.drain());
  }

  /** An exchange under way was finished. */
  exchangeFinished(): void {
    this.#exchangesFinished += 1;
  }

  /** A connection is over. */
  connectionEnded(cause: ConnectionCloseCause): void {
    if (cause === 'cut') this.#connectionsCut += 1;
    else this.#connectionsClosed += 1;
    this.settleIfDone();
  }

  protected cut(connection: HttpConnection): void {
    connection.cut('cut');
  }

  protected summary(durationMs: number): DrainReport {
    return {
      exchangesFinished: this.#exchangesFinished,
      connectionsClosed: this.#connectionsClosed,
      connectionsCut: this.#connectionsCut,
      durationMs,
    };
  }
}
