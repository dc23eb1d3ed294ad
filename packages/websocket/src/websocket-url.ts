// WebSocket URIs (RFC 6455 section 3): ws and wss, and, for programs that have only the address of
// a web page, http and https in their place. What may have spaces, dot segments or characters beyond
// ASCII goes through the platform's `URL` first: what that serialises is valid here, but for user
// information, fragments, and a percent sign that encodes nothing.
import { parseHostAndPort } from './host.ts';

const HTTP_PORT = 80;
const HTTPS_PORT = 443;
const URI = /^([A-Za-z]+):\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?(#.*)?$/s;
/** What the URL Standard leaves raw although no URI has it; it is percent-encoded. */
const RAW = /[[\]{}|\\^`]/g;
/** `pchar`, `/` and, for the query, `?` (RFC 3986 sections 3.3 and 3.4). */
const PATH_OR_QUERY = /^(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*$/;

/** Where to connect to, and what to ask for. */
export interface WebSocketUrl {
  /** TLS goes first: wss, or https. */
  readonly secure: boolean;
  /** To be resolved: lower-case, and an IPv6 address without brackets. */
  readonly host: string;
  /** 1-65535; 80 or 443 when the URL has none. */
  readonly port: number;
  /** The value of Host: the host, in brackets if need be, and the port unless it is the default. */
  readonly authority: string;
  /** The request-target: a path that begins with a slash, and perhaps a query. */
  readonly resourceName: string;
}

/** Parses a WebSocket URL; throws a TypeError that says which component is not valid. */
export function parseWebSocketUrl(url: string): WebSocketUrl {
  const match = URI.exec(url);
  if (match === null) throw new TypeError('a WebSocket URL begins with ws:// or wss://');
  const [, scheme = '', authority = '', rawPath = '', rawQuery = '', fragment] = match;
  const path = rawPath.replace(RAW, percentEncode);
  const query = rawQuery.replace(RAW, percentEncode);
  const secure = isSecure(scheme.toLowerCase());
  // «Fragment identifiers are meaningless in the context of WebSocket URIs and MUST NOT be used.»
  if (fragment !== undefined) throw new TypeError('a WebSocket URL has no fragment');
  const server = parseHostAndPort(authority);
  if (server === null) throw new TypeError('the host or port of the WebSocket URL is not valid');
  if (!PATH_OR_QUERY.test(path) || !PATH_OR_QUERY.test(query)) {
    throw new TypeError('the path or query of the WebSocket URL has a character that no URI has');
  }
  const host = server.host.toLowerCase();
  const defaultPort = secure ? HTTPS_PORT : HTTP_PORT;
  const port = server.port ?? defaultPort;
  return {
    secure,
    host: host.startsWith('[') ? host.slice(1, -1) : host,
    port,
    authority: port === defaultPort ? host : `${host}:${port}`,
    resourceName: (path === '' ? '/' : path) + (query === '' ? '' : `?${query}`),
  };
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function isSecure(scheme: string): boolean {
  switch (scheme) {
    case 'ws':
    case 'http':
      return false;
    case 'wss':
    case 'https':
      return true;
    default:
      throw new TypeError('the scheme of a WebSocket URL is ws or wss');
  }
}
