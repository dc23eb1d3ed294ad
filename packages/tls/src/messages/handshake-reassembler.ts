// Handshake messages out of the fragments in records (RFC 9846 section 5.1).
import { ReceiveBuffer } from '../bytes/receive-buffer.ts';
import { PeerFault } from '../peer-fault.ts';
import { bodyBytesMax, formatBytesMax, type HandshakeLimits } from './handshake-limits.ts';
import { HANDSHAKE_HEADER_BYTES } from './handshake-type.ts';

/**
 * Takes the content of handshake records and gives whole messages, header included. A message that is in
 * one record is a view of it. Work is linear in the bytes however they are cut, and a message that is too
 * large is refused at its header.
 */
export class HandshakeReassembler {
  private readonly limits: HandshakeLimits;
  private readonly buffer: ReceiveBuffer = new ReceiveBuffer();

  constructor(limits: HandshakeLimits) {
    this.limits = limits;
  }

  /** True when nothing is left: what must hold before keys change and before a record of another type. */
  get isAligned(): boolean {
    return this.buffer.length === 0;
  }

  /**
   * Adds the content of one handshake record, taken over by the reassembler. Throws PeerFault for an
   * empty one: "Implementations MUST NOT send zero-length fragments of Handshake types".
   */
  receive(fragment: Uint8Array): void {
    if (fragment.length === 0) {
      throw new PeerFault('TLS_EMPTY_HANDSHAKE_FRAGMENT', 'a handshake record without content');
    }
    this.buffer.append(fragment);
  }

  /**
   * The next whole message with its header, or null when more is needed. Throws PeerFault for a type
   * that TLS 1.3 does not know and for a length beyond the limit of its type.
   */
  nextMessage(): Uint8Array | null {
    if (this.buffer.length < HANDSHAKE_HEADER_BYTES) return null;
    const { bytes, start } = this.buffer;
    const length =
      (bytes[start + 1] ?? 0) * 0x10000 + (bytes[start + 2] ?? 0) * 0x100 + (bytes[start + 3] ?? 0);
    this.checkHeader(bytes[start] ?? 0, length);
    const whole = HANDSHAKE_HEADER_BYTES + length;
    return this.buffer.length < whole ? null : this.buffer.take(whole);
  }

  /**
   * Throws PeerFault when a record of another type comes in the middle of a message: "if a handshake
   * message is split over two or more records, there MUST NOT be any other records between them".
   */
  checkNotInterleaved(): void {
    if (this.isAligned) return;
    throw new PeerFault('TLS_INTERLEAVED_HANDSHAKE', 'another record inside a handshake message');
  }

  /**
   * Throws PeerFault when bytes are left in front of a change of keys: "Implementations MUST verify that
   * all messages immediately preceding a key change align with a record boundary".
   */
  checkAligned(): void {
    if (this.isAligned) return;
    throw new PeerFault('TLS_KEY_CHANGE_IN_RECORD', 'more behind a message that changes keys');
  }

  /** Lets go of what is held. */
  clear(): void {
    this.buffer.clear();
  }

  private checkHeader(type: number, length: number): void {
    const formatMax = formatBytesMax(type);
    if (formatMax < 0) throw new PeerFault('TLS_UNKNOWN_MESSAGE', `handshake type ${type}`);
    const detail = `handshake type ${type} of ${length} bytes`;
    if (length > formatMax) throw new PeerFault('TLS_DECODE_ERROR', detail);
    if (length > bodyBytesMax(type, this.limits)) {
      throw new PeerFault('TLS_MESSAGE_TOO_LARGE', detail);
    }
  }
}
