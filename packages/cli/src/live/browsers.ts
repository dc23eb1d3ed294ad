// Which connection is which browser's. A connection belongs to the one browser whose token came on
// it; where the tokens of two come, it is a proxy's, and nobody's to look at. What never carried a
// token is not looked at either.
import { setTimeout } from 'node:timers/promises';
import type {
  Clock,
  ConnectionCloseCause,
  ConnectionInfo,
  HttpExchange,
  TlsInfo,
} from '@holdline/net';
import type { WebSocketConnection } from '@holdline/net/websocket';
import type { ConnectionAges } from '../connection-ages.ts';
import type { WebSocketTally } from '../websocket/websocket-tally.ts';
import { Browser } from './browser.ts';
import type { FeedChannel, LiveFeed } from './live-feed.ts';
import { type ConnectionPolicy, ObservedConnection } from './observed-connection.ts';

/** Live pages of all browsers together. */
const FEEDS_MAX = 64;

/** Ended connections of all browsers together that are still shown. */
const CLOSED_MAX = 256;

/** How long a drain waits for live pages to answer the end of their feed. */
const FAREWELL_MS = 500;

/** What the registry needs to know. */
export interface BrowsersOptions {
  /** The server's. */
  readonly clock: Clock;
  readonly ages: ConnectionAges;
  readonly policy: ConnectionPolicy;
}

/** All browsers that have connections here, or had some lately. */
export class Browsers {
  readonly #options: BrowsersOptions;
  readonly #byToken: Map<string, Browser> = new Map();
  /** Null: of several browsers. */
  readonly #byConnection: Map<ConnectionInfo, ObservedConnection | null> = new Map();
  readonly #byTls: WeakMap<TlsInfo, ConnectionInfo> = new WeakMap();
  /** Oldest first; some have been forgotten since. */
  readonly #closed: Set<ObservedConnection> = new Set();
  readonly #feeds: Set<LiveFeed> = new Set();
  #isDraining = false;

  constructor(options: BrowsersOptions) {
    this.#options = options;
  }

  /** Browsers that something is remembered of. */
  get size(): number {
    return this.#byToken.size;
  }

  /** A request shows `token`. */
  requested({ connection, head, number }: HttpExchange, token: string): void {
    const observed = this.#observe(connection, token);
    if (observed === null) return;
    observed.requested(head.target, number);
    observed.owner.changed(observed);
  }

  /** The response to a request is complete, whosever it was. */
  responded(connection: ConnectionInfo): void {
    const observed = this.#byConnection.get(connection) ?? null;
    if (observed === null) return;
    observed.responded();
    observed.owner.changed(observed);
  }

  /** A connection is over. */
  closed(connection: ConnectionInfo, cause: ConnectionCloseCause): void {
    const observed = this.#byConnection.get(connection) ?? null;
    this.#byConnection.delete(connection);
    if (observed === null) return;
    observed.closed(cause, this.#options.clock.now());
    observed.owner.changed(observed);
    this.#closed.add(observed);
    const [oldest] = this.#closed;
    if (oldest === undefined || this.#closed.size <= CLOSED_MAX) return;
    this.#closed.delete(oldest);
    oldest.owner.forget(oldest);
  }

  /** A connection has become a WebSocket, whosever it is. */
  upgraded(tally: WebSocketTally, connection: WebSocketConnection): void {
    this.#byConnection.get(tally.connection)?.upgraded(tally, connection);
  }

  /** Something has happened to the TLS under a connection. */
  secured(tls: TlsInfo): void {
    const connection = this.#byTls.get(tls);
    const observed = connection && this.#byConnection.get(connection);
    observed?.owner.changed(observed);
  }

  /** Whether a connection is one browser's. */
  knows(connection: ConnectionInfo): boolean {
    return (this.#byConnection.get(connection) ?? null) !== null;
  }

  /** Whether a page can be told on a connection: it is one browser's, and there are not too many. */
  canWatch(connection: ConnectionInfo): boolean {
    return this.knows(connection) && this.#feeds.size < FEEDS_MAX;
  }

  /** Begins to tell the page that asks on a connection. Null where that cannot be. */
  watch(connection: ConnectionInfo, channel: FeedChannel): LiveFeed | null {
    const carrier = this.#byConnection.get(connection) ?? null;
    if (carrier === null || !this.canWatch(connection)) return null;
    const feed = this.#browser(carrier.owner.token).watch(carrier, channel);
    this.#feeds.add(feed);
    void feed.ended.then(() => this.#feeds.delete(feed));
    if (this.#isDraining) feed.end('drain');
    return feed;
  }

  /**
   * Tells every live page that the server is ending, and closes its feed; those that do not answer in
   * time are cut. Resolves to how many there were.
   */
  async drain(): Promise<number> {
    this.#isDraining = true;
    const feeds = [...this.#feeds];
    if (feeds.length === 0) return 0;
    for (const feed of feeds) feed.end('drain');
    const allEnded = Promise.all(feeds.map(({ ended }) => ended));
    await Promise.race([allEnded, setTimeout(FAREWELL_MS)]);
    for (const feed of this.#feeds) feed.carrier.info.abort();
    return feeds.length;
  }

  /** The connection as seen by the browser with this token; null when it may not be seen by it. */
  #observe(connection: ConnectionInfo, token: string): ObservedConnection | null {
    const known = this.#byConnection.get(connection);
    if (known === undefined) return this.#add(connection, token);
    if (known === null || known.owner.token === token) return known;
    this.#byConnection.set(connection, null);
    known.owner.forget(known);
    return null;
  }

  #add(connection: ConnectionInfo, token: string): ObservedConnection | null {
    const browser = this.#browser(token);
    if (!browser.hasRoom) return null;
    const { clock, ages, policy } = this.#options;
    const openedAt = clock.now() - ages.ageMs(connection);
    const observed = new ObservedConnection(connection, browser, policy, openedAt, () =>
      clock.now(),
    );
    browser.add(observed);
    this.#byConnection.set(connection, observed);
    if (connection.tls !== null) this.#byTls.set(connection.tls, connection);
    return observed;
  }

  #browser(token: string): Browser {
    const known = this.#byToken.get(token);
    if (known !== undefined) return known;
    const browser = new Browser(token, this.#options.clock, () => this.#byToken.delete(token));
    this.#byToken.set(token, browser);
    return browser;
  }
}
