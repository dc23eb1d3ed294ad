// Where a WebSocket's URL leads, and what it says of the request's fields.
import type { Field } from '@holdline/http1/client';
import { syntaxError } from './arguments.ts';

/** The URL of a WebSocket. Throws a `SyntaxError` DOMException for any other. */
export function webSocketUrl(address: string | URL): URL {
  const url = parsedUrl(address);
  if (url.protocol === 'http:') url.protocol = 'ws:';
  else if (url.protocol === 'https:') url.protocol = 'wss:';
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    throw syntaxError(`the scheme of a WebSocket's URL is not ${url.protocol}`);
  }
  // An empty fragment is one, too, but for this property.
  if (url.hash !== '' || url.href.endsWith('#')) {
    throw syntaxError("a WebSocket's URL has no fragment");
  }
  return url;
}

/** The program's own fields, and the user of the URL. */
export function requestFields(
  headers: ConstructorParameters<typeof Headers>[0],
  { username, password }: URL,
): Field[] {
  const all = new Headers(headers);
  if ((username !== '' || password !== '') && !all.has('authorization')) {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    all.set('authorization', `Basic ${Buffer.from(credentials).toString('base64')}`);
  }
  return Array.from(all, ([name, value]) => ({ name, value }));
}

/** The same without them. */
export function withoutCredentials(url: URL): URL {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  return bare;
}

function parsedUrl(address: string | URL): URL {
  try {
    return new URL(String(address));
  } catch {
    throw syntaxError(`${String(address)} is not a URL`);
  }
}
