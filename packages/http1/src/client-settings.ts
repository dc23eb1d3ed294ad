// A client's options, validated once and shared by all its connections.
import { DEFAULT_CLIENT_TIMEOUTS, type Http1ClientTimeouts } from './limits.ts';
import { type CommonOptions, type CommonSettings, commonSettings } from './settings.ts';

/** What a client may be told; everything has a default. */
export interface Http1ClientOptions extends CommonOptions<Http1ClientTimeouts> {
  /**
   * Fail on obs-fold in a response, as a gateway may, instead of replacing each with a space, as a
   * user agent must (RFC 9112 section 5.2); false.
   */
  readonly refuseObsFold?: boolean;
  /**
   * Accept a status-line that ends behind the status code, though «A server MUST send the space that
   * separates the status-code from the reason-phrase even when the reason-phrase is absent» (RFC 9112
   * section 4); false.
   */
  readonly acceptMissingReasonSpace?: boolean;
  /**
   * Allow the bytes ``[ ] { } | \ ^ ` "`` in the paths and queries that are sent; false, since RFC
   * 9112 section 3.2 has only RFC 3986's grammar.
   */
  readonly allowUrlTargets?: boolean;
}

/** Validated options. */
export interface Http1ClientSettings extends CommonSettings<Http1ClientTimeouts> {
  /** obs-fold is a fault. */
  readonly refuseObsFold: boolean;
  /** The space in front of an absent reason phrase may be absent as well. */
  readonly acceptMissingReasonSpace: boolean;
}

/** Validates and completes options; throws RangeError for a limit or timeout that is not a number >= 0, or unknown. */
export function clientSettings(options: Http1ClientOptions = {}): Http1ClientSettings {
  return Object.freeze({
    ...commonSettings(options, DEFAULT_CLIENT_TIMEOUTS, options.allowUrlTargets),
    refuseObsFold: options.refuseObsFold ?? false,
    acceptMissingReasonSpace: options.acceptMissingReasonSpace ?? false,
  });
}
