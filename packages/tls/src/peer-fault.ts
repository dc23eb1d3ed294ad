// How a wrong byte of the peer's gets from the depth of a parser to the one place that tells of it.
import type { FaultCode } from './faults.ts';

/**
 * The peer broke the protocol. Thrown while a record or message is read, and caught by the connection,
 * which makes it a `failed` event and an alert; it never reaches a caller.
 */
export class PeerFault extends Error {
  override readonly name: string = 'PeerFault';
  /** What the peer did wrong. */
  readonly code: FaultCode;

  /** `detail` says what and where, without bytes of the peer's and without secrets. */
  constructor(code: FaultCode, detail: string) {
    super(detail);
    this.code = code;
  }
}
