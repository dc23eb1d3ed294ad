// What a server may answer in its present situation, and what the answer says about the connection.
import type { Field, RequestEvent, ResponseHead, ServerCloseCause } from './events.ts';
import { LocalProtocolError } from './faults.ts';
import { tokenListElements } from './grammar.ts';
import {
  CHUNKED_FIELD,
  connectionField,
  EMPTY_FIELD,
  framingError,
  type OutgoingFields,
  type OutgoingFraming,
  outgoingFields,
  withOption,
} from './outgoing-fields.ts';
import type { RequestReader } from './request-reader.ts';
import { responseFraming } from './response-head.ts';
import type { Http1ServerSettings } from './server-settings.ts';
import type { SERVER_RECEIVE, SERVER_SEND, StatePair } from './state.ts';

const UNKNOWN = Number.POSITIVE_INFINITY;

/** The situation of the connection when a response is sent. */
export interface ResponseContext {
  readonly settings: Http1ServerSettings;
  /** Null when the request's head was faulty. */
  readonly request: RequestEvent | null;
  readonly reader: Pick<RequestReader, 'method' | 'minorVersion' | 'remainingBytes'>;
  readonly states: Readonly<StatePair<typeof SERVER_RECEIVE, typeof SERVER_SEND>>;
  /** Requests received on this connection, the current one included. */
  readonly requests: number;
  /** The client may be waiting for 100 (Continue). */
  readonly continueIsDue: boolean;
  /** The server is being drained. */
  readonly draining: boolean;
  /** The connection has reached its maximum age. */
  readonly isTooOld: boolean;
}

/** A final response, decided. */
export interface ResponsePlan {
  readonly outgoing: OutgoingFraming;
  readonly closeCause: ServerCloseCause | null;
  /** Fields that the machine adds. */
  readonly machineFields: readonly Field[];
  /** The caller's fields say nothing of what the machine decides: so it would decide the same again. */
  readonly isRepeatable: boolean;
}

/**
 * Plans a final response with the length of its content, -1 when that is not to be said, and the value
 * of its Date field, which may be empty; throws LocalProtocolError or RangeError when the head is not
 * allowed.
 */
export function planResponse(
  head: ResponseHead,
  contentLength: number,
  context: ResponseContext,
  date: string,
): ResponsePlan {
  const { status } = head;
  if (!(Number.isInteger(status) && status >= 200 && status <= 599)) {
    throw new RangeError('a final status code is an integer from 200 to 599');
  }
  const fields = outgoingFields(head.fields);
  const statesLength = addLength(fields, contentLength);
  const outgoing = responseFraming(
    status,
    fields,
    context.reader.method,
    context.reader.minorVersion,
  );
  const closeCause = closeCauseOf(context, fields, outgoing);
  const machineFields = connectionFields(closeCause !== null, fields, context);
  if (outgoing.framing === 'chunked') machineFields.push(CHUNKED_FIELD);
  const impliesEmpty = outgoing.framing === 'content-length' && fields.contentLength === -1;
  if (impliesEmpty) machineFields.push(EMPTY_FIELD);
  if (date !== '' && !fields.date) machineFields.push({ name: 'Date', value: date });
  // Last, for this is what differs between heads that are otherwise the same.
  if (statesLength) {
    machineFields.push({ name: 'Content-Length', value: String(fields.contentLength) });
  }
  const isSilent = fields.options === '' && fields.upgrade === '' && !fields.close && !fields.date;
  const isRepeatable = isSilent && statesLength && outgoing.framing === 'content-length';
  return { outgoing, closeCause, machineFields, isRepeatable };
}

/** Takes over a length that the fields do not say; false when there is none to be written. */
function addLength(fields: OutgoingFields, contentLength: number): boolean {
  if (contentLength < 0 || fields.contentLength === contentLength) return false;
  if (fields.contentLength !== -1 || fields.chunked) {
    throw framingError(`the content has ${contentLength} bytes, and the fields say otherwise`);
  }
  fields.contentLength = contentLength;
  return true;
}

/**
 * Whether the connection goes on after an ordinary request of HTTP/1.1, so that the machine says about
 * it what it says about every other.
 */
export function isOrdinary(context: ResponseContext): boolean {
  const { request, settings } = context;
  if (request === null || !request.persistent || request.minorVersion === 0) return false;
  if (context.states.receive !== 'done' || context.draining || context.isTooOld) return false;
  return (
    settings.requestsMax === UNKNOWN && request.method !== 'HEAD' && request.method !== 'CONNECT'
  );
}

/** Checks an informational head; 101 is a switch and goes another way. */
export function planInformational(head: ResponseHead, context: ResponseContext): void {
  const { status } = head;
  if (!(Number.isInteger(status) && status >= 100 && status <= 199 && status !== 101)) {
    throw new RangeError('an informational status code is an integer from 100 to 199 but 101');
  }
  // «a server MUST NOT send a 1xx response to an HTTP/1.0 client», RFC 9110 section 15.2.
  if (context.reader.minorVersion === 0)
    throw framingError('HTTP/1.0 has no informational responses');
  const fields = outgoingFields(head.fields);
  refuseLength(fields, 'an informational response');
  if (fields.close) throw framingError('only a final response can announce close');
}

/** A switch of protocols, decided. */
export interface SwitchPlan {
  readonly machineFields: readonly Field[];
  readonly protocol: string;
}

/** Plans 101 or a successful response to CONNECT, with a Date field unless it is empty; throws LocalProtocolError when it may not be sent. */
export function planSwitch(head: ResponseHead, context: ResponseContext, date: string): SwitchPlan {
  const { request } = context;
  // Without content the end is certain, though it may not have been reported yet.
  const isReceived = context.states.receive === 'done' || request?.framing === 'none';
  if (request === null || !isReceived) {
    throw switchError('the request has not been received to its end');
  }
  const fields = outgoingFields(head.fields);
  refuseLength(fields, 'a switch of protocols');
  if (fields.close) throw switchError('a connection cannot close and switch');
  if (head.status !== 101) {
    const machineFields = date === '' || fields.date ? [] : [{ name: 'Date', value: date }];
    return { machineFields, protocol: 'connect' };
  }
  if (request.upgrade.length === 0) throw switchError('the request offers no Upgrade');
  // «A server MUST NOT switch to a protocol that was not indicated by the client», RFC 9110 section 7.8.
  const chosen = tokenListElements(fields.upgrade).map((protocol) => protocol.toLowerCase());
  const offered = request.upgrade.map((protocol) => protocol.toLowerCase());
  if (chosen.length === 0 || !chosen.every((protocol) => offered.includes(protocol))) {
    throw switchError('Upgrade must name protocols that the client offered');
  }
  const options = withOption(fields.options, 'upgrade');
  return { machineFields: [connectionField(options)], protocol: chosen[0]! };
}

/** The first reason there is to close after this response. */
function closeCauseOf(
  context: ResponseContext,
  fields: OutgoingFields,
  outgoing: OutgoingFraming,
): ServerCloseCause | null {
  const { settings } = context;
  const { receive } = context.states;
  if (receive === 'ended') return 'failed';
  if (context.draining) return 'drained';
  if (context.isTooOld) return 'max-age';
  if (receive === 'content') {
    const { remainingBytes } = context.reader;
    // Whether a client that was not told to continue will send its content is unknowable.
    const isTooLarge = remainingBytes > settings.limits.discardBytesMax && remainingBytes < UNKNOWN;
    if (context.continueIsDue || isTooLarge) return 'content-unread';
  }
  if (context.request?.persistent === false) return 'peer-close';
  // «proxy servers MUST close the underlying connection when rejecting a CONNECT request, without
  // processing any further requests on that connection», RFC 9931 section 8: what follows may have
  // been meant for the tunnel.
  if (context.reader.method === 'CONNECT') return 'local-close';
  if (fields.close || outgoing.framing === 'close-delimited') return 'local-close';
  return context.requests >= settings.requestsMax ? 'max-requests' : null;
}

/** Connection and Keep-Alive (RFC 9112 section 9.3, RFC 2068 section 19.7.1). */
function connectionFields(
  closes: boolean,
  fields: OutgoingFields,
  context: ResponseContext,
): Field[] {
  const { settings, requests } = context;
  const { minorVersion } = context.reader;
  const own = fields.upgrade === '' ? fields.options : withOption(fields.options, 'upgrade');
  if (closes) return [connectionField(withOption(own, 'close'))];
  const announces = settings.announceKeepAlive;
  if (!announces && minorVersion === 1) return own === '' ? [] : [connectionField(own)];
  const connection = connectionField(withOption(own, 'keep-alive'));
  if (!announces) return [connection];
  const hint = keepAliveHint(settings, requests);
  return hint === '' ? [connection] : [connection, { name: 'Keep-Alive', value: hint }];
}

/** What is left of patience and of requests, each where there is a limit (RFC 2068 section 19.7.1.1). */
function keepAliveHint({ idleHint, requestsMax }: Http1ServerSettings, requests: number): string {
  if (requestsMax === UNKNOWN) return idleHint;
  const max = `max=${requestsMax - requests}`;
  return idleHint === '' ? max : `${idleHint}, ${max}`;
}

function refuseLength(fields: OutgoingFields, what: string): void {
  if (fields.contentLength !== -1 || fields.chunked) {
    throw framingError(`${what} has neither Content-Length nor Transfer-Encoding`);
  }
}

/** A LocalProtocolError about a switch of protocols. */
export function switchError(message: string): LocalProtocolError {
  return new LocalProtocolError('HTTP1_SWITCH_NOT_ALLOWED', message);
}
