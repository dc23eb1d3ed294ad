import { describe, expect, test } from 'vitest';
import { ConnectionAges } from '../../src/connection-ages.ts';
import { Browsers } from '../../src/live/browsers.ts';
import type { LiveFeed } from '../../src/live/live-feed.ts';
import type {
  ChangeEvent,
  ConnectionRow,
  ConnectionsEvent,
} from '../../src/live/page/live-events.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { FakeConnection } from '../support/fake-connection.ts';
import { FakeTime } from '../support/fake-time.ts';

const IDLE_MS = 5000;
const GRACE_MS = 1000;
/** More than there is between two looks. */
const LOOK_MS = 300;
const ADA = 'A'.repeat(43);
const BOB = 'B'.repeat(43);

type Event = Omit<ConnectionsEvent, 'type'> & ChangeEvent;

/** A feed, and the channel by which it tells. */
interface Watch {
  readonly feed: LiveFeed;
  readonly channel: FakeChannel;
}

/** The next event of a feed; it must be there. */
const read = ({ channel }: Watch): Event => channel.take() as Event;

/** All that a feed has told since it was asked last. */
const readAll = ({ channel }: Watch): Event[] => channel.takeAll() as Event[];

const ids = (event: Event): number[] => event.rows.map(({ id }) => id);

function subject(policy: { readonly requestsMax?: number; readonly ageMsMax?: number } = {}) {
  const time = new FakeTime();
  const { requestsMax = 100, ageMsMax = Number.POSITIVE_INFINITY } = policy;
  const browsers = new Browsers({
    clock: time,
    ages: new ConnectionAges(),
    policy: { idleMs: IDLE_MS, idleGraceMs: GRACE_MS, requestsMax, ageMsMax },
  });
  const ask = (connection: FakeConnection, target: string, token = ADA): FakeConnection => {
    browsers.requested(connection.exchange(target), token);
    return connection;
  };
  const answer = (connection: FakeConnection): void => {
    connection.rest(time.now() + IDLE_MS + GRACE_MS);
    browsers.responded(connection);
  };
  const open = (connection: FakeConnection, token = ADA): Watch => {
    ask(connection, '/live', token);
    const channel = new FakeChannel();
    const feed = browsers.watch(connection, channel);
    if (feed === null) throw new Error('nobody may watch');
    return { feed, channel };
  };
  /** A page that has been told all there is. */
  const watch = (connection: FakeConnection, token = ADA): Watch => {
    const opened = open(connection, token);
    read(opened);
    return opened;
  };
  const next = (feed: Watch): Event => {
    time.advance(LOOK_MS);
    return read(feed);
  };
  return { time, browsers, ask, answer, open, watch, next };
}

describe('what a browser is shown', () => {
  test('all of its connections, that of the feed marked', () => {
    const { time, ask, answer, open } = subject();
    const now = time.now();
    answer(ask(new FakeConnection(1), '/a'));
    const event = read(open(new FakeConnection(2)));
    expect(event).toMatchObject({ type: 'connections', now, own: 2 });
    const [row, own] = event.rows;
    expect(row).toEqual({
      id: 1,
      port: 50_001,
      openedAt: now,
      state: 'idle',
      isObserver: false,
      requests: 1,
      announced: 'timeout=5, max=99',
      idle: { since: now, announcedUntil: now + IDLE_MS, closesAt: now + IDLE_MS + GRACE_MS },
      bytesReceived: 0,
      bytesSent: 0,
      target: '/a',
      tls: null,
      webSocket: null,
      ending: null,
    } satisfies ConnectionRow);
    expect(own).toMatchObject({ id: 2, state: 'active', isObserver: true, idle: null });
  });

  test('nothing of another browser, nor of who has no token', () => {
    const { browsers, ask, answer, watch, next } = subject();
    const foreign = ask(new FakeConnection(1), '/secret', BOB);
    const unknown = new FakeConnection(2);
    unknown.exchange('/secret');
    const page = watch(new FakeConnection(3));
    answer(foreign);
    browsers.responded(unknown);
    browsers.closed(foreign, 'peer-end');
    browsers.closed(unknown, 'peer-end');
    answer(ask(new FakeConnection(4), '/mine'));
    const event = next(page);
    expect(ids(event)).toEqual([4]);
    expect(event.gone).toEqual([]);
  });

  test('nothing of a connection that carries the tokens of two', () => {
    const { ask, answer, watch, next } = subject();
    const shared = ask(new FakeConnection(1), '/of-ada', ADA);
    answer(shared);
    const ada = watch(new FakeConnection(2), ADA);
    const bob = watch(new FakeConnection(3), BOB);
    ask(shared, '/of-bob', BOB);
    expect(next(ada)).toMatchObject({ type: 'change', rows: [], gone: [1] });
    // Not even when the first one comes back.
    ask(shared, '/of-ada', ADA);
    answer(shared);
    ask(new FakeConnection(4), '/of-ada', ADA);
    ask(new FakeConnection(5), '/of-bob', BOB);
    expect(ids(next(ada))).toEqual([4]);
    expect(ids(next(bob))).toEqual([5]);
  });

  test('targets that are printable, and not for ever', () => {
    const { ask, watch, next } = subject();
    const page = watch(new FakeConnection(1));
    ask(new FakeConnection(2), `/a\u202e"\n</script>${'x'.repeat(500)}`);
    const target = next(page).rows[0]?.target ?? '';
    expect(target.startsWith('/a\\u{202e}"\\x0a</script>x')).toBe(true);
    expect(target).toHaveLength(120);
  });

  test('what was announced: the requests left, and the end', () => {
    const { browsers, ask, answer, watch, next } = subject({ requestsMax: 2 });
    const page = watch(new FakeConnection(1));
    const connection = ask(new FakeConnection(2), '/');
    answer(connection);
    expect(next(page).rows[0]?.announced).toBe('timeout=5, max=1');
    ask(connection, '/');
    expect(next(page).rows[0]?.announced).toBe('close');
    const other = ask(new FakeConnection(3), '/');
    next(page);
    other.state = 'closing';
    browsers.responded(other);
    const event = next(page);
    expect(event.rows.find(({ id }) => id === 3)?.announced).toBe('close');
  });

  test('an end by age, which has no grace', () => {
    const { time, browsers, ask, watch, next } = subject({ ageMsMax: 3000 });
    const page = watch(new FakeConnection(1));
    const openedAt = time.now();
    const connection = ask(new FakeConnection(2), '/');
    connection.rest(openedAt + 3000);
    browsers.responded(connection);
    const row = next(page).rows[0];
    expect(row?.idle).toMatchObject({ announcedUntil: openedAt + 3000, closesAt: openedAt + 3000 });
  });
});

describe('when it is told', () => {
  test('four times a second at most, however much happens', () => {
    const { time, ask, answer, watch } = subject();
    const page = watch(new FakeConnection(1));
    const busy = ask(new FakeConnection(2), '/');
    for (let step = 0; step < 100; step += 1) {
      ask(busy, `/${step}`);
      answer(busy);
      time.advance(10);
    }
    const events = readAll(page);
    expect(events.length).toBeGreaterThanOrEqual(3);
    expect(events.length).toBeLessThanOrEqual(4);
  });

  test('of bytes while they flow, and of nothing once all is quiet', () => {
    const { time, ask, answer, watch, next } = subject();
    const page = watch(new FakeConnection(1));
    const busy = ask(new FakeConnection(2), '/large');
    next(page);
    busy.bytesSent = 1000;
    expect(next(page).rows).toMatchObject([{ id: 2, bytesSent: 1000 }]);
    busy.bytesSent = 2000;
    answer(busy);
    expect(next(page).rows).toMatchObject([{ id: 2, bytesSent: 2000, state: 'idle' }]);
    time.advance(3000);
    expect(readAll(page)).toEqual([]);
    // Its end of idleness: no look is due.
    expect(time.size).toBe(1);
  });

  test('of the end of idleness, which no event reports', () => {
    const { time, ask, answer, watch, next } = subject();
    const page = watch(new FakeConnection(1));
    const connection = ask(new FakeConnection(2), '/');
    answer(connection);
    next(page);
    time.advance(IDLE_MS + GRACE_MS - LOOK_MS - 1);
    connection.state = 'closing';
    connection.idleDeadline = Number.POSITIVE_INFINITY;
    expect(next(page).rows).toMatchObject([{ id: 2, state: 'closing', idle: null }]);
  });

  test('of why a connection ended, for a minute', () => {
    const { time, browsers, ask, answer, watch, next } = subject();
    const page = watch(new FakeConnection(1));
    const connection = ask(new FakeConnection(2), '/');
    answer(connection);
    browsers.closed(connection, 'idle-timeout');
    const ending = { at: time.now(), code: 'idle-timeout', words: 'No request came in time.' };
    expect(next(page).rows).toMatchObject([{ id: 2, state: 'closed', ending }]);
    time.advance(60_000 - LOOK_MS - 1);
    expect(readAll(page)).toEqual([]);
    time.advance(1);
    expect(read(page)).toMatchObject({ rows: [], gone: [2] });
  });
});

describe('limits', () => {
  test('who does not read costs what one page costs, and is then told everything', async () => {
    const { time, browsers, ask, watch } = subject();
    const page = watch(new FakeConnection(0));
    page.channel.stall();
    for (let id = 1; id <= 2000; id += 1) {
      const connection = ask(new FakeConnection(id), `/${id}`);
      browsers.closed(connection, 'peer-end');
      time.advance(100);
    }
    expect(readAll(page)).toHaveLength(1);
    await page.channel.resume();
    const event = read(page);
    expect(event.type).toBe('connections');
    expect(event.rows.length).toBeLessThanOrEqual(65);
  });

  test('64 connections of a browser', () => {
    const { ask, open } = subject();
    for (let id = 1; id <= 64; id += 1) ask(new FakeConnection(id), '/');
    expect(() => open(new FakeConnection(65))).toThrow('nobody may watch');
    const { ask: askOther, open: openOther } = subject();
    const carrier = new FakeConnection(0);
    askOther(carrier, '/');
    for (let id = 1; id <= 100; id += 1) askOther(new FakeConnection(id), '/');
    expect(read(openOther(carrier)).rows).toHaveLength(64);
  });

  test('256 ended connections, of however many browsers', () => {
    const { browsers, ask } = subject();
    for (let id = 1; id <= 1000; id += 1) {
      const token = String(id).padStart(43, '0');
      browsers.closed(ask(new FakeConnection(id), '/', token), 'peer-end');
    }
    expect(browsers.size).toBe(256);
  });

  test('three pages of a browser: the oldest is told that it is replaced', () => {
    const { watch, next } = subject();
    const [oldest, second] = [1, 2, 3].map((id) => watch(new FakeConnection(id)));
    const other = watch(new FakeConnection(4), BOB);
    watch(new FakeConnection(5));
    expect(oldest?.channel.closedWith).toEqual({ code: 4001, reason: 'replaced' });
    expect(next(second as Watch)).toMatchObject({ type: 'change' });
    expect(other.channel.closedWith).toBeNull();
  });

  test('three pages of a browser, though the others do not answer the end of their feeds', () => {
    const { browsers, watch } = subject();
    const pages = [1, 2, 3, 4, 5, 6, 7, 8].map((id) => watch(new FakeConnection(id)));
    const replaced = pages.map(({ channel }) => channel.closedWith !== null);
    expect(replaced).toEqual([true, true, true, true, true, false, false, false]);
    expect(browsers.size).toBe(1);
  });

  test('64 pages of all browsers', () => {
    const { browsers, ask, watch } = subject();
    for (let id = 1; id <= 64; id += 1) {
      watch(new FakeConnection(id), String(id).padStart(43, '0'));
    }
    const carrier = ask(new FakeConnection(65), '/live');
    expect(browsers.canWatch(carrier)).toBe(false);
    expect(browsers.watch(carrier, new FakeChannel())).toBeNull();
  });
});

describe('the end', () => {
  test('nothing is remembered of a browser that has left', () => {
    const { time, browsers, ask, watch } = subject();
    const { feed } = watch(new FakeConnection(1));
    const connection = ask(new FakeConnection(2), '/');
    feed.closed();
    browsers.closed(feed.carrier.info, 'switched');
    browsers.closed(connection, 'peer-end');
    expect(browsers.size).toBe(1);
    time.advance(60_000);
    expect(browsers.size).toBe(0);
    expect(time.size).toBe(0);
  });

  test('a drain closes every feed with 1001, and says how many there were', async () => {
    const { browsers, watch } = subject();
    const pages = [watch(new FakeConnection(1), ADA), watch(new FakeConnection(2), BOB)];
    const told = browsers.drain();
    for (const { feed, channel } of pages) {
      expect(channel.closedWith).toEqual({ code: 1001, reason: 'drain' });
      feed.closed();
    }
    expect(await told).toBe(2);
    const cut = pages.map(({ feed }) => (feed.carrier.info as FakeConnection).isAborted);
    expect(cut).toEqual([false, false]);
  });

  test('a drain cuts who does not answer', async () => {
    const { browsers, watch } = subject();
    const carrier = new FakeConnection(1);
    watch(carrier);
    expect(await browsers.drain()).toBe(1);
    expect(carrier.isAborted).toBe(true);
  });

  test('a page that comes while draining is told at once', async () => {
    const { browsers, open } = subject();
    expect(await browsers.drain()).toBe(0);
    expect(open(new FakeConnection(1)).channel.closedWith).toMatchObject({ code: 1001 });
  });
});
