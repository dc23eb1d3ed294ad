// The page that is served where no folder is: what this is, and the connection that it came on.
import type { HttpExchange, HttpHandler } from '@holdline/net';
import { remoteOf } from './access-log.ts';
import { conditionalPage } from './conditional-page.ts';
import type { ConnectionAges } from './connection-ages.ts';
import { escapePeerHtml } from './escape.ts';
import { errorPage, pageResponse } from './page.ts';
import { pathOfTarget } from './safe-path.ts';

/** Requests that are drawn one by one; of more, the last ones. */
const DOTS_MAX = 24;

/** Cookies that scripts must not see are not to be found in a page either. */
const SECRET = /^((?:cookie|authorization|proxy-authorization):).*$/i;

const STYLE = `.lead { font-size: 1.125rem; color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 16px; padding: 1.5rem;
  margin: 2rem 0 0; }
.now { font-size: 1.3rem; font-weight: 600; letter-spacing: -.01em; margin: 0;
  text-wrap: balance; }
.now strong { color: var(--accent); font-variant-numeric: tabular-nums; }
.line { display: flex; align-items: center; margin: 1.25rem 0 1.5rem; }
.line i { flex: none; width: .8rem; height: .8rem; border-radius: 50%; border: 2px solid var(--accent);
  background: var(--card); }
.line i:not(:first-child) { margin-left: 1rem; position: relative; }
.line i:not(:first-child)::before { content: ''; position: absolute; right: 100%; top: 50%;
  width: 1rem; border-top: 2px solid var(--accent); transform: translate(-2px, -1px); }
.line i:last-child { background: var(--accent); box-shadow: 0 0 0 4px color-mix(in srgb, var(--accent) 25%, transparent); }
.line { flex-wrap: wrap; row-gap: .75rem; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(7.5rem, 1fr)); gap: 1rem 1.5rem; margin: 0;
  border-top: 1px solid var(--line); padding-top: 1.25rem; }
dt { font-size: .8125rem; color: var(--soft); }
dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.try dt { font-size: 1rem; color: inherit; }
.try dd { color: var(--soft); font-size: .9375rem; }
.try { grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); }
.ask { display: flex; flex-wrap: wrap; align-items: center; gap: .75rem 1.25rem; margin: 1.75rem 0 0; }
.button { display: inline-block; background: var(--accent); color: var(--card); text-decoration: none;
  font-weight: 600; padding: .6rem 1.1rem; border-radius: 10px; }
`;

/** What the page needs to know besides its exchange. */
export interface BuiltInPageOptions {
  readonly ages: ConnectionAges;
  /** As announced to clients. */
  readonly idleMs: number;
  /** Infinity when there is no limit. */
  readonly requestsMax: number;
  /** Where the live page is; null when there is none. */
  readonly livePath: string | null;
}

/** A handler for `/`; there is nothing else. */
export function builtInPage(options: BuiltInPageOptions): HttpHandler {
  return (exchange) => {
    const { head } = exchange;
    if (pathOfTarget(head.target) !== '/') {
      const explanation = 'There is only one page here. Give holdline a folder to serve.';
      exchange.respond(errorPage(404, 'Not found', explanation));
      return;
    }
    const page = { title: 'holdline', style: STYLE, body: body(exchange, options) };
    exchange.respond(conditionalPage(head, pageResponse(200, page)));
  };
}

function body(exchange: HttpExchange, options: BuiltInPageOptions): string {
  const { connection, number, head } = exchange;
  return `<h1>holdline</h1>
<p class="lead">The protocols of long-lived connections, spoken over raw sockets. This page came over
such a connection: it stays open, and when you ask again, the next answer takes the same way.</p>
<section class="card" aria-label="The connection">
<p class="now" id="now" data-connection="${connection.id}" data-request="${number}">Request
<strong>${number}</strong> on connection <strong>${connection.id}</strong></p>
<div class="line" aria-hidden="true">${'<i></i>'.repeat(Math.min(number, DOTS_MAX))}</div>
<dl>
${facts(exchange, options)
  .map(([name, value]) => `<div><dt>${name}</dt><dd>${escapePeerHtml(value)}</dd></div>`)
  .join('\n')}
</dl>
<p class="ask"><a class="button" href="/">Ask again</a>${liveLink(options)}</p>
</section>
<h2>What your client asked</h2>
<pre>${requestHead(head)}</pre>
<h2>What to try</h2>
<dl class="try">
<div><dt><code>holdline serve .</code></dt><dd>Serve the folder you are in.</dd></div>
<div><dt><code>holdline serve --idle 5</code></dt><dd>See a connection end after five idle seconds.</dd></div>
<div><dt><code>holdline serve --help</code></dt><dd>Everything else.</dd></div>
</dl>
<footer>This page keeps nothing: no cookies, no scripts, nothing loaded from elsewhere.</footer>`;
}

function liveLink({ livePath }: BuiltInPageOptions): string {
  return livePath === null ? '' : `<a href="${livePath}">See all your connections live</a>`;
}

function facts(
  { connection, number, head }: HttpExchange,
  { ages, idleMs, requestsMax }: BuiltInPageOptions,
): [name: string, value: string][] {
  const left = requestsMax === Number.POSITIVE_INFINITY ? 'any number' : `${requestsMax - number}`;
  return [
    ['Your address', remoteOf(connection)],
    ['Open for', `${(ages.ageMs(connection) / 1000).toFixed(1)} s`],
    ['Kept while idle', `${idleMs / 1000} s`],
    ['Requests to follow', head.persistent ? left : 'none: your client closes'],
    ['Received so far', `${connection.bytesReceived} bytes`],
    ['Sent before this', `${connection.bytesSent} bytes`],
    ['Protocol', `HTTP/1.${head.minorVersion}`],
    ['Asked for', head.authority === '' ? 'no host' : head.authority],
  ];
}

/** As received, as HTML, without the empty line at its end and without what is secret. */
function requestHead({ rawHead }: HttpExchange['head']): string {
  const lines = rawHead.trimEnd().split('\r\n');
  return lines.map((line) => escapePeerHtml(line.replace(SECRET, '$1 (not shown)'))).join('\n');
}
