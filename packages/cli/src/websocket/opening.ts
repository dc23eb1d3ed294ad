// What a request for a WebSocket says of who asks.
import type { HttpExchange } from '@holdline/net';

type RequestHead = HttpExchange['head'];

/**
 * Whether a request asks for a WebSocket, be it as it should or not: a proxy may have taken off
 * everything but the version.
 */
export function asksForWebSocket({ fields }: RequestHead): boolean {
  return fields.some(
    ({ name, value }) =>
      (name === 'upgrade' && /\bwebsocket\b/i.test(value)) || name === 'sec-websocket-version',
  );
}

/**
 * Whether a page of another origin asks. A browser says with each WebSocket whose page it is for, and
 * sends the cookies of the server along whatever that page is (RFC 6455 section 10.2). Whoever says
 * nothing is no browser. `authority` is what was asked for; whether over TLS is a proxy's to know.
 */
export function isForeignOrigin(origin: string | null, authority: string): boolean {
  if (origin === null) return false;
  const host = /^https?:/i.test(origin) ? hostOf(origin) : '';
  return host === '' || host !== hostOf(`http://${authority}`);
}

/** As `URL` has it, without a default port; empty when there is none. */
function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : '';
}
