// What both roles can be told, over defaults.
import { completeNumbers } from './bytes/named-numbers.ts';
import { TARGET, URL_TARGET } from './grammar.ts';
import { DEFAULT_LIMITS, type Http1Limits } from './limits.ts';

/** Options of both roles; everything has a default. */
export interface CommonOptions<Timeouts> {
  /** Sizes in bytes and counts, over `DEFAULT_LIMITS`. */
  readonly limits?: Partial<Http1Limits>;
  /** Durations in milliseconds, over the role's defaults. */
  readonly timeouts?: Partial<Timeouts>;
  /** Requests on one connection, the last of which announces `Connection: close`; Infinity. */
  readonly requestsMax?: number;
}

/** Validated options of both roles. */
export interface CommonSettings<Timeouts> {
  /** Sizes in bytes and counts. */
  readonly limits: Http1Limits;
  /** Durations in milliseconds. */
  readonly timeouts: Timeouts;
  /** Requests on one connection. */
  readonly requestsMax: number;
  /** Byte classes allowed in paths and queries. */
  readonly targetBits: number;
}

/** Validates and completes options; throws RangeError for a limit or timeout that is not a number >= 0, or unknown. */
export function commonSettings<Timeouts extends object>(
  options: CommonOptions<Timeouts>,
  timeouts: Timeouts,
  urlTargets: boolean | undefined,
): CommonSettings<Timeouts> {
  const requestsMax = options.requestsMax ?? Number.POSITIVE_INFINITY;
  if (!(requestsMax >= 1)) throw new RangeError('requestsMax must be at least 1');
  return {
    limits: completeNumbers('limits', DEFAULT_LIMITS, options.limits),
    timeouts: completeNumbers('timeouts', timeouts, options.timeouts),
    requestsMax,
    targetBits: urlTargets === true ? TARGET | URL_TARGET : TARGET,
  };
}
