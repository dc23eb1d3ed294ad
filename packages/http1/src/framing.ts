// Message body length: RFC 9112 section 6.3 as pure functions of the head.
import type { Framing } from './events.ts';
import type { Http1FaultCode } from './faults.ts';
import { isToken, listElements, trimWhitespace } from './grammar.ts';

/** How content is delimited, or which rule the head breaks. */
export interface MessageLength {
  readonly framing: Framing;
  /** Bytes of content; -1 when unknown until its end. */
  readonly contentLength: number;
  /** Codings under the chunked one, or instead of it; responses only. */
  readonly transferCodings: readonly string[];
  readonly fault: Http1FaultCode | null;
}

/** What the rules look at. */
export interface LengthFields {
  readonly contentLength: string | null;
  readonly transferEncoding: string | null;
}

const NO_CODINGS: readonly string[] = /* @__PURE__ */ Object.freeze([]);
const NO_CONTENT: MessageLength = /* @__PURE__ */ lengthOf('none', 0);
const CHUNKED: MessageLength = /* @__PURE__ */ lengthOf('chunked', -1);
const TUNNEL: MessageLength = /* @__PURE__ */ lengthOf('tunnel', -1);
const CLOSE_DELIMITED: MessageLength = /* @__PURE__ */ lengthOf('close-delimited', -1);

function lengthOf(framing: Framing, contentLength: number): MessageLength {
  return { framing, contentLength, transferCodings: NO_CODINGS, fault: null };
}

function faulty(fault: Http1FaultCode): MessageLength {
  return { framing: 'none', contentLength: 0, transferCodings: NO_CODINGS, fault };
}

/** The length of a request's content. */
export function requestLength(fields: LengthFields, minorVersion: number): MessageLength {
  if (fields.transferEncoding !== null) {
    if (minorVersion === 0) return faulty('HTTP1_TRANSFER_ENCODING_IN_HTTP10');
    // «A server MAY reject a request that contains both Content-Length and Transfer-Encoding.»
    if (fields.contentLength !== null) return faulty('HTTP1_AMBIGUOUS_LENGTH');
    return requestTransferCoding(fields.transferEncoding);
  }
  if (fields.contentLength === null) return NO_CONTENT;
  return contentLength(fields.contentLength);
}

/** The length of a response's content, which depends on the request's method as well. */
export function responseLength(
  fields: LengthFields,
  minorVersion: number,
  status: number,
  method: string,
): MessageLength {
  const isInformational = status >= 100 && status < 200;
  // «Any 2xx (Successful) response indicates that the sender [...] will switch to tunnel mode
  // immediately after the response header section», RFC 9110 section 9.3.6: 204, too.
  if (method === 'CONNECT' && status >= 200 && status < 300) return TUNNEL;
  if (method === 'HEAD' || isInformational || status === 204 || status === 304) return NO_CONTENT;
  if (fields.transferEncoding !== null) {
    // «MUST treat the message as if the framing is faulty, even if a Content-Length is present»
    if (minorVersion === 0) return faulty('HTTP1_TRANSFER_ENCODING_IN_HTTP10');
    // Such a message «ought to be handled as an error».
    if (fields.contentLength !== null) return faulty('HTTP1_AMBIGUOUS_LENGTH');
    return responseTransferCoding(fields.transferEncoding);
  }
  if (fields.contentLength === null) return CLOSE_DELIMITED;
  return contentLength(fields.contentLength);
}

function contentLength(value: string): MessageLength {
  const byteCount = parseContentLength(value);
  if (byteCount < 0) return faulty('HTTP1_INVALID_CONTENT_LENGTH');
  return lengthOf('content-length', byteCount);
}

/**
 * `1*DIGIT`, or a list of the same digits (RFC 9110 section 8.6); -1 for anything else, and for
 * what a JavaScript number cannot hold exactly.
 */
export function parseContentLength(value: string): number {
  let byteCount = 0;
  for (let at = 0; at < value.length; at++) {
    const digit = value.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return value.includes(',') ? listedLength(value) : -1;
    byteCount = byteCount * 10 + digit;
  }
  return value.length > 0 && byteCount <= Number.MAX_SAFE_INTEGER ? byteCount : -1;
}

function listedLength(value: string): number {
  const elements = value.split(',').map(trimWhitespace);
  const first = elements[0]!;
  const areSame = elements.every((element) => element === first);
  return areSame ? parseContentLength(first) : -1;
}

/** In a request, chunked has to be last and once, and nothing else is understood. */
function requestTransferCoding(value: string): MessageLength {
  if (value === 'chunked') return CHUNKED;
  const codings = transferCodings(value);
  if (codings === null || !chunkedIsLastAndOnce(codings)) {
    return faulty('HTTP1_INVALID_TRANSFER_ENCODING');
  }
  return codings.length === 1 ? CHUNKED : faulty('HTTP1_UNKNOWN_TRANSFER_CODING');
}

function responseTransferCoding(value: string): MessageLength {
  if (value === 'chunked') return CHUNKED;
  const codings = transferCodings(value);
  if (codings === null) return faulty('HTTP1_INVALID_TRANSFER_ENCODING');
  // «A sender MUST NOT apply the chunked transfer coding more than once», RFC 9112 section 6.1.
  const isTwice = codings.indexOf('chunked') !== codings.lastIndexOf('chunked');
  if (isTwice) return faulty('HTTP1_INVALID_TRANSFER_ENCODING');
  if (codings[codings.length - 1] !== 'chunked') {
    // «If [...] the chunked transfer coding is not the final encoding, the message body length is
    // determined by reading the connection until it is closed by the server», RFC 9112 section 6.3.
    return { framing: 'close-delimited', contentLength: -1, transferCodings: codings, fault: null };
  }
  const others = codings.slice(0, -1);
  return { framing: 'chunked', contentLength: -1, transferCodings: others, fault: null };
}

function chunkedIsLastAndOnce(codings: readonly string[]): boolean {
  return codings.indexOf('chunked') === codings.length - 1;
}

/** `*( OWS ";" OWS token BWS "=" BWS ( token / quoted-string ) )`, RFC 9112 section 7. */
const PARAMETERS =
  /^(?:[ \t]*;[ \t]*[!#$%&'*+.^_`|~0-9a-z-]+[ \t]*=[ \t]*(?:[!#$%&'*+.^_`|~0-9a-z-]+|"(?:[^"\\]|\\.)*"))*$/i;

/** The codings of RFC 9112: parameters on these «SHOULD be treated as an error» (sections 7.1 and 7.2). */
const WITHOUT_PARAMETERS: readonly string[] = /* @__PURE__ */ Object.freeze([
  'chunked',
  'compress',
  'deflate',
  'gzip',
  'x-compress',
  'x-gzip',
]);

/** `#transfer-coding`, names in lower case; null when malformed or empty. */
function transferCodings(value: string): string[] | null {
  const codings: string[] = [];
  for (const element of listElements(value)) {
    const semicolon = element.indexOf(';');
    const name = trimWhitespace(semicolon === -1 ? element : element.slice(0, semicolon));
    const coding = name.toLowerCase();
    if (!isToken(coding)) return null;
    if (semicolon !== -1) {
      if (WITHOUT_PARAMETERS.includes(coding)) return null;
      if (!PARAMETERS.test(element.slice(semicolon))) return null;
    }
    codings.push(coding);
  }
  return codings.length === 0 ? null : codings;
}
