// One direction of protected records, whatever the version: what a reader and an output ask of it.
import type { OutputQueue } from '../bytes/output-queue.ts';
import { PeerFault } from '../peer-fault.ts';
import type { ContentType } from './content-type.ts';

/** How much one key may still protect (RFC 9846 section 5.5). */
export type KeyWear =
  /** Enough. */
  | 'fresh'
  /** A new key should come; records may still be sealed until it does. */
  | 'worn'
  /** No more data may be sealed, only what updates the key or ends the connection. */
  | 'spent';

/** Protects the records that are sent under one key. */
export interface RecordSealer {
  /** Bytes that protection adds to content without padding, the header not counted. */
  readonly expansionBytes: number;
  /** Whether records can be padded (TLS 1.3). */
  readonly pads: boolean;
  /** Records sealed so far: the next sequence number. */
  readonly records: number;
  /** Content and padding sealed so far, in bytes. */
  readonly bytes: number;
  /** How much more this key may do. */
  readonly wear: KeyWear;
  /**
   * Queues one record, header and all. `content` is read before this returns; `paddingBytes` is 0 where
   * `pads` is false. The caller has kept content and padding within the peer's limit, and heeds `wear`.
   */
  seal(type: ContentType, content: Uint8Array, paddingBytes: number, output: OutputQueue): void;
  /** Overwrites key and iv. */
  destroy(): void;
}

/** A record's content in the clear. */
export interface OpenedRecord {
  /** The inner type where there is one; not yet judged. */
  readonly type: number;
  /** The receiver's own. */
  readonly content: Uint8Array;
}

/** Opens the records that are received under one key. */
export interface RecordOpener {
  /** Whether the outer type is application_data for everything, so that only records in the clear show another. */
  readonly hidesType: boolean;
  /** Bytes that protection may add at most to what `plaintextBytesMax` counts. */
  readonly expansionBytesMax: number;
  /** Records opened so far: the next sequence number. */
  readonly records: number;
  /**
   * Opens the record that has its header at `bytes[start..]` and its fragment behind it up to `end`, in
   * place if the key does. Null, with nothing shown and no sequence number used, when the tag does not
   * verify. Throws PeerFault for a record that verifies and is still wrong: more than
   * `plaintextBytesMax`, or no content type.
   */
  open(
    bytes: Uint8Array,
    start: number,
    end: number,
    plaintextBytesMax: number,
  ): OpenedRecord | null;
  /** Overwrites key and iv. */
  destroy(): void;
}

/** Throws PeerFault for a record that verifies and has more than was agreed (RFC 8449 section 4). */
export function checkPlaintextBytes(plaintextBytes: number, plaintextBytesMax: number): void {
  if (plaintextBytes <= plaintextBytesMax) return;
  throw new PeerFault(
    'TLS_RECORD_OVERFLOW',
    `a record has ${plaintextBytes} bytes where ${plaintextBytesMax} are allowed`,
  );
}
