// A request as callers give it, and as connections need it: its head complete, its content known to
// be replayable or not.
import { type Field, isIdempotent, type RequestHead } from '@holdline/http1/client';
import type { HttpContent } from '../http-response.ts';
import { discardContent } from '../http-response-stream.ts';
import { HttpClientError } from './client-errors.ts';
import { type Origin, targetHost } from './origin.ts';

/**
 * The content of a request: bytes, text in UTF-8, an iterable of bytes, or a function that gives one
 * of these anew each time, so that the request can be repeated.
 */
export type ClientRequestContent = HttpContent | (() => HttpContent);

/** What `HttpClient` is to ask for. `url`, or `origin` and `target`. */
export interface ClientRequest {
  /** An http or https URL. Userinfo and fragment are not sent. */
  readonly url?: string | URL;
  /** Scheme, host and port as a URL without more, such as `http://localhost:8080`. */
  readonly origin?: string;
  /** The request-target, sent as it is (RFC 9112 section 3.2); `/` by default. */
  readonly target?: string;
  /** A Unix socket to connect to instead of the URL's host and port. */
  readonly socketPath?: string;
  /** GET by default. */
  readonly method?: string;
  /**
   * Fields in the order in which they are sent, behind Host, which follows from the URL unless it is
   * among them. Content-Length or `Transfer-Encoding: chunked` follow from the content unless given. The
   * first request of a connection says `Connection: keep-alive`, unless there is a Connection field.
   */
  readonly fields?: readonly Field[];
  /** None by default. */
  readonly content?: ClientRequestContent | null;
  /** Bytes of an iterable content, where they are known; else it is sent in chunks. */
  readonly contentLength?: number;
  /** Fields to be sent behind the content, which is then sent in chunks; asked for at its end. */
  readonly trailers?: readonly Field[] | (() => readonly Field[]);
  /** Send the content only when the server asks for it, or does not answer (RFC 9110 section 10.1.1). */
  readonly expectContinue?: boolean;
  /** Ends the request, at whatever stage. */
  readonly signal?: AbortSignal | null;
  /** Whether repeating the request does no harm; by default as its method says (RFC 9110 section 9.2.2). */
  readonly idempotent?: boolean;
  /** Protocols to switch to, as the Upgrade field names them; for `HttpClient.upgrade`. */
  readonly upgrade?: string;
}

const NO_FIELDS: readonly Field[] = Object.freeze([]);
const NO_TRAILERS = (): readonly Field[] => NO_FIELDS;
const CHUNKED: Field = Object.freeze({ name: 'Transfer-Encoding', value: 'chunked' });
const KEEP_ALIVE: Field = Object.freeze({ name: 'Connection', value: 'keep-alive' });
const EXPECT: Field = Object.freeze({ name: 'Expect', value: '100-continue' });
const NO_BYTES: Uint8Array = new Uint8Array(0);
const encoder = new TextEncoder();

/** A content that is an iterable: it streams. */
export type StreamedContent = Exclude<HttpContent, string | Uint8Array>;

/** One request, valid as far as its parts are known; the machine checks the head when it is sent. */
export class OutgoingRequest {
  readonly origin: Origin;
  readonly method: string;
  readonly target: string;
  readonly isIdempotent: boolean;
  /** Fields, with Host first. */
  fields: readonly Field[];
  expectsContinue: boolean;
  /** The whole content; null when it streams. */
  readonly bytes: Uint8Array | null;
  readonly trailers: () => readonly Field[];
  readonly #content: ClientRequestContent | null;
  /**
   * Whether the server may be asked to keep the connection. The caller's own Connection field goes
   * first, and «this mechanism ought not be used by clients at all when a proxy is being used», RFC
   * 9112 section C.2.2: it would forward the wish and wait for a server that keeps it.
   */
  readonly #mayAsk: boolean;
  /** The content, which can be iterated once only, has been asked for. */
  #isSpent = false;

  /** Throws TypeError or RangeError for parts that are not what they should be. */
  constructor(request: ClientRequest, origin: Origin, target: string) {
    const { method = 'GET', content = null, trailers, fields } = request;
    const given = fields === undefined ? NOTHING_GIVEN : givenFields(fields);
    this.origin = origin;
    this.method = method;
    this.target = target;
    this.isIdempotent = request.idempotent ?? isIdempotent(method);
    this.#content = content;
    this.bytes = contentBytes(content);
    if (trailers === undefined) this.trailers = NO_TRAILERS;
    else this.trailers = typeof trailers === 'function' ? trailers : () => trailers;
    const hasContent = this.bytes === null || this.bytes.length > 0;
    this.expectsContinue = hasContent && (request.expectContinue === true || given.expectation);
    this.fields = completeFields(request, this, given);
    this.#mayAsk = !given.connection && (target.startsWith('/') || target === '*');
  }

  /** The head to be sent, which asks the server to keep the connection if it may. */
  head(asksToPersist: boolean): RequestHead {
    const { method, target } = this;
    const fields = asksToPersist && this.#mayAsk ? [...this.fields, KEEP_ALIVE] : this.fields;
    return { method, target, fields };
  }

  /** Whether the whole request can be sent again. */
  get isReplayable(): boolean {
    return !this.#isSpent;
  }

  /** Whether the length of the content is not known before its end. */
  get isChunked(): boolean {
    return this.fields.some((field) => field.name.toLowerCase() === 'transfer-encoding');
  }

  /** Takes the iterable of a content that streams. */
  takeStream(): StreamedContent {
    const content = this.#content as StreamedContent | (() => HttpContent);
    if (typeof content !== 'function') {
      this.#isSpent = true;
      return content;
    }
    const made = content();
    if (typeof made === 'string') return [encoder.encode(made)];
    return made instanceof Uint8Array ? [made] : made;
  }

  /** It will not be sent (again): what holds the content may let go of it. */
  discard(): void {
    if (this.bytes === null && !this.#isSpent) discardContent(this.#content);
  }

  /**
   * The server speaks HTTP/1.0: «A client MUST NOT send a request containing Transfer-Encoding unless
   * it knows the server will handle HTTP/1.1 requests (or later minor revisions)», RFC 9112 section
   * 6.1. Throws HttpClientError for a content of unknown length.
   */
  adaptToOldServer(): void {
    this.dropExpectation();
    if (!this.isChunked) return;
    const message = 'a server of HTTP/1.0 needs to know the length of the content';
    throw new HttpClientError('HTTP_CLIENT_LENGTH_REQUIRED', message, { safeToRetry: true });
  }

  /** The content is sent without asking (RFC 9110 section 10.1.1). */
  dropExpectation(): void {
    if (!this.expectsContinue) return;
    this.expectsContinue = false;
    this.fields = this.fields.filter((field) => !isExpectation(field));
  }
}

/** The content where it is at hand as a whole; null when it streams. */
function contentBytes(content: ClientRequestContent | null): Uint8Array | null {
  if (content === null) return NO_BYTES;
  if (content instanceof Uint8Array) return content;
  if (typeof content === 'string') return encoder.encode(content);
  if (typeof content === 'function') return null;
  const { [Symbol.asyncIterator]: asynchronous, [Symbol.iterator]: synchronous } =
    content as Partial<AsyncIterable<unknown> & Iterable<unknown>>;
  if (asynchronous !== undefined || synchronous !== undefined) return null;
  throw new TypeError('content must be a string, a Uint8Array, an iterable of it, or a function');
}

interface Given {
  host: Field | null;
  connection: boolean;
  framing: boolean;
  expectation: boolean;
}

const NOTHING_GIVEN: Given = Object.freeze({
  host: null,
  connection: false,
  framing: false,
  expectation: false,
});

/** The caller's fields with those that follow from the rest of the request. */
function completeFields(
  request: ClientRequest,
  outgoing: OutgoingRequest,
  given: Given,
): readonly Field[] {
  const { fields = NO_FIELDS, content = null, trailers, upgrade } = request;
  const { origin, method, target, bytes } = outgoing;
  const host = given.host ?? targetHost(method, target) ?? origin.hostField;
  const isBare = content === null && request.fields === undefined && upgrade === undefined;
  if (isBare && host === origin.hostField) return origin.bareFields;
  const complete: Field[] = [host];
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] as Field;
    if (field !== given.host) complete.push(field);
  }
  if (upgrade !== undefined) complete.push({ name: 'Upgrade', value: upgrade });
  if (outgoing.expectsContinue && !given.expectation) complete.push(EXPECT);
  if (content === null || given.framing) return complete;
  const length = bytes === null ? (request.contentLength ?? -1) : bytes.length;
  if (length === -1 || trailers !== undefined) complete.push(CHUNKED);
  else complete.push({ name: 'Content-Length', value: String(length) });
  return complete;
}

/** What the caller's fields settle already. */
function givenFields(fields: readonly Field[]): Given {
  const given: Given = { ...NOTHING_GIVEN };
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] as Field;
    switch (field.name.length) {
      case 4:
        if (field.name.toLowerCase() === 'host') given.host ??= field;
        break;
      case 6:
        if (isExpectation(field)) given.expectation = true;
        break;
      case 10:
        if (field.name.toLowerCase() === 'connection') given.connection = true;
        break;
      case 14:
        if (field.name.toLowerCase() === 'content-length') given.framing = true;
        break;
      case 17:
        if (field.name.toLowerCase() === 'transfer-encoding') given.framing = true;
    }
  }
  return given;
}

function isExpectation({ name, value }: Field): boolean {
  return name.toLowerCase() === 'expect' && value.toLowerCase() === '100-continue';
}
