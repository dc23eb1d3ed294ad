// Requests out of the input, one after the other: head, content, trailers. It knows grammar and
// limits; who may speak when, and time, are the server's.
import type { ReceiveBuffer } from './bytes/receive-buffer.ts';
import { ChunkedDecoder } from './chunked-decoder.ts';
import {
  type ContentDecoder,
  type DecodeResult,
  LengthDecoder,
  NO_FIELDS,
} from './content-decoder.ts';
import type { Field, RequestEvent } from './events.ts';
import type { Http1FaultCode } from './faults.ts';
import { RequestHeadParser, wholeRequest } from './request-head.ts';
import type { Http1ServerSettings } from './server-settings.ts';

const CR = 0x0d;
const LF = 0x0a;

/** A parser is needed only while a head comes in; one is kept for whoever is next. */
let spareParser: RequestHeadParser | null = null;

/** Reads what a client sends. */
export class RequestReader {
  /** Method of the current request as far as known, even if its head proved faulty. */
  method = '';
  minorVersion: 0 | 1 = 1;
  /** Bytes of the unread input before the offending one, after a fault. */
  faultOffset = 0;
  /** Empty lines that came in front of the next request. */
  emptyLines = 0;
  private parser: RequestHeadParser | null = null;
  private decoder: ContentDecoder | null = null;
  /** Bytes of unread content still worth discarding; -1 while content is delivered. */
  private discardBytes = -1;
  private readonly input: ReceiveBuffer;

  constructor(input: ReceiveBuffer) {
    this.input = input;
  }

  /** `begun` is part of a head; `need-data` says that none has begun. */
  nextHead(settings: Http1ServerSettings): RequestEvent | 'need-data' | 'begun' | Http1FaultCode {
    const { input } = this;
    let request: RequestEvent | null = null;
    if (this.parser === null) {
      if (input.length === 0) return 'need-data';
      if (input.bytes[input.start] === CR) {
        const { emptyLinesMax } = settings.limits;
        if (!this.skipEmptyLines(emptyLinesMax)) return 'HTTP1_TOO_MANY_EMPTY_LINES';
        const isHalfEmptyLine = input.length === 1 && input.bytes[input.start] === CR;
        if (input.length === 0 || isHalfEmptyLine) return 'need-data';
      }
      request = wholeRequest(input, settings);
    }
    if (request === null) {
      const result = this.scanHead(settings);
      if (typeof result === 'string') return result;
      request = result;
    }
    this.begin(request, settings);
    return request;
  }

  private scanHead(settings: Http1ServerSettings): RequestEvent | 'begun' | Http1FaultCode {
    if (this.parser === null) {
      this.parser = spareParser ?? new RequestHeadParser();
      spareParser = null;
      // What the last request said does not hold for this one.
      this.method = '';
      this.minorVersion = 1;
    }
    const { parser, input } = this;
    const result = parser.parse(input, settings);
    if (result === 'need-data') return 'begun';
    if (typeof result === 'string') {
      this.method = parser.method(input);
      this.minorVersion = parser.minorVersion;
      this.faultOffset = parser.scannedBytes;
    }
    this.letParserGo();
    return result;
  }

  /** A piece of the current request's content; `unread`: more was to be discarded than is worth it. */
  nextContent(): DecodeResult | 'unread' {
    this.faultOffset = 0;
    for (;;) {
      const result = this.decoder === null ? 'complete' : this.decoder.next(this.input);
      if (typeof result === 'string' || this.discardBytes < 0) return result;
      if (result.length > this.discardBytes) return 'unread';
      this.discardBytes -= result.length;
    }
  }

  /** Throws the rest of the content away as it comes; false when it is known to be more than `byteCountMax`. */
  discard(byteCountMax: number): boolean {
    const { remainingBytes } = this;
    if (remainingBytes > byteCountMax && remainingBytes < Number.POSITIVE_INFINITY) return false;
    this.discardBytes = byteCountMax;
    return true;
  }

  /** The content of the current request is thrown away. */
  get isDiscarding(): boolean {
    return this.discardBytes >= 0;
  }

  /** Trailer fields of the current request, once its content is complete. */
  get trailers(): readonly Field[] {
    return this.decoder?.trailers ?? NO_FIELDS;
  }

  /** Content of the current request still to come; Infinity when its length is unknown. */
  get remainingBytes(): number {
    return this.decoder?.remainingBytes ?? 0;
  }

  /** Forgets all input and what it was part of. */
  stop(): void {
    this.letParserGo();
    this.decoder = null;
    this.input.clear();
  }

  private begin(request: RequestEvent, settings: Http1ServerSettings): void {
    this.input.consume(request.rawHead.length);
    this.method = request.method;
    this.minorVersion = request.minorVersion;
    this.emptyLines = 0;
    this.discardBytes = -1;
    if (request.framing === 'none') this.decoder = null;
    else if (request.framing === 'chunked')
      this.decoder = new ChunkedDecoder(settings.limits, false);
    else this.decoder = new LengthDecoder(request.contentLength);
  }

  private letParserGo(): void {
    this.parser?.reset();
    spareParser = this.parser ?? spareParser;
    this.parser = null;
  }

  /**
   * «a server that is expecting to receive and parse a request-line SHOULD ignore at least one
   * empty line (CRLF) received prior to the request-line», RFC 9112 section 2.2. False when there
   * were more than the limit.
   */
  private skipEmptyLines(emptyLinesMax: number): boolean {
    const { input } = this;
    while (
      input.length >= 2 &&
      input.bytes[input.start] === CR &&
      input.bytes[input.start + 1] === LF
    ) {
      if (++this.emptyLines > emptyLinesMax) return false;
      input.consume(2);
    }
    return true;
  }
}
