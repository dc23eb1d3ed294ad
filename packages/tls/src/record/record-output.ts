// Records on their way out. Handshake messages, alerts and heartbeats become records at once; data waits
// as it is until output is pulled, so that small pieces share a record, the key is the one of that moment
// and messages overtake data that has not left.
import type { Instant } from '../bytes/connection.ts';
import type { ContentType } from './content-type.ts';
import type { PaddingPolicy } from './padding.ts';
import type { KeyWear, RecordSealer } from './record-protection.ts';
import type { RecordSizes } from './record-sizes.ts';

/** How records are made. */
export interface RecordOutputOptions {
  /** Sizes of data records; `full`. */
  readonly sizes?: RecordSizes;
  /** Padding of protected TLS 1.3 records; none. */
  readonly padding?: PaddingPolicy | null;
  /** Whether several sends may share a record; true. */
  readonly coalesces?: boolean;
}

/** One connection's direction to the peer. */
export declare class RecordOutput {
  constructor(options: RecordOutputOptions);
  /** Queued or handed out and not accepted: bytes of records, and of data that is still to become records. */
  readonly pendingBytes: number;
  /** Of these, data that is still to become records. */
  readonly waitingBytes: number;
  /** How much the present key may still do; `fresh` before there is one. */
  readonly wear: KeyWear;
  /** The present key's direction; null while records leave in the clear. */
  readonly sealer: RecordSealer | null;
  /** Content, type and padding of one record at most, as the peer wants it (RFC 8449); 16385. Content alone in TLS 1.2. */
  plaintextBytesMax: number;
  /** From now on records leave under this key; the one before is destroyed. */
  protect(sealer: RecordSealer): void;
  /** Data may leave: the keys for it are in place. Until then it waits. */
  releaseData(): void;
  /** Makes records of a message at once, as many as it takes, before all waiting data; in the clear while there is no key. Copies. */
  send(type: ContentType, content: Uint8Array): void;
  /** The same, in the clear whatever the key: change_cipher_spec, and a first ClientHello with its own version. */
  sendClear(type: ContentType, content: Uint8Array, version?: number): void;
  /** Queues data, borrowed until it has been pulled; an empty piece is nothing. */
  sendData(data: Uint8Array, now: Instant): void;
  /** Queues a message that leaves after all data sent so far: close_notify. Copies. No data may follow. */
  sendLast(type: ContentType, content: Uint8Array): void;
  /** Forgets data that is still to become records, and a last message: a fatal alert follows. */
  dropData(): void;
  /** The next chunk to write, or null. Stops at a key that is spent. */
  next(): Uint8Array | null;
  /** The transport took bytes; false, with nothing changed, for more than were handed out or no count. */
  accept(byteCount: number): boolean;
  /** Forgets everything, and the key. */
  destroy(): void;
}
