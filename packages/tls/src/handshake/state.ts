// The handshake as a chain of states, a class for each message that is expected (RFC 9846 appendix A):
// no message can be taken where its class is not.
import { PeerFault } from '../peer-fault.ts';
import type { AnyDecision } from './decision.ts';
import type { Secured } from './secured.ts';

/** Expects one message, or one of few. */
export interface HandshakeState {
  /** Data may come, and so may KeyUpdate. */
  readonly takesData?: true;
  /** Takes a whole message, header included. Throws PeerFault. */
  receive(message: Uint8Array): Step;
}

/** What follows a message or an answer: another state, a question, or the end of the handshake. */
export type Step = HandshakeState | AnyDecision | Secured;

/** Throws PeerFault unless the message is of this type. */
export function expectMessage(message: Uint8Array, type: number): void {
  if (message[0] !== type) throw unexpectedMessage(message, `${type}`);
}

/** The fault of a message that may not come here; `expected` says which might. */
export function unexpectedMessage(message: Uint8Array, expected: string): PeerFault {
  const detail = `handshake message ${message[0]} where ${expected} was expected`;
  return new PeerFault('TLS_UNEXPECTED_MESSAGE', detail);
}
