// TLSCiphertext of TLS 1.2 with authenticated encryption, opened (RFC 5246 section 6.2.3.3, RFC 5288,
// RFC 7905).
import type { AeadKey } from '../provider.ts';
import { explicitNonce, mixedNonce } from './nonce.ts';
import { HEADER_BYTES, TAG_BYTES, TLS12_EXPANSION_BYTES_MAX } from './record-header.ts';
import { checkPlaintextBytes, type OpenedRecord, type RecordOpener } from './record-protection.ts';
import { explicitNonceBytes, tls12AdditionalData } from './tls12-format.ts';

/** Opens the records of one write key. */
export class Tls12Opener implements RecordOpener {
  /** {@link RecordOpener} */
  readonly hidesType: boolean = false;
  /** {@link RecordOpener} */
  readonly expansionBytesMax: number = TLS12_EXPANSION_BYTES_MAX;
  /** {@link RecordOpener} */
  records = 0;
  private readonly key: AeadKey;
  private readonly iv: Uint8Array;
  private readonly explicitBytes: number;

  /**
   * Takes over the key and the write iv of the key block, both overwritten by `destroy`: 4 bytes for
   * AES-GCM, 12 for ChaCha20-Poly1305. Throws RangeError for another length.
   */
  constructor(key: AeadKey, iv: Uint8Array) {
    this.explicitBytes = explicitNonceBytes(iv);
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
    const { key, iv, explicitBytes, records } = this;
    const fragment = start + HEADER_BYTES;
    const sealed = fragment + explicitBytes;
    const contentBytes = end - sealed - TAG_BYTES;
    if (contentBytes < 0) return null;
    const nonce =
      explicitBytes === 0 ? mixedNonce(iv, records) : explicitNonce(iv, bytes, fragment);
    const additionalData = tls12AdditionalData(records, bytes, start, contentBytes);
    const content = key.open(nonce, additionalData, bytes.subarray(sealed, end));
    if (content === null) return null;
    this.records += 1;
    checkPlaintextBytes(content.length, plaintextBytesMax);
    return {
      type: bytes[start]!,
      content: new Uint8Array(content.buffer, content.byteOffset, content.length),
    };
  }

  /** {@link RecordOpener} */
  destroy(): void {
    this.key.destroy();
    this.iv.fill(0);
  }
}
