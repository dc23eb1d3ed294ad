// The three ways to make a request through a client: by itself, by `fetch`, and by node's `http.request`.
import { type Agent, type IncomingMessage, request as makeRequest } from 'node:http';
import { createAgent } from '../../../src/agent/index.ts';
import { createFetch } from '../../../src/fetch/index.ts';
import { type ClientRequest, type HttpClient, HttpClientError } from '../../../src/index.ts';
import { turns } from './raw-server.ts';

/** What is asked for, in terms that all of them know. */
interface Asked {
  readonly origin: string;
  readonly target: string;
  readonly method: string;
  /** Empty for none. */
  readonly content: string;
  /** How the content is given, from 0 to 4, where there is a choice. */
  readonly shape: number;
  readonly expectContinue: boolean;
  readonly signal: AbortSignal;
}

/** Resolves with the content of the response. */
export type Caller = (asked: Asked) => Promise<string>;

async function* slowly(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    yield piece;
    await turns(1);
  }
}

/** Calls the client itself, with the content as text, bytes, pieces, a stream, or a stream made anew. */
export function byClient(client: HttpClient): Caller {
  return async ({ content, shape, ...rest }) => {
    const bytes = Buffer.from(content);
    const pieces = [bytes.subarray(0, 1), bytes.subarray(1)];
    const shapes = [content, bytes, pieces, slowly(pieces), () => slowly(pieces)];
    const given = content === '' ? null : (shapes[shape] as ClientRequest['content']);
    const response = await client.request({ ...rest, content: given as string });
    return response.content.text();
  };
}

/** Calls `fetch`, with the content as text, bytes or a Blob. */
export function byFetch(client: HttpClient): Caller {
  const fetch = createFetch(client);
  return async ({ origin, target, method, content, shape, signal, expectContinue }) => {
    const bytes = Buffer.from(content);
    const body = [content, bytes, new Blob([bytes])][shape % 3] as string;
    const headers: Record<string, string> = expectContinue ? { expect: '100-continue' } : {};
    const init = { method, signal, headers, ...(content === '' ? {} : { body }) };
    try {
      return await (await fetch(`${origin}${target}`, init)).text();
    } catch (error) {
      throw innermost(error);
    }
  };
}

/** Calls `http.request`, with the content in one write or in two. */
export function byAgent(client: HttpClient): Caller {
  const agent: Agent = createAgent(client);
  return ({ origin, target, method, content, shape, signal }) =>
    new Promise((resolve, reject) => {
      const fail = (error: Error): void => reject(innermost(error));
      const options = { agent, method, signal };
      const request = makeRequest(`${origin}${target}`, options, (response: IncomingMessage) => {
        let text = '';
        response.setEncoding('latin1').on('data', (data: string) => {
          text += data;
        });
        response.on('error', fail).on('end', () => resolve(text));
      });
      request.on('error', fail);
      if (content !== '' && shape > 1) request.write(content.slice(0, 1));
      request.end(content === '' ? undefined : content.slice(shape > 1 ? 1 : 0));
    });
}

/** The client's error below those that programs know. */
function innermost(error: unknown): unknown {
  const { cause } = error as Error;
  return cause instanceof HttpClientError ? cause : error;
}
