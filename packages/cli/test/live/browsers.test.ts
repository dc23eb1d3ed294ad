import { describe, expect, test } from 'vitest';
import { ConnectionAges } from '../../src/connection-ages.ts';
import { Browsers } from '../../src/live/browsers.ts';
import type { EventStream } from '../../src/live/event-stream.ts';
import type {
  ChangeEvent,
  ConnectionRow,
  ConnectionsEvent,
} from '../../src/live/page/live-events.ts';
import { FakeConnection } from '../support/fake-connection.ts';
import { FakeTime } from '../support/fake-time.ts';

const IDLE_MS = 5000;
const GRACE_MS = 1000;
/** More than there is between two looks. */
const LOOK_MS = 300;
const ADA = 'A'.repeat(43);
const BOB = 'B'.repeat(43);

type Event = { readonly type: string } & ConnectionsEvent & ChangeEvent;

/** One event of a stream, as a browser understands it; null at its end. */
async function read(stream: EventStream): Promise<Event | null> {
  const { done, value } = await stream.next();
  if (done === true) return null;
  const text = new TextDecoder().decode(value);
  expect(text.endsWith('\n\n')).toBe(true);
  const lines = text.trimEnd().split('\n');
  const field = (name: string): string =>
    lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
  return { type: field('event'), ...(JSON.parse(field('data')) as ConnectionsEvent & ChangeEvent) };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What a stream says from now on, as it comes. */
function collect(stream: EventStream): Event[] {
  const events: Event[] = [];
  const readOn = async (): Promise<void> => {
    for (let event = await read(stream); event !== null; event = await read(stream)) {
      events.push(event);
    }
  };
  void readOn();
  return events;
}

const ids = (event: Event | null): number[] => (event?.rows ?? []).map(({ id }) => id);

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
  /** A page that has been told all there is. */
  const watch = async (connection: FakeConnection, token = ADA): Promise<EventStream> => {
    ask(connection, '/.holdline/events', token);
    const stream = browsers.watch(connection) as EventStream;
    await read(stream);
    return stream;
  };
  const next = (stream: EventStream): Promise<Event | null> => {
    time.advance(LOOK_MS);
    return read(stream);
  };
  return { time, browsers, ask, answer, watch, next };
}

describe('what a browser is shown', () => {
  test('all of its connections, that of the stream marked', async () => {
    const { time, browsers, ask, answer } = subject();
    const now = time.now();
    answer(ask(new FakeConnection(1), '/a'));
    const carrier = ask(new FakeConnection(2), '/.holdline/events');
    const event = await read(browsers.watch(carrier) as EventStream);
    expect(event).toMatchObject({ type: 'connections', now, own: 2 });
    const [row, own] = event?.rows ?? [];
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
      ending: null,
    } satisfies ConnectionRow);
    expect(own).toMatchObject({ id: 2, state: 'active', isObserver: true, idle: null });
  });

  test('nothing of another browser, nor of who has no token', async () => {
    const { browsers, ask, answer, watch, next } = subject();
    const foreign = ask(new FakeConnection(1), '/secret', BOB);
    const unknown = new FakeConnection(2);
    unknown.exchange('/secret');
    const stream = await watch(new FakeConnection(3));
    answer(foreign);
    browsers.responded(unknown);
    browsers.closed(foreign, 'peer-end');
    browsers.closed(unknown, 'peer-end');
    answer(ask(new FakeConnection(4), '/mine'));
    const event = await next(stream);
    expect(ids(event)).toEqual([4]);
    expect(event?.gone).toEqual([]);
  });

  test('nothing of a connection that carries the tokens of two', async () => {
    const { ask, answer, watch, next } = subject();
    const shared = ask(new FakeConnection(1), '/of-ada', ADA);
    answer(shared);
    const ada = await watch(new FakeConnection(2), ADA);
    const bob = await watch(new FakeConnection(3), BOB);
    ask(shared, '/of-bob', BOB);
    expect(await next(ada)).toMatchObject({ type: 'change', rows: [], gone: [1] });
    // Not even when the first one comes back.
    ask(shared, '/of-ada', ADA);
    answer(shared);
    ask(new FakeConnection(4), '/of-ada', ADA);
    ask(new FakeConnection(5), '/of-bob', BOB);
    expect(ids(await next(ada))).toEqual([4]);
    expect(ids(await next(bob))).toEqual([5]);
  });

  test('targets that are printable, and not for ever', async () => {
    const { ask, watch, next } = subject();
    const stream = await watch(new FakeConnection(1));
    ask(new FakeConnection(2), `/a\u202e"\n</script>${'x'.repeat(500)}`);
    const target = (await next(stream))?.rows[0]?.target ?? '';
    expect(target.startsWith('/a\\u{202e}"\\x0a</script>x')).toBe(true);
    expect(target).toHaveLength(120);
  });

  test('what was announced: the requests left, and the end', async () => {
    const { browsers, ask, answer, watch, next } = subject({ requestsMax: 2 });
    const stream = await watch(new FakeConnection(1));
    const connection = ask(new FakeConnection(2), '/');
    answer(connection);
    expect((await next(stream))?.rows[0]?.announced).toBe('timeout=5, max=1');
    ask(connection, '/');
    expect((await next(stream))?.rows[0]?.announced).toBe('close');
    const other = ask(new FakeConnection(3), '/');
    await next(stream);
    other.state = 'closing';
    browsers.responded(other);
    const event = await next(stream);
    expect(event?.rows.find(({ id }) => id === 3)?.announced).toBe('close');
  });

  test('an end by age, which has no grace', async () => {
    const { time, browsers, ask, watch, next } = subject({ ageMsMax: 3000 });
    const stream = await watch(new FakeConnection(1));
    const openedAt = time.now();
    const connection = ask(new FakeConnection(2), '/');
    connection.rest(openedAt + 3000);
    browsers.responded(connection);
    const row = (await next(stream))?.rows[0];
    expect(row?.idle).toMatchObject({ announcedUntil: openedAt + 3000, closesAt: openedAt + 3000 });
  });
});

describe('when it is told', () => {
  test('four times a second at most, however much happens', async () => {
    const { time, ask, answer, watch } = subject();
    const events = collect(await watch(new FakeConnection(1)));
    const busy = ask(new FakeConnection(2), '/');
    for (let step = 0; step < 100; step += 1) {
      ask(busy, `/${step}`);
      answer(busy);
      time.advance(10);
      await settled();
    }
    expect(events.length).toBeGreaterThanOrEqual(3);
    expect(events.length).toBeLessThanOrEqual(4);
  });

  test('of bytes while they flow, and of nothing once all is quiet', async () => {
    const { time, ask, answer, watch, next } = subject();
    const stream = await watch(new FakeConnection(1));
    const busy = ask(new FakeConnection(2), '/large');
    await next(stream);
    busy.bytesSent = 1000;
    expect((await next(stream))?.rows).toMatchObject([{ id: 2, bytesSent: 1000 }]);
    busy.bytesSent = 2000;
    answer(busy);
    expect((await next(stream))?.rows).toMatchObject([{ id: 2, bytesSent: 2000, state: 'idle' }]);
    const pending = stream.next();
    time.advance(3000);
    // Its end of idleness, and the silence of the stream: no look is due.
    expect(time.size).toBe(2);
    await stream.return();
    expect(await pending).toEqual({ done: true, value: undefined });
  });

  test('of the end of idleness, which no event reports', async () => {
    const { time, ask, answer, watch, next } = subject();
    const stream = await watch(new FakeConnection(1));
    const connection = ask(new FakeConnection(2), '/');
    answer(connection);
    await next(stream);
    const told = read(stream);
    time.advance(IDLE_MS + GRACE_MS - LOOK_MS - 1);
    connection.state = 'closing';
    connection.idleDeadline = Number.POSITIVE_INFINITY;
    time.advance(LOOK_MS);
    expect((await told)?.rows).toMatchObject([{ id: 2, state: 'closing', idle: null }]);
  });

  test('of the time every 15 seconds, so that nobody takes the silence for an end', async () => {
    const { time, watch } = subject();
    const stream = await watch(new FakeConnection(1));
    const told = read(stream);
    time.advance(15_000);
    expect(await told).toMatchObject({ type: 'change', now: time.now(), rows: [{ id: 1 }] });
  });

  test('of why a connection ended, for a minute', async () => {
    const { time, browsers, ask, answer, watch } = subject();
    const events = collect(await watch(new FakeConnection(1)));
    const connection = ask(new FakeConnection(2), '/');
    answer(connection);
    browsers.closed(connection, 'idle-timeout');
    const ending = { at: time.now(), code: 'idle-timeout', words: 'No request came in time.' };
    time.advance(LOOK_MS);
    await settled();
    expect(events.at(-1)?.rows).toMatchObject([{ id: 2, state: 'closed', ending }]);
    time.advance(60_000 - LOOK_MS - 1);
    await settled();
    expect(events.flatMap(({ gone }) => gone)).toEqual([]);
    time.advance(1);
    await settled();
    expect(events.at(-1)).toMatchObject({ rows: [], gone: [2] });
  });
});

describe('limits', () => {
  test('who does not read costs what one page costs, and is then told everything', async () => {
    const { time, browsers, ask, watch } = subject();
    const stream = await watch(new FakeConnection(0));
    for (let id = 1; id <= 2000; id += 1) {
      const connection = ask(new FakeConnection(id), `/${id}`);
      browsers.closed(connection, 'peer-end');
      time.advance(100);
    }
    const event = await read(stream);
    expect(event?.type).toBe('connections');
    expect(event?.rows.length).toBeLessThanOrEqual(65);
  });

  test('64 connections of a browser', async () => {
    const { browsers, ask } = subject();
    const carrier = ask(new FakeConnection(0), '/.holdline/events');
    for (let id = 1; id <= 100; id += 1) ask(new FakeConnection(id), '/');
    expect((await read(browsers.watch(carrier) as EventStream))?.rows).toHaveLength(64);
  });

  test('256 ended connections, of however many browsers', () => {
    const { browsers, ask } = subject();
    for (let id = 1; id <= 1000; id += 1) {
      const token = String(id).padStart(43, '0');
      browsers.closed(ask(new FakeConnection(id), '/', token), 'peer-end');
    }
    expect(browsers.size).toBe(256);
  });

  test('three pages of a browser: the oldest is told that it is replaced', async () => {
    const { watch } = subject();
    const streams: EventStream[] = [];
    for (let id = 1; id <= 3; id += 1) streams.push(await watch(new FakeConnection(id)));
    const other = await watch(new FakeConnection(4), BOB);
    await watch(new FakeConnection(5));
    const [oldest, second] = streams;
    const events = [await read(oldest!), await read(oldest!)];
    expect(events).toMatchObject([{ type: 'replaced' }, null]);
    expect(await read(second!)).toMatchObject({ type: 'change' });
    await other.return();
  });

  test('three pages of a browser, though one does not take the end of its stream', async () => {
    const { time, browsers, watch } = subject();
    const silent = await watch(new FakeConnection(1));
    const streams: EventStream[] = [];
    for (let id = 2; id <= 8; id += 1) streams.push(await watch(new FakeConnection(id)));
    for (const stream of streams.slice(0, 4)) {
      expect(await read(stream)).toMatchObject({ type: 'replaced' });
    }
    const told = streams.slice(4).map(read);
    time.advance(15_000);
    for (const event of await Promise.all(told)) expect(event?.type).toBe('change');
    expect(await read(silent)).toMatchObject({ type: 'replaced' });
    expect(browsers.size).toBe(1);
  });

  test('64 pages of all browsers', async () => {
    const { browsers, ask, watch } = subject();
    for (let id = 1; id <= 64; id += 1) {
      await watch(new FakeConnection(id), String(id).padStart(43, '0'));
    }
    const carrier = ask(new FakeConnection(65), '/.holdline/events');
    expect(browsers.watch(carrier)).toBeNull();
  });
});

describe('the end', () => {
  test('nothing is remembered of a browser that has left', async () => {
    const { time, browsers, ask, watch } = subject();
    const stream = await watch(new FakeConnection(1));
    const connection = ask(new FakeConnection(2), '/');
    await stream.return();
    browsers.closed(stream.carrier.info, 'peer-end');
    browsers.closed(connection, 'peer-end');
    expect(browsers.size).toBe(1);
    time.advance(60_000);
    expect(browsers.size).toBe(0);
    expect(time.size).toBe(0);
  });

  test('a drain tells every page, ends its stream, and says how many there were', async () => {
    const { browsers, watch } = subject();
    const streams = [
      await watch(new FakeConnection(1), ADA),
      await watch(new FakeConnection(2), BOB),
    ];
    const reading = streams.map(async (stream) => [await read(stream), await read(stream)]);
    const told = browsers.drain();
    for (const events of await Promise.all(reading)) {
      expect(events).toMatchObject([{ type: 'drain' }, null]);
    }
    expect(await told).toBe(2);
    expect(streams.map(({ carrier }) => (carrier.info as FakeConnection).isAborted)).toEqual([
      false,
      false,
    ]);
  });

  test('a drain cuts who does not take its last event', async () => {
    const { browsers, watch } = subject();
    const carrier = new FakeConnection(1);
    await watch(carrier);
    expect(await browsers.drain()).toBe(1);
    expect(carrier.isAborted).toBe(true);
  });

  test('a page that comes while draining is told at once', async () => {
    const { browsers, ask } = subject();
    expect(await browsers.drain()).toBe(0);
    const stream = browsers.watch(ask(new FakeConnection(1), '/.holdline/events'));
    expect(await read(stream as EventStream)).toMatchObject({ type: 'drain' });
    expect(await read(stream as EventStream)).toBeNull();
  });
});
