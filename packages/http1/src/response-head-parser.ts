// A response's head: scanned as its bytes come, then understood as a whole.
import { decodeLatin1 } from './bytes/latin1.ts';
import type { ReceiveBuffer } from './bytes/receive-buffer.ts';
import type { Http1ClientSettings } from './client-settings.ts';
import { connectionOptions, controlFields, parseKeepAlive } from './control-fields.ts';
import type { ResponseEvent } from './events.ts';
import type { Http1FaultCode } from './faults.ts';
import { FieldScanner } from './field-scanner.ts';
import { responseLength } from './framing.ts';
import { StatusLineScanner } from './start-line-scanner.ts';

/** Scans one head at a time. */
export class ResponseHeadParser {
  private readonly line = new StatusLineScanner();
  private readonly fields = new FieldScanner();
  private inFields = false;

  /** Makes the parser ready for another head. */
  reset(): void {
    this.line.reset();
    this.inFields = false;
  }

  /** Bytes of the head looked at so far; where a fault was found. */
  get scannedBytes(): number {
    return this.inFields ? this.fields.position : this.line.position;
  }

  /**
   * Goes on with what is in the buffer; consumes the head when it is complete and valid. `method`
   * is that of the request it responds to.
   */
  parse(
    buffer: ReceiveBuffer,
    settings: Http1ClientSettings,
    method: string,
  ): ResponseEvent | 'need-data' | Http1FaultCode {
    const { bytes, start, end } = buffer;
    const { limits } = settings;
    if (!this.inFields) {
      const result = this.line.scan(bytes, start, end, limits);
      if (result !== 'complete') return result;
      this.inFields = true;
      this.fields.reset(this.line.position);
    }
    const { headBytesMax, fieldsMax } = limits;
    const unfold = !settings.refuseObsFold;
    const result = this.fields.scan(bytes, start, end, headBytesMax, fieldsMax, unfold);
    if (result !== 'complete') return result;
    const headEnd = start + this.fields.position;
    const isAscii = this.line.isAscii && this.fields.isAscii;
    const event = this.interpret(decodeLatin1(bytes, start, headEnd, isAscii), method);
    if (typeof event === 'string') return event;
    if (event.contentLength > limits.contentBytesMax) return 'HTTP1_CONTENT_TOO_LARGE';
    buffer.consume(headEnd - start);
    return event;
  }

  private interpret(rawHead: string, method: string): ResponseEvent | Http1FaultCode {
    const { line } = this;
    const { status } = line;
    const minorVersion = line.minorVersion === 0 ? 0 : 1;
    const fields = this.fields.fields(rawHead, rawHead.toLowerCase());
    const control = controlFields(fields);
    const length = responseLength(control, minorVersion, status, method);
    if (length.fault !== null) return length.fault;
    const options = connectionOptions(control.connection);
    const endsWithConnection = length.framing === 'close-delimited';
    return {
      type: 'response',
      status,
      reason: rawHead.slice(line.reasonStart, line.reasonEnd),
      fields,
      minorVersion,
      framing: length.framing,
      contentLength: length.contentLength,
      transferCodings: length.transferCodings,
      persistent:
        !options.close && !endsWithConnection && (minorVersion === 1 || options.keepAlive),
      keepAlive: parseKeepAlive(control.keepAlive),
      rawHead,
    };
  }
}
