// A client's options, validated once and shared by all its connections.
import { TARGET, URL_TARGET } from './grammar.ts';
import {
  DEFAULT_CLIENT_TIMEOUTS,
  DEFAULT_LIMITS,
  type Http1ClientTimeouts,
  type Http1Limits,
} from './limits.ts';
import { complete } from './settings.ts';

/** What a client may be told; everything has a default. */
export interface Http1ClientOptions {
  /** Sizes in bytes and counts, over `DEFAULT_LIMITS`. */
  readonly limits?: Partial<Http1Limits>;
  /** Durations in milliseconds, over `DEFAULT_CLIENT_TIMEOUTS`. */
  readonly timeouts?: Partial<Http1ClientTimeouts>;
  /** Requests on one connection, the last of which says `Connection: close`; Infinity. */
  readonly requestsMax?: number;
  /**
   * Fail on obs-fold in a response, as a gateway may, instead of replacing each with a space, as a
   * user agent must (RFC 9112 section 5.2); false.
   */
  readonly refuseObsFold?: boolean;
  /**
   * Allow the bytes `[ ] { } | \ ^ ` "` in the paths and queries that are sent; false, since RFC
   * 9112 section 3.2 has only RFC 3986's grammar.
   */
  readonly allowUrlTargets?: boolean;
}

/** Validated options. */
export interface Http1ClientSettings {
  readonly limits: Http1Limits;
  readonly timeouts: Http1ClientTimeouts;
  readonly requestsMax: number;
  readonly refuseObsFold: boolean;
  /** Byte classes allowed in paths and queries. */
  readonly targetBits: number;
}

/** Validates and completes options; throws RangeError for a limit or timeout that is not a number >= 0, or unknown. */
export function clientSettings(options: Http1ClientOptions = {}): Http1ClientSettings {
  const requestsMax = options.requestsMax ?? Number.POSITIVE_INFINITY;
  if (!(requestsMax >= 1)) throw new RangeError('requestsMax must be at least 1');
  return Object.freeze({
    limits: complete('limits', DEFAULT_LIMITS, options.limits),
    timeouts: complete('timeouts', DEFAULT_CLIENT_TIMEOUTS, options.timeouts),
    requestsMax,
    refuseObsFold: options.refuseObsFold ?? false,
    targetBits: options.allowUrlTargets === true ? TARGET | URL_TARGET : TARGET,
  });
}
