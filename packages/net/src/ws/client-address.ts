// Where a client's URL leads to.

/** What a request is made to. */
export interface ClientAddress {
  /** Normalised, with a scheme of WebSockets. */
  readonly url: URL;
  readonly isSecure: boolean;
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** A Unix socket's path; null for TCP. */
  readonly socketPath: string | null;
  /** The request-target. */
  readonly path: string;
  /** `user:password` of the URL; null when it has none. */
  readonly credentials: string | null;
}

/** Understands an address. Throws SyntaxError for one that is not a WebSocket's. */
export function clientAddress(address: string | URL, base?: URL): ClientAddress {
  const url = parsedUrl(address, base);
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  const isUnix = url.protocol === 'ws+unix:';
  const isSecure = url.protocol === 'wss:';
  if (url.protocol !== 'ws:' && !isSecure && !isUnix) {
    throw new SyntaxError(
      'The URL\'s protocol must be one of "ws:", "wss:", "http:", "https:", or "ws+unix:"',
    );
  }
  if (isUnix && url.pathname === '') throw new SyntaxError("The URL's pathname is empty");
  if (url.hash !== '') throw new SyntaxError('The URL contains a fragment identifier');
  const target = url.pathname + url.search;
  // `ws+unix:/run/socket:/path?query`
  const colon = isUnix ? target.indexOf(':') : -1;
  const rest = colon < 0 ? '/' : target.slice(colon + 1);
  return {
    url,
    isSecure,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    socketPath: isUnix ? target.slice(0, colon < 0 ? undefined : colon) : null,
    path: isUnix ? rest : target,
    credentials: credentialsOf(url),
  };
}

function parsedUrl(address: string | URL, base: URL | undefined): URL {
  try {
    return new URL(address, base);
  } catch {
    throw new SyntaxError(`Invalid URL: ${address}`);
  }
}

function credentialsOf({ username, password }: URL): string | null {
  if (username === '' && password === '') return null;
  return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
}
