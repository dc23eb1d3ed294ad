// TLSCiphertext of TLS 1.3, opened (RFC 9846 section 5.2).
import { PeerFault } from '../peer-fault.ts';
import type { AeadKey } from '../provider.ts';
import { mixedNonce } from './nonce.ts';
import { HEADER_BYTES, TAG_BYTES, TLS13_EXPANSION_BYTES_MAX } from './record-header.ts';
import { checkPlaintextBytes, type OpenedRecord, type RecordOpener } from './record-protection.ts';

const header: Uint8Array = /* @__PURE__ */ new Uint8Array(HEADER_BYTES);

/** Opens the records of one traffic key. */
export class Tls13Opener implements RecordOpener {
  /** {@link RecordOpener} */
  readonly hidesType: boolean = true;
  /** {@link RecordOpener} */
  readonly expansionBytesMax: number = TLS13_EXPANSION_BYTES_MAX;
  /** {@link RecordOpener} */
  records = 0;
  private readonly key: AeadKey;
  private readonly iv: Uint8Array;

  /** Takes over the key, and `iv`, 12 bytes (section 7.3), both overwritten by `destroy`. */
  constructor(key: AeadKey, iv: Uint8Array) {
    this.key = key;
    this.iv = iv;
  }

  /** {@link RecordOpener} */
  open(
    bytes: Uint8Array,
    start: number,
    end: number,
    plaintextBytesMax: number,
  ): OpenedRecord | null {
    const fragment = start + HEADER_BYTES;
    if (end - fragment < TAG_BYTES) return null;
    // The header as it came: a legacy_record_version that is not ours is the tag's to judge.
    for (let index = 0; index < HEADER_BYTES; index += 1) header[index] = bytes[start + index]!;
    const nonce = mixedNonce(this.iv, this.records);
    const inner = this.key.open(nonce, header, bytes.subarray(fragment, end));
    if (inner === null) return null;
    this.records += 1;
    checkPlaintextBytes(inner.length, plaintextBytesMax);
    // "scans the field from the end toward the beginning until it finds a non-zero octet" (section 5.4)
    let typeAt = inner.length - 1;
    while (typeAt >= 0 && inner[typeAt] === 0) typeAt -= 1;
    if (typeAt < 0) throw new PeerFault('TLS_NO_CONTENT_TYPE', 'a record of nothing but zeros');
    const content = new Uint8Array(inner.buffer, inner.byteOffset, typeAt);
    return { type: inner[typeAt]!, content };
  }

  /** {@link RecordOpener} */
  destroy(): void {
    this.key.destroy();
    this.iv.fill(0);
  }
}
