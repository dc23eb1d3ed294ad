// Randoms of a server that say something (RFC 9846 section 4.2.3).
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { RANDOM_BYTES } from './hello-constants.ts';

/** SHA-256 of "HelloRetryRequest". */
const HELLO_RETRY_REQUEST: Uint8Array = /* @__PURE__ */ Uint8Array.of(
  0xcf,
  0x21,
  0xad,
  0x74,
  0xe5,
  0x9a,
  0x61,
  0x11,
  0xbe,
  0x1d,
  0x8c,
  0x02,
  0x1e,
  0x65,
  0xb8,
  0x91,
  0xc2,
  0xa2,
  0x11,
  0x16,
  0x7a,
  0xbb,
  0x8c,
  0x5e,
  0x07,
  0x9e,
  0x09,
  0xe2,
  0xc8,
  0xa8,
  0x33,
  0x9c,
);

/** "DOWNGRD" as the seven bytes before the last, which says from what. */
const DOWNGRADE: Uint8Array = /* @__PURE__ */ Uint8Array.of(
  0x44,
  0x4f,
  0x57,
  0x4e,
  0x47,
  0x52,
  0x44,
);

/** How a server that could have negotiated TLS 1.3 marks a random of something older. */
export type DowngradeSentinel = 'tls1.2' | 'tls1.1';

/** Whether a ServerHello with this random is a HelloRetryRequest. */
export function isHelloRetryRequestRandom(random: Uint8Array): boolean {
  return HELLO_RETRY_REQUEST.every((byte, at) => random[at] === byte);
}

/** Writes the random of a HelloRetryRequest. */
export function writeHelloRetryRequestRandom(writer: ByteWriter): void {
  writer.fixed('random', RANDOM_BYTES, HELLO_RETRY_REQUEST);
}

/** The sentinel in a ServerHello's random of 32 bytes, or null when there is none. */
export function downgradeSentinel(random: Uint8Array): DowngradeSentinel | null {
  const start = RANDOM_BYTES - DOWNGRADE.length - 1;
  if (!DOWNGRADE.every((byte, at) => random[start + at] === byte)) return null;
  const last = random[RANDOM_BYTES - 1];
  if (last === 1) return 'tls1.2';
  return last === 0 ? 'tls1.1' : null;
}
