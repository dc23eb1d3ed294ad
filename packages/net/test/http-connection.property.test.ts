// Random conversations over a pair in memory under a clock that moves when told: arbitrary cuts,
// pauses, orders of events and ends. Whatever happens, answers are whole, in order and theirs.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type End, type HttpExchange, memoryPair, serveHttp } from '../src/index.ts';
import { FakeTime } from './support/fake-time.ts';
import { readResponses } from './support/read-responses.ts';

interface Ask {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly chunked: boolean;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly answer: 'at once' | 'later' | 'in pieces' | 'in pieces later' | 'unread';
}

const ask: fc.Arbitrary<Ask> = fc.record({
  method: fc.constantFrom('GET', 'HEAD', 'POST'),
  chunked: fc.boolean(),
  requestBytes: fc.oneof(fc.nat(20), fc.nat(200_000)),
  responseBytes: fc.oneof(fc.nat(20), fc.nat(300_000)),
  answer: fc.constantFrom('at once', 'later', 'in pieces', 'in pieces later', 'unread'),
});

const scenario = fc.record({
  asks: fc.array(ask, { minLength: 1, maxLength: 6 }),
  ending: fc.constantFrom('finish', 'abort', 'close header', 'drain'),
  /** At which step the ending happens, if not after everything. */
  endStep: fc.nat(300),
  seed: fc.integer(),
  highWaterBytes: fc.constantFrom(1, 1000, 16_384),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never;

/** Deterministic choices of a run (mulberry32). */
function chooser(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

function contentOf(index: number, byteCount: number): string {
  return `<${index}:`.padEnd(byteCount, String.fromCharCode(97 + (index % 26)));
}

function requestOf({ method, chunked, requestBytes }: Ask, index: number): string {
  const head = `${method} /${index} HTTP/1.1\r\nHost: a\r\n`;
  if (method !== 'POST') return `${head}\r\n`;
  const content = contentOf(index, requestBytes);
  if (!chunked) return `${head}Content-Length: ${content.length}\r\n\r\n${content}`;
  const size = content.length.toString(16);
  return `${head}Transfer-Encoding: chunked\r\n\r\n${size}\r\n${content}\r\n0\r\n\r\n`;
}

/** One conversation; every promise in it settles by microtasks. */
class Conversation {
  readonly time = new FakeTime();
  readonly faults: unknown[] = [];
  readonly causes: string[] = [];
  readonly received: string[] = [];
  text = '';
  end: End | null = null;
  readonly #plan: Scenario;
  readonly #choose: (below: number) => number;
  readonly #tasks: (() => void)[] = [];

  constructor(plan: Scenario) {
    this.#plan = plan;
    this.#choose = chooser(plan.seed);
  }

  async run(): Promise<void> {
    const { asks, ending, endStep, highWaterBytes } = this.#plan;
    const server = serveHttp((exchange) => this.#answer(exchange), {
      clock: this.time,
      http1: { limits: { discardBytesMax: 10_000_000 } },
      onFault: (error) => this.faults.push(error),
      onConnectionEnd: (_connection, cause) => this.causes.push(cause),
    });
    const later = (task: () => void): void => void this.#tasks.push(task);
    const [client, accepted] = memoryPair({ highWaterBytes, later });
    server.accept(accepted);
    client.attach({
      onData: (data) => {
        this.text += Buffer.from(data).toString('latin1');
      },
      onEnd: (end) => {
        this.end = end;
      },
      onDrain: () => {},
    });
    let unsent = asks.map(requestOf).join('');
    let paused = false;
    for (let step = 0; ; step++) {
      await Promise.resolve();
      const isOver = step >= endStep;
      if (isOver && ending === 'abort') client.abort();
      if (isOver && ending === 'drain') void server.drain({ timeoutMs: Number.POSITIVE_INFINITY });
      const move = this.#choose(8);
      if (unsent !== '' && (move === 0 || this.#tasks.length === 0) && !client.full) {
        const size = 1 + this.#choose(this.#choose(2) === 0 ? 50 : 100_000);
        client.write(Buffer.from(unsent.slice(0, size), 'latin1'));
        unsent = unsent.slice(size);
        if (unsent === '' && ending !== 'abort') client.end();
      } else if (move === 1) {
        paused = !paused;
        if (paused) client.pause();
        else client.resume();
      } else if (this.#tasks.length > 0) {
        this.#tasks.splice(this.#choose(this.#tasks.length), 1)[0]?.();
      } else if (paused) {
        paused = false;
        client.resume();
      } else if (unsent === '' || this.end !== null) {
        if (await this.#isQuiet()) break;
      }
    }
    client.close();
    // Whatever is left, such as a connection that lingers, has its deadline.
    for (let round = 0; round < 20 && this.causes.length === 0; round++) {
      for (const task of this.#tasks.splice(0)) task();
      await this.#isQuiet();
      this.time.advance(70_000);
    }
    expect(server.connections).toEqual([]);
  }

  async #isQuiet(): Promise<boolean> {
    for (let turn = 0; turn < 50; turn++) {
      await Promise.resolve();
      if (this.#tasks.length > 0) return false;
    }
    return true;
  }

  async #answer(exchange: HttpExchange): Promise<void> {
    const index = Number(exchange.head.target.slice(1));
    const { answer, responseBytes } = this.#plan.asks[index] as Ask;
    if (answer !== 'unread') {
      const content = await exchange.readContent({ bytesMax: 1_000_000 });
      this.received.push(Buffer.from(content).toString('latin1'));
    }
    if (answer.endsWith('later')) await new Promise<void>((resolve) => this.#tasks.push(resolve));
    const whole = Buffer.from(contentOf(index, responseBytes), 'latin1');
    const isLast = index === this.#plan.asks.length - 1;
    const closes = this.#plan.ending === 'close header' && isLast;
    const fields = closes ? [{ name: 'connection', value: 'close' }] : [];
    if (answer === 'in pieces')
      exchange.respond({ status: 200, fields, content: this.#cut(whole) });
    else if (answer === 'in pieces later') {
      exchange.respond({ status: 200, fields, content: this.#cutLater(whole) });
    } else exchange.respond({ status: 200, fields, content: whole });
  }

  *#cut(whole: Uint8Array): Generator<Uint8Array> {
    for (let start = 0; start < whole.length; ) {
      const end = start + 1 + this.#choose(100_000);
      yield whole.subarray(start, end);
      start = end;
    }
  }

  async *#cutLater(whole: Uint8Array): AsyncGenerator<Uint8Array> {
    for (const piece of this.#cut(whole)) {
      if (this.#choose(3) === 0) await new Promise<void>((resolve) => this.#tasks.push(resolve));
      yield piece;
    }
  }
}

it('answers are whole, in order and theirs, whatever happens', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (plan) => {
      const conversation = new Conversation(plan);
      await conversation.run();
      const methods = plan.asks.map(({ method }) => method);
      const responses = readResponses(conversation.text, methods);
      responses.forEach(({ status, content }, index) => {
        expect(status).toBe(200);
        const { method, responseBytes } = plan.asks[index] as Ask;
        expect(content).toBe(method === 'HEAD' ? '' : contentOf(index, responseBytes));
      });
      if (plan.ending === 'finish') expect(responses).toHaveLength(plan.asks.length);
      expect(conversation.faults).toEqual([]);
      expect(conversation.causes).toHaveLength(1);
      expect(conversation.time.size).toBe(0);
    }),
    { numRuns: Number(process.env['HOLDLINE_RUNS'] ?? 500) },
  );
});
