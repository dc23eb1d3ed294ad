// A pair of directions under one key, of either version and of every algorithm, and keys that decrypt in
// place or in parts, as the seam allows.
import { createHash } from 'node:crypto';
import { OutputQueue } from '../../../src/bytes/output-queue.ts';
import { ReceiveBuffer } from '../../../src/bytes/receive-buffer.ts';
import { nodeAeadKey } from '../../../src/node/aead.ts';
import type { AeadKey, AeadName } from '../../../src/provider.ts';
import type { ContentType } from '../../../src/record/content-type.ts';
import {
  DEFAULT_RECORD_LIMITS,
  type KeyLimits,
  keyLimits,
} from '../../../src/record/record-limits.ts';
import type { RecordOpener, RecordSealer } from '../../../src/record/record-protection.ts';
import { RecordReader, type TlsRecord } from '../../../src/record/record-reader.ts';
import { Tls12Opener } from '../../../src/record/tls12-opener.ts';
import { Tls12Sealer } from '../../../src/record/tls12-sealer.ts';
import { Tls13Opener } from '../../../src/record/tls13-opener.ts';
import { Tls13Sealer } from '../../../src/record/tls13-sealer.ts';

/** A version with an algorithm. */
export interface Protection {
  readonly version: 'TLS 1.2' | 'TLS 1.3';
  readonly aead: AeadName;
}

export const AEADS: readonly AeadName[] = ['aes-128-gcm', 'aes-256-gcm', 'chacha20-poly1305'];

export const PROTECTIONS: readonly Protection[] = AEADS.flatMap((aead) => [
  { version: 'TLS 1.3', aead },
  { version: 'TLS 1.2', aead },
]);

/** Bytes that are the same in every run. */
export function bytesOf(label: string, byteCount: number): Uint8Array {
  return new Uint8Array(createHash('shake256', { outputLength: byteCount }).update(label).digest());
}

/** Key and iv of a protection, for a label. */
export function material({ version, aead }: Protection, label = 'one') {
  const isShort = version === 'TLS 1.2' && aead !== 'chacha20-poly1305';
  return {
    key: bytesOf(`key ${label}`, aead === 'aes-128-gcm' ? 16 : 32),
    iv: bytesOf(`iv ${label}`, isShort ? 4 : 12),
  };
}

/** A key that decrypts where the ciphertext lies and hands out ciphertext in three parts. */
export function inPlace(key: AeadKey): AeadKey {
  return {
    seal(nonce, additionalData, plaintext) {
      const sealed = new Uint8Array(Buffer.concat(key.seal(nonce, additionalData, plaintext)));
      const cut = sealed.length >> 1;
      return [sealed.slice(0, 1), sealed.slice(1, cut), sealed.slice(cut)];
    },
    open(nonce, additionalData, sealed) {
      const plaintext = key.open(nonce, additionalData, sealed);
      if (plaintext === null) {
        sealed.fill(0x5a);
        return null;
      }
      sealed.set(plaintext);
      return sealed.subarray(0, plaintext.length);
    },
    destroy: () => key.destroy(),
  };
}

/** How a key behaves. */
export type Style = (key: AeadKey) => AeadKey;
const asIs: Style = (key) => key;

/** The sending end. */
export function sealerOf(
  protection: Protection,
  limits: KeyLimits = keyLimits(protection.aead),
  style: Style = asIs,
  label?: string,
): RecordSealer {
  const { key, iv } = material(protection, label);
  const aeadKey = style(nodeAeadKey(protection.aead, key));
  return protection.version === 'TLS 1.3'
    ? new Tls13Sealer(aeadKey, iv, limits)
    : new Tls12Sealer(aeadKey, iv, limits);
}

/** The receiving end. */
export function openerOf(
  protection: Protection,
  style: Style = asIs,
  label?: string,
): RecordOpener {
  const { key, iv } = material(protection, label);
  const aeadKey = style(nodeAeadKey(protection.aead, key));
  return protection.version === 'TLS 1.3'
    ? new Tls13Opener(aeadKey, iv)
    : new Tls12Opener(aeadKey, iv);
}

/** All that a queue has. */
function drained(queue: OutputQueue): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (let chunk = queue.next(); chunk !== null; chunk = queue.next()) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

/** One record, as it goes over the wire. */
export function sealed(
  sealer: RecordSealer,
  type: ContentType,
  content: Uint8Array,
  paddingBytes = 0,
): Uint8Array {
  const queue = new OutputQueue();
  sealer.seal(type, content, paddingBytes, queue);
  return drained(queue);
}

/** A record in the clear, with any type, length and version. */
export function clear(
  type: number,
  content: readonly number[] | Uint8Array,
  { version = 0x0303, length = content.length } = {},
): Uint8Array {
  return Uint8Array.of(type, version >> 8, version, length >> 8, length, ...content);
}

/** A reader, and its input. */
export function reading(copiesInput = false) {
  const input = new ReceiveBuffer();
  const reader = new RecordReader(input, DEFAULT_RECORD_LIMITS, copiesInput);
  return {
    input,
    reader,
    /** What becomes of some bytes. */
    read(...chunks: readonly Uint8Array[]): TlsRecord[] {
      const records: TlsRecord[] = [];
      for (const chunk of chunks) {
        input.append(chunk);
        for (let next = reader.next(0); next !== null; next = reader.next(0)) records.push(next);
      }
      return records;
    },
  };
}
