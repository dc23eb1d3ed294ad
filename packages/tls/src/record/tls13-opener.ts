// TLSCiphertext of TLS 1.3, opened (RFC 9846 section 5.2).
import type { AeadKey } from '../provider.ts';
import type { OpenedRecord, RecordOpener } from './record-protection.ts';

/** Opens the records of one traffic key. */
export declare class Tls13Opener implements RecordOpener {
  /** Takes over the key, and `iv`, 12 bytes (section 7.3), both overwritten by `destroy`. */
  constructor(key: AeadKey, iv: Uint8Array);
  readonly hidesType: boolean;
  readonly expansionBytesMax: number;
  readonly records: number;
  open(
    bytes: Uint8Array,
    start: number,
    end: number,
    plaintextBytesMax: number,
  ): OpenedRecord | null;
  destroy(): void;
}
