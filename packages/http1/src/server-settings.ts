// A server's options, validated once and shared by all its connections.
import type { Instant } from './bytes/connection.ts';
import { DEFAULT_SERVER_TIMEOUTS, type Http1ServerTimeouts } from './limits.ts';
import { type CommonOptions, type CommonSettings, commonSettings } from './settings.ts';

/** What a server may be told; everything has a default. */
export interface Http1ServerOptions extends CommonOptions<Http1ServerTimeouts> {
  /** Tell clients the idle timeout and the requests left, `Keep-Alive: timeout=65` (RFC 2068 section 19.7.1.1); true. */
  readonly announceKeepAlive?: boolean;
  /**
   * Accept the bytes ``[ ] { } | \ ^ ` "`` in paths and queries, which the URL Standard leaves raw;
   * false, since RFC 9112 section 3.2 has only RFC 3986's grammar.
   */
  readonly acceptUrlTargets?: boolean;
  /**
   * The value of the Date field at an instant, for final responses without one (RFC 9110 section
   * 6.6.1). Without this a caller that has a clock adds the field itself.
   */
  readonly date?: (now: Instant) => string;
}

/** Validated options. */
export interface Http1ServerSettings extends CommonSettings<Http1ServerTimeouts> {
  /** Keep-Alive is sent. */
  readonly announceKeepAlive: boolean;
  /** `timeout=` in seconds, as Keep-Alive says it; empty when there is no limit. */
  readonly idleHint: string;
  /** The value of the Date field at an instant; null where there is no clock. */
  readonly date: ((now: Instant) => string) | null;
}

/** Validates and completes options; throws RangeError for a limit or timeout that is not a number >= 0, or unknown. */
export function serverSettings(options: Http1ServerOptions = {}): Http1ServerSettings {
  const settings = commonSettings(options, DEFAULT_SERVER_TIMEOUTS, options.acceptUrlTargets);
  const { idleMs } = settings.timeouts;
  return Object.freeze({
    ...settings,
    announceKeepAlive: options.announceKeepAlive ?? true,
    idleHint: idleMs === Number.POSITIVE_INFINITY ? '' : `timeout=${Math.floor(idleMs / 1000)}`,
    date: options.date ?? null,
  });
}
