// A server that answers rightly as far as it answers, in whatever pieces and after whatever time, and
// ends connections as it likes.
import type { Socket } from 'node:net';
import { ok, type RawRequest, RawServer, turns } from './raw-server.ts';

/** A whole number from 0 up to, and without, a bound. */
export type Choose = (below: number) => number;

/** Deterministic choices (mulberry32). */
export function chooser(seed: number): Choose {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** The content that only this request is answered with. */
export function answerTo(method: string, target: string, content: string): string {
  const answer = `${method} ${target} ${content}`;
  return answer.repeat(1 + ((target.length + Number(target.split('/').at(-1))) % 9));
}

const POISON = ok('poison', 'Set-Cookie: poison=1');
const HINTS = ['timeout=5', 'timeout=1', 'timeout=2, max=1', 'max=0', 'timeout=60, max=100', 'x'];

/** Listens, and chooses what happens to each request. */
export class ChaosServer extends RawServer {
  /** How often requests were seen, by target. */
  readonly counts: Map<string, number> = new Map();
  readonly #choose: Choose;
  /** What is being answered on each connection. */
  readonly #answering: WeakMap<Socket, Promise<void>> = new WeakMap();

  constructor(choose: Choose) {
    super((request, socket) => {
      this.counts.set(request.target, (this.counts.get(request.target) ?? 0) + 1);
      const before = this.#answering.get(socket) ?? Promise.resolve();
      this.#answering.set(
        socket,
        before.then(() => this.#serve(request, socket)),
      );
    });
    this.#choose = choose;
  }

  async #serve(request: RawRequest, socket: Socket): Promise<void> {
    await this.#pause();
    if (!socket.writable) return;
    const fate = this.#choose(20);
    if (fate === 0) {
      this.#cut(socket);
      return;
    }
    const [response, closes] = this.#response(request);
    const isCut = fate === 1;
    const text = isCut ? response.slice(0, this.#choose(response.length)) : response;
    await this.#write(socket, text);
    // Where only the end completes the content, FIN would.
    if (isCut && closes) socket.resetAndDestroy();
    else if (isCut) this.#cut(socket);
    else if (closes) socket.end();
    else if (fate === 2) {
      await turns(this.#choose(10));
      this.#cut(socket);
    }
  }

  /** A response, and whether the connection ends behind it. */
  #response({ method, target, content }: RawRequest): [response: string, closes: boolean] {
    const answer = method === 'HEAD' ? '' : answerTo(method, target, content);
    const lines: string[] = [];
    if (this.#choose(4) === 0) lines.push(`Keep-Alive: ${HINTS[this.#choose(HINTS.length)]}`);
    const closes = this.#choose(15) === 0;
    if (closes) lines.push('Connection: close');
    const before = this.#choose(8) === 0 ? 'HTTP/1.1 103 Early Hints\r\nA: b\r\n\r\n' : '';
    const head = [`${before}HTTP/1.1 200 OK`, ...lines];
    const isChunked = this.#choose(2) === 0;
    if (closes && this.#choose(2) === 0) return [`${head.join('\r\n')}\r\n\r\n${answer}`, true];
    head.push(isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${answer.length}`);
    const body = isChunked && method !== 'HEAD' ? this.#chunks(answer) : answer;
    // Where requests stand behind this one, it would pass for the answer to the next.
    const isPoisoned = !target.startsWith('/pipelined') && this.#choose(25) === 0;
    return [`${head.join('\r\n')}\r\n\r\n${body}${isPoisoned ? POISON : ''}`, closes];
  }

  #chunks(text: string): string {
    let chunks = '';
    for (let at = 0; at < text.length; ) {
      const size = Math.min(text.length - at, 1 + this.#choose(text.length));
      const extension = this.#choose(5) === 0 ? ';a="b"' : '';
      chunks += `${size.toString(16)}${extension}\r\n${text.slice(at, at + size)}\r\n`;
      at += size;
    }
    return `${chunks}0\r\n${this.#choose(5) === 0 ? 'X-Trailer: t\r\n' : ''}\r\n`;
  }

  /** In one piece, or in several. What follows the content of a response is never late. */
  async #write(socket: Socket, text: string): Promise<void> {
    const count = this.#choose(3) === 0 ? 1 + this.#choose(6) : 1;
    const end = text.endsWith(POISON) ? text.length - POISON.length - 1 : text.length;
    let at = 0;
    for (let piece = 1; piece < count; piece += 1) {
      const next = at + this.#choose(end - at + 1);
      socket.write(text.slice(at, next), 'latin1');
      at = next;
      await this.#pause();
    }
    if (socket.writable) socket.write(text.slice(at), 'latin1');
  }

  async #pause(): Promise<void> {
    const kind = this.#choose(10);
    if (kind === 0) await new Promise((resolve) => setTimeout(resolve, 1 + this.#choose(5)));
    else if (kind < 5) await turns(this.#choose(4));
  }

  #cut(socket: Socket): void {
    const kind = this.#choose(3);
    if (kind === 0) socket.end();
    else if (kind === 1) socket.destroy();
    else socket.resetAndDestroy();
  }
}
