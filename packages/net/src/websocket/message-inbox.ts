// Messages that wait to be read by iterating. Little waits here; behind that, the driver is held, the
// machine fills up, and reading from the transport stops.

/** What may wait, and what a message costs beside its content. */
const UNREAD_BYTES_MAX = 65_536;
const MESSAGE_BYTES = 64;

const DONE: IteratorResult<never, undefined> = Object.freeze({ done: true, value: undefined });

/** What an inbox needs of its connection. */
export interface InboxOwner {
  /** No more messages until `releaseInbox`. */
  holdInbox(): void;
  releaseInbox(): void;
  /** Somebody was given a message, or is to ask for it: he has this turn of the event loop to answer it. */
  given(): void;
  /** He has: he asks for more. */
  asked(): void;
  /** Whoever reads has dealt with all that there was, or reads no more. */
  inboxDone(): void;
}

interface Waiting<Message> {
  readonly message: Message;
  readonly byteCount: number;
}

/** One connection's messages; the same iterator each time, since they come once. */
export class MessageInbox<Message> implements AsyncIterableIterator<Message, undefined> {
  readonly #owner: InboxOwner;
  readonly #onNext: (() => void) | null;
  #waiting: Waiting<Message>[] = [];
  #unreadBytes = 0;
  #reader: ((result: IteratorResult<Message, undefined>) => void) | null = null;
  #isHeld = false;
  /** Whoever was given the last message may be at work on it. */
  #isGiven = false;
  /** What is too much is thrown away, since the connection is closing and its end must be heard. */
  #spills = false;
  #isEnded = false;

  /** `onNext` is called when the next message is asked for. */
  constructor(owner: InboxOwner, onNext: (() => void) | null = null) {
    this.#owner = owner;
    this.#onNext = onNext;
  }

  /** Nothing is waiting. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Messages wait, or one was given, and no other was asked for. */
  get isBusy(): boolean {
    return this.#isGiven || this.#waiting.length > 0;
  }

  /** For `for await`. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next message. Rejects with TypeError while another is being waited for. */
  next(): Promise<IteratorResult<Message, undefined>> {
    if (this.#reader !== null) {
      return Promise.reject(new TypeError('the next message is being waited for'));
    }
    this.#onNext?.();
    const first = this.#waiting.shift();
    this.#isGiven = first !== undefined;
    if (first !== undefined) {
      this.#unreadBytes -= first.byteCount;
      if (this.#unreadBytes < UNREAD_BYTES_MAX) this.#release();
      return Promise.resolve({ done: false, value: first.message });
    }
    if (this.#isEnded) return Promise.resolve(DONE);
    return new Promise((resolve) => {
      this.#reader = resolve;
      this.#release();
      this.#owner.inboxDone();
      this.#owner.asked();
    });
  }

  /** Somebody has stopped to iterate; others may go on. */
  return(): Promise<IteratorResult<Message, undefined>> {
    this.#reader?.(DONE);
    this.#reader = null;
    this.#isGiven = false;
    this.#owner.inboxDone();
    this.#owner.asked();
    return Promise.resolve(DONE);
  }

  /** From the connection: a message, or the beginning of one that must be read before the next. */
  push(message: Message, byteCount: number): void {
    const reader = this.#reader;
    if (reader !== null) {
      this.#reader = null;
      this.#isGiven = true;
      reader({ done: false, value: message });
      this.#owner.given();
      return;
    }
    // Whoever has just been given the connection is about to ask.
    if (!this.isBusy) this.#owner.given();
    if (this.#spills && this.#unreadBytes >= UNREAD_BYTES_MAX) return;
    const cost = byteCount + MESSAGE_BYTES;
    this.#waiting.push({ message, byteCount: cost });
    this.#unreadBytes += cost;
    if (this.#spills || this.#isHeld || this.#unreadBytes < UNREAD_BYTES_MAX) return;
    this.#isHeld = true;
    this.#owner.holdInbox();
  }

  /** From the connection, which is closing: nothing waits for the reader any more. */
  spill(): void {
    this.#spills = true;
    this.#release();
  }

  /** From the connection, which is over. */
  end(): void {
    this.#isEnded = true;
    this.#reader?.(DONE);
    this.#reader = null;
  }

  #release(): void {
    if (!this.#isHeld) return;
    this.#isHeld = false;
    this.#owner.releaseInbox();
  }
}

/** What the beginning of a message counts for, so that no other follows it. */
export const STREAM_BYTES: number = UNREAD_BYTES_MAX;
