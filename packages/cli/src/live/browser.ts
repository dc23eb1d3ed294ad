// The connections of one browser, and the live pages that look at them. While nobody looks nothing
// is computed; while somebody does, what may have changed is looked at a few times a second.
import type { Clock } from '@holdline/net';
import { Timer } from '@holdline/timer-wheel';
import { FrameList } from './frame-list.ts';
import { type FeedChannel, type FeedSource, LiveFeed } from './live-feed.ts';
import type { ConnectionOwner, ObservedConnection } from './observed-connection.ts';
import type { WireLine } from './page/live-events.ts';

/** Between two looks: four events a second at most. */
const LOOK_MS = 250;

/** From what happens to the look: a response that was just handed over is out by then. */
const SETTLE_MS = 20;

/** How long a connection that has ended is still shown. */
const CLOSED_MS = 60_000;

/** Connections shown; browsers open 6 to a server, but anybody may show a browser's token. */
const CONNECTIONS_MAX = 64;

/** Live pages that one browser may have open. */
const FEEDS_MAX = 3;

/** One browser; it is its own timer, for the next look. */
export class Browser extends Timer implements ConnectionOwner, FeedSource {
  /** {@link ConnectionOwner} */
  readonly token: string;
  /** {@link FeedSource} */
  readonly clock: Clock;
  readonly #onEmpty: (browser: Browser) => void;
  readonly #connections: Map<number, ObservedConnection> = new Map();
  /** May look different at the next look. */
  readonly #unsettled: Set<ObservedConnection> = new Set();
  /** Oldest first. */
  readonly #feeds: Set<LiveFeed> = new Set();
  /** Since the last look. */
  readonly #frames: FrameList = new FrameList();
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** `onEmpty` is called when there is nothing left to remember. */
  constructor(token: string, clock: Clock, onEmpty: (browser: Browser) => void) {
    super();
    this.token = token;
    this.clock = clock;
    this.#onEmpty = onEmpty;
  }

  /** {@link FeedSource} */
  get connections(): Iterable<ObservedConnection> {
    return this.#connections.values();
  }

  /** Whether another connection can be shown. */
  get hasRoom(): boolean {
    return this.#connections.size < CONNECTIONS_MAX;
  }

  /** A connection is known to be this browser's. */
  add(connection: ObservedConnection): void {
    this.#connections.set(connection.info.id, connection);
  }

  /** {@link ConnectionOwner} */
  changed(connection: ObservedConnection): void {
    this.#unsettled.add(connection);
    if (connection.isOver) this.clock.touch(connection, this.clock.now() + CLOSED_MS);
    this.#arm();
  }

  /** {@link ConnectionOwner} */
  get isWatched(): boolean {
    return this.#feeds.size > 0;
  }

  /** {@link ConnectionOwner} */
  framed(line: WireLine): void {
    this.#frames.push(line);
  }

  /** {@link ConnectionOwner} */
  forget(connection: ObservedConnection): void {
    if (!this.#connections.delete(connection.info.id)) return;
    this.clock.cancel(connection);
    this.#unsettled.delete(connection);
    for (const feed of this.#feeds) feed.forget(connection);
    this.#leaveIfEmpty();
  }

  /** Begins to tell a page; beyond the limit, the oldest page is told that it is no longer told. */
  watch(carrier: ObservedConnection, channel: FeedChannel): LiveFeed {
    const [oldest] = this.#feeds;
    if (oldest !== undefined && this.#feeds.size >= FEEDS_MAX) {
      this.#feeds.delete(oldest);
      oldest.end('replaced');
    }
    const feed = new LiveFeed(this, carrier, channel);
    carrier.isObserver = true;
    this.#feeds.add(feed);
    this.#look(this.clock.now());
    feed.begin();
    return feed;
  }

  /** {@link FeedSource} */
  feedEnded(feed: LiveFeed): void {
    this.#feeds.delete(feed);
    feed.carrier.isObserver = false;
    this.changed(feed.carrier);
    this.#leaveIfEmpty();
  }

  /** The clock: it is time to look. */
  onExpiry(now: number): void {
    this.#look(now);
  }

  #look(now: number): void {
    this.#lookedAt = now;
    const different: ObservedConnection[] = [];
    for (const connection of this.#unsettled) {
      if (connection.look()) different.push(connection);
      if (!connection.isSettled) continue;
      this.#unsettled.delete(connection);
      if (!connection.isOver) this.clock.touch(connection, connection.idleDeadline);
    }
    const frames = this.#frames.take();
    if (different.length > 0 || frames.frames.length > 0) {
      for (const feed of this.#feeds) feed.change(different, frames);
    }
    this.#arm();
  }

  #arm(): void {
    if (this.#feeds.size === 0 || this.#unsettled.size === 0 || this.scheduled) return;
    const now = this.clock.now();
    this.clock.touch(this, Math.max(now + SETTLE_MS, this.#lookedAt + LOOK_MS));
  }

  #leaveIfEmpty(): void {
    if (this.#connections.size > 0 || this.#feeds.size > 0) return;
    this.clock.cancel(this);
    this.#onEmpty(this);
  }
}
