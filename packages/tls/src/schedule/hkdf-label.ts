// HKDF (RFC 5869) with the labels of TLS 1.3 (RFC 9846 section 7.1).
import type { CryptoProvider, HashName } from '../provider.ts';
import { wipe } from '../secret-bytes.ts';

/** Of a provider, what the key schedule needs. */
export type HashProvider = Pick<CryptoProvider, 'startHash' | 'hmac'>;

/** Hash.length of each hash. */
export const HASH_BYTES: Readonly<Record<HashName, number>> = { sha256: 32, sha384: 48 };

/** The most blocks that HKDF-Expand can make (RFC 5869 section 2.3). */
const BLOCKS_MAX = 255;

/** What every label begins with. */
const PREFIX = 'tls13 ';

/** The longest Label: `opaque label<7..255> = "tls13 " + Label`. */
export const LABEL_BYTES_MAX: number = 255 - PREFIX.length;

/** The longest Context: `opaque context<0..255>`. */
export const CONTEXT_BYTES_MAX = 255;

/** What is passed where the RFC writes "". */
export const NO_CONTEXT: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** The most bytes that HKDF-Expand-Label can make with a hash. */
export function expandBytesMax(hash: HashName): number {
  return BLOCKS_MAX * HASH_BYTES[hash];
}

/** The hash of some bytes, the caller's own. */
export function hashOf(crypto: HashProvider, hash: HashName, data: Uint8Array): Uint8Array {
  const running = crypto.startHash(hash);
  running.update(data);
  return running.digest();
}

const hashesOfNothing: Partial<Record<HashName, Uint8Array>> = {};

/** The hash of no bytes, which every schedule wants twice: computed once, and only to be read. */
export function hashOfNothing(crypto: HashProvider, hash: HashName): Uint8Array {
  const known = hashesOfNothing[hash] ?? crypto.startHash(hash).digest();
  hashesOfNothing[hash] = known;
  return known;
}

/** HKDF-Extract(Salt, IKM): Hash.length bytes, the caller's own. */
export function extract(
  crypto: HashProvider,
  hash: HashName,
  salt: Uint8Array,
  inputKeyingMaterial: Uint8Array,
): Uint8Array {
  return crypto.hmac(hash, salt, inputKeyingMaterial);
}

/**
 * HKDF-Expand-Label(Secret, Label, Context, Length), the caller's own. The label is ASCII without the
 * prefix "tls13 ". Throws RangeError for a label, context or length beyond what HkdfLabel can say or
 * HKDF can make.
 */
export function expandLabel(
  crypto: HashProvider,
  hash: HashName,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  lengthBytes: number,
): Uint8Array {
  if (!(Number.isInteger(lengthBytes) && lengthBytes >= 0 && lengthBytes <= expandBytesMax(hash))) {
    throw new RangeError(`HKDF with ${hash} makes 0 to ${expandBytesMax(hash)} bytes`);
  }
  const info = hkdfLabel(label, context, lengthBytes);
  const hashBytes = HASH_BYTES[hash];
  if (lengthBytes > hashBytes) return expandBlocks(crypto, hash, secret, info, lengthBytes);
  // T(1) = HMAC-Hash(PRK, info | 0x01), in one call, as nearly everything fits into one block.
  info[info.length - 1] = 1;
  const block = crypto.hmac(hash, secret, info);
  if (lengthBytes === hashBytes) return block;
  const output = new Uint8Array(lengthBytes);
  output.set(block.subarray(0, lengthBytes));
  wipe(block);
  return output;
}

/**
 * Derive-Secret(Secret, Label, Messages) where the hash of the messages is known: Hash.length bytes,
 * the caller's own.
 */
export function deriveSecret(
  crypto: HashProvider,
  hash: HashName,
  secret: Uint8Array,
  label: string,
  transcriptHash: Uint8Array,
): Uint8Array {
  return expandLabel(crypto, hash, secret, label, transcriptHash, HASH_BYTES[hash]);
}

/** HkdfLabel, with a place behind it for the counter of HKDF-Expand. */
function hkdfLabel(label: string, context: Uint8Array, lengthBytes: number): Uint8Array {
  const labelBytes = PREFIX.length + label.length;
  if (label.length === 0 || label.length > LABEL_BYTES_MAX) {
    throw new RangeError(`A label has 1 to ${LABEL_BYTES_MAX} characters`);
  }
  if (context.length > CONTEXT_BYTES_MAX) {
    throw new RangeError(`A context has at most ${CONTEXT_BYTES_MAX} bytes`);
  }
  const info = new Uint8Array(2 + 1 + labelBytes + 1 + context.length + 1);
  info[0] = lengthBytes >>> 8;
  info[1] = lengthBytes;
  info[2] = labelBytes;
  writeAscii(info, 3, PREFIX);
  writeAscii(info, 3 + PREFIX.length, label);
  info[3 + labelBytes] = context.length;
  info.set(context, 4 + labelBytes);
  return info;
}

function writeAscii(target: Uint8Array, start: number, text: string): void {
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    // "The labels specified in this document are all ASCII strings" (section 7.1).
    if (code > 0x7f) throw new RangeError('A label is ASCII');
    target[start + index] = code;
  }
}

/** T(1) | T(2) | ..., where T(n) = HMAC-Hash(PRK, T(n-1) | info | n) (RFC 5869 section 2.3). */
function expandBlocks(
  crypto: HashProvider,
  hash: HashName,
  secret: Uint8Array,
  info: Uint8Array,
  lengthBytes: number,
): Uint8Array {
  const hashBytes = HASH_BYTES[hash];
  const output = new Uint8Array(lengthBytes);
  const input = new Uint8Array(hashBytes + info.length);
  input.set(info, hashBytes);
  for (let counter = 1, start = 0; start < lengthBytes; counter += 1, start += hashBytes) {
    input[input.length - 1] = counter;
    const isFirst = counter === 1;
    const block = crypto.hmac(hash, secret, isFirst ? input.subarray(hashBytes) : input);
    input.set(block);
    output.set(block.subarray(0, lengthBytes - start), start);
    wipe(block);
  }
  wipe(input);
  return output;
}
