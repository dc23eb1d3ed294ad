// Who wants to know when what was sent has left. A connection whose program never asks has none.
import process from 'node:process';
import type { SentCallback } from './websocket-options.ts';

interface Waiting {
  /** Bytes that the connection has sent when it is this one's turn. */
  readonly atBytes: number;
  readonly callback: SentCallback;
}

/** In the order of what was sent; none is called from within a call of the program's. */
export class SentCallbacks {
  #waiting: Waiting[] = [];

  /** `callback` is called once so many bytes were sent. */
  add(atBytes: number, callback: SentCallback): void {
    this.#waiting.push({ atBytes, callback });
  }

  /** So many bytes were sent. */
  settle(sentBytes: number): void {
    const waiting = this.#waiting;
    let count = 0;
    while (count < waiting.length && waiting[count]!.atBytes <= sentBytes) {
      process.nextTick(waiting[count]!.callback);
      count += 1;
    }
    if (count === waiting.length) this.#waiting = [];
    else if (count > 0) waiting.splice(0, count);
  }

  /** The rest will not be sent. */
  fail(error: Error): void {
    for (const { callback } of this.#waiting) process.nextTick(callback, error);
    this.#waiting = [];
  }
}
