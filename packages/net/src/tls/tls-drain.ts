// The orderly end of a listener's connections: close_notify from both sides, for those that are secured.
import { OrderlyEnd } from '../orderly-end.ts';
import type { TlsConnection } from './tls-connection.ts';

/** What a drain of `serveTls` has come to. */
export interface TlsDrainReport {
  /** Handshakes that were under way, and were given up by user_canceled. */
  readonly handshakesCanceled: number;
  /** Connections that ended with close_notify from both sides. */
  readonly connectionsClosed: number;
  /** Connections that ended without, those that were cut when the time was over among them. */
  readonly connectionsCut: number;
  readonly durationMs: number;
}

/** One drain. */
export class TlsDrain extends OrderlyEnd<TlsConnection, TlsDrainReport> {
  #handshakesCanceled = 0;
  #connectionsClosed = 0;
  #connectionsCut = 0;

  /** Ends every connection; those that are not over after `timeoutMs` are cut. */
  start(timeoutMs: number): void {
    this.askAll(timeoutMs, (connection) => connection.end());
  }

  /** A connection is over. */
  connectionEnded({ handshake, closed }: TlsConnection): void {
    if (handshake === null) this.#handshakesCanceled += 1;
    else if (closed?.cause === 'finished') this.#connectionsClosed += 1;
    else this.#connectionsCut += 1;
    this.settleIfDone();
  }

  protected cut(connection: TlsConnection): void {
    connection.transport.abort();
  }

  protected summary(durationMs: number): TlsDrainReport {
    return {
      handshakesCanceled: this.#handshakesCanceled,
      connectionsClosed: this.#connectionsClosed,
      connectionsCut: this.#connectionsCut,
      durationMs,
    };
  }
}
