// An endpoint's options, validated once and shared by all connections of a server or client.
import { completeNumbers } from './bytes/named-numbers.ts';
import type { Compression } from './compression.ts';
import {
  DEFAULT_CLIENT_TIMEOUTS,
  DEFAULT_LIMITS,
  DEFAULT_SERVER_TIMEOUTS,
  type WebSocketLimits,
  type WebSocketTimeouts,
} from './limits.ts';
import { type Masker, plainMasker } from './masker.ts';
import { MaskingKeys, type RandomSource } from './masking-keys.ts';
import type { Session } from './session.ts';
import type { Utf8Check } from './utf8.ts';

/** What an endpoint may be told; everything has a default. */
export interface WebSocketServerOptions {
  /** Sizes in bytes and counts, over `DEFAULT_LIMITS`. */
  readonly limits?: Partial<WebSocketLimits>;
  /** Durations in milliseconds, over the role's defaults. */
  readonly timeouts?: Partial<WebSocketTimeouts>;
  /**
   * `whole`: a message is one event, `text` or `binary`. `pieces`: it is `message`, `data` as it
   * arrives, and `end`, so that its size needs no memory. `whole`.
   */
  readonly delivery?: 'whole' | 'pieces';
  /**
   * `owned`: what `receive` is given becomes the machine's, which unmasks in place. `borrowed`: it is
   * copied first where it is written to. `owned`.
   */
  readonly input?: 'owned' | 'borrowed';
  /**
   * `at-once`: the peer's Close frame is answered as soon as it is seen. `held`: whoever is still at
   * work on what came before it may send, until `answerClose`, for two seconds at most. «An endpoint
   * MAY delay sending a Close frame until its current message is sent», RFC 6455 section 5.5.1. `at-once`.
   */
  readonly closeAnswer?: 'at-once' | 'held';
  /** Messages of fewer bytes, or code units of text, are not compressed unless asked; 1024. */
  readonly compressBytesMin?: number;
  /** What masks and unmasks; plain JavaScript. `adaptMasker` takes a native one. */
  readonly masker?: Masker;
  /** The platform's own check of UTF-8, such as `isUtf8` of node:buffer; plain JavaScript. */
  readonly isUtf8?: Utf8Check;
  /** Who compresses where the handshake agreed on permessage-deflate (RFC 7692); nobody. */
  readonly compression?: Compression;
}

/** A client's options: it masks, for which it needs randomness. */
export interface WebSocketClientOptions extends WebSocketServerOptions {
  /** Source of masking keys, which must be unpredictable (RFC 6455 section 10.3). */
  readonly random: RandomSource;
}

/** Validated options of either role. */
export interface WebSocketSettings {
  readonly limits: WebSocketLimits;
  readonly timeouts: WebSocketTimeouts;
  readonly inPieces: boolean;
  /** What is received is copied before it is unmasked. */
  readonly copiesInput: boolean;
  /** The peer's Close frame is answered when the caller says so. */
  readonly holdsCloseAnswer: boolean;
  readonly compressBytesMin: number;
  readonly compression: Compression | null;
  readonly masker: Masker;
  readonly isUtf8: Utf8Check | null;
  /** True for a server: its peer masks (RFC 6455 section 5.1). */
  readonly peerMasks: boolean;
  /** Null for a server, which does not mask. */
  readonly keys: MaskingKeys | null;
  /** Sessions at rest, for whichever connection needs one next. */
  readonly spares: Session[];
}

/** Validated options of a server. */
export interface WebSocketServerSettings extends WebSocketSettings {
  readonly peerMasks: true;
}

/** Validated options of a client. */
export interface WebSocketClientSettings extends WebSocketSettings {
  readonly peerMasks: false;
}

/** Validates and completes options; throws RangeError for a limit or timeout that is not a number >= 0, or unknown. */
export function serverSettings(options: WebSocketServerOptions = {}): WebSocketServerSettings {
  const common = commonSettings(options, DEFAULT_SERVER_TIMEOUTS, true);
  return Object.freeze({ ...common, peerMasks: true as const, keys: null });
}

/** As `serverSettings`; throws TypeError without a source of randomness. */
export function clientSettings(options: WebSocketClientOptions): WebSocketClientSettings {
  if (typeof options?.random !== 'function') throw new TypeError('random must be a function');
  const common = commonSettings(options, DEFAULT_CLIENT_TIMEOUTS, false);
  const keys = new MaskingKeys(options.random);
  return Object.freeze({ ...common, peerMasks: false as const, keys });
}

function commonSettings(
  options: WebSocketServerOptions,
  timeouts: WebSocketTimeouts,
  isWritten: boolean,
): Omit<WebSocketSettings, 'peerMasks' | 'keys'> {
  const { delivery = 'whole', input = 'owned', compressBytesMin = 1024 } = options;
  const { closeAnswer = 'at-once' } = options;
  if (delivery !== 'whole' && delivery !== 'pieces') {
    throw new RangeError("delivery must be 'whole' or 'pieces'");
  }
  if (input !== 'owned' && input !== 'borrowed') {
    throw new RangeError("input must be 'owned' or 'borrowed'");
  }
  if (closeAnswer !== 'at-once' && closeAnswer !== 'held') {
    throw new RangeError("closeAnswer must be 'at-once' or 'held'");
  }
  if (!(compressBytesMin >= 0)) throw new RangeError('compressBytesMin must be 0 or more');
  return {
    limits: completeNumbers('limits', DEFAULT_LIMITS, options.limits),
    timeouts: completeNumbers('timeouts', timeouts, options.timeouts),
    inPieces: delivery === 'pieces',
    copiesInput: input === 'borrowed' && isWritten,
    holdsCloseAnswer: closeAnswer === 'held',
    compressBytesMin,
    compression: options.compression ?? null,
    masker: options.masker ?? plainMasker,
    isUtf8: options.isUtf8 ?? null,
    spares: [],
  };
}
