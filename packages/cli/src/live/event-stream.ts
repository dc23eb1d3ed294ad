// What one live page is told, as server-sent events (WHATWG HTML section 9.2). Events are made when
// the connection has room for them, out of what has changed by then: whoever reads slowly is told
// less often, and whoever does not read at all costs a few references until the server's write
// stall ends the connection. There are no event ids: each stream begins with everything.
import { Timer } from '@holdline/timer-wheel';
import type { ObservedConnection } from './observed-connection.ts';
import type { StreamEnding } from './page/live-events.ts';

/** Silence after which something is said: proxies give up on it after 60 s, often after 30. */
const SILENCE_MS_MAX = 15_000;

/** Connections that were forgotten unread, above which the page is told everything anew. */
const GONE_MAX = 64;

/** For consumers without a policy of their own; the page has one. */
const RETRY = 'retry: 3000\n';

/** What a stream needs of who looks after the connections. */
export interface StreamSource {
  /** All connections, as of their last look. */
  readonly connections: Iterable<ObservedConnection>;
  readonly clock: {
    now(): number;
    touch(timer: EventStream, deadline: number): void;
    cancel(timer: EventStream): void;
  };
  /** Nothing more will be told. Exactly once. */
  streamEnded(stream: EventStream): void;
}

type Result = IteratorResult<Uint8Array, undefined>;

const DONE: Result = Object.freeze({ done: true, value: undefined });

/** The content of one response; it is its own timer, for the silence. */
export class EventStream extends Timer implements AsyncIterableIterator<Uint8Array> {
  /** The connection that it goes over. */
  readonly carrier: ObservedConnection;
  /** Resolves when the response has its last piece, or the page has gone. */
  readonly ended: Promise<void>;
  readonly #source: StreamSource;
  readonly #changed: Set<ObservedConnection> = new Set();
  #gone: number[] = [];
  #isWhole = true;
  #ending: StreamEnding | null = null;
  #over = false;
  #reader: ((result: Result) => void) | null = null;
  #settle: () => void = () => {};

  constructor(source: StreamSource, carrier: ObservedConnection) {
    super();
    this.#source = source;
    this.carrier = carrier;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** For the response. */
  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The next event, as soon as there is one. Is called when the one before was sent. */
  next(): Promise<Result> {
    return new Promise((resolve) => {
      this.#reader = resolve;
      if (this.#hasNews) this.#tell();
      else this.#source.clock.touch(this, this.#source.clock.now() + SILENCE_MS_MAX);
    });
  }

  /** The page has gone. */
  return(): Promise<Result> {
    this.#finish();
    this.#tell();
    this.#settle();
    return Promise.resolve(DONE);
  }

  /** Connections look different, as of their last look. */
  change(connections: readonly ObservedConnection[]): void {
    for (const connection of connections) this.#changed.add(connection);
    this.#tell();
  }

  /** A connection is no longer shown. */
  forget(connection: ObservedConnection): void {
    this.#changed.delete(connection);
    this.#gone.push(connection.info.id);
    if (this.#gone.length > GONE_MAX) this.#isWhole = true;
    if (this.#isWhole) this.#gone = [];
    this.#tell();
  }

  /** Tells why, and then ends the response. */
  end(ending: StreamEnding): void {
    this.#ending ??= ending;
    this.#tell();
  }

  /** The clock: nothing has been said for a while. */
  onExpiry(_now: number): void {
    this.#changed.add(this.carrier);
    this.carrier.look();
    this.#tell();
  }

  get #hasNews(): boolean {
    const hasChange = this.#changed.size > 0 || this.#gone.length > 0;
    return this.#isWhole || hasChange || this.#ending !== null || this.#over;
  }

  #tell(): void {
    const reader = this.#reader;
    if (reader === null || !this.#hasNews) return;
    this.#reader = null;
    this.#source.clock.cancel(this);
    if (this.#over) {
      reader(DONE);
      this.#settle();
    } else {
      reader({ done: false, value: Buffer.from(this.#takeEvents()) });
    }
  }

  #takeEvents(): string {
    if (this.#ending === null) return this.#isWhole ? RETRY + this.#takeAll() : this.#takeChange();
    const event = `event: ${this.#ending}\ndata: {}\n\n`;
    this.#finish();
    return event;
  }

  #takeAll(): string {
    this.#isWhole = false;
    this.#changed.clear();
    const rows = rowsOf(this.#source.connections);
    return `event: connections\ndata: {"now":${this.#now()},"own":${this.carrier.info.id},"rows":${rows}}\n\n`;
  }

  #takeChange(): string {
    const rows = rowsOf(this.#changed);
    const gone = JSON.stringify(this.#gone);
    this.#changed.clear();
    this.#gone = [];
    return `event: change\ndata: {"now":${this.#now()},"rows":${rows},"gone":${gone}}\n\n`;
  }

  #now(): number {
    return Math.round(this.#source.clock.now());
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#source.clock.cancel(this);
    this.#source.streamEnded(this);
  }
}

/** JSON has no line breaks of its own, so that it is one line of an event. */
function rowsOf(connections: Iterable<ObservedConnection>): string {
  return `[${Array.from(connections, ({ json }) => json).join(',')}]`;
}
