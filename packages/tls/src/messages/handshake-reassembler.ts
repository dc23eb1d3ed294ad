// Handshake messages out of the fragments in records (RFC 9846 section 5.1).
import type { HandshakeLimits } from './handshake-limits.ts';

/**
 * Takes the content of handshake records and gives whole messages, header included. Work is linear in
 * the bytes however they are cut, and a message that is too large is refused at its header.
 */
export declare class HandshakeReassembler {
  constructor(limits: HandshakeLimits);
  /** True when nothing is left: what must hold before keys change and before a record of another type. */
  readonly isAligned: boolean;
  /**
   * Adds the content of one handshake record, taken over by the reassembler. Throws PeerFault for an
   * empty one (`TLS_EMPTY_HANDSHAKE_FRAGMENT`).
   */
  receive(fragment: Uint8Array): void;
  /**
   * The next whole message with its header, or null when more is needed. Throws PeerFault for a type
   * that TLS 1.3 does not know and for a length beyond the limit of its type.
   */
  nextMessage(): Uint8Array | null;
  /** Throws PeerFault when a record of another type comes in the middle of a message. */
  checkNotInterleaved(): void;
  /** Throws PeerFault when bytes are left in front of a change of keys. */
  checkAligned(): void;
  /** Lets go of what is held. */
  clear(): void;
}
