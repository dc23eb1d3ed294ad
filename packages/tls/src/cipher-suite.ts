// The cipher suites of TLS 1.3 (RFC 9846 section B.4).
import type { AeadName, HashName } from './provider.ts';

/** What a cipher suite stands for. */
export interface CipherSuite {
  /** The RFC's name. */
  readonly name:
    | 'TLS_AES_128_GCM_SHA256'
    | 'TLS_AES_256_GCM_SHA384'
    | 'TLS_CHACHA20_POLY1305_SHA256';
  /** The number on the wire. */
  readonly code: number;
  /** What protects its records. */
  readonly aead: AeadName;
  /** The hash of its transcript and key schedule. */
  readonly hash: HashName;
}

/** A suite's name. */
export type CipherSuiteName = CipherSuite['name'];

/** All that are implemented, in the order of preference when none is given. */
export const CIPHER_SUITES: readonly CipherSuite[] = [
  { name: 'TLS_AES_128_GCM_SHA256', code: 0x1301, aead: 'aes-128-gcm', hash: 'sha256' },
  { name: 'TLS_AES_256_GCM_SHA384', code: 0x1302, aead: 'aes-256-gcm', hash: 'sha384' },
  { name: 'TLS_CHACHA20_POLY1305_SHA256', code: 0x1303, aead: 'chacha20-poly1305', hash: 'sha256' },
];
