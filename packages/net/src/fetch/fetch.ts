// `fetch` over an `HttpClient`: the platform's Request, Response and Headers, our connections.
import { HttpClientError } from '../client/client-errors.ts';
import type { ClientResponse } from '../client/client-response.ts';
import type { HttpClient } from '../client/http-client.ts';
import { contentDecoders, decodeContent } from './content-coding.ts';
import { type FetchBody, NO_BODY, requestBody, responseStream } from './fetch-body.ts';
import {
  addDefaultHeaders,
  expectsContinue,
  requestFields,
  responseHeaders,
} from './fetch-headers.ts';
import { withSource } from './fetch-response.ts';
import { followRedirect, REDIRECTS_MAX } from './redirect.ts';

/** The signature of the platform's `fetch`. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** What `createFetch` takes beside the client. */
export interface FetchOptions {
  /** Value of User-Agent where the caller sets none; `holdline` by default. */
  readonly userAgent?: string;
  /** Redirects followed before they are an error; 20 by default. */
  readonly redirectsMax?: number;
}

/** One call, as it is after the redirects so far. */
interface Call {
  readonly client: HttpClient;
  readonly headers: Headers;
  readonly signal: AbortSignal | null;
  readonly redirect: Request['redirect'];
  readonly redirectsMax: number;
  url: URL;
  method: string;
  body: FetchBody;
  type: 'basic' | 'cors';
}

/** Statuses whose responses have no body in the Fetch Standard. */
const NULL_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/**
 * A function that is called like the platform's `fetch` and makes its requests through `client`:
 * pooled connections, one safe retry, a strict parser. It rejects with TypeError, whose `cause` is the
 * `HttpClientError`, when there is no response, and with the signal's reason when that was aborted. It
 * knows http and https URLs, and keeps neither cookies nor a cache; see the guide for the differences.
 */
export function createFetch(client: HttpClient, options: FetchOptions = {}): Fetch {
  const { userAgent = 'holdline', redirectsMax = REDIRECTS_MAX } = options;
  return async (input, init) => {
    // The platform's own constructor checks and completes the call.
    const request = new Request(input, init);
    const url = new URL(request.url);
    if (url.protocol !== 'http:' && url.protocol !== 'https:') {
      throw new TypeError(`fetch failed: the scheme ${url.protocol} is not supported`);
    }
    const signal = init?.signal === undefined ? signalOf(input) : init.signal;
    signal?.throwIfAborted();
    const headers = new Headers(request.headers);
    addDefaultHeaders(headers, userAgent);
    const body = await requestBody(request, init?.body);
    const { method, redirect } = request;
    const type = 'basic';
    return run({ client, headers, signal, redirect, redirectsMax, url, method, body, type });
  };
}

function signalOf(input: unknown): AbortSignal | null {
  return input instanceof Request ? input.signal : null;
}

async function run(call: Call): Promise<Response> {
  for (let redirects = 0; ; redirects += 1) {
    const response = await send(call);
    try {
      const isFinal = call.redirect === 'manual' || !moveOn(call, response, redirects);
      if (isFinal) return fetchResponse(call, response, redirects > 0);
    } catch (cause) {
      response.content.discard();
      throw failure(cause);
    }
    response.content.discard();
  }
}

async function send(call: Call): Promise<ClientResponse> {
  const { client, url, method, headers, signal, body } = call;
  try {
    return await client.request({
      url,
      method,
      fields: requestFields(headers),
      content: body.content,
      ...(body.byteCount === -1 ? {} : { contentLength: body.byteCount }),
      expectContinue: body.content !== null && expectsContinue(headers),
      signal,
    });
  } catch (error) {
    throw failure(error);
  }
}

/** Changes the call to the request that the response redirects to; false when it does not. */
function moveOn(call: Call, response: ClientResponse, redirects: number): boolean {
  const { url, method, headers, body } = call;
  const kind = bodyKind(body);
  const next = followRedirect(
    { url, method, headers, body: kind },
    response.status,
    response.field('location'),
  );
  if (next === null) return false;
  if (call.redirect === 'error') throw new Error('the response redirects');
  if (redirects >= call.redirectsMax) throw new Error(`more than ${call.redirectsMax} redirects`);
  if (next.url.origin !== url.origin) call.type = 'cors';
  call.url = next.url;
  call.method = next.method;
  if (!next.keepsBody) call.body = NO_BODY;
  return true;
}

function bodyKind(body: FetchBody): 'none' | 'replayable' | 'spent' {
  if (body.content === null) return 'none';
  return body.isReplayable ? 'replayable' : 'spent';
}

function fetchResponse(call: Call, response: ClientResponse, redirected: boolean): Response {
  const { status, reason: statusText } = response;
  if (status > 599) throw new Error(`the status ${status} is none of HTTP's`);
  const init = { status, statusText, headers: responseHeaders(response.fields) };
  const url = new URL(call.url);
  url.hash = '';
  const source = { url: url.href, redirected, type: call.type };
  return withSource(new Response(responseBody(call, response), init), source);
}

function responseBody(call: Call, response: ClientResponse): ReadableStream<Uint8Array> | null {
  const { content, status } = response;
  if (call.method === 'HEAD' || NULL_BODY.has(status)) {
    content.discard();
    return null;
  }
  const decoders = contentDecoders(response.field('content-encoding'));
  const decoded = decoders.length === 0 ? content : decodeContent(content, decoders);
  return responseStream(decoded, () => content.abort(), failure);
}

/** What callers of `fetch` expect to see: the reason of an abort as it is, and TypeError otherwise. */
function failure(error: unknown): unknown {
  if (error instanceof HttpClientError && error.code === 'HTTP_CLIENT_ABORTED') return error.cause;
  return new TypeError('fetch failed', { cause: error });
}
