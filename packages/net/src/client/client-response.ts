// What a request resolves with.
import type { Field, ResponseEvent } from '@holdline/http1/client';
import type { ClientConnectionInfo } from './client-connection-info.ts';
import type { ResponseContent } from './response-content.ts';
import type { ClientExchange } from './response-sink.ts';

/** A final response, whose content may still be coming. */
export class ClientResponse {
  /** The head as the machine reports it. */
  readonly head: ResponseEvent;
  /** The content. Read it or `discard` it: a large one that is not read holds its connection. */
  readonly content: ResponseContent;
  readonly #exchange: ClientExchange;

  constructor(head: ResponseEvent, content: ResponseContent, exchange: ClientExchange) {
    this.head = head;
    this.content = content;
    this.#exchange = exchange;
  }

  /** 200 to 599; other values are to be treated as 5xx (RFC 9110 section 15). */
  get status(): number {
    return this.head.status;
  }

  /** The reason phrase. */
  get reason(): string {
    return this.head.reason;
  }

  /** Field lines in order, with lower-case names. */
  get fields(): readonly Field[] {
    return this.head.fields;
  }

  /** The value of a field by its lower-case name; several lines joined by commas; null when absent. */
  field(lowerName: string): string | null {
    let value: string | null = null;
    for (const field of this.head.fields) {
      if (field.name === lowerName)
        value = value === null ? field.value : `${value}, ${field.value}`;
    }
    return value;
  }

  /** Trailer fields; empty before the content has been read to its end. */
  get trailers(): readonly Field[] {
    return this.content.trailers;
  }

  /** The connection that it came on. */
  get connection(): ClientConnectionInfo {
    return this.#exchange.connection as ClientConnectionInfo;
  }

  /** 1 when the request was the first on its connection. */
  get number(): number {
    return this.#exchange.number;
  }

  /** Whether the request was sent twice. */
  get retried(): boolean {
    return this.#exchange.retried;
  }
}
