// The WebSocket of a live page, as a feed sees it: it takes what it is given until told otherwise.
import type { FeedChannel } from '../../src/live/live-feed.ts';

export class FakeChannel implements FeedChannel {
  /** The Close frame that the feed has sent. */
  closedWith: { readonly code: number; readonly reason: string } | null = null;
  #messages: string[] = [];
  #isFull = false;
  #wake: () => void = () => {};

  send(text: string): boolean {
    if (this.closedWith !== null) throw new Error('nothing follows a Close frame');
    this.#messages.push(text);
    return !this.#isFull;
  }

  drained(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  close(code: number, reason: string): Promise<void> {
    this.closedWith = { code, reason };
    return Promise.resolve();
  }

  /** From now on the page does not read. */
  stall(): void {
    this.#isFull = true;
  }

  /** The page reads again. */
  async resume(): Promise<void> {
    this.#isFull = false;
    this.#wake();
    await Promise.resolve();
    await Promise.resolve();
  }

  /** The next message, which must be there. */
  take(): unknown {
    const text = this.#messages.shift();
    if (text === undefined) throw new Error('the feed has said nothing');
    return JSON.parse(text);
  }

  /** All messages there are. */
  takeAll(): unknown[] {
    return this.#messages.splice(0).map((text) => JSON.parse(text) as unknown);
  }
}
