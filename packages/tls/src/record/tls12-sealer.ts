// TLSCiphertext of TLS 1.2 with authenticated encryption, made (RFC 5246 section 6.2.3.3, RFC 5288,
// RFC 7905).
import type { OutputQueue } from '../bytes/output-queue.ts';
import type { AeadKey } from '../provider.ts';
import type { ContentType } from './content-type.ts';
import { KeyUse } from './key-use.ts';
import { explicitNonce, mixedNonce, writeSequence } from './nonce.ts';
import { HEADER_BYTES, RECORD_VERSION, TAG_BYTES, writeHeader } from './record-header.ts';
import type { KeyLimits } from './record-limits.ts';
import type { KeyWear, RecordSealer } from './record-protection.ts';
import { EXPLICIT_NONCE_BYTES, explicitNonceBytes, tls12AdditionalData } from './tls12-format.ts';

/** Seals the records of one write key. */
export class Tls12Sealer implements RecordSealer {
  /** {@link RecordSealer} */
  readonly expansionBytes: number;
  /** {@link RecordSealer} */
  readonly pads: boolean = false;
  private readonly key: AeadKey;
  private readonly iv: Uint8Array;
  private readonly use: KeyUse;

  /**
   * Takes over the key and the write iv of the key block, both overwritten by `destroy`: 4 bytes for
   * AES-GCM, 12 for ChaCha20-Poly1305. Throws RangeError for another length.
   */
  constructor(key: AeadKey, iv: Uint8Array, limits: KeyLimits) {
    this.expansionBytes = explicitNonceBytes(iv) + TAG_BYTES;
    this.key = key;
    this.iv = iv;
    this.use = new KeyUse(limits);
  }

  /** {@link RecordSealer} */
  get records(): number {
    return this.use.records;
  }

  /** {@link RecordSealer} */
  get bytes(): number {
    return this.use.bytes;
  }

  /** {@link RecordSealer} */
  get wear(): KeyWear {
    return this.use.wear;
  }

  /** {@link RecordSealer} */
  seal(type: ContentType, content: Uint8Array, _paddingBytes: number, output: OutputQueue): void {
    const { key, iv, expansionBytes } = this;
    const sequence = this.use.next(content.length);
    output.reserve(HEADER_BYTES + EXPLICIT_NONCE_BYTES);
    const { bytes, end } = output;
    writeHeader(bytes, end, type, RECORD_VERSION, content.length + expansionBytes);
    let fragment = end + HEADER_BYTES;
    let nonce: Uint8Array;
    if (expansionBytes === TAG_BYTES) nonce = mixedNonce(iv, sequence);
    else {
      // Never the same twice under one key, which is all that is asked of it.
      writeSequence(bytes, fragment, sequence);
      nonce = explicitNonce(iv, bytes, fragment);
      fragment += EXPLICIT_NONCE_BYTES;
    }
    const additionalData = tls12AdditionalData(sequence, bytes, end, content.length);
    const parts = key.seal(nonce, additionalData, content);
    output.commit(fragment);
    for (let index = 0; index < parts.length; index += 1) output.append(parts[index]!);
  }

  /** {@link RecordSealer} */
  destroy(): void {
    this.key.destroy();
    this.iv.fill(0);
  }
}
