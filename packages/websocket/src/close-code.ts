// Why a connection is closed, as numbers (RFC 6455 section 7.4 and its registry), and the payload
// of a Close frame that carries one (section 5.5.1).

/** Close codes by name. */
export const CLOSE_CODE = {
  /** The purpose is fulfilled. */
  normal: 1000,
  /** A server goes down, or a page is left. */
  goingAway: 1001,
  /** The peer broke the protocol. */
  protocolError: 1002,
  /** A kind of message that this endpoint does not take. */
  unsupportedData: 1003,
  /** Never on the wire: the Close frame had no code. */
  noStatusReceived: 1005,
  /** Never on the wire: there was no Close frame. */
  abnormalClosure: 1006,
  /** Text that is not UTF-8, or other content that is not what its kind says. */
  invalidPayload: 1007,
  /** A rule of this endpoint's own, for which there is no other code. */
  policyViolation: 1008,
  /** More than this endpoint processes. */
  messageTooBig: 1009,
  /** A client expected an extension that the server did not agree to. */
  mandatoryExtension: 1010,
  /** Something here stands in the way of the request. */
  internalError: 1011,
  /** The service restarts; come back after a random delay (registry). */
  serviceRestart: 1012,
  /** Overload; come back later (registry). */
  tryAgainLater: 1013,
  /** A gateway's upstream answered wrongly (registry). */
  badGateway: 1014,
  /** Never on the wire: TLS failed. */
  tlsHandshake: 1015,
} as const;

/** Bytes of UTF-8 that a reason may have: a control frame's payload less the code. */
export const REASON_BYTES_MAX = 123;

/**
 * Whether a Close frame may carry the code, in either direction: 1000-1003 and 1007-1014 as
 * registered, 3000-3999 for libraries, 4000-4999 for private use (section 7.4.2). 1004 is reserved,
 * 1005, 1006 and 1015 «MUST NOT be set as a status code in a Close control frame» (section 7.4.1).
 */
export function isWireCloseCode(code: number): boolean {
  if (!Number.isInteger(code)) return false;
  if (code >= 3000) return code <= 4999;
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014);
}
