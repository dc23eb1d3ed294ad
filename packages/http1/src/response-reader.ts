// Responses out of the input, one after the other: head, content, trailers. It knows grammar and
// limits; who may speak when, and time, are the client's.
import type { ReceiveBuffer } from './bytes/receive-buffer.ts';
import { ChunkedDecoder } from './chunked-decoder.ts';
import type { Http1ClientSettings } from './client-settings.ts';
import {
  CloseDecoder,
  type ContentDecoder,
  type DecodeResult,
  LengthDecoder,
  NO_FIELDS,
} from './content-decoder.ts';
import type { Field, ResponseEvent } from './events.ts';
import type { Http1FaultCode } from './faults.ts';
import { ResponseHeadParser, wholeResponse } from './response-head-parser.ts';

/** A parser is needed only while a head comes in; one is kept for whoever is next. */
let spareParser: ResponseHeadParser | null = null;

/** Reads what a server sends. */
export class ResponseReader {
  /** Bytes of the unread input before the offending one, after a fault. */
  faultOffset = 0;
  private parser: ResponseHeadParser | null = null;
  private decoder: ContentDecoder | null = null;
  private readonly input: ReceiveBuffer;

  constructor(input: ReceiveBuffer) {
    this.input = input;
  }

  /** The head of the next response, which answers a request with this method. */
  nextHead(
    settings: Http1ClientSettings,
    method: string,
  ): ResponseEvent | 'need-data' | Http1FaultCode {
    const { input } = this;
    if (input.length === 0) return 'need-data';
    let result: ResponseEvent | 'need-data' | Http1FaultCode | null = null;
    if (this.parser === null) result = wholeResponse(input, settings, method);
    if (result === null) {
      this.parser ??= spareParser ?? new ResponseHeadParser();
      spareParser = null;
      result = this.parser.parse(input, settings, method);
      if (result === 'need-data') return result;
      if (typeof result === 'string') this.faultOffset = this.parser.scannedBytes;
      this.letParserGo();
    }
    if (typeof result !== 'string') {
      input.consume(result.rawHead.length);
      this.decoder = decoderFor(result, settings);
    }
    return result;
  }

  /** A piece of the current response's content, or that there is no more. */
  nextContent(): DecodeResult {
    this.faultOffset = 0;
    return this.decoder === null ? 'complete' : this.decoder.next(this.input);
  }

  /** Trailer fields of the current response, once its content is complete. */
  get trailers(): readonly Field[] {
    return this.decoder?.trailers ?? NO_FIELDS;
  }

  /** Forgets all input and what it was part of. */
  stop(): void {
    this.letParserGo();
    this.decoder = null;
    this.input.clear();
  }

  private letParserGo(): void {
    this.parser?.reset();
    spareParser = this.parser ?? spareParser;
    this.parser = null;
  }
}

function decoderFor(response: ResponseEvent, settings: Http1ClientSettings): ContentDecoder | null {
  const { limits, refuseObsFold } = settings;
  switch (response.framing) {
    case 'content-length':
      return new LengthDecoder(response.contentLength);
    case 'chunked':
      return new ChunkedDecoder(limits, !refuseObsFold);
    case 'close-delimited':
      return new CloseDecoder(limits.contentBytesMax);
    default:
      return null;
  }
}
