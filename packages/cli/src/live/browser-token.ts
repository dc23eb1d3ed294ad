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

/** The token that a request shows; null when it shows none. */
export function browserToken({ authority, fields }: RequestHead): string | null {
  const start = `${cookieName(authority)}=`;
  for (const { name, value } of fields) {
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
 * The field that gives a browser its token, until it is closed. No `Secure`: there is no TLS here,
 * and browsers other than Chromium would drop it.
 */
export function cookieField({ authority }: RequestHead, token: string): Field {
  const value = `${cookieName(authority)}=${token}; Path=/; HttpOnly; SameSite=Strict`;
  return { name: 'set-cookie', value };
}

/** «Cookies do not provide isolation by port», RFC 6265 section 8.5: servers must not share a name. */
function cookieName(authority: string): string {
  return `holdline-${/:(\d+)$/.exec(authority)?.[1] ?? '80'}`;
}
