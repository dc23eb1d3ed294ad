// The orderly end of a server's WebSockets: all are asked to close, and who does not is cut.
import { OrderlyEnd } from '../orderly-end.ts';
import type { OpenWebSocket } from './open-websocket.ts';
import type { CloseAllReport } from './websocket-server-options.ts';

/** One such end. */
export class ServerClosing extends OrderlyEnd<OpenWebSocket, CloseAllReport> {
  #closed = 0;
  #cut = 0;

  /** Asks every connection to close; those that have not after `timeoutMs` are cut. */
  start(code: number, reason: string, timeoutMs: number): void {
    this.askAll(timeoutMs, (connection) => connection.beginClose(code, reason));
  }

  /** A connection is over. */
  connectionEnded(connection: OpenWebSocket): void {
    if (connection.closedEvent?.wasClean === true) this.#closed += 1;
    else this.#cut += 1;
    this.settleIfDone();
  }

  protected cut(connection: OpenWebSocket): void {
    connection.abort();
  }

  protected summary(durationMs: number): CloseAllReport {
    return { closed: this.#closed, cut: this.#cut, durationMs };
  }
}
