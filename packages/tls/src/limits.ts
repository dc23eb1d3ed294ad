// Every limit and every timeout, by name. Sizes in bytes, durations in milliseconds.

/** Limits on what a peer may send, and on what one set of keys protects. */
export interface TlsLimits {
  /** Unread input above which `wantsData` is false. */
  readonly inputBytesMax: number;
  /**
   * Output not accepted by the transport above which of the peer's heartbeats the newest alone is
   * answered, once there is room again, and its requests for certificates end the connection.
   */
  readonly outputBytesMax: number;
  /** Early data of others that a server skips, in bytes of records (RFC 9846 section 4.3.10). */
  readonly earlyDataBytesMax: number;
  /** Key updates of the peer's in a second; four times as many may come at once. */
  readonly keyUpdatesPerSecondMax: number;
  /** Heartbeat messages of the peer's in a second (RFC 6520); four times as many may come at once. */
  readonly heartbeatsPerSecondMax: number;
  /** Certificate requests after the handshake that wait for their answers, on either side (section 4.7.2). */
  readonly certificateRequestsMax: number;
  /**
   * Records sealed under one key, above which it is updated, over the cipher's own limit of section
   * 5.5, which always holds.
   */
  readonly keyRecordsMax: number;
  /** Bytes sealed under one key, above which it is updated. */
  readonly keyBytesMax: number;
  /**
   * Bytes thrown away behind the alert of a failure, while the peer's end is awaited: room for a message of
   * 16 MiB that was refused at its header, since who is cut off while writing may never read the alert.
   */
  readonly lingerBytesMax: number;
  /** Key updates that are sent in all: 2^48-1 (section 4.7.3); less only in tests. */
  readonly keyUpdatesMax: number;
}

/** The limits when none are given. */
export const DEFAULT_LIMITS: TlsLimits = /* @__PURE__ */ Object.freeze({
  inputBytesMax: 65_536,
  outputBytesMax: 1_048_576,
  earlyDataBytesMax: 65_536,
  keyUpdatesPerSecondMax: 8,
  heartbeatsPerSecondMax: 32,
  certificateRequestsMax: 8,
  keyRecordsMax: 8_388_608,
  keyBytesMax: 137_438_953_472,
  lingerBytesMax: 33_554_432,
  keyUpdatesMax: 281_474_976_710_655,
});

/** An endpoint's patience. */
export interface TlsTimeouts {
  /** From the beginning to the peer's Finished. */
  readonly handshakeMs: number;
  /** Nothing received for so long: a heartbeat request is sent, where that was agreed (RFC 6520); Infinity for none. */
  readonly heartbeatMs: number;
  /** From a heartbeat request to its response; then the peer is given up. */
  readonly heartbeatAnswerMs: number;
  /** Age of a sending key at which it is updated (RFC 9846 section 4.7.3); Infinity for never. */
  readonly keyAgeMs: number;
  /** From our close_notify, or the last that came after it, to the peer's end; then it is given up. */
  readonly closingMs: number;
  /** From the alert of a failure to the peer's end, so that it can read the alert. */
  readonly lingerMs: number;
}

/** The timeouts when none are given. */
export const DEFAULT_TIMEOUTS: TlsTimeouts = /* @__PURE__ */ Object.freeze({
  handshakeMs: 30_000,
  heartbeatMs: Number.POSITIVE_INFINITY,
  heartbeatAnswerMs: 20_000,
  keyAgeMs: 86_400_000,
  closingMs: 60_000,
  lingerMs: 5_000,
});
