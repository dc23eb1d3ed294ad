// What a handler is given: one request, and the means to answer it.
import type { Field, RequestEvent, ResponseHead } from '@holdline/http1';
import type { Instant } from './bytes/connection.ts';
import type { Driver } from './driver.ts';
import type { Party } from './event-sink.ts';
import type { ConnectionInfo } from './http-connection-info.ts';
import type { HttpResponse } from './http-response.ts';

/** Another protocol's machine, as `switchTo` installs it. */
export interface SwitchedParty<Event extends { readonly type: string }> extends Party<Event> {
  /** The server drains: say goodbye. Without it the connection lasts until the drain's time is over. */
  readonly onDrain?: (now: Instant) => void;
}

/** Makes the next machine, once the switch is certain. */
export type PartyFactory<Event extends { readonly type: string }> = (
  driver: Driver,
  now: Instant,
) => SwitchedParty<Event>;

/** One request and its response. */
export interface HttpExchange {
  /** The request: `method`, `target`, `fields`, `authority` and what else its head says. */
  readonly head: RequestEvent;
  /** The connection it came on. */
  readonly connection: ConnectionInfo;
  /** 1 for the first request of its connection. */
  readonly number: number;
  /**
   * The request's content, to be read once. To start reading before the response is begun sends
   * 100 (Continue) to a client that waits for it. Not reading is backpressure; what is unread when
   * the response is complete is discarded. Rejects with `RequestContentError` when the rest will
   * not come.
   */
  readonly content: AsyncIterable<Uint8Array>;
  /** Trailer fields of the request, once its content has been read to the end. */
  readonly trailers: readonly Field[];
  /** Aborted when the exchange ends before its response is complete. Costs nothing until asked for. */
  readonly signal: AbortSignal;
  /** The whole content. Rejects with a `RequestContentError` that answers 413 above `bytesMax` bytes. */
  readContent(options: { readonly bytesMax: number }): Promise<Uint8Array>;
  /**
   * Sends the final response, at any time after the request's head. After the client has gone it
   * does nothing. Throws, with nothing sent, TypeError when a part of the response is invalid, and
   * `LocalProtocolError` when there was one before.
   */
  respond(response: HttpResponse): void;
  /** Sends a 1xx response other than 101, such as 103 (Early Hints); throws as `respond` does. */
  sendInformational(head: ResponseHead): void;
  /**
   * Accepts an Upgrade with 101, or a CONNECT with 2xx. When `head` is out and the request's content
   * has been received, `next` makes the machine that speaks from then on. Throws as `respond` does.
   */
  switchTo<Event extends { readonly type: string }>(
    next: PartyFactory<Event>,
    head: ResponseHead,
  ): void;
}

/** Answers one exchange. What it throws becomes a default response, 500 unless it says otherwise. */
export type HttpHandler = (exchange: HttpExchange) => void | Promise<void>;

/** What an access log needs to know of an exchange. */
export interface ExchangeRecord {
  readonly connection: ConnectionInfo;
  /** 1 for the first request of its connection; 0 for what was no request. */
  readonly number: number;
  /** As received, for the reader to escape; empty when the request had no valid head. */
  readonly method: string;
  /** As received, for the reader to escape; empty when the request had no valid head. */
  readonly target: string;
  /** Of the final response; 0 when none was sent. */
  readonly status: number;
  /** Bytes of content received. */
  readonly requestBytes: number;
  /** Bytes of content handed to the connection. */
  readonly responseBytes: number;
  /** From the request's head to the end of the response. */
  readonly durationMs: number;
  /** The response was handed to the connection to its end. */
  readonly complete: boolean;
  /** The code of the fault that ended it, or null. */
  readonly faultCode: string | null;
}
