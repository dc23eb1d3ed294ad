// A client among servers that do whatever servers do, as a seed decides; what each request is owed is
// written down as it happens.
import type { HttpClientError } from '../../../src/index.ts';
import { ClientBench } from './client-bench.ts';
import { type ServerEnd, turns } from './fake-server.ts';

/** How a run is set up. */
export interface Plan {
  readonly perOriginMax: number;
  readonly connectionsMax: number;
  readonly pipelining: number;
  readonly requests: number;
  readonly origins: number;
  readonly seed: number;
  /** Of ten, how many things that servers do are bad. */
  readonly badness: number;
}

/** One request, and what became of it. */
export interface Ask {
  readonly id: number;
  readonly method: string;
  readonly controller: AbortController;
  settled: number;
  /** The content that it was answered with, when it was. */
  content: string | null;
  error: HttpClientError | null;
  /** How often a server has seen it. */
  seen: number;
}

const METHODS = ['GET', 'GET', 'PUT', 'POST'];
const POISON = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison';

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

/** A run. */
export class Weather {
  readonly bench: ClientBench;
  readonly asks: Ask[] = [];
  /** Bounds that were not kept, in words. */
  readonly excesses: string[] = [];
  readonly #plan: Plan;
  readonly #choose: (below: number) => number;
  /** Requests that a server has read and not answered. */
  readonly #pending: Map<ServerEnd, number[]> = new Map();

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#choose = chooser(plan.seed);
    this.bench = new ClientBench({
      connectionsPerOriginMax: plan.perOriginMax,
      connectionsMax: plan.connectionsMax,
      pipelining: plan.pipelining,
      http1: { timeouts: { headMs: 20_000, idleMs: 8_000 } },
    });
  }

  /** Runs until nothing happens any more. */
  async run(): Promise<void> {
    for (let step = 0; step < 20 + this.#plan.requests * 6; step += 1) {
      const isCalm = this.#choose(3) > 0;
      if (this.asks.length < this.#plan.requests && this.#choose(3) > 0) this.#start();
      this.#act(this.#choose(10) < this.#plan.badness);
      // Sometimes several things happen before anybody hears of the first.
      if (isCalm) await turns();
      if (isCalm) this.#check();
    }
    await this.#calm();
  }

  #start(): void {
    const id = this.asks.length;
    const method = METHODS[this.#choose(METHODS.length)] as string;
    const controller = new AbortController();
    const ask: Ask = { id, method, controller, settled: 0, content: null, error: null, seen: 0 };
    this.asks.push(ask);
    const content = method === 'GET' ? null : this.#content(id);
    const url = `http://${'abc'[this.#choose(this.#plan.origins)]}.example/${id}`;
    const request = { url, method, content, signal: controller.signal };
    this.bench.client
      .request(request)
      .then((response) => response.content.text())
      .then(
        (text) => {
          ask.settled += 1;
          ask.content = text;
        },
        (error: HttpClientError) => {
          ask.settled += 1;
          ask.error = error;
        },
      );
  }

  #content(id: number): string | (() => Iterable<Uint8Array>) {
    const bytes = Buffer.from(`content ${id}`);
    return this.#choose(2) === 0 ? `content ${id}` : () => [bytes, bytes];
  }

  #act(isBad: boolean): void {
    this.#read();
    const { network, time } = this.bench;
    const isSlow = this.#plan.badness > 0 && this.#choose(4) === 0;
    network.opening = isBad ? 'fail' : isSlow ? 'hang' : 'open';
    const server = network.servers[this.#choose(network.servers.length + 1)];
    if (server === undefined || server.end !== null) {
      if (isBad) this.#abort();
      // Where nothing is bad, nobody runs out of patience.
      else time.advance(this.#choose(3) * (this.#plan.badness > 0 ? 1000 : 50));
      return;
    }
    if (isBad) this.#harm(server);
    else this.#answer(server);
    if (this.#choose(3) === 0) network.hanging.shift()?.open();
  }

  #abort(): void {
    this.asks[this.#choose(this.asks.length + 1)]?.controller.abort();
  }

  #answer(server: ServerEnd): void {
    const id = this.#pending.get(server)?.shift();
    if (id === undefined) return;
    const text = `answer ${id}`;
    const lines = this.#choose(3) === 0 ? ['Keep-Alive: timeout=5, max=3'] : [];
    if (this.#choose(8) === 0) lines.push('Connection: close');
    if (this.#choose(2) === 0) server.answer(text, ...lines);
    else {
      const head = ['HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', ...lines, '', ''].join('\r\n');
      server.send(`${head}3\r\n${text.slice(0, 3)}\r\n`);
      server.send(`${(text.length - 3).toString(16)}\r\n${text.slice(3)}\r\n0\r\n\r\n`);
    }
  }

  #harm(server: ServerEnd): void {
    const isIdle = (this.#pending.get(server)?.length ?? 0) === 0 && server.text === '';
    // Behind a request that is not answered yet, whatever comes is an answer to the next.
    switch (this.#choose(isIdle && this.#plan.pipelining === 1 ? 4 : 3)) {
      case 0:
        server.transport.end();
        break;
      case 1:
        server.transport.abort();
        server.end = 'reset';
        break;
      case 2:
        server.send('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\npart').transport.end();
        break;
      default:
        server.send(POISON);
    }
  }

  /** Servers read what has come. */
  #read(): void {
    for (const server of this.bench.network.servers) {
      // Anywhere, since a content may stand before it.
      const pattern = /(GET|PUT|POST) \/(\d+) HTTP.*?\r\n\r\n/s;
      for (
        let match = pattern.exec(server.text);
        match !== null;
        match = pattern.exec(server.text)
      ) {
        const id = Number(match[2]);
        const ask = this.asks[id] as Ask;
        ask.seen += 1;
        const pending = this.#pending.get(server) ?? [];
        this.#pending.set(server, [...pending, id]);
        server.text = server.text.slice(match.index + match[0].length);
      }
      if (!server.text.includes('HTTP/1.1')) server.text = '';
    }
  }

  #check(): void {
    const { perOriginMax, connectionsMax } = this.#plan;
    const { connections } = this.bench.client;
    if (connections.length > connectionsMax) this.excesses.push(`${connections.length} in all`);
    for (const host of ['a', 'b', 'c']) {
      const { length } = connections.filter(({ origin }) => origin.includes(`/${host}.`));
      if (length > perOriginMax) this.excesses.push(`${length} to ${host}`);
    }
  }

  /** From now on all servers answer, and time goes on. */
  async #calm(): Promise<void> {
    const { network, time } = this.bench;
    network.opening = 'open';
    for (let round = 0; round < 20 * (this.asks.length + 2); round += 1) {
      await turns();
      this.#check();
      for (const hanging of network.hanging.splice(0)) hanging.open();
      this.#read();
      for (const server of network.open) {
        while ((this.#pending.get(server)?.length ?? 0) > 0) this.#answer(server);
      }
      if (this.asks.every(({ settled }) => settled > 0)) break;
      if (round % 5 === 4) time.advance(5_000);
    }
    await turns();
  }
}
