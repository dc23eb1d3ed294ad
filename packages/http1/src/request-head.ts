// A request's head: scanned as its bytes come, then understood as a whole.

import { hostEnd } from './authority.ts';
import { decodeLatin1 } from './bytes/latin1.ts';
import type { ReceiveBuffer } from './bytes/receive-buffer.ts';
import {
  type ControlFields,
  connectionOptions,
  controlFields,
  upgradeProtocols,
} from './control-fields.ts';
import type { RequestEvent } from './events.ts';
import type { Http1FaultCode } from './faults.ts';
import { FieldScanner } from './field-scanner.ts';
import { requestLength } from './framing.ts';
import { listElements } from './grammar.ts';
import type { Http1ServerSettings } from './server-settings.ts';
import { RequestLineScanner } from './start-line-scanner.ts';
import { parseTarget } from './target.ts';

const NO_PROTOCOLS: readonly string[] = /* @__PURE__ */ Object.freeze([]);

/** Scans one head at a time; kept between heads only by whoever lends it out. */
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

  /** Goes on with what is in the buffer; consumes the head when it is complete and valid. */
  parse(
    buffer: ReceiveBuffer,
    settings: Http1ServerSettings,
  ): RequestEvent | 'need-data' | Http1FaultCode {
    const { bytes, start, end } = buffer;
    const { limits, targetBits } = settings;
    if (!this.inFields) {
      const result = this.line.scan(bytes, start, end, limits, targetBits);
      if (result !== 'complete') return result;
      this.inFields = true;
      this.fields.reset(this.line.position);
    }
    const result = this.fields.scan(
      bytes,
      start,
      end,
      limits.headBytesMax,
      limits.fieldsMax,
      false,
    );
    if (result !== 'complete') return result;
    const headEnd = start + this.fields.position;
    const rawHead = decodeLatin1(bytes, start, headEnd, this.fields.isAscii);
    const event = this.interpret(rawHead, settings);
    if (typeof event !== 'string') buffer.consume(headEnd - start);
    return event;
  }

  /** Everything that RFC 9110 and 9112 ask of a head beyond its grammar. */
  private interpret(rawHead: string, settings: Http1ServerSettings): RequestEvent | Http1FaultCode {
    const { line } = this;
    const method = rawHead.slice(0, line.methodEnd);
    const target = rawHead.slice(line.methodEnd + 1, line.targetEnd);
    const minorVersion = line.minorVersion === 0 ? 0 : 1;
    const parsedTarget = parseTarget(method, target, settings.targetBits);
    if (parsedTarget === null) return 'HTTP1_INVALID_TARGET';
    const fields = this.fields.fields(rawHead, rawHead.toLowerCase());
    const control = controlFields(fields);
    const hostFault = checkHost(control, minorVersion);
    if (hostFault !== null) return hostFault;
    const { framing, contentLength, fault } = requestLength(control, minorVersion);
    if (fault !== null) return fault;
    if (contentLength > settings.limits.contentBytesMax) return 'HTTP1_CONTENT_TOO_LARGE';
    const options = connectionOptions(control.connection);
    return {
      type: 'request',
      method,
      target,
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
}

/**
 * «A server MUST respond with a 400 (Bad Request) status code to any HTTP/1.1 request message that
 * lacks a Host header field and to any request message that contains more than one Host header
 * field line or a Host header field with an invalid field value.» RFC 9112 section 3.2.
 */
function checkHost(control: ControlFields, minorVersion: number): Http1FaultCode | null {
  if (control.hostCount > 1) return 'HTTP1_DUPLICATE_HOST';
  if (control.host === null) return minorVersion === 0 ? null : 'HTTP1_MISSING_HOST';
  return hostEnd(control.host) === -1 ? 'HTTP1_INVALID_HOST' : null;
}

/** RFC 9110 section 10.1.1; case-insensitive. */
function expectsContinue(expect: string | null): boolean {
  if (expect === null) return false;
  return listElements(expect).some((element) => element.toLowerCase() === '100-continue');
}
