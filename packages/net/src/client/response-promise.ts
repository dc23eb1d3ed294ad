// The sink behind a promise: resolves with the head, and passes the content on.
import type { Field, InformationalEvent, ResponseEvent } from '@holdline/http1/client';
import { ClientResponse } from './client-response.ts';
import { ContentReader } from './content-reader.ts';
import type { ClientExchange, ResponseSink } from './response-sink.ts';

/** Settles one promise of a {@link ClientResponse}. */
export class ResponsePromise implements ResponseSink {
  readonly #resolve: (response: ClientResponse) => void;
  readonly #reject: (error: Error) => void;
  readonly #informational: ((event: InformationalEvent) => void) | undefined;
  #content: ContentReader | null = null;

  constructor(
    resolve: (response: ClientResponse) => void,
    reject: (error: Error) => void,
    onInformational: ((event: InformationalEvent) => void) | undefined,
  ) {
    this.#resolve = resolve;
    this.#reject = reject;
    this.#informational = onInformational;
  }

  /** {@link ResponseSink} */
  onInformational(event: InformationalEvent): void {
    this.#informational?.(event);
  }

  /** {@link ResponseSink} */
  onResponse(head: ResponseEvent, exchange: ClientExchange): void {
    this.#content = new ContentReader(exchange, head);
    this.#resolve(new ClientResponse(head, this.#content, exchange));
  }

  /** {@link ResponseSink} */
  onData(data: Uint8Array): void {
    this.#content?.push(data);
  }

  /** {@link ResponseSink} */
  onEnd(trailers: readonly Field[]): void {
    this.#content?.end(trailers);
  }

  /** {@link ResponseSink} */
  onError(error: Error): void {
    if (this.#content === null) this.#reject(error);
    else this.#content.fail(error);
  }
}
