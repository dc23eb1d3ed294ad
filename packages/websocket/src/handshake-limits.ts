/** Limits on the lists of an opening handshake. Both ends need them: an HTTP parser's own are wider. */
export interface HandshakeLimits {
  /** All `Sec-WebSocket-Extensions` lines, or all `Sec-WebSocket-Protocol` lines, joined. */
  readonly listBytesMax: number;
  /** Elements of either list that are not empty. */
  readonly listElementsMax: number;
  /** Empty elements of either list: «a reasonable number» is ignored (RFC 9110 section 5.6.1.2). */
  readonly emptyElementsMax: number;
  /** Parameters of one extension. */
  readonly extensionParametersMax: number;
}

/** The limits when none are given; Chromium offers one extension with one parameter. */
export const DEFAULT_HANDSHAKE_LIMITS: HandshakeLimits = /* @__PURE__ */ Object.freeze({
  listBytesMax: 4_096,
  listElementsMax: 32,
  emptyElementsMax: 32,
  extensionParametersMax: 16,
});
