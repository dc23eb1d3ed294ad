// What may differ between the two ClientHellos around a HelloRetryRequest (RFC 9846 section 4.2.2).
import type { ClientHello } from './client-hello.ts';

/** What the HelloRetryRequest in between said. */
export interface RetryTerms {
  /** selected_group, or null when it had no key_share. */
  readonly selectedGroup: number | null;
  /** The cookie, or null when it had none. */
  readonly cookie: Uint8Array | null;
}

/**
 * Throws PeerFault `TLS_CLIENT_HELLO_CHANGED` (illegal_parameter) when the second hello differs from the
 * first where it may not, or does not do what the HelloRetryRequest asked for.
 */
export declare function checkSecondClientHello(
  first: ClientHello,
  second: ClientHello,
  terms: RetryTerms,
): void;
