// The live page and what it talks to, below a path that no file can have: names that begin with a
// dot are never served.
import type {
  ConnectionCloseCause,
  ConnectionInfo,
  HttpExchange,
  HttpHandler,
  HttpResponse,
  TlsInfo,
} from '@holdline/net';
import {
  type OpeningDecision,
  serveWebSocket,
  type WebSocketConnection,
  type WebSocketServeOptions,
  type WebSocketServer,
} from '@holdline/net/websocket';
import { conditionalPage } from '../conditional-page.ts';
import { errorPage, textResponse } from '../page.ts';
import { pathOfTarget, queryOfTarget } from '../safe-path.ts';
import { fieldValue } from '../semantics/field-values.ts';
import { isForeignOrigin } from '../websocket/opening.ts';
import { tallyOf, WebSocketTally } from '../websocket/websocket-tally.ts';
import { browserToken, cookieField, newToken } from './browser-token.ts';
import { Browsers, type BrowsersOptions } from './browsers.ts';
import { FEED_ENDINGS, type FeedChannel, type LiveFeed } from './live-feed.ts';
import { GUARD_FIELDS, PageFiles } from './page-files.ts';
import { probeResponse } from './probe.ts';

/** Where the live page is. */
export const LIVE_PATH = '/.holdline/';

/** Where its feed is: a WebSocket. */
export const FEED_PATH = '/live';

/** A live page has nothing to say. */
const MESSAGE_BYTES_MAX = 1024;

/** Scripts and styles from here and nowhere else, none of them inline, and no HTML made by scripts. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const NO_STORE = { name: 'cache-control', value: 'no-store' } as const;

const FOREIGN: OpeningDecision = { status: 403, content: 'This is for the live page only.' };

const CROWDED: OpeningDecision = {
  status: 503,
  fields: [{ name: 'retry-after', value: '10' }],
  content: 'Too many live pages are open.',
};

type RequestHead = HttpExchange['head'];

/** The live page of one server. */
export class LiveSite {
  readonly #browsers: Browsers;
  readonly #files: PageFiles = new PageFiles(new URL('page/', import.meta.url));

  /** Throws the system's error when the page's files are not there. */
  constructor(options: BrowsersOptions) {
    this.#browsers = new Browsers(options);
  }

  /** Answers for the live page, and lets `resource` answer for everything else. */
  inFrontOf(resource: HttpHandler): HttpHandler {
    return (exchange) => {
      const token = browserToken(exchange);
      if (token !== null) this.#browsers.requested(exchange, token);
      const path = pathOfTarget(exchange.head.target);
      if (!path.startsWith(LIVE_PATH)) return resource(exchange);
      exchange.respond(this.#response(exchange, path.slice(LIVE_PATH.length), token));
    };
  }

  /** The response to a request is complete. */
  responded(connection: ConnectionInfo): void {
    this.#browsers.responded(connection);
  }

  /** A connection is over. */
  closed(connection: ConnectionInfo, cause: ConnectionCloseCause): void {
    this.#browsers.closed(connection, cause);
  }

  /** Something has happened to the TLS under a connection. */
  secured(tls: TlsInfo): void {
    this.#browsers.secured(tls);
  }

  /** Whether a connection is shown to a browser. */
  knows(connection: ConnectionInfo): boolean {
    return this.#browsers.knows(connection);
  }

  /** A connection has become a WebSocket. */
  upgraded(tally: WebSocketTally, connection: WebSocketConnection): void {
    this.#browsers.upgraded(tally, connection);
  }

  /** Serves the feed; `common` is what all WebSockets of the command have. */
  feedServer(common: WebSocketServeOptions): WebSocketServer {
    const { websocket } = common;
    const feeds = new WeakMap<WebSocketConnection, LiveFeed>();
    return serveWebSocket({
      ...common,
      websocket: { ...websocket, limits: { messageBytesMax: MESSAGE_BYTES_MAX } },
      decide: ({ origin, authority }, exchange) => {
        if (isForeignOrigin(origin, authority)) return FOREIGN;
        return this.#decide(exchange);
      },
      onOpen: (connection) => {
        void common.onOpen?.(connection);
        const feed = this.#browsers.watch(tallyOf(connection).connection, channelOf(connection));
        if (feed === null) void connection.close(FEED_ENDINGS.crowded);
        else feeds.set(connection, feed);
      },
      onMessage: (_message, connection) => tallyOf(connection).received(),
      onClosed: (event, connection) => {
        common.onClosed?.(event, connection);
        feeds.get(connection)?.closed();
      },
    });
  }

  /** Ends the feeds of live pages, before anything else ends; resolves to how many there were. */
  drain(): Promise<number> {
    return this.#browsers.drain();
  }

  #response(exchange: HttpExchange, name: string, token: string | null): HttpResponse {
    const { head } = exchange;
    if (name !== '' && isForeign(head)) return textResponse(403, 'This is for the live page only.');
    switch (name) {
      case '':
        return this.#page(exchange, token);
      case 'probe':
        return (
          probeResponse(queryOfTarget(head.target), exchange) ??
          textResponse(400, 'There is no such kind of answer.', [NO_STORE])
        );
      default:
        return (
          this.#files.response(name, head) ?? errorPage(404, 'Not found', 'There is nothing here.')
        );
    }
  }

  #page(exchange: HttpExchange, token: string | null): HttpResponse {
    const fields = [
      { name: 'content-type', value: 'text/html; charset=utf-8' },
      NO_STORE,
      { name: 'content-security-policy', value: POLICY },
      { name: 'referrer-policy', value: 'no-referrer' },
      ...GUARD_FIELDS,
    ];
    // A browser that follows a link of another site keeps its cookie back: a new one would part it
    // from the connections that it has. Then the feed, which is asked for by our page, sees it.
    const isForeignLink = fieldValue(exchange.head.fields, 'sec-fetch-site') === 'cross-site';
    if (token === null && !isForeignLink) fields.push(this.#introduce(exchange));
    return conditionalPage(exchange.head, { status: 200, fields, content: this.#files.index });
  }

  /** Whether a page may watch: it is known by then, or is made known. */
  #decide(exchange: HttpExchange): OpeningDecision {
    const data = new WebSocketTally(exchange);
    const isKnown = browserToken(exchange) !== null;
    const fields = isKnown ? [] : [this.#introduce(exchange)];
    return this.#browsers.canWatch(exchange.connection) ? { data, fields } : CROWDED;
  }

  /** Makes a browser known that was not; the field tells it what by. */
  #introduce(exchange: HttpExchange): RequestHead['fields'][number] {
    const token = newToken();
    this.#browsers.requested(exchange, token);
    return cookieField(exchange, token);
  }
}

/** What a feed needs, which counts what it sends. */
function channelOf(connection: WebSocketConnection): FeedChannel {
  const tally = tallyOf(connection);
  return {
    send(text) {
      // Nobody is told, lest each event be the reason for another.
      tally.messagesSent += 1;
      return connection.send(text);
    },
    drained: () => connection.drained(),
    close: (code, reason) => connection.close(code, reason),
  };
}

/**
 * Whether a browser says that a page of another origin asks (W3C Fetch Metadata). Those of another
 * port of this machine are of the same site, so that the cookie alone would not tell.
 */
function isForeign({ fields }: RequestHead): boolean {
  const site = fieldValue(fields, 'sec-fetch-site');
  return site === 'cross-site' || site === 'same-site';
}
