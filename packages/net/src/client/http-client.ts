// An HTTP/1.1 client: requests in, responses out, over connections that are kept and shared.
import type { InformationalEvent } from '@holdline/http1/client';
import type { ClientConnectionSnapshot } from './client-connection-info.ts';
import type { HttpClientOptions } from './client-options.ts';
import { ClientPool } from './client-pool.ts';
import { type ClientRequest, OutgoingRequest } from './client-request.ts';
import type { ClientResponse } from './client-response.ts';
import { type ClientUpgrade, UpgradePromise } from './client-upgrade.ts';
import { type OriginAndTarget, parseUrl } from './origin.ts';
import { ResponsePromise } from './response-promise.ts';
import type { ClientExchange, ResponseSink } from './response-sink.ts';

/** Texts that callers name origins by, remembered so that they are parsed once. */
const ORIGINS_MAX = 1_000;

/** What `request` takes beside the request. */
export interface PromisedRequest extends ClientRequest {
  /** A 1xx response other than 101, such as 103 (Early Hints). */
  readonly onInformational?: (event: InformationalEvent) => void;
}

/**
 * Makes requests. Connections stay open for the next one as long as both sides like; the process may
 * end while they are idle. A request that died on such a connection before a byte of response came is
 * sent once more where that can do no harm.
 */
export class HttpClient {
  readonly #pool: ClientPool;
  readonly #origins: Map<string, OriginAndTarget> = new Map();

  /** Throws TypeError or RangeError for an option that is not in its range. */
  constructor(options: HttpClientOptions = {}) {
    this.#pool = new ClientPool(options);
  }

  /** The connections as they are now. */
  get connections(): readonly ClientConnectionSnapshot[] {
    return Array.from(this.#pool.connections, (connection) => connection.view.snapshot());
  }

  /** Requests that wait for a connection. */
  get queued(): number {
    return this.#pool.queued;
  }

  /**
   * Sends a request and resolves with the head of its response. Rejects with `HttpClientError` when
   * there is none, with TypeError, RangeError or `LocalProtocolError` when the request is not valid.
   */
  request(request: PromisedRequest): Promise<ClientResponse> {
    return new Promise((resolve, reject) => {
      this.send(request, new ResponsePromise(resolve, reject, request.onInformational));
    });
  }

  /**
   * Sends a request that offers to switch the protocol (`upgrade`), or CONNECT. Resolves with what
   * the server made of it: a switch to be taken over, or a response like any other.
   */
  upgrade(request: PromisedRequest): Promise<ClientUpgrade> {
    return new Promise((resolve, reject) => {
      this.send(request, new UpgradePromise(resolve, reject, request.onInformational));
    });
  }

  /**
   * Sends a request whose response goes to callbacks: what `request` is made of. Nothing is called
   * from within, except `onError` for a client that is closed or a signal that is aborted already.
   * Throws TypeError or RangeError for a request that has parts of the wrong kind.
   */
  send(request: ClientRequest, sink: ResponseSink): ClientExchange {
    const { origin, target } = this.#locate(request);
    const { signal } = request;
    const outgoing = new OutgoingRequest(request, origin, target);
    return this.#pool.send(outgoing, sink, signal ?? null);
  }

  /**
   * Takes no more requests, lets those under way and those that wait finish, and closes each
   * connection behind its last. Resolves when all are closed.
   */
  close(): Promise<void> {
    return this.#pool.close();
  }

  /** Takes no more requests, and ends all there are with `HTTP_CLIENT_CLOSED`. */
  abort(reason?: unknown): void {
    this.#pool.abort(reason);
  }

  #locate(request: ClientRequest): OriginAndTarget {
    const { url, origin, target, socketPath = null } = request;
    if (url !== undefined) {
      const located = parseUrl(url, socketPath);
      return target === undefined ? located : { ...located, target };
    }
    if (origin === undefined) throw new TypeError('a request needs url or origin');
    const text = socketPath === null ? origin : `${origin} ${socketPath}`;
    let known = this.#origins.get(text);
    if (known === undefined) {
      known = parseUrl(origin, socketPath);
      if (known.target !== '/') throw new TypeError('an origin has neither path nor query');
      if (this.#origins.size >= ORIGINS_MAX) this.#origins.clear();
      this.#origins.set(text, known);
    }
    return target === undefined ? known : { origin: known.origin, target };
  }
}
