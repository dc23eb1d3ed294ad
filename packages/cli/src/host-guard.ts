// Which names this server answers to. A page of another site can make a browser send requests to
// 127.0.0.1 by letting its own name resolve to that address (DNS rebinding), and would then read the
// answers as its own; but it cannot choose another Host than its own name.
import type { HttpExchange } from '@holdline/net';

/** The names that only this machine can mean. */
const LOOPBACK_NAMES: readonly string[] = ['127.0.0.1', '[::1]', 'localhost'];

type RequestHead = HttpExchange['head'];

/** Decides whether a request is meant for this server (RFC 9110 section 7.4). */
export class HostGuard {
  readonly #names: ReadonlySet<string>;
  readonly #allowsAll: boolean;
  readonly #scheme: string;

  /**
   * `names` as `hostName` returns them, in addition to those of the loopback; `*` allows all.
   * `scheme` is what is served.
   */
  constructor(names: readonly string[], scheme: 'http' | 'https' = 'http') {
    this.#names = new Set([...LOOPBACK_NAMES, ...names]);
    this.#allowsAll = this.#names.has('*');
    this.#scheme = `${scheme}:`;
  }

  /** Whether the request's authority is one of the names, on any port, and its scheme what is served. */
  allows(head: Pick<RequestHead, 'authority' | 'form' | 'minorVersion' | 'target'>): boolean {
    // «a request for an "https" resource MUST be rejected unless it has been received over a
    // connection that has been secured», RFC 9110 section 7.4.
    if (head.form === 'absolute') {
      const scheme = head.target.slice(0, head.target.indexOf(':') + 1).toLowerCase();
      if (scheme !== this.#scheme) return false;
    }
    if (this.#allowsAll) return true;
    // HTTP/1.0 knows no Host, and no browser speaks it.
    if (head.authority === '') return head.minorVersion === 0;
    return this.#names.has(head.authority.replace(/:\d*$/, '').toLowerCase());
  }
}

/**
 * A name as browsers send it: lower-case, non-ASCII names in their ASCII form, IPv6 addresses in
 * brackets. Null when it is none, or has a port.
 */
export function hostName(argument: string): string | null {
  if (argument === '*') return argument;
  const name = argument.replace(/^\[(.*)\]$/, '$1');
  const isIpv6 = name.includes(':');
  const isPlausible = isIpv6 ? /^[0-9a-f:.]+$/i.test(name) : /^[^\s/\\?#@[\]%]+$/.test(argument);
  if (!isPlausible) return null;
  const host = isIpv6 ? `[${name}]` : name;
  try {
    return new URL(`http://${host}/`).hostname;
  } catch {
    return null;
  }
}
