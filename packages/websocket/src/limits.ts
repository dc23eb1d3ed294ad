// Every limit and every timeout, by name. Sizes in bytes, durations in milliseconds.

/** Limits on what a peer may send, or leave unread; each is checked as soon as the length is known. */
export interface WebSocketLimits {
  /** Payload of one data frame, as its header says it. */
  readonly frameBytesMax: number;
  /** Content of one message, after inflation. */
  readonly messageBytesMax: number;
  /** Frames of one message; by default so many that one of `messageBytesMax` may come in frames of 64 bytes. */
  readonly fragmentsMax: number;
  /** Pings, pongs and Close frames in a second; as many may come at once. */
  readonly controlFramesPerSecondMax: number;
  /** Output not accepted by the transport above which a further message fails the connection. */
  readonly outputBytesMax: number;
  /** Unread input above which `wantsData` is false. */
  readonly inputBytesMax: number;
}

/** The limits when none are given. */
export const DEFAULT_LIMITS: WebSocketLimits = /* @__PURE__ */ Object.freeze({
  frameBytesMax: Number.POSITIVE_INFINITY,
  messageBytesMax: 16_777_216,
  fragmentsMax: 262_144,
  controlFramesPerSecondMax: 500,
  outputBytesMax: 16_777_216,
  inputBytesMax: 65_536,
});

/** An endpoint's patience. */
export interface WebSocketTimeouts {
  /** Nothing received for so long: a ping is sent (RFC 6455 section 5.5.2); Infinity for none. */
  readonly pingMs: number;
  /** From such a ping to the first byte of anything; then the peer is given up. */
  readonly pongMs: number;
  /** From our Close frame to the peer's (RFC 6455 section 7.1.1). */
  readonly closingMs: number;
  /** From the end of the closing handshake, or of a failed connection, to the peer's FIN. */
  readonly lingerMs: number;
  /** Output handed out of which the transport accepts nothing. */
  readonly writeStallMs: number;
}

/** A server's timeouts when none are given: a ping is on its way before the 60 s of common load balancers are over. */
export const DEFAULT_SERVER_TIMEOUTS: WebSocketTimeouts = /* @__PURE__ */ Object.freeze({
  pingMs: 30_000,
  pongMs: 20_000,
  closingMs: 10_000,
  lingerMs: 5_000,
  writeStallMs: 60_000,
});

/** A client's, which leaves the pings to a server that sends them. */
export const DEFAULT_CLIENT_TIMEOUTS: WebSocketTimeouts = /* @__PURE__ */ Object.freeze({
  pingMs: 45_000,
  pongMs: 20_000,
  closingMs: 10_000,
  lingerMs: 5_000,
  writeStallMs: 60_000,
});
