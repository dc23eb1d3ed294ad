// Whom a request is for (RFC 9110 section 4.3.1): scheme, host and port, and what follows from them.
import { isIP } from 'node:net';
import type { Field } from '@holdline/http1/client';

const DEFAULT_PORT = { http: 80, https: 443 } as const;
/** What the URL Standard leaves raw and RFC 3986 does not allow: some bytes, and a lone percent sign. */
const RAW_BYTES = /[[\]{}|\\^`"]|%(?![0-9a-f]{2})/gi;

/** An origin; the requests for one share connections. */
export interface Origin {
  readonly scheme: 'http' | 'https';
  /** Name or address, without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** The Unix socket to connect to instead of host and port, or null. */
  readonly socketPath: string | null;
  /** Host and port as the Host field has them: the scheme's own port is left out. */
  readonly authority: string;
  /** The Host field of this origin's requests (RFC 9110 section 7.2). */
  readonly hostField: Field;
  /** The fields of a request that has none of its own. */
  readonly bareFields: readonly Field[];
  /** Whether the host is an address, which TLS sends no server name for (RFC 6066 section 3). */
  readonly isAddress: boolean;
  /** Equal for equal origins. */
  readonly key: string;
}

/** A URL, taken apart. */
export interface OriginAndTarget {
  readonly origin: Origin;
  /** Path and query in origin-form (RFC 9112 section 3.2.1), valid by RFC 3986. */
  readonly target: string;
}

/**
 * Takes an http or https URL apart. Userinfo and fragment are dropped: «A sender MUST NOT generate
 * the userinfo subcomponent ... when an "http" or "https" URI reference is generated within a
 * message», RFC 9110 section 4.2.4. Throws TypeError for any other URL.
 */
export function parseUrl(url: string | URL, socketPath: string | null = null): OriginAndTarget {
  const parsed = typeof url === 'string' ? new URL(url) : url;
  const { protocol, hostname, port, pathname, search } = parsed;
  if (protocol !== 'http:' && protocol !== 'https:') {
    throw new TypeError('a URL must be of the scheme http or https');
  }
  const scheme = protocol === 'http:' ? 'http' : 'https';
  const origin = makeOrigin(scheme, hostname, port, socketPath);
  return { origin, target: encodeRawBytes(pathname + search) };
}

/** A path and query with what RFC 3986 does not allow in it percent-encoded. */
export function encodeRawBytes(target: string): string {
  return target.replace(RAW_BYTES, percentEncode);
}

/**
 * The Host field of a request whose target names an authority itself: «a client MUST send a field
 * value for Host that is identical to that authority component», RFC 9112 section 3.2. Null for
 * targets that do not.
 */
export function targetHost(method: string, target: string): Field | null {
  if (method === 'CONNECT') return { name: 'Host', value: target };
  if (target.startsWith('/') || target === '*') return null;
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target)?.[1];
  return authority === undefined ? null : { name: 'Host', value: authority };
}

function makeOrigin(
  scheme: 'http' | 'https',
  hostname: string,
  port: string,
  socketPath: string | null,
): Origin {
  const host = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  // The URL has dropped the scheme's own port already.
  const authority = port === '' ? hostname : `${hostname}:${port}`;
  const hostField = Object.freeze({ name: 'Host', value: authority });
  return {
    scheme,
    host,
    port: port === '' ? DEFAULT_PORT[scheme] : Number(port),
    socketPath,
    authority,
    hostField,
    bareFields: Object.freeze([hostField]),
    isAddress: isIP(host) !== 0,
    key: `${scheme}://${authority}${socketPath === null ? '' : ` ${socketPath}`}`,
  };
}

function percentEncode(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
