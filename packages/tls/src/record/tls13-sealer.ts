// TLSCiphertext of TLS 1.3, made (RFC 9846 section 5.2).
import type { OutputQueue } from '../bytes/output-queue.ts';
import type { AeadKey } from '../provider.ts';
import type { ContentType } from './content-type.ts';
import type { KeyLimits } from './record-limits.ts';
import type { KeyWear, RecordSealer } from './record-protection.ts';

/** Seals the records of one traffic key. */
export declare class Tls13Sealer implements RecordSealer {
  /** Takes over the key, and `iv`, 12 bytes (section 7.3), both overwritten by `destroy`. */
  constructor(key: AeadKey, iv: Uint8Array, limits: KeyLimits);
  readonly expansionBytes: number;
  readonly pads: boolean;
  readonly records: number;
  readonly bytes: number;
  readonly wear: KeyWear;
  seal(type: ContentType, content: Uint8Array, paddingBytes: number, output: OutputQueue): void;
  destroy(): void;
}
