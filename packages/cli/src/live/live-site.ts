// The live page and what it talks to, below a path that no file can have: names that begin with a
// dot are never served.
import type {
  ConnectionCloseCause,
  ConnectionInfo,
  HttpExchange,
  HttpHandler,
  HttpResponse,
} from '@holdline/net';
import { conditionalPage } from '../conditional-page.ts';
import { errorPage, textResponse } from '../page.ts';
import { pathOfTarget, queryOfTarget } from '../safe-path.ts';
import { fieldValue } from '../semantics/field-values.ts';
import { browserToken, cookieField, newToken } from './browser-token.ts';
import { Browsers, type BrowsersOptions } from './browsers.ts';
import { GUARD_FIELDS, PageFiles } from './page-files.ts';
import { probeResponse } from './probe.ts';

/** Where the live page is. */
export const LIVE_PATH = '/.holdline/';

/** Scripts and styles from here and nowhere else, none of them inline, and no HTML made by scripts. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const NO_STORE = { name: 'cache-control', value: 'no-store' } as const;

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
      const token = browserToken(exchange.head);
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

  /** Ends the streams of live pages, before anything else ends; resolves to how many there were. */
  drain(): Promise<number> {
    return this.#browsers.drain();
  }

  #response(exchange: HttpExchange, name: string, token: string | null): HttpResponse {
    const { head } = exchange;
    if (name !== '' && isForeign(head)) return textResponse(403, 'This is for the live page only.');
    switch (name) {
      case '':
        return this.#page(exchange, token);
      case 'events':
        return this.#events(exchange, token);
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
    // from the connections that it has. Then the stream, which is asked for by our page, sees it.
    const isForeignLink = fieldValue(exchange.head.fields, 'sec-fetch-site') === 'cross-site';
    if (token === null && !isForeignLink) fields.push(this.#introduce(exchange));
    return conditionalPage(exchange.head, { status: 200, fields, content: this.#files.index });
  }

  #events(exchange: HttpExchange, token: string | null): HttpResponse {
    const fields = [
      { name: 'content-type', value: 'text/event-stream' },
      NO_STORE,
      // nginx would gather events until its buffer is full.
      { name: 'x-accel-buffering', value: 'no' },
      ...GUARD_FIELDS,
    ];
    if (exchange.head.method === 'HEAD') return { status: 200, fields };
    if (token === null) fields.push(this.#introduce(exchange));
    const stream = this.#browsers.watch(exchange.connection);
    if (stream !== null) return { status: 200, fields, content: stream, untilClientEnd: true };
    // A connection that nobody may look at is none to try again on.
    const retry = [
      { name: 'retry-after', value: '10' },
      { name: 'connection', value: 'close' },
    ];
    return textResponse(503, 'Too many live pages are open.', [...retry, NO_STORE]);
  }

  /** Makes a browser known that was not; the field tells it what by. */
  #introduce(exchange: HttpExchange): RequestHead['fields'][number] {
    const token = newToken();
    this.#browsers.requested(exchange, token);
    return cookieField(exchange.head, token);
  }
}

/**
 * Whether a browser says that a page of another origin asks (W3C Fetch Metadata). Those of another
 * port of this machine are of the same site, so that the cookie alone would not tell.
 */
function isForeign({ fields }: RequestHead): boolean {
  const site = fieldValue(fields, 'sec-fetch-site');
  return site === 'cross-site' || site === 'same-site';
}
