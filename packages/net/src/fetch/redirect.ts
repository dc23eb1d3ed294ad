// What `fetch` does with a redirect (Fetch Standard, «HTTP-redirect fetch»), as a pure function.

/** A request as far as redirects change it. */
export interface RedirectableRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  /** Whether there is a body, and whether it can be sent once more. */
  readonly body: 'none' | 'replayable' | 'spent';
}

/** What to request next. */
export interface Redirected {
  readonly url: URL;
  readonly method: string;
  readonly keepsBody: boolean;
}

/** Redirects that are followed before they are taken for a loop. */
export const REDIRECTS_MAX = 20;

const STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const BODY_HEADERS = [
  'content-encoding',
  'content-language',
  'content-location',
  'content-type',
  'content-length',
];
/** Of no concern to another origin; the standard names the first, and leaves the others to cookies and proxies. */
const CREDENTIALS = ['authorization', 'proxy-authorization', 'cookie', 'host'];

/**
 * Where a response redirects to; null for a response that is to be taken as it is. Changes `headers`
 * of the request to those of the next one. Throws Error for a redirect that must not be followed.
 */
export function followRedirect(
  request: RedirectableRequest,
  status: number,
  location: string | null,
): Redirected | null {
  if (!STATUSES.has(status) || location === null) return null;
  const url = redirectUrl(request.url, location);
  if (status !== 303 && request.body === 'spent') {
    throw new Error('a body that streams cannot be sent again to where the response redirects');
  }
  const { method, headers } = request;
  const becomesGet =
    (method === 'POST' && (status === 301 || status === 302)) ||
    (status === 303 && method !== 'GET' && method !== 'HEAD');
  if (becomesGet) for (const name of BODY_HEADERS) headers.delete(name);
  if (url.origin !== request.url.origin) for (const name of CREDENTIALS) headers.delete(name);
  return { url, method: becomesGet ? 'GET' : method, keepsBody: !becomesGet };
}

function redirectUrl(from: URL, location: string): URL {
  let url: URL;
  try {
    // A field value has one code unit per byte; what is not ASCII is UTF-8 in practice.
    url = new URL(decodeUtf8(location), from);
  } catch (cause) {
    throw new Error('the response redirects to an invalid URL', { cause });
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Error(`the response redirects to the scheme ${url.protocol}`);
  }
  if ((url.username !== '' || url.password !== '') && url.origin !== from.origin) {
    throw new Error('the response redirects to another origin with credentials');
  }
  if (url.hash === '') url.hash = from.hash;
  return url;
}

function decodeUtf8(value: string): string {
  return new TextDecoder().decode(Uint8Array.from(value, (unit) => unit.charCodeAt(0)));
}
