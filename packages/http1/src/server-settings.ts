// A server's options, validated once and shared by all its connections.

import { TARGET, URL_TARGET } from './grammar.ts';
import {
  DEFAULT_LIMITS,
  DEFAULT_SERVER_TIMEOUTS,
  type Http1Limits,
  type Http1ServerTimeouts,
} from './limits.ts';
import { complete } from './settings.ts';

/** What a server may be told; everything has a default. */
export interface Http1ServerOptions {
  /** Sizes in bytes and counts, over `DEFAULT_LIMITS`. */
  readonly limits?: Partial<Http1Limits>;
  /** Durations in milliseconds, over `DEFAULT_SERVER_TIMEOUTS`. */
  readonly timeouts?: Partial<Http1ServerTimeouts>;
  /** Requests on one connection, the last of which is answered with `Connection: close`; Infinity. */
  readonly requestsMax?: number;
  /** Tell clients the idle timeout and the requests left, `Keep-Alive: timeout=65` (RFC 2068 section 19.7.1.1); true. */
  readonly announceKeepAlive?: boolean;
  /**
   * Accept the bytes `[ ] { } | \ ^ ` "` in paths and queries, which the URL Standard leaves raw;
   * false, since RFC 9112 section 3.2 has only RFC 3986's grammar.
   */
  readonly acceptUrlTargets?: boolean;
}

/** Validated options. */
export interface Http1ServerSettings {
  readonly limits: Http1Limits;
  readonly timeouts: Http1ServerTimeouts;
  readonly requestsMax: number;
  readonly announceKeepAlive: boolean;
  /** Byte classes allowed in paths and queries. */
  readonly targetBits: number;
}

/** Validates and completes options; throws RangeError for a limit or timeout that is not a number >= 0, or unknown. */
export function serverSettings(options: Http1ServerOptions = {}): Http1ServerSettings {
  const requestsMax = options.requestsMax ?? Number.POSITIVE_INFINITY;
  if (!(requestsMax >= 1)) throw new RangeError('requestsMax must be at least 1');
  return Object.freeze({
    limits: complete('limits', DEFAULT_LIMITS, options.limits),
    timeouts: complete('timeouts', DEFAULT_SERVER_TIMEOUTS, options.timeouts),
    requestsMax,
    announceKeepAlive: options.announceKeepAlive ?? true,
    targetBits: options.acceptUrlTargets === true ? TARGET | URL_TARGET : TARGET,
  });
}
