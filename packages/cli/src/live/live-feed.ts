// What one live page is told, as messages of a WebSocket. They are made when there is room for them,
// out of what has changed by then: whoever reads slowly is told less often, and whoever does not read
// at all costs a few references until the write stall ends the connection. Each feed begins with
// everything.
import { FrameList, type TakenFrames } from './frame-list.ts';
import type { ObservedConnection } from './observed-connection.ts';
import type { FeedEnding, FeedEndingCodes } from './page/live-events.ts';

/** Connections that were forgotten unread, above which the page is told everything anew. */
const GONE_MAX = 64;

/** The codes that feeds are closed with. */
export const FEED_ENDINGS: FeedEndingCodes = { drain: 1001, crowded: 1013, replaced: 4001 };

/** What a feed needs of its WebSocket. */
export interface FeedChannel {
  /** False: there is little room, until `drained`. */
  send(text: string): boolean;
  drained(): Promise<void>;
  close(code: number, reason: string): Promise<unknown>;
}

/** What a feed needs of who looks after the connections. */
export interface FeedSource {
  /** All connections, as of their last look. */
  readonly connections: Iterable<ObservedConnection>;
  readonly clock: { now(): number };
  /** Nothing more will be told. Exactly once. */
  feedEnded(feed: LiveFeed): void;
}

/** One page's. */
export class LiveFeed {
  /** The connection that it goes over. */
  readonly carrier: ObservedConnection;
  /** Resolves when its connection is over. */
  readonly ended: Promise<void>;
  readonly #source: FeedSource;
  readonly #channel: FeedChannel;
  readonly #changed: Set<ObservedConnection> = new Set();
  #gone: number[] = [];
  readonly #frames: FrameList = new FrameList();
  #isWhole = true;
  #isWaiting = false;
  #isOver = false;
  #settle: () => void = () => {};

  constructor(source: FeedSource, carrier: ObservedConnection, channel: FeedChannel) {
    this.#source = source;
    this.carrier = carrier;
    this.#channel = channel;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** Tells everything. */
  begin(): void {
    this.#tell();
  }

  /** Connections look different, as of their last look; frames have come and gone. */
  change(connections: readonly ObservedConnection[], frames: TakenFrames): void {
    for (const connection of connections) this.#changed.add(connection);
    this.#frames.append(frames);
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

  /** Closes its WebSocket, with the reason. */
  end(ending: FeedEnding): void {
    if (this.#isOver) return;
    this.#finish();
    void this.#channel.close(FEED_ENDINGS[ending], ending);
  }

  /** Its WebSocket is over, however that was. */
  closed(): void {
    this.#finish();
    this.#settle();
  }

  get #hasNews(): boolean {
    const hasChange = this.#changed.size > 0 || this.#gone.length > 0 || !this.#frames.isEmpty;
    return this.#isWhole || hasChange;
  }

  #tell(): void {
    if (this.#isWaiting || this.#isOver || !this.#hasNews) return;
    if (this.#channel.send(this.#isWhole ? this.#takeAll() : this.#takeChange())) return;
    this.#isWaiting = true;
    void this.#channel.drained().then(() => {
      this.#isWaiting = false;
      this.#tell();
    });
  }

  #takeAll(): string {
    const { id } = this.carrier.info;
    const rows = rowsOf(this.#source.connections);
    this.#isWhole = false;
    this.#frames.take();
    this.#changed.clear();
    return `{"type":"connections","now":${this.#now()},"own":${id},"rows":${rows}}`;
  }

  #takeChange(): string {
    const rows = rowsOf(this.#changed);
    const gone = JSON.stringify(this.#gone);
    // As members of the event.
    const frames = JSON.stringify(this.#frames.take()).slice(1, -1);
    this.#changed.clear();
    this.#gone = [];
    return `{"type":"change","now":${this.#now()},"rows":${rows},"gone":${gone},${frames}}`;
  }

  #now(): number {
    return Math.round(this.#source.clock.now());
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#source.feedEnded(this);
  }
}

function rowsOf(connections: Iterable<ObservedConnection>): string {
  return `[${Array.from(connections, ({ json }) => json).join(',')}]`;
}
