// The stream of events, and what is done when it ends: the browser's own policy would knock at a
// closing server at once and every three seconds, and would not tell a stream that has gone silent.
import type { ChangeEvent, ConnectionsEvent, StreamEnding } from './live-events.ts';

/** Where the feed stands; `drain` and `replaced` as the server said, `lost` without a word. */
export type FeedState = 'connecting' | 'live' | 'lost' | StreamEnding;

/** What the feed tells. */
export interface FeedListener {
  /** A stream begins: this is all there is. */
  onConnections(event: ConnectionsEvent): void;
  /** Something has changed. */
  onChange(event: ChangeEvent): void;
  /** `retryAt` is when it tries again, in the time of `performance.now`; Infinity for never. */
  onState(state: FeedState, retryAt: number): void;
}

/** The server says something every 15 seconds at least. */
const SILENCE_MS_MAX = 40_000;

const RETRY_MS = 1000;
const RETRY_MS_MAX = 15_000;

/** One stream at a time, from `start` on. */
export class EventFeed {
  readonly #url: string;
  readonly #listener: FeedListener;
  #source: EventSource | null = null;
  #silence = 0;
  #retry = 0;
  #failures = 0;

  constructor(url: string, listener: FeedListener) {
    this.#url = url;
    this.#listener = listener;
  }

  /** Connects, or connects anew. */
  start(): void {
    this.stop();
    const source = new EventSource(this.#url);
    this.#source = source;
    this.#listener.onState('connecting', Number.POSITIVE_INFINITY);
    this.#hear(source, 'connections', (data) => {
      this.#failures = 0;
      this.#listener.onState('live', Number.POSITIVE_INFINITY);
      this.#listener.onConnections(data as ConnectionsEvent);
    });
    this.#hear(source, 'change', (data) => this.#listener.onChange(data as ChangeEvent));
    this.#hear(source, 'drain', () => this.#tryLater('drain'));
    this.#hear(source, 'replaced', () => {
      this.stop();
      this.#listener.onState('replaced', Number.POSITIVE_INFINITY);
    });
    source.addEventListener('error', () => this.#tryLater('lost'));
    this.#listen();
  }

  /** Disconnects, and does not try again. */
  stop(): void {
    this.#source?.close();
    this.#source = null;
    clearTimeout(this.#silence);
    clearTimeout(this.#retry);
  }

  #hear(source: EventSource, type: string, act: (data: unknown) => void): void {
    source.addEventListener(type, (event) => {
      this.#listen();
      act(JSON.parse((event as MessageEvent<string>).data));
    });
  }

  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#tryLater('lost'), SILENCE_MS_MAX);
  }

  /** Each time after twice as long, and never with all other pages in the same moment. */
  #tryLater(state: 'drain' | 'lost'): void {
    this.stop();
    const delayMs = Math.min(RETRY_MS * 2 ** this.#failures, RETRY_MS_MAX);
    const jitteredMs = delayMs * (0.75 + Math.random() / 2);
    this.#failures += 1;
    this.#retry = setTimeout(() => this.start(), jitteredMs);
    this.#listener.onState(state, performance.now() + jitteredMs);
  }
}
