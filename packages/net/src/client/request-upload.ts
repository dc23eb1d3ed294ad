// The content of a request that is not sent together with its head: because it streams, or because
// the server is to ask for it first.

import { OUTPUT_BYTES_LOW } from '../driver-limits.ts';
import { type ResponseOutlet, ResponseStream } from '../http-response-stream.ts';
import type { PooledConnection } from './pooled-connection.ts';
import type { RequestExchange } from './request-exchange.ts';

/** Sends one content on one connection. */
export class RequestUpload implements ResponseOutlet {
  readonly #exchange: RequestExchange;
  readonly #connection: PooledConnection;
  #stream: ResponseStream | null = null;
  #started = false;
  /** Pieces that are there at once leave together, and with the head. */
  #isStarting = false;
  #isOver = false;

  constructor(exchange: RequestExchange, connection: PooledConnection) {
    this.#exchange = exchange;
    this.#connection = connection;
  }

  /** Whether nothing of the content has been asked for. */
  get isWaiting(): boolean {
    return !this.#started;
  }

  /** Whether nothing more of it will be sent. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Sends the content, now that it is wanted. Later calls are no-ops. */
  start(): void {
    if (this.#started || this.#isOver) return;
    this.#started = true;
    const { request } = this.#exchange;
    if (request.bytes !== null) {
      this.sendPiece(request.bytes);
      this.endPieces();
      return;
    }
    try {
      this.#stream = new ResponseStream(request.takeStream(), this);
    } catch (error) {
      this.failPieces(error);
      return;
    }
    this.#isStarting = true;
    this.#stream.resume();
    this.#isStarting = false;
    this.#connection.driver.wake();
  }

  /** The transport takes more. */
  resume(): void {
    this.#stream?.resume();
  }

  /** The rest is not wanted. */
  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#stream?.cancel();
    this.#stream = null;
    if (this.#exchange.isOver) this.#exchange.unfollow();
  }

  /** {@link ResponseOutlet} */
  get wantsMore(): boolean {
    return this.#connection.machine.outputBytes < OUTPUT_BYTES_LOW;
  }

  /** {@link ResponseOutlet} */
  sendPiece(piece: Uint8Array): void {
    if (this.#isOver) return;
    this.#connection.machine.sendData(piece, this.#connection.now());
    if (!this.#isStarting) this.#connection.driver.wake();
  }

  /** {@link ResponseOutlet} */
  wantMore(): void {
    if (!this.#isOver) this.#connection.driver.wantWritable();
  }

  /** {@link ResponseOutlet} */
  endPieces(): void {
    if (this.#isOver) return;
    const { machine, driver } = this.#connection;
    try {
      machine.endMessage(this.#exchange.request.trailers(), this.#connection.now());
    } catch (error) {
      // Too little was sent, or a trailer is not allowed.
      this.failPieces(error);
      return;
    }
    this.#isOver = true;
    this.#stream = null;
    this.#exchange.endByte = this.#connection.bytesQueued;
    this.#connection.uploadEnded(this.#exchange);
    driver.wake();
  }

  /** {@link ResponseOutlet} */
  failPieces(error: unknown): void {
    if (this.#isOver) return;
    // The exchange cancels, and cuts the connection even where the response is complete already.
    this.#exchange.fail('HTTP_CLIENT_REQUEST_CONTENT_FAILED', 'its content failed', error);
  }
}
