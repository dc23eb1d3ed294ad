// What a frame is for (RFC 6455 section 5.2, registry in section 11.8).

/** Opcodes; the values between are reserved, and a frame that has one fails the connection. */
export const OPCODE = {
  /** A further fragment of the message under way. */
  continuation: 0x0,
  /** The first fragment, or all, of a message in UTF-8. */
  text: 0x1,
  /** The first fragment, or all, of a message of bytes. */
  binary: 0x2,
  /** The beginning or the answer of the closing handshake (section 5.5.1). */
  close: 0x8,
  /** Asks for a pong (section 5.5.2). */
  ping: 0x9,
  /** Answers a ping, or is a heartbeat without one (section 5.5.3). */
  pong: 0xa,
} as const;

/** A message's kind: what its first frame says. */
export type MessageKind = 'text' | 'binary';

/** Control frames may come between the fragments of a message, and are never fragmented themselves. */
export function isControl(opcode: number): boolean {
  return (opcode & 0x8) !== 0;
}

/** One of the six that RFC 6455 defines. */
export function isKnownOpcode(opcode: number): boolean {
  return opcode <= OPCODE.binary || (opcode >= OPCODE.close && opcode <= OPCODE.pong);
}
