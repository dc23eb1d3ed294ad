// A request's head: found whole, or scanned as its bytes come, then understood.
import { hostEnd } from './authority.ts';
import { decodeLatin1 } from './bytes/latin1.ts';
import type { ReceiveBuffer } from './bytes/receive-buffer.ts';
import { ControlFields, connectionOptions, upgradeProtocols } from './control-fields.ts';
import type { Field, RequestEvent } from './events.ts';
import type { Http1FaultCode } from './faults.ts';
import { FieldScanner } from './field-scanner.ts';
import { sectionFields } from './field-section.ts';
import { requestLength } from './framing.ts';
import { listElements } from './grammar.ts';
import type { Http1ServerSettings } from './server-settings.ts';
import { RequestLineScanner } from './start-line-scanner.ts';
import { ORIGIN, type ParsedTarget, parseTarget } from './target.ts';
import {
  type RequestLine,
  wholeFieldSection,
  wholeFields,
  wholeRequestLine,
} from './whole-head.ts';

/** SP, version and CRLF. */
const BEHIND_TARGET_BYTES = 11;
const NO_PROTOCOLS: readonly string[] = /* @__PURE__ */ Object.freeze([]);

/** The head that the buffer begins with, if it is whole, valid and in no way unusual. */
export function wholeRequest(
  buffer: ReceiveBuffer,
  settings: Http1ServerSettings,
): RequestEvent | null {
  const { bytes, start } = buffer;
  const { limits } = settings;
  const end = Math.min(buffer.end, start + limits.headBytesMax);
  const line = wholeRequestLine(bytes, start, end, limits, settings.targetBits);
  if (line === null) return null;
  const fieldsStart = start + line.targetEnd + BEHIND_TARGET_BYTES;
  const headEnd = wholeFieldSection(bytes, start, fieldsStart, end, limits.fieldsMax);
  if (headEnd === -1) return null;
  const rawHead = decodeLatin1(bytes, start, headEnd, true);
  const control = new ControlFields();
  const fields = wholeFields(rawHead, control);
  const event = understand(rawHead, line, ORIGIN, fields, control, settings);
  return typeof event === 'string' ? null : event;
}

/** Scans one head at a time, of any kind; kept between heads only by whoever lends it out. */
export class RequestHeadParser {
  private readonly line = new RequestLineScanner();
  private readonly fields = new FieldScanner();
  private inFields = false;

  /** Makes the parser ready for another head. */
  reset(): void {
    this.line.reset();
    this.inFields = false;
  }

  /** Method of the request-line, once that is complete; empty before. */
  method(buffer: ReceiveBuffer): string {
    return this.inFields
      ? decodeLatin1(buffer.bytes, buffer.start, buffer.start + this.line.methodEnd, true)
      : '';
  }

  /** Minor version of the request-line, once that is complete; 1 before. */
  get minorVersion(): 0 | 1 {
    return this.inFields && this.line.minorVersion === 0 ? 0 : 1;
  }

  /** Bytes of the head looked at so far; where a fault was found. */
  get scannedBytes(): number {
    return this.inFields ? this.fields.position : this.line.position;
  }

  /** Goes on with what is in the buffer. */
  parse(
    buffer: ReceiveBuffer,
    settings: Http1ServerSettings,
  ): RequestEvent | 'need-data' | Http1FaultCode {
    const { bytes, start, end } = buffer;
    const { limits, targetBits } = settings;
    const { line, fields } = this;
    if (!this.inFields) {
      const result = line.scan(bytes, start, end, limits, targetBits);
      if (result !== 'complete') return result;
      this.inFields = true;
      fields.reset(line.position);
    }
    const { headBytesMax, fieldsMax } = limits;
    const result = fields.scan(bytes, start, end, headBytesMax, fieldsMax, false);
    if (result !== 'complete') return result;
    const rawHead = decodeLatin1(bytes, start, start + fields.position, fields.isAscii);
    return this.interpret(rawHead, settings);
  }

  private interpret(rawHead: string, settings: Http1ServerSettings): RequestEvent | Http1FaultCode {
    const { line } = this;
    const target = rawHead.slice(line.methodEnd + 1, line.targetEnd);
    const parsedTarget = parseTarget(methodOf(rawHead, line), target, settings.targetBits);
    if (parsedTarget === null) return 'HTTP1_INVALID_TARGET';
    const control = new ControlFields();
    const fields = sectionFields(rawHead, line.position, control);
    const isHost = control.host === null || hostEnd(control.host) !== -1;
    if (!isHost && control.hostCount === 1) return 'HTTP1_INVALID_HOST';
    return understand(rawHead, line, parsedTarget, fields, control, settings);
  }
}

/** Everything that RFC 9110 and 9112 ask of a head beyond its grammar and that of its parts. */
function understand(
  rawHead: string,
  line: RequestLine,
  parsedTarget: ParsedTarget,
  fields: readonly Field[],
  control: ControlFields,
  settings: Http1ServerSettings,
): RequestEvent | Http1FaultCode {
  const minorVersion = line.minorVersion === 0 ? 0 : 1;
  // «A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message that
  // lacks a Host header field and to any request message that contains more than one Host header
  // field line or a Host header field with an invalid field value.» RFC 9112 section 3.2.
  if (control.hostCount > 1) return 'HTTP1_DUPLICATE_HOST';
  if (control.host === null && minorVersion === 1) return 'HTTP1_MISSING_HOST';
  const { framing, contentLength, fault } = requestLength(control, minorVersion);
  if (fault !== null) return fault;
  if (contentLength > settings.limits.contentBytesMax) return 'HTTP1_CONTENT_TOO_LARGE';
  const options = connectionOptions(control.connection);
  return {
    type: 'request',
    method: methodOf(rawHead, line),
    target: rawHead.slice(line.methodEnd + 1, line.targetEnd),
    fields,
    form: parsedTarget.form,
    // «the origin server MUST ignore the received Host header field (if any) and instead use the
    // host information of the request-target», RFC 9112 section 3.2.2.
    authority: parsedTarget.authority ?? control.host ?? '',
    minorVersion,
    framing,
    contentLength,
    expectsContinue: minorVersion === 1 && contentLength !== 0 && expectsContinue(control.expect),
    upgrade:
      minorVersion === 1 && options.upgrade ? upgradeProtocols(control.upgrade) : NO_PROTOCOLS,
    persistent: !options.close && (minorVersion === 1 || options.keepAlive),
    rawHead,
  };
}

/** A constant for what nearly all requests have, since constants are compared faster. */
function methodOf(rawHead: string, { methodEnd }: RequestLine): string {
  const isGet =
    methodEnd === 3 &&
    rawHead.charCodeAt(0) === 0x47 &&
    rawHead.charCodeAt(1) === 0x45 &&
    rawHead.charCodeAt(2) === 0x54;
  return isGet ? 'GET' : rawHead.slice(0, methodEnd);
}

/** RFC 9110 section 10.1.1; case-insensitive. */
function expectsContinue(expect: string | null): boolean {
  if (expect === null) return false;
  return listElements(expect).some((element) => element.toLowerCase() === '100-continue');
}
