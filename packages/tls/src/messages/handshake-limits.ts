// How large handshake messages may be.
import { HANDSHAKE_TYPE } from './handshake-type.ts';

/** Bounds below what the format itself allows. */
export interface HandshakeLimits {
  /** Bytes of a ClientHello's body; the format has no larger one than the default. */
  readonly clientHelloBytesMax: number;
  /** Bytes of a Certificate's body: the chain with everything stapled to it. */
  readonly certificateBytesMax: number;
}

/** What holds unless said otherwise. OpenSSL takes chains of 100 KiB, rustls messages of 64 KiB. */
export const HANDSHAKE_LIMITS: HandshakeLimits = {
  clientHelloBytesMax: 131_396,
  certificateBytesMax: 131_072,
};

/** verify_data of the longest hash in use, SHA-384. */
const FINISHED_BYTES_MAX = 48;

/**
 * Bytes of the longest body that the format of a type of message has: every field at its ceiling. -1 for
 * a type that is no message of TLS 1.3, as message_hash, which never is on the wire.
 */
export function formatBytesMax(type: number): number {
  switch (type) {
    case HANDSHAKE_TYPE.client_hello:
      return 2 + 32 + 33 + 2 + 0xfffe + 256 + 2 + 0xffff;
    case HANDSHAKE_TYPE.server_hello:
      return 2 + 32 + 33 + 2 + 1 + 2 + 0xffff;
    case HANDSHAKE_TYPE.new_session_ticket:
      return 4 + 4 + 256 + 2 + 0xffff + 2 + 0xffff;
    case HANDSHAKE_TYPE.end_of_early_data:
      return 0;
    case HANDSHAKE_TYPE.encrypted_extensions:
      return 2 + 0xffff;
    case HANDSHAKE_TYPE.certificate:
      return 0xffffff;
    case HANDSHAKE_TYPE.certificate_request:
      return 256 + 2 + 0xffff;
    case HANDSHAKE_TYPE.certificate_verify:
      return 2 + 2 + 0xffff;
    case HANDSHAKE_TYPE.finished:
      return FINISHED_BYTES_MAX;
    case HANDSHAKE_TYPE.key_update:
      return 1;
    default:
      return -1;
  }
}

/** Bytes that are taken of a body of this type. */
export function bodyBytesMax(type: number, limits: HandshakeLimits): number {
  switch (type) {
    case HANDSHAKE_TYPE.client_hello:
      return limits.clientHelloBytesMax;
    case HANDSHAKE_TYPE.certificate:
      return limits.certificateBytesMax;
    default:
      return Number.POSITIVE_INFINITY;
  }
}
