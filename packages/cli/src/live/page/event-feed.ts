// The feed, which comes over a WebSocket, and what is done when it ends: a closing server is not
// knocked at at once, and a line that has gone silent is not taken for one on which nothing happens.
import type {
  ChangeEvent,
  ConnectionsEvent,
  FeedEnding,
  FeedEndingCodes,
  FeedEvent,
} from './live-events.ts';

/** Where the feed stands; as the server said, or `lost` without a word. */
export type FeedState = 'connecting' | 'live' | 'lost' | FeedEnding;

/** What the feed tells. */
export interface FeedListener {
  /** A feed begins: this is all there is. */
  onConnections(event: ConnectionsEvent): void;
  /** Something has changed. */
  onChange(event: ChangeEvent): void;
  /** `retryAt` is when it tries again, in the time of `performance.now`; Infinity for never. */
  onState(state: FeedState, retryAt: number): void;
}

const ENDINGS: FeedEndingCodes = { drain: 1001, crowded: 1013, replaced: 4001 };

/** The server pings every 5 seconds, and tells of each answer. */
const SILENCE_MS_MAX = 20_000;

const RETRY_MS = 1000;
const RETRY_MS_MAX = 15_000;

/** One WebSocket at a time, from `start` on. */
export class EventFeed {
  readonly #url: string;
  readonly #listener: FeedListener;
  #socket: WebSocket | null = null;
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
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#listener.onState('connecting', Number.POSITIVE_INFINITY);
    socket.addEventListener('message', ({ data }) => {
      if (this.#socket !== socket) return;
      this.#listen();
      this.#hear(JSON.parse(data as string) as FeedEvent);
    });
    socket.addEventListener('close', ({ code }) => {
      if (this.#socket === socket) this.#ended(code);
    });
    this.#listen();
  }

  /** Disconnects, and does not try again. */
  stop(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(1000);
    clearTimeout(this.#silence);
    clearTimeout(this.#retry);
  }

  #hear(event: FeedEvent): void {
    if (event.type === 'change') {
      this.#listener.onChange(event);
      return;
    }
    this.#failures = 0;
    this.#listener.onState('live', Number.POSITIVE_INFINITY);
    this.#listener.onConnections(event);
  }

  #ended(code: number): void {
    if (code === ENDINGS.replaced) {
      this.stop();
      this.#listener.onState('replaced', Number.POSITIVE_INFINITY);
    } else if (code === ENDINGS.drain) this.#tryLater('drain');
    else this.#tryLater(code === ENDINGS.crowded ? 'crowded' : 'lost');
  }

  #listen(): void {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#tryLater('lost'), SILENCE_MS_MAX);
  }

  /** Each time after twice as long, and never with all other pages in the same moment. */
  #tryLater(state: 'drain' | 'crowded' | 'lost'): void {
    this.stop();
    const delayMs = Math.min(RETRY_MS * 2 ** this.#failures, RETRY_MS_MAX);
    const jitteredMs = delayMs * (0.75 + Math.random() / 2);
    this.#failures += 1;
    this.#retry = setTimeout(() => this.start(), jitteredMs);
    this.#listener.onState(state, performance.now() + jitteredMs);
  }
}
