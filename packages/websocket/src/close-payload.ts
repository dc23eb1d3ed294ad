// The payload of a Close frame: nothing, or a code and a reason (RFC 6455 section 5.5.1).
import { CLOSE_CODE, isWireCloseCode, REASON_BYTES_MAX } from './close-code.ts';
import { LocalProtocolError, type WebSocketFaultCode } from './faults.ts';
import { decodeUtf8, UTF8_BOUNDARY, validateUtf8 } from './utf8.ts';

/** Why a peer closes. */
export interface CloseReason {
  /** 1005 when the frame has none (section 7.1.5). */
  readonly code: number;
  readonly reason: string;
}

const CODE_BYTES = 2;
const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);
const encoder = /* @__PURE__ */ new TextEncoder();

/** What a received payload says, or what is wrong with it. */
export function parseClosePayload(payload: Uint8Array): CloseReason | WebSocketFaultCode {
  if (payload.length === 0) return { code: CLOSE_CODE.noStatusReceived, reason: '' };
  if (payload.length < CODE_BYTES) return 'WS_INVALID_CLOSE_PAYLOAD';
  const code = (payload[0]! << 8) | payload[1]!;
  if (!isWireCloseCode(code)) return 'WS_INVALID_CLOSE_CODE';
  const reason = decodeUtf8(payload.subarray(CODE_BYTES));
  return reason === null ? 'WS_INVALID_CLOSE_REASON' : { code, reason };
}

/** Where the fault is of a payload that was refused. */
export function closeFaultAt(payload: Uint8Array): number {
  const withoutReason = parseClosePayload(payload.subarray(0, CODE_BYTES));
  if (typeof withoutReason === 'string') return 0;
  const wrong = validateUtf8(payload, CODE_BYTES, payload.length, UTF8_BOUNDARY);
  return wrong < 0 ? ~wrong : payload.length;
}

/**
 * The payload to send; 1005, «no status received», stands for none. Throws LocalProtocolError for a
 * code that must not be on the wire, and for a reason without one or of more than 123 bytes.
 */
export function serializeClosePayload(code: number, reason: string): Uint8Array {
  if (code === CLOSE_CODE.noStatusReceived) {
    if (reason !== '') throw refused('a reason needs a code');
    return NO_BYTES;
  }
  if (!isWireCloseCode(code)) throw refused(`${code} must not be on the wire`);
  const text = encoder.encode(reason);
  if (text.length > REASON_BYTES_MAX) {
    throw refused(`the reason has ${text.length} bytes, ${REASON_BYTES_MAX} at most are allowed`);
  }
  const payload = new Uint8Array(CODE_BYTES + text.length);
  payload[0] = code >>> 8;
  payload[1] = code;
  payload.set(text, CODE_BYTES);
  return payload;
}

function refused(why: string): LocalProtocolError {
  return new LocalProtocolError('WS_CLOSE_NOT_ALLOWED', `${why} (RFC 6455 section 7.4)`);
}
