// What a client makes of the response to its opening handshake (RFC 6455 section 4.1).
import type { ClientHandshake } from './client-handshake.ts';
import { agreeOnDeflate } from './deflate-offer.ts';
import { DEFLATE_NAME, type DeflateParameters } from './deflate-parameters.ts';
import { parseExtensionList } from './extension-list.ts';
import { handshakeFaultMessage } from './handshake-fault-message.ts';
import {
  equalsIgnoringCase,
  fieldValues,
  type HandshakeField,
  type HandshakeResponseHead,
  listHasToken,
} from './handshake-head.ts';
import { DEFAULT_HANDSHAKE_LIMITS, type HandshakeLimits } from './handshake-limits.ts';
import { listFaultDetail } from './list-reader.ts';
import { RESPONSE_FAULTS, type ResponseFaultCode } from './response-faults.ts';

/** The connection is open; what follows the head are frames. */
export interface EstablishedConnection {
  readonly type: 'established';
  /** The subprotocol in use, or null. */
  readonly subprotocol: string | null;
  /** The agreed parameters of permessage-deflate; null when it is not in use. */
  readonly deflate: DeflateParameters | null;
}

/** The server answered as to any other request: a 401, a redirect, a 426. Nobody has broken the protocol. */
export interface RefusedHandshake {
  readonly type: 'refused';
  readonly response: HandshakeResponseHead;
}

/** A 101 response with which the client must fail the connection. */
export interface FailedHandshake {
  readonly type: 'failed';
  readonly code: ResponseFaultCode;
  readonly message: string;
}

/** Checks a response. Never throws for what a server sends. */
export function checkOpeningResponse(
  handshake: ClientHandshake,
  response: HandshakeResponseHead,
  limits: HandshakeLimits = DEFAULT_HANDSHAKE_LIMITS,
): EstablishedConnection | RefusedHandshake | FailedHandshake {
  if (response.status !== 101) return { type: 'refused', response };
  const { fields } = response;
  const subprotocol = fieldValues(fields, 'sec-websocket-protocol')[0] ?? null;
  const fault = switchFault(fields, handshake.accept) ?? subprotocolFault(fields, handshake);
  if (fault !== null) return failed(fault);
  const deflate = agreedDeflate(fields, handshake, limits);
  if (deflate?.type === 'failed') return deflate;
  return { type: 'established', subprotocol, deflate: deflate?.parameters ?? null };
}

function failed(code: ResponseFaultCode, detail?: string): FailedHandshake {
  return {
    type: 'failed',
    code,
    message: handshakeFaultMessage(code, RESPONSE_FAULTS[code].section, detail),
  };
}

/** Steps 2, 3 and 4. */
function switchFault(fields: readonly HandshakeField[], accept: string): ResponseFaultCode | null {
  const [upgrade, ...upgrades] = fieldValues(fields, 'upgrade');
  if (upgrade === undefined || upgrades.length > 0) return 'WS_WRONG_UPGRADE';
  if (!equalsIgnoringCase(upgrade, 'websocket')) return 'WS_WRONG_UPGRADE';
  if (!listHasToken(fieldValues(fields, 'connection'), 'upgrade')) return 'WS_WRONG_CONNECTION';
  const accepts = fieldValues(fields, 'sec-websocket-accept');
  if (accepts.length === 0) return 'WS_MISSING_ACCEPT';
  if (accepts.length > 1) return 'WS_DUPLICATE_ACCEPT';
  return accepts[0] === accept ? null : 'WS_WRONG_ACCEPT';
}

/** Step 6. */
function subprotocolFault(
  fields: readonly HandshakeField[],
  { subprotocols, subprotocolRequired }: ClientHandshake,
): ResponseFaultCode | null {
  const [subprotocol, ...others] = fieldValues(fields, 'sec-websocket-protocol');
  if (subprotocol === undefined) {
    return subprotocolRequired && subprotocols.length > 0 ? 'WS_NO_SUBPROTOCOL' : null;
  }
  if (others.length > 0) return 'WS_DUPLICATE_SUBPROTOCOL';
  return subprotocols.includes(subprotocol) ? null : 'WS_SUBPROTOCOL_NOT_OFFERED';
}

interface AgreedDeflate {
  readonly type: 'agreed';
  readonly parameters: DeflateParameters;
}

/**
 * Step 5. Section 11.3.2 allows the field once in a response, section 4.2.2 that it be split between
 * several: what one section allows is accepted.
 */
function agreedDeflate(
  fields: readonly HandshakeField[],
  handshake: ClientHandshake,
  limits: HandshakeLimits,
): AgreedDeflate | FailedHandshake | null {
  const list = parseExtensionList(fieldValues(fields, 'sec-websocket-extensions'), limits);
  if (list.type === 'malformed') {
    return failed('WS_INVALID_EXTENSION_RESPONSE', listFaultDetail(list));
  }
  const [extension, ...others] = list.extensions;
  if (extension === undefined) return null;
  const areOffered = handshake.deflate.length > 0;
  if (!areOffered || list.extensions.some(({ name }) => name !== DEFLATE_NAME)) {
    return failed('WS_EXTENSION_NOT_OFFERED');
  }
  // Both would own RSV1 (RFC 7692 section 5).
  if (others.length > 0) return failed('WS_DUPLICATE_EXTENSION');
  const parameters = agreeOnDeflate(extension, handshake.deflate);
  if (parameters === 'invalid-parameters') return failed('WS_INVALID_DEFLATE_PARAMETERS');
  if (parameters === 'no-such-offer') return failed('WS_DEFLATE_NOT_OFFERED');
  return { type: 'agreed', parameters };
}
