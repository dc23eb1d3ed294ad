// A toy protocol to switch to: a length byte and that many bytes, echoed; length 0 says goodbye.
// It is as small as a real machine can be that has input, output, a deadline, a fault and an end.
import {
  type Connection,
  type End,
  type Instant,
  NEED_DATA,
  type NeedData,
  type TrailingData,
  type TransportWish,
} from './bytes/connection.ts';
import { joinBytes } from './guard-bytes.ts';

/** What the toy reports. */
export type ToyUpgradeEvent =
  | { readonly type: 'message'; readonly data: Uint8Array }
  | { readonly type: 'failed'; readonly code: 'TOY_UNEXPECTED_END' | 'TOY_IDLE_TIMEOUT' }
  | { readonly type: 'closed' };

/** Milliseconds without a byte after which the toy gives up. */
export const TOY_IDLE_MS = 10_000;

/** The toy machine; both ends are alike, but only one with `echoes` answers by itself. */
export class ToyUpgrade implements Connection<ToyUpgradeEvent> {
  readonly #echoes: boolean;
  #input: Uint8Array = new Uint8Array(0);
  #end: End | null = null;
  #output: Uint8Array[] = [];
  #outputBytes = 0;
  #deadline: Instant;
  #waiting: ToyUpgradeEvent[] = [];
  #over = false;
  #saidGoodbye = false;

  constructor(now: Instant, echoes: boolean) {
    this.#deadline = now + TOY_IDLE_MS;
    this.#echoes = echoes;
  }

  /** Sends one message of 1 to 255 bytes. Throws RangeError on any other length. */
  sendMessage(data: Uint8Array): void {
    if (data.length < 1 || data.length > 255) throw new RangeError('a toy message has 1-255 bytes');
    this.#write(joinBytes([Uint8Array.of(data.length), data]));
  }

  /** Says goodbye; the peer's goodbye then closes the connection. */
  sendGoodbye(): void {
    if (!this.#saidGoodbye) this.#write(Uint8Array.of(0));
    this.#saidGoodbye = true;
  }

  get wantsData(): boolean {
    return !this.#over;
  }

  receive(data: Uint8Array, now: Instant): void {
    this.#input = joinBytes([this.#input, data]);
    if (!this.#over) this.#deadline = now + TOY_IDLE_MS;
  }

  receiveEnd(_now: Instant, end: End): void {
    this.#end ??= end;
  }

  nextEvent(): ToyUpgradeEvent | NeedData {
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) return waiting;
    if (this.#over) return NEED_DATA;
    const length = this.#input[0];
    if (length === 0) {
      this.sendGoodbye();
      return this.#close();
    }
    if (length === undefined || this.#input.length <= length) {
      if (this.#end !== null) this.#fail('TOY_UNEXPECTED_END');
      return this.#waiting.shift() ?? NEED_DATA;
    }
    const data = this.#input.subarray(1, 1 + length);
    this.#input = this.#input.subarray(1 + length);
    if (this.#echoes) this.sendMessage(data);
    return { type: 'message', data };
  }

  nextOutput(): Uint8Array | null {
    return this.#output.shift() ?? null;
  }

  get outputBytes(): number {
    return this.#outputBytes;
  }

  outputAccepted(byteCount: number): void {
    this.#outputBytes -= byteCount;
  }

  get transport(): TransportWish {
    return this.#over ? 'close' : 'open';
  }

  deadline(): Instant {
    return this.#deadline;
  }

  onDeadline(now: Instant): void {
    if (now >= this.#deadline) this.#fail('TOY_IDLE_TIMEOUT');
  }

  takeTrailingData(): TrailingData {
    throw new TypeError('the toy never switches');
  }

  #fail(code: 'TOY_UNEXPECTED_END' | 'TOY_IDLE_TIMEOUT'): void {
    this.#waiting.push({ type: 'failed', code }, this.#close());
  }

  #close(): ToyUpgradeEvent {
    this.#over = true;
    this.#deadline = Number.POSITIVE_INFINITY;
    return { type: 'closed' };
  }

  #write(data: Uint8Array): void {
    this.#output.push(data);
    this.#outputBytes += data.length;
  }
}
