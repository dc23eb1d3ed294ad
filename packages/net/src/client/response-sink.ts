// The lower entry: one request's callbacks, without a promise or a stream.
import type { Field, InformationalEvent, ResponseEvent } from '@holdline/http1/client';
import type { PartyFactory } from '../http-exchange.ts';
import type { ClientConnectionInfo } from './client-connection-info.ts';

/** A request on its way, for whoever sent it. */
export interface ClientExchange {
  /** The connection that it is on; null while it waits for one. */
  readonly connection: ClientConnectionInfo | null;
  /** 1 for the first request of its connection; 0 while it waits for one. */
  readonly number: number;
  /** Whether it was sent a second time, after the first died without a byte of response. */
  readonly retried: boolean;
  /** Whether its last callback has been called. */
  readonly isOver: boolean;
  /** Ends it with `HTTP_CLIENT_ABORTED`. A no-op once it is over. */
  abort(reason?: unknown): void;
  /**
   * No more callbacks until `resume`: what comes waits, at last in the server. A no-op before the
   * response is the next one on its connection.
   */
  hold(): void;
  /** Goes on. */
  resume(): void;
  /**
   * Nobody wants the rest of the response: `onData` is not called any more, only what comes last. The
   * rest is read for the sake of the connection, within `discardBytesMax` and `discardMs` of the
   * client; beyond them, or where only the end of the connection can end it, the connection is cut
   * and the error is `HTTP_CLIENT_CONTENT_DISCARDED`. A no-op before the response has begun.
   */
  discard(): void;
  /** After `onSwitch`: `next` makes the machine that speaks from now on. Throws before. */
  switchTo<Event extends { readonly type: string }>(next: PartyFactory<Event>): void;
}

/**
 * Receives one response: `onInformational` any number of times, `onResponse`, `onData` any number of
 * times, `onEnd`; or `onError` at any point, or `onSwitch` after `onResponse`. One of `onEnd`,
 * `onSwitch` and `onError` comes, once and last. What a callback throws is a fault of the caller's:
 * it aborts the connection and goes to `onFault` of the client.
 */
export interface ResponseSink {
  /** A 1xx response other than 101. */
  onInformational?(event: InformationalEvent, exchange: ClientExchange): void;
  /** The head of the final response. */
  onResponse(head: ResponseEvent, exchange: ClientExchange): void;
  /** A piece of its content, which is the callee's. */
  onData(data: Uint8Array, exchange: ClientExchange): void;
  /** The response is complete. */
  onEnd(trailers: readonly Field[], exchange: ClientExchange): void;
  /** There will be no (more of a) response: an `HttpClientError`, or what the request's head was refused with. */
  onError(error: Error, exchange: ClientExchange): void;
  /** After 101, or 2xx to CONNECT: `exchange.switchTo` is to be called, now or later. */
  onSwitch?(protocol: string, exchange: ClientExchange): void;
}
