// Clients in the midst of chaos, over TCP: whatever the server does, a response belongs to its request,
// and what must not be repeated is not. `HOLDLINE_SOAK` is how many requests each client makes.
import process from 'node:process';
import { afterEach, describe, expect, it } from 'vitest';
import { HttpClient, type HttpClientError, type HttpClientOptions } from '../../src/index.ts';
import { byAgent, byClient, byFetch, type Caller } from './support/callers.ts';
import { answerTo, ChaosServer, type Choose, chooser } from './support/chaos-server.ts';
import { turns } from './support/raw-server.ts';

const REQUESTS = Number(process.env['HOLDLINE_SOAK'] ?? 400);
const AT_A_TIME = 12;
const METHODS = ['GET', 'GET', 'HEAD', 'PUT', 'DELETE', 'POST', 'POST', 'PATCH'];

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** One request, and what became of it. */
interface Ask {
  readonly method: string;
  readonly target: string;
  readonly content: string;
  text?: string;
  error?: HttpClientError;
  settled: number;
}

const isSafe = (method: string): boolean => method !== 'POST' && method !== 'PATCH';

/** Makes a request, and sometimes gives up. */
async function make(call: Caller, origin: string, ask: Ask, choose: Choose): Promise<void> {
  const { method, target, content } = ask;
  const controller = new AbortController();
  const { signal } = controller;
  const [shape, expectContinue] = [choose(5), choose(20) === 0];
  if (choose(30) === 0) void turns(choose(12)).then(() => controller.abort());
  try {
    ask.text = await call({ origin, target, method, content, shape, expectContinue, signal });
  } catch (error) {
    ask.error = error as HttpClientError;
  }
  ask.settled += 1;
}

/** Keeps a client busy until all requests are settled. */
async function run(call: Caller, origin: string, path: string, choose: Choose): Promise<Ask[]> {
  const asks: Ask[] = [];
  const worker = async (): Promise<void> => {
    while (asks.length < REQUESTS) {
      const method = METHODS[choose(METHODS.length)] as string;
      const target = `/${path}/${asks.length}`;
      const hasContent = !['GET', 'HEAD', 'DELETE'].includes(method);
      const content = hasContent ? `content of ${target};`.repeat(1 + choose(50)) : '';
      const ask: Ask = { method, target, content, settled: 0 };
      asks.push(ask);
      await make(call, origin, ask, choose);
      if (choose(4) === 0) await turns(choose(8));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return asks;
}

const LOSSES: readonly unknown[] = [
  'HTTP_CLIENT_CONNECTION_ENDED',
  'HTTP_CLIENT_RESPONSE_INCOMPLETE',
  'HTTP_CLIENT_ABORTED',
  // Of fetch and of node:http when a request is aborted, and of node:http for a response that is cut.
  DOMException.ABORT_ERR,
  'ABORT_ERR',
  'ECONNRESET',
];

/** What is wrong with the fate of a request; empty when nothing is. */
function complaints(
  { method, target, content, text, error, settled }: Ask,
  seen: number,
): string[] {
  const wrong: string[] = [];
  const complain = (isWrong: boolean, what: string): void => {
    if (isWrong) wrong.push(`${method} ${target}: ${what}`);
  };
  complain(settled !== 1, `settled ${settled} times`);
  complain(seen > (isSafe(method) ? 2 : 1), `seen ${seen} times`);
  complain(error === undefined && seen === 0, 'answered and never seen');
  if (text !== undefined) {
    const expected = method === 'HEAD' ? '' : answerTo(method, target, content);
    complain(text !== expected, `answered with ${JSON.stringify(text.slice(0, 80))}`);
  }
  if (error !== undefined) {
    complain(!LOSSES.includes(error.code), `failed with ${error}`);
    const canRepeat = error.safeToRetry || error.bytesSent === 0;
    complain(!isSafe(method) && canRepeat && seen > 0, 'seen, and said to be safe to retry');
  }
  return wrong;
}

type Way = (client: HttpClient) => Caller;

const kinds: readonly [path: string, way: Way, options: HttpClientOptions][] = [
  ['single', byClient, { connectionsPerOriginMax: 1 }],
  ['few', byClient, { connectionsPerOriginMax: 3, http1: { requestsMax: 7 } }],
  ['many', byClient, { connectionsPerOriginMax: 12, http1: { timeouts: { idleMs: 3 } } }],
  ['pipelined', byClient, { connectionsPerOriginMax: 2, pipelining: 6 }],
  ['fetched', byFetch, { connectionsPerOriginMax: 4 }],
  ['by-agent', byAgent, { connectionsPerOriginMax: 4 }],
];

describe('in the midst of chaos', () => {
  it.each(kinds)('%s: each response belongs to its request', async (path, way, options) => {
    const seed = Number(process.env['HOLDLINE_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
    const choose = chooser(seed);
    const server = await new ChaosServer(choose).listen();
    const timeouts = { continueMs: 5, ...options.http1?.timeouts };
    const faults: unknown[] = [];
    const client = new HttpClient({
      ...options,
      http1: { ...options.http1, timeouts },
      onFault: (error) => faults.push(error),
    });
    closers.push(
      () => server.close(),
      () => client.abort(),
    );
    const asks = await run(way(client), server.origin, path, choose);
    const wrong = asks.flatMap((ask) => complaints(ask, server.counts.get(ask.target) ?? 0));
    expect(wrong, `seed ${seed}`).toEqual([]);
    expect(faults).toEqual([]);
    const answered = asks.filter(({ text }) => text !== undefined).length;
    const sentTwice = asks.filter(({ target }) => (server.counts.get(target) ?? 0) > 1).length;
    // Chaos is not all there is, and there is some of it.
    expect(answered).toBeGreaterThan(asks.length / 2);
    expect(asks.length - answered).toBeGreaterThan(0);
    if (REQUESTS >= 400) expect(sentTwice).toBeGreaterThan(0);
    if (process.env['HOLDLINE_SOAK'] !== undefined) {
      const connections = server.sockets.length;
      console.info({ path, asks: asks.length, answered, sentTwice, connections, seed });
    }
    await client.close();
    expect([client.connections, client.queued]).toEqual([[], 0]);
    await Promise.all(server.sockets.map((_, index) => server.closed(index + 1)));
    expect(server.open).toBe(0);
  });
});
