// What a request to switch protocols resolves with.
import type { Field, InformationalEvent, ResponseEvent } from '@holdline/http1/client';
import type { PartyFactory } from '../http-exchange.ts';
import { ClientResponse } from './client-response.ts';
import { ContentReader } from './content-reader.ts';
import type { ClientExchange, ResponseSink } from './response-sink.ts';

/** The server's answer to an offer to switch. */
export class ClientUpgrade {
  /** 101, 2xx to CONNECT, or whatever the server preferred to answer, with its content. */
  readonly response: ClientResponse;
  /** The protocol switched to, in lower case, or `connect`; null when the server did not switch. */
  readonly protocol: string | null;
  readonly #exchange: ClientExchange;

  constructor(response: ClientResponse, protocol: string | null, exchange: ClientExchange) {
    this.response = response;
    this.protocol = protocol;
    this.#exchange = exchange;
  }

  /**
   * Makes another machine take over the connection, with whatever has come behind the response. Until
   * then its bytes wait. Throws TypeError when the protocol has not been switched, or was taken over,
   */
  switchTo<Event extends { readonly type: string }>(next: PartyFactory<Event>): void {
    this.#exchange.switchTo(next);
  }

  /** Cuts the connection. */
  abort(): void {
    this.response.connection.abort();
  }
}

/** Settles one promise of a {@link ClientUpgrade}. */
export class UpgradePromise implements ResponseSink {
  readonly #resolve: (upgrade: ClientUpgrade) => void;
  readonly #reject: (error: Error) => void;
  readonly #informational: ((event: InformationalEvent) => void) | undefined;
  #content: ContentReader | null = null;
  #response: ClientResponse | null = null;

  constructor(
    resolve: (upgrade: ClientUpgrade) => void,
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
    this.#response = new ClientResponse(head, this.#content, exchange);
    // The promise of a switch is kept with `onSwitch`.
    if (head.framing !== 'tunnel') {
      this.#resolve(new ClientUpgrade(this.#response, null, exchange));
    }
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
  onSwitch(protocol: string, exchange: ClientExchange): void {
    this.#content?.end([]);
    this.#resolve(new ClientUpgrade(this.#response as ClientResponse, protocol, exchange));
  }

  /** {@link ResponseSink} */
  onError(error: Error): void {
    if (this.#content === null) this.#reject(error);
    else this.#content.fail(error);
  }
}
