// A request's head on its way out (RFC 9112 section 3), checked as a server would check it.
import { hostEnd } from './authority.ts';
import type { OutputQueue } from './bytes/output-queue.ts';
import type { Http1ClientSettings } from './client-settings.ts';
import { upgradeProtocols } from './control-fields.ts';
import type { Field, RequestHead } from './events.ts';
import { isName, isToken, listElements, trimWhitespace } from './grammar.ts';
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
import { writeHead } from './sent-heads.ts';
import { parseTarget } from './target.ts';

/** A request, decided. */
export interface RequestPlan {
  readonly outgoing: OutgoingFraming;
  /** The caller, or the limit, makes this the connection's last request. */
  readonly closes: boolean;
  readonly expectsContinue: boolean;
  /** Protocols offered, in lower case. */
  readonly upgrade: readonly string[];
  /** Fields that the machine adds. */
  readonly machineFields: readonly Field[];
}

/** Plans a request; throws LocalProtocolError or TypeError when the head is not allowed. */
export function planRequest(
  head: RequestHead,
  settings: Http1ClientSettings,
  isLast: boolean,
): RequestPlan {
  const { method, target } = head;
  if (!isToken(method)) throw new TypeError('a method must be a token');
  const parsed = parseTarget(method, target, settings.targetBits);
  if (parsed === null) throw new TypeError('the request-target has no form that its method allows');
  const fields = outgoingFields(head.fields);
  checkHost(head, fields, parsed.form === 'absolute' ? parsed.authority : null);
  const outgoing = requestFraming(method, fields);
  const expectsContinue = hasExpectContinue(head);
  if (expectsContinue && outgoing.contentLength === 0) {
    // «A client MUST NOT generate a 100-continue expectation in a request that does not include content.»
    throw framingError('Expect: 100-continue needs content');
  }
  const closes = fields.close || isLast;
  let { options } = fields;
  if (hasTe(head)) options = withOption(options, 'TE');
  if (fields.upgrade !== '') options = withOption(options, 'Upgrade');
  // A server of HTTP/1.0 keeps no connection without being asked (RFC 9112 section 9.3).
  if (closes) options = withOption(options, 'close');
  else if (fields.keepAlive) options = withOption(options, 'keep-alive');
  const machineFields = options === '' ? [] : [connectionField(options)];
  if (outgoing.framing === 'chunked') machineFields.push(CHUNKED_FIELD);
  else if (anticipatesContent(method) && fields.contentLength === -1)
    machineFields.push(EMPTY_FIELD);
  const upgrade = upgradeProtocols(fields.upgrade).map((protocol) => protocol.toLowerCase());
  return { outgoing, closes, expectsContinue, upgrade, machineFields };
}

/** Queues the head. */
export function writeRequestHead(
  queue: OutputQueue,
  { method, target, fields }: RequestHead,
  machineFields: readonly Field[],
): void {
  // Both were found valid, hence ASCII, when the request was planned.
  writeHead(queue, `${method} ${target} HTTP/1.1\r\n`, fields, machineFields);
}

function requestFraming(method: string, fields: OutgoingFields): OutgoingFraming {
  if (method === 'CONNECT' && (fields.chunked || fields.contentLength > 0)) {
    throw framingError('a CONNECT request has no content');
  }
  if (fields.chunked) return { framing: 'chunked', contentLength: -1 };
  if (fields.contentLength === -1) return { framing: 'none', contentLength: 0 };
  return { framing: 'content-length', contentLength: fields.contentLength };
}

/**
 * «A user agent SHOULD send Content-Length in a request when the method defines a meaning for
 * enclosed content and it is not sending Transfer-Encoding», RFC 9110 section 8.6.
 */
function anticipatesContent(method: string): boolean {
  return method === 'POST' || method === 'PUT' || method === 'PATCH';
}

/** One Host, valid, and the target's own authority when it has one (RFC 9112 section 3.2). */
function checkHost(head: RequestHead, fields: OutgoingFields, authority: string | null): void {
  if (fields.hosts !== 1) throw framingError('a request has one Host field');
  const host = head.fields.find(({ name }) => isName(name, 'host'))!.value;
  if (hostEnd(host) === -1) throw framingError('Host must be a host with an optional port');
  const expected = authority?.slice(authority.lastIndexOf('@') + 1) ?? null;
  if (expected !== null && host.toLowerCase() !== expected.toLowerCase()) {
    throw framingError('Host must be the authority of the absolute-form target');
  }
}

/**
 * There is a TE field. «A client MUST NOT send the chunked transfer coding name in TE; chunked is
 * always acceptable for HTTP/1.1 recipients.» RFC 9112 section 7.4.
 */
function hasTe(head: RequestHead): boolean {
  let found = false;
  for (const { name, value } of head.fields) {
    if (!isName(name, 'te')) continue;
    found = true;
    for (const element of listElements(value)) {
      const coding = trimWhitespace(element.split(';', 1)[0]!);
      if (coding.toLowerCase() === 'chunked') throw framingError('TE must not name chunked');
    }
  }
  return found;
}

function hasExpectContinue(head: RequestHead): boolean {
  return head.fields.some(
    ({ name, value }) =>
      isName(name, 'expect') &&
      listElements(value).some((element) => element.toLowerCase() === '100-continue'),
  );
}
