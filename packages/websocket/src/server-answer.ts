// What a server answers to an opening handshake that can be accepted (RFC 6455 section 4.2.2).
import { acceptKey } from './accept-key.ts';
import { answerDeflateOffers, type DeflateChoice } from './deflate-answer.ts';
import type { DeflateParameters } from './deflate-parameters.ts';
import { serializeExtensionList } from './extension-list.ts';
import {
  checkCallerFields,
  type HandshakeField,
  type HandshakeRequestHead,
  type HandshakeResponseHead,
} from './handshake-head.ts';
import type { HandshakeLimits } from './handshake-limits.ts';
import {
  type NotWebSocket,
  type OpeningRequest,
  type RefusedRequest,
  readOpeningRequest,
} from './server-handshake.ts';
import { type SubprotocolChoice, selectSubprotocol } from './subprotocol.ts';

/** How a server accepts. */
export interface AcceptOptions {
  /** By default, none is chosen. */
  readonly subprotocols?: SubprotocolChoice;
  /**
   * What is wanted of permessage-deflate; null, the default, declines it. Compression shows in the
   * length of messages what they have in common: do not compress secrets beside what an attacker
   * can choose (CRIME, BREACH).
   */
  readonly deflate?: DeflateChoice | null;
  /** Further fields of the response, such as Set-Cookie. */
  readonly fields?: readonly HandshakeField[];
}

/** The connection is established once the response has been sent. */
export interface AcceptedRequest {
  readonly type: 'accepted';
  readonly response: HandshakeResponseHead;
  /** The subprotocol in use, or null. */
  readonly subprotocol: string | null;
  /** The agreed parameters of permessage-deflate; null when it is not in use. */
  readonly deflate: DeflateParameters | null;
}

/** Fields that a switch of protocols has already, or cannot have. */
const NOT_IN_SWITCH = ['upgrade', 'connection', 'content-length', 'transfer-encoding', 'trailer'];

/** What a response must have beside its status: RFC 9110 sections 15.5.2, 15.5.6 and 15.5.22. */
const FIELD_OF_STATUS: Readonly<Record<number, string>> = {
  401: 'www-authenticate',
  405: 'allow',
  426: 'upgrade',
};

/**
 * Accepts a handshake. Throws a TypeError or a RangeError when an option is not valid, such as a
 * subprotocol that was not offered.
 */
export function acceptOpening(
  request: OpeningRequest,
  options: AcceptOptions = {},
): AcceptedRequest {
  const { subprotocols = [], deflate: choice = null, fields: further = [] } = options;
  checkCallerFields(further, NOT_IN_SWITCH);
  const subprotocol = selectSubprotocol(request.subprotocols, subprotocols);
  const deflate = choice === null ? null : answerDeflateOffers(request.extensions, choice);
  const fields: HandshakeField[] = [
    { name: 'Upgrade', value: 'websocket' },
    { name: 'Connection', value: 'Upgrade' },
    { name: 'Sec-WebSocket-Accept', value: acceptKey(request.key) },
  ];
  if (subprotocol !== null) fields.push({ name: 'Sec-WebSocket-Protocol', value: subprotocol });
  if (deflate !== null) {
    const value = serializeExtensionList([deflate.response]);
    fields.push({ name: 'Sec-WebSocket-Extensions', value });
  }
  return {
    type: 'accepted',
    response: { status: 101, reason: 'Switching Protocols', fields: [...fields, ...further] },
    subprotocol,
    deflate: deflate?.parameters ?? null,
  };
}

/** Reads a request and, unless there is something wrong with it, accepts it. */
export function acceptWebSocket(
  head: HandshakeRequestHead,
  options: AcceptOptions = {},
  limits?: HandshakeLimits,
): AcceptedRequest | NotWebSocket | RefusedRequest {
  const request = readOpeningRequest(head, limits);
  return request.type === 'opening' ? acceptOpening(request, options) : request;
}

/**
 * The response with which a server that could accept does not: 403 to a foreign Origin, 401, 404, a
 * redirect, 503. Throws a RangeError for a status that is not 300-599, a TypeError for fields that
 * are not valid or without the one that RFC 9110 asks for with the status.
 */
export function refuseOpening(
  status: number,
  fields: readonly HandshakeField[] = [],
): HandshakeResponseHead {
  if (!Number.isInteger(status) || status < 300 || status > 599) {
    throw new RangeError('a handshake is refused with a status from 300 to 599');
  }
  checkCallerFields(fields, []);
  const needed = FIELD_OF_STATUS[status];
  if (needed !== undefined && !fields.some(({ name }) => name.toLowerCase() === needed)) {
    throw new TypeError(`a response with status ${status} has a field ${needed}`);
  }
  return { status, fields };
}
