// A response's head: found whole, or scanned as its bytes come, then understood.
import { decodeLatin1 } from './bytes/latin1.ts';
import type { ReceiveBuffer } from './bytes/receive-buffer.ts';
import type { Http1ClientSettings } from './client-settings.ts';
import { ControlFields, connectionOptions, parseKeepAlive } from './control-fields.ts';
import type { Field, ResponseEvent } from './events.ts';
import type { Http1FaultCode } from './faults.ts';
import { FieldScanner } from './field-scanner.ts';
import { sectionFields } from './field-section.ts';
import { responseLength } from './framing.ts';
import { StatusLineScanner } from './start-line-scanner.ts';
import { wholeFieldSection, wholeFields, wholeStatusLine } from './whole-head.ts';

/** Behind version, SP, status code and SP. */
const REASON_START = 13;

/**
 * The head that the buffer begins with, if it is whole, valid and in no way unusual. `method` is
 * that of the request it responds to.
 */
export function wholeResponse(
  buffer: ReceiveBuffer,
  settings: Http1ClientSettings,
  method: string,
): ResponseEvent | null {
  const { bytes, start } = buffer;
  const { headBytesMax, startLineBytesMax, fieldsMax } = settings.limits;
  const end = Math.min(buffer.end, start + headBytesMax);
  const lineEnd = wholeStatusLine(bytes, start, end, startLineBytesMax);
  if (lineEnd === -1) return null;
  const headEnd = wholeFieldSection(bytes, start, lineEnd, end, fieldsMax);
  if (headEnd === -1) return null;
  const rawHead = decodeLatin1(bytes, start, headEnd, true);
  const control = new ControlFields();
  const fields = wholeFields(rawHead, control);
  const event = understand(rawHead, fields, control, method, settings);
  return typeof event === 'string' ? null : event;
}

/** Scans one head at a time, of any kind. */
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

  /** Goes on with what is in the buffer. `method` is that of the request it responds to. */
  parse(
    buffer: ReceiveBuffer,
    settings: Http1ClientSettings,
    method: string,
  ): ResponseEvent | 'need-data' | Http1FaultCode {
    const { bytes, start, end } = buffer;
    const { headBytesMax, startLineBytesMax, fieldsMax } = settings.limits;
    const { line, fields } = this;
    if (!this.inFields) {
      const { acceptMissingReasonSpace } = settings;
      const result = line.scan(bytes, start, end, startLineBytesMax, acceptMissingReasonSpace);
      if (result !== 'complete') return result;
      this.inFields = true;
      fields.reset(line.position);
    }
    const unfold = !settings.refuseObsFold;
    const result = fields.scan(bytes, start, end, headBytesMax, fieldsMax, unfold);
    if (result !== 'complete') return result;
    const isAscii = line.isAscii && fields.isAscii;
    const rawHead = decodeLatin1(bytes, start, start + fields.position, isAscii);
    const control = new ControlFields();
    const list = sectionFields(rawHead, line.position, control);
    return understand(rawHead, list, control, method, settings);
  }
}

/** Everything that RFC 9110 and 9112 ask of a head beyond its grammar. */
function understand(
  rawHead: string,
  fields: readonly Field[],
  control: ControlFields,
  method: string,
  settings: Http1ClientSettings,
): ResponseEvent | Http1FaultCode {
  const status = Number(rawHead.slice(REASON_START - 4, REASON_START - 1));
  const minorVersion = rawHead.charCodeAt(7) === 0x30 ? 0 : 1;
  const length = responseLength(control, minorVersion, status, method);
  if (length.fault !== null) return length.fault;
  if (length.contentLength > settings.limits.contentBytesMax) return 'HTTP1_CONTENT_TOO_LARGE';
  const options = connectionOptions(control.connection);
  const endsWithConnection = length.framing === 'close-delimited';
  return {
    type: 'response',
    status,
    reason: rawHead.slice(REASON_START, rawHead.indexOf('\r')),
    fields,
    minorVersion,
    framing: length.framing,
    contentLength: length.contentLength,
    transferCodings: length.transferCodings,
    persistent: !options.close && !endsWithConnection && (minorVersion === 1 || options.keepAlive),
    keepAlive: parseKeepAlive(control.keepAlive),
    rawHead,
  };
}
