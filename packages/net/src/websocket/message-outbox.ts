// Messages that wait because one is being sent in pieces, and the close behind them. Most connections
// never have this.
import { Timer } from '@holdline/timer-wheel';
import { LocalProtocolError, type MessageKind, type PreparedMessage } from '@holdline/websocket';
import type { Clock } from '../clock.ts';
import type { MessageOptions, StreamOptions, StreamSource } from './websocket-connection.ts';
import type { WebSocketMessageError } from './websocket-errors.ts';

/** What an outbox needs of its connection. */
export interface OutboxOwner {
  /** Sends at once. */
  sendNow(
    message: string | Uint8Array | PreparedMessage,
    options: MessageOptions | undefined,
  ): void;
  /** Begins a message in pieces. */
  beginStream(kind: MessageKind, options: StreamOptions): void;
  /** A piece of it, where its length is unknown. */
  sendPiece(piece: string | Uint8Array, isLast: boolean): void;
  /** A piece of it, where its length was declared. */
  sendDeclared(piece: Uint8Array): void;
  /** Resolves when there is room. */
  drained(): Promise<void>;
  /** A message has stopped in the middle: whoever is told is told by the end of the connection. */
  failStream(isDeclared: boolean): void;
  /** Nothing is waiting any more, unless it is a close. */
  outboxEmpty(close: DueClose | null): void;
  /** Whether there is room for more. */
  readonly hasRoom: boolean;
}

/** A close that waits for what was sent before it. */
export interface DueClose {
  readonly code: number | undefined;
  readonly reason: string | undefined;
}

interface Whole {
  readonly message: string | Uint8Array | PreparedMessage;
  readonly options: MessageOptions | undefined;
}

interface Stream {
  readonly kind: MessageKind;
  readonly source: StreamSource;
  readonly options: StreamOptions;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const encoder = new TextEncoder();

type AnyIterator = AsyncIterator<string | Uint8Array> | Iterator<string | Uint8Array>;

/**
 * First in, first out. It lives while a message in pieces does, and what waits behind it. It is the
 * timer of a close that waits.
 */
export class MessageOutbox extends Timer {
  /** Content of the whole messages that wait. */
  waitingBytes = 0;
  readonly #owner: OutboxOwner;
  readonly #clock: Clock;
  #entries: (Whole | Stream)[] = [];
  #current: Stream | null = null;
  #iterator: AnyIterator | null = null;
  #ended: WebSocketMessageError | null = null;
  #close: DueClose | null = null;

  constructor(owner: OutboxOwner, clock: Clock) {
    super();
    this.#owner = owner;
    this.#clock = clock;
  }

  /** Nothing more is to be sent. */
  get isClosing(): boolean {
    return this.#close !== null;
  }

  /** A whole message. */
  addMessage(
    message: string | Uint8Array | PreparedMessage,
    options: MessageOptions | undefined,
  ): void {
    this.#entries.push({ message, options });
    this.waitingBytes += byteCountOf(message);
  }

  /** A message in pieces; the first entry begins at once. */
  addStream(kind: MessageKind, source: StreamSource, options: StreamOptions): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const stream = { kind, source, options, resolve, reject };
      if (this.#current === null) void this.#run(stream);
      else this.#entries.push(stream);
    });
  }

  /** Closes once all is out, which has `patienceMs`; a no-op when that is due already. */
  closeBehind(close: DueClose, patienceMs: number): void {
    if (this.#close !== null) return;
    this.#close = close;
    this.#clock.touch(this, this.#clock.now() + patienceMs);
  }

  /** What was to be out before the close takes too long: the connection fails, as with a source that does. */
  onExpiry(): void {
    if (this.#current !== null) this.#failStream(this.#current);
  }

  /** From the connection: nothing more can be sent. */
  end(error: WebSocketMessageError): void {
    if (this.#ended !== null) return;
    this.#clock.cancel(this);
    this.#ended = error;
    const streams = [this.#current, ...this.#entries];
    this.#entries = [];
    this.waitingBytes = 0;
    for (const entry of streams) {
      if (entry !== null && 'source' in entry) entry.reject(error);
    }
    // Whoever makes the pieces need not go on; that may fail in its own way.
    const stopped = this.#iterator?.return?.();
    if (stopped instanceof Promise) stopped.catch(() => {});
  }

  async #run(first: Stream): Promise<void> {
    let stream: Stream | null = first;
    while (stream !== null) stream = await this.#sendStream(stream);
  }

  /** Sends the whole messages that wait; returns the message in pieces behind them, or null. */
  #sendWaiting(): Stream | null {
    for (let entry = this.#entries.shift(); entry !== undefined; entry = this.#entries.shift()) {
      if ('source' in entry) return entry;
      this.#sendWhole(entry);
    }
    this.#current = null;
    this.#clock.cancel(this);
    this.#owner.outboxEmpty(this.#close);
    return null;
  }

  #failStream({ options }: Stream): void {
    this.#owner.failStream(options.byteCount !== undefined);
  }

  #sendWhole({ message, options }: Whole): void {
    this.waitingBytes -= byteCountOf(message);
    this.#owner.sendNow(message, options);
  }

  /** Returns the next one. */
  async #sendStream(stream: Stream): Promise<Stream | null> {
    const { kind, options, resolve, reject } = stream;
    this.#current = stream;
    let hasBegun = false;
    try {
      this.#owner.beginStream(kind, options);
      hasBegun = true;
      const lackingBytes = await this.#sendPieces(stream);
      if (this.#ended === null) this.#endStream(lackingBytes);
    } catch (error) {
      reject(error);
      if (hasBegun && this.#ended === null) this.#failStream(stream);
    }
    // What waited has left before whoever is told of the end closes the connection.
    const next = this.#sendWaiting();
    resolve();
    return next;
  }

  #endStream(lackingBytes: number | null): void {
    if (lackingBytes === null) this.#owner.sendPiece('', true);
    else if (lackingBytes > 0) {
      const what = `${lackingBytes} bytes less than were declared`;
      throw new LocalProtocolError('WS_FRAME_LENGTH_MISMATCH', what);
    }
  }

  /** Returns how much is lacking of a declared length, null where there is none. */
  async #sendPieces({ source, options }: Stream): Promise<number | null> {
    const iterator = iteratorOf(source);
    this.#iterator = iterator;
    let lackingBytes = options.byteCount ?? null;
    for (;;) {
      const { done, value } = await iterator.next();
      if (done === true || this.#ended !== null) break;
      try {
        if (lackingBytes === null) this.#owner.sendPiece(value, false);
        else lackingBytes -= this.#sendDeclared(value);
      } catch (error) {
        await iterator.return?.();
        throw error;
      }
      if (!this.#owner.hasRoom) await this.#owner.drained();
    }
    this.#iterator = null;
    return lackingBytes;
  }

  #sendDeclared(piece: string | Uint8Array): number {
    const data = typeof piece === 'string' ? encoder.encode(piece) : piece;
    if (data.length > 0) this.#owner.sendDeclared(data);
    return data.length;
  }
}

function iteratorOf(source: StreamSource): AnyIterator {
  return Symbol.asyncIterator in source
    ? source[Symbol.asyncIterator]()
    : source[Symbol.iterator]();
}

function byteCountOf(message: string | Uint8Array | PreparedMessage): number {
  const isPrepared = typeof message === 'object' && 'payload' in message;
  return isPrepared ? message.payload.length : message.length;
}
