// What of a header's first two bytes is against the rules between two endpoints (RFC 6455 sections
// 5.1, 5.2, 5.4 and 5.5).
import type { WebSocketFaultCode } from './faults.ts';
import { FIN, OPCODE_BITS, RSV_BITS, RSV1, SHORT_PAYLOAD_BYTES_MAX } from './frame-header.ts';
import { isControl, isKnownOpcode, OPCODE } from './opcode.ts';

/** Where a frame stands. */
export interface FrameContext {
  /** True for a server: its peer masks (section 5.1). */
  readonly peerMasks: boolean;
  /** permessage-deflate was agreed, which owns RSV1 (RFC 7692 section 6). */
  readonly mayCompress: boolean;
  /** The first fragment of a message was received, and not its last. */
  readonly isInMessage: boolean;
}

/**
 * What is wrong with a frame, as far as its FIN, RSV, opcode, mask and 7-bit length say; null when
 * nothing is. The first byte is judged before the second, so that it does not matter whether that is here.
 */
export function frameFault(
  bits: number,
  isMasked: boolean,
  payloadBytes: number,
  context: FrameContext,
): WebSocketFaultCode | null {
  const opcode = bits & OPCODE_BITS;
  const rsv = bits & RSV_BITS;
  if (rsv !== 0) {
    const isFirst = opcode === OPCODE.text || opcode === OPCODE.binary;
    if (rsv !== RSV1 || !isFirst || !context.mayCompress) return 'WS_RESERVED_BITS';
  }
  if (!isKnownOpcode(opcode)) return 'WS_RESERVED_OPCODE';
  if (isControl(opcode)) {
    if ((bits & FIN) === 0) return 'WS_CONTROL_FRAGMENTED';
  } else if ((opcode === OPCODE.continuation) !== context.isInMessage) {
    return context.isInMessage ? 'WS_EXPECTED_CONTINUATION' : 'WS_UNEXPECTED_CONTINUATION';
  }
  if (isMasked !== context.peerMasks) return isMasked ? 'WS_MASKED_FRAME' : 'WS_UNMASKED_FRAME';
  const isTooLong = isControl(opcode) && payloadBytes > SHORT_PAYLOAD_BYTES_MAX;
  return isTooLong ? 'WS_CONTROL_TOO_LONG' : null;
}
