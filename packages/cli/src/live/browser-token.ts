// What a browser is known by: a random cookie that it shows with each request to this server, and
// that no script, no page of another site and no other browser ever sees. The token is nothing but a
// meeting point: who shows it is shown the connections on which it was shown, so nothing is
// remembered of tokens that were given away.
import { randomBytes } from 'node:crypto';
import type { HttpExchange } from '@holdline/net';

/** 256 random bits, which nobody guesses. */
const TOKEN_BYTES = 32;

/** So many, in the alphabet of base64url (RFC 4648 section 5). */
const TOKEN = /^[\w-]{43}$/;

type RequestHead = HttpExchange['head'];
type Field = RequestHead['fields'][number];

/** A request, and the connection that it came on. */
interface Asked {
  readonly head: Pick<RequestHead, 'authority' | 'fields'>;
  readonly connection: Pick<HttpExchange['connection'], 'tls'>;
}

/** The token that a request shows; null when it shows none. */
export function browserToken(exchange: Asked): string | null {
  const start = `${cookieName(exchange)}=`;
  for (const { name, value } of exchange.head.fields) {
    if (name !== 'cookie') continue;
    // RFC 6265 section 4.2.1: pairs, separated by a semicolon and a blank.
    for (const pair of value.split(/; */)) {
      if (pair.startsWith(start) && TOKEN.test(pair.slice(start.length))) {
        return pair.slice(start.length);
      }
    }
  }
  return null;
}

/** A new token, which `cookieField` gives to a browser. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/**
 * The field that gives a browser its token, until it is closed. `Secure` with TLS only: without it
 * browsers other than Chromium would drop it.
 */
export function cookieField(exchange: Asked, token: string): Field {
  const secure = exchange.connection.tls === null ? '' : '; Secure';
  const value = `${cookieName(exchange)}=${token}; Path=/; HttpOnly; SameSite=Strict${secure}`;
  return { name: 'set-cookie', value };
}

/** «Cookies do not provide isolation by port», RFC 6265 section 8.5: servers must not share a name. */
function cookieName({ connection, head: { authority } }: Asked): string {
  const isSecure = connection.tls !== null;
  const port = /:(\d+)$/.exec(authority)?.[1] ?? (isSecure ? '443' : '80');
  // Nothing but a secured answer of this very host can set a cookie with such a name.
  return `${isSecure ? '__Host-' : ''}holdline-${port}`;
}
