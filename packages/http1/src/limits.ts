// Every limit and every timeout, by name. Sizes in bytes, durations in milliseconds.

/** Limits on what a peer may send; each is checked as soon as the length is known. */
export interface Http1Limits {
  /** Request-line or status-line without CRLF; at least 8000 is RECOMMENDED (RFC 9112 section 3). */
  readonly startLineBytesMax: number;
  /** Method token; a longer one is answered 501 (RFC 9112 section 3). */
  readonly methodBytesMax: number;
  /** Start-line and field lines together (node: 16 KiB, nginx: 32 KiB, Apache: 8 KiB a line). */
  readonly headBytesMax: number;
  /** Field lines in a head or a trailer section (Apache: 100). */
  readonly fieldsMax: number;
  /** Empty lines ignored before a request-line (RFC 9112 section 2.2 asks for one at least). */
  readonly emptyLinesMax: number;
  /** Content of one message; Infinity for none. */
  readonly contentBytesMax: number;
  /** Chunk extensions of one message together (RFC 9112 section 7.1.1). */
  readonly chunkExtensionBytesMax: number;
  /** Trailer section of one message. */
  readonly trailerBytesMax: number;
  /** Unread request content that a server discards to keep the connection (Apache and Go: 256 KiB). */
  readonly discardBytesMax: number;
  /** Bytes discarded after the server's last response before it gives up on the client's FIN. */
  readonly lingerBytesMax: number;
  /** Informational responses to one request (RFC 9110 section 15.2 allows any number). */
  readonly informationalMax: number;
  /** Unread input above which `wantsData` is false. */
  readonly inputBytesMax: number;
}

/** The limits when none are given. */
export const DEFAULT_LIMITS: Http1Limits = /* @__PURE__ */ Object.freeze({
  startLineBytesMax: 16_384,
  methodBytesMax: 64,
  headBytesMax: 32_768,
  fieldsMax: 128,
  emptyLinesMax: 8,
  contentBytesMax: Number.POSITIVE_INFINITY,
  chunkExtensionBytesMax: 16_384,
  trailerBytesMax: 16_384,
  discardBytesMax: 262_144,
  lingerBytesMax: 1_048_576,
  informationalMax: 64,
  inputBytesMax: 65_536,
});

/** A server's patience. */
export interface Http1ServerTimeouts {
  /** From a request's first byte to the end of its head; 408 after it. */
  readonly headMs: number;
  /**
   * Content may fall this far behind `contentBytesPerSecondMin`; 408 after it. Also how long an
   * application may leave a client without an answer that waits for 100 (Continue).
   */
  readonly contentGraceMs: number;
  /** Minimum rate of request content, bytes per second (Apache's MinRate: 500); 0 for none. */
  readonly contentBytesPerSecondMin: number;
  /** Output handed out of which the transport accepts nothing. */
  readonly writeStallMs: number;
  /** Between requests, as announced by `Keep-Alive: timeout=`. */
  readonly idleMs: number;
  /** How much longer than announced an idle connection is kept, for a request already on its way. */
  readonly idleGraceMs: number;
  /** From the last response, accepted, to the client's half-close; of an idle connection a second at most. */
  readonly lingerMs: number;
  /** Age after which a connection is closed at the next opportunity. */
  readonly ageMsMax: number;
}

/** The timeouts when none are given. Idle is above the 60 s of common load balancers, which must not be outlived by them. */
export const DEFAULT_SERVER_TIMEOUTS: Http1ServerTimeouts = /* @__PURE__ */ Object.freeze({
  headMs: 20_000,
  contentGraceMs: 10_000,
  contentBytesPerSecondMin: 500,
  writeStallMs: 60_000,
  idleMs: 65_000,
  idleGraceMs: 1_000,
  lingerMs: 5_000,
  ageMsMax: Number.POSITIVE_INFINITY,
});

/** A client's patience. */
export interface Http1ClientTimeouts {
  /** From the request's last byte accepted, or the last informational response, to the end of the final head. */
  readonly headMs: number;
  /** Content may fall this far behind `contentBytesPerSecondMin`. */
  readonly contentGraceMs: number;
  /** Minimum rate of response content, bytes per second; 0 for none. */
  readonly contentBytesPerSecondMin: number;
  /** Output handed out of which the transport accepts nothing. */
  readonly writeStallMs: number;
  /** Between requests; a server's `Keep-Alive: timeout=` shortens it. */
  readonly idleMs: number;
  /** How much earlier than the server announced the client leaves, so that no request meets its FIN; half of that time at most. */
  readonly idleMarginMs: number;
  /** Wait for 100 (Continue) before `continue-timeout` (curl: 1 s). */
  readonly continueMs: number;
  /** Age after which a connection takes no new request. */
  readonly ageMsMax: number;
}

/** The timeouts when none are given. */
export const DEFAULT_CLIENT_TIMEOUTS: Http1ClientTimeouts = /* @__PURE__ */ Object.freeze({
  headMs: 60_000,
  contentGraceMs: 30_000,
  contentBytesPerSecondMin: 100,
  writeStallMs: 60_000,
  idleMs: 30_000,
  idleMarginMs: 1_000,
  continueMs: 1_000,
  ageMsMax: Number.POSITIVE_INFINITY,
});
