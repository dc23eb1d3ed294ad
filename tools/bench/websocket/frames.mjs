// Masked frames as a client sends them, made without any of those who are measured.
import { randomBytes } from 'node:crypto';

const FIN = 0x80;
const RSV1 = 0x40;
export const OPCODE = { text: 1, binary: 2 };

/** A frame, masked with `key`, four bytes; not masked where it is null. */
export function frame(opcode, payload, key, isCompressed = false) {
  const { length } = payload;
  const maskBit = key === null ? 0 : 0x80;
  const head = [opcode | FIN | (isCompressed ? RSV1 : 0)];
  if (length <= 125) head.push(maskBit | length);
  else if (length < 65_536) head.push(maskBit | 126, length >> 8, length & 0xff);
  else throw new RangeError('no benchmark has frames of that size');
  if (key === null) return Buffer.concat([Buffer.from(head), payload]);
  const masked = Buffer.from(payload.map((byte, index) => byte ^ key[index & 3]));
  return Buffer.concat([Buffer.from(head), key, masked]);
}

/**
 * A key of which each byte has seven bits: ASCII that is masked with it is ASCII, and masked again it
 * is the text. So a chunk that is unmasked in place, pass after pass, is a valid one in each.
 */
export function asciiKey() {
  return randomBytes(4).map((byte) => (byte & 0x7f) | 1);
}

/** So many letters. */
export function letters(size) {
  return Buffer.alloc(size, 'abcdefghijklmnopqrstuvwxyz');
}

/** What a JSON API says, about 1 KiB of it; `seed` makes one different from the next. */
export function jsonMessage(seed) {
  const items = Array.from({ length: 8 }, (_, index) => ({
    id: seed * 31 + index * 7919,
    name: `sensor-${(seed * 17 + index) % 997}`,
    value: Math.round(Math.sin(seed + index) * 1e6) / 1e3,
    unit: index % 2 === 0 ? 'celsius' : 'percent',
    updatedAt: new Date(1_790_000_000_000 + seed * 977 + index * 1000).toISOString(),
  }));
  return Buffer.from(JSON.stringify({ type: 'readings', sequence: seed, items }));
}
