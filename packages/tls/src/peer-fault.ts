// How a wrong byte of the peer's gets from the depth of a parser to the one place that tells of it.
import type { FaultCode } from './faults.ts';

/**
 * The peer broke the protocol, or our own key cannot sign. Thrown while a record or message is read, and
 * caught by the connection, which makes it a `failed` event and an alert; it never reaches a caller.
 */
export class PeerFault extends Error {
  override readonly name: string = 'PeerFault';
  /** What went wrong. */
  readonly code: FaultCode;

  /**
   * `detail` says what and where, without bytes of the peer's and without secrets; `cause` is what was
   * thrown by something that is not ours.
   */
  constructor(code: FaultCode, detail: string, cause: unknown = null) {
    super(detail, { cause });
    this.code = code;
  }
}
