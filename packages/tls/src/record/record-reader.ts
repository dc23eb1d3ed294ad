// Records as they come in: finds the next one, opens it, and refuses what may not be there (RFC 9846
// section 5), so that whoever asks sees content only of records that verify.
import type { Instant } from '../bytes/connection.ts';
import type { ReceiveBuffer } from '../bytes/receive-buffer.ts';
import type { ContentType } from './content-type.ts';
import type { RecordLimits } from './record-limits.ts';
import type { RecordOpener } from './record-protection.ts';

/** A record that was read. */
export interface TlsRecord {
  readonly type: ContentType;
  /** The receiver's own; empty only for application_data and heartbeat. */
  readonly content: Uint8Array;
  /** Whether it came under a key. */
  readonly isProtected: boolean;
}

/**
 * What becomes of change_cipher_spec in the clear: `refused` before the first ClientHello and after the
 * peer's Finished, `dropped` between them (RFC 9846 section 5), `delivered` in TLS 1.2, where it counts.
 */
export type ChangeCipherSpecRule = 'refused' | 'dropped' | 'delivered';

/** One connection's direction from the peer. */
export declare class RecordReader {
  constructor(input: ReceiveBuffer, limits: RecordLimits);
  /** What becomes of change_cipher_spec; `refused` until the engine says otherwise. */
  changeCipherSpec: ChangeCipherSpecRule;
  /**
   * Whether alerts in the clear are taken although there is a key: by a server until its client has shown
   * the keys, since a client that fails before has none. Becomes false with the first record that opens.
   */
  takesClearAlerts: boolean;
  /** Whether heartbeats were agreed (RFC 6520 section 2). */
  takesHeartbeats: boolean;
  /** Content, type and padding of one record at most, as we told the peer (RFC 8449); 16385. Content alone in TLS 1.2. */
  plaintextBytesMax: number;
  /** The present key's direction; null while records come in the clear. */
  readonly opener: RecordOpener | null;
  /** Where in the stream the newest record began, in bytes; for `failed`. */
  readonly recordOffset: number;
  /** From now on records come under this key; the one before is destroyed. */
  protect(opener: RecordOpener): void;
  /**
   * Early data that was not accepted is on its way (section 4.3.10): records of application_data that come
   * before there is a key, or that do not open, are dropped until one opens or `bytesMax` bytes of
   * them have come. Without a key it ends with `endEarlyData`.
   */
  skipEarlyData(bytesMax: number): void;
  /** No more early data: the second ClientHello has come. */
  endEarlyData(): void;
  /** The next record; null until more bytes come. Throws PeerFault. */
  next(now: Instant): TlsRecord | null;
  /** Forgets the key. */
  destroy(): void;
}
