// TLSCiphertext of TLS 1.3, made (RFC 9846 section 5.2).
import type { OutputQueue } from '../bytes/output-queue.ts';
import type { AeadKey } from '../provider.ts';
import { CONTENT_TYPE, type ContentType } from './content-type.ts';
import { KeyUse } from './key-use.ts';
import { mixedNonce } from './nonce.ts';
import {
  HEADER_BYTES,
  INNER_PLAINTEXT_BYTES_MAX,
  RECORD_VERSION,
  TAG_BYTES,
  writeHeader,
} from './record-header.ts';
import type { KeyLimits } from './record-limits.ts';
import type { KeyWear, RecordSealer } from './record-protection.ts';

/**
 * TLSInnerPlaintext is put together here, since encrypting content, type and padding in one piece costs
 * less than in two, and copying next to nothing. Shared by all connections: what it holds is overwritten by
 * the next record.
 */
const inner: Uint8Array = /* @__PURE__ */ new Uint8Array(INNER_PLAINTEXT_BYTES_MAX);
/** The header is the additional data; shared likewise. */
const header: Uint8Array = /* @__PURE__ */ new Uint8Array(HEADER_BYTES);

/** Seals the records of one traffic key. */
export class Tls13Sealer implements RecordSealer {
  /** {@link RecordSealer} */
  readonly expansionBytes: number = 1 + TAG_BYTES;
  /** {@link RecordSealer} */
  readonly pads: boolean = true;
  private readonly key: AeadKey;
  private readonly iv: Uint8Array;
  private readonly use: KeyUse;

  /** Takes over the key, and `iv`, 12 bytes (section 7.3), both overwritten by `destroy`. */
  constructor(key: AeadKey, iv: Uint8Array, limits: KeyLimits) {
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
  seal(type: ContentType, content: Uint8Array, paddingBytes: number, output: OutputQueue): void {
    const contentBytes = content.length;
    const innerBytes = contentBytes + 1 + paddingBytes;
    inner.set(content);
    inner[contentBytes] = type;
    if (paddingBytes > 0) inner.fill(0, contentBytes + 1, innerBytes);
    const sealedBytes = innerBytes + TAG_BYTES;
    writeHeader(header, 0, CONTENT_TYPE.application_data, RECORD_VERSION, sealedBytes);
    const nonce = mixedNonce(this.iv, this.use.next(contentBytes + paddingBytes));
    const isFull = innerBytes === INNER_PLAINTEXT_BYTES_MAX;
    const parts = this.key.seal(nonce, header, isFull ? inner : inner.subarray(0, innerBytes));
    output.reserve(HEADER_BYTES);
    const { bytes, end } = output;
    for (let index = 0; index < HEADER_BYTES; index += 1) bytes[end + index] = header[index]!;
    output.commit(end + HEADER_BYTES);
    for (let index = 0; index < parts.length; index += 1) output.append(parts[index]!);
  }

  /** {@link RecordSealer} */
  destroy(): void {
    this.key.destroy();
    this.iv.fill(0);
  }
}
