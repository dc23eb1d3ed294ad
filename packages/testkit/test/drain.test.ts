import { expect, test } from 'vitest';
import { type Connection, NEED_DATA } from '../src/bytes/connection.ts';
import { type AnyEvent, equalDeep, mergeData, Watch } from '../src/drain.ts';

/** A machine that reports the given events and is otherwise as told. */
function scripted(
  events: AnyEvent[],
  over: Partial<Connection<AnyEvent>> = {},
): Connection<AnyEvent> {
  const queue = [...events];
  return {
    wantsData: true,
    receive() {},
    receiveEnd() {},
    nextEvent: () => (queue.shift() ?? NEED_DATA) as AnyEvent & typeof NEED_DATA,
    nextOutput: () => null,
    outputBytes: 0,
    outputAccepted() {},
    transport: 'open',
    deadline: () => Number.POSITIVE_INFINITY,
    onDeadline() {},
    takeTrailingData: () => ({ data: new Uint8Array(0), end: null }),
    ...over,
  };
}

const type = (name: string): AnyEvent => ({ type: name });

test('events behind closed, or anything but closed behind failed, are refused', () => {
  expect(() => new Watch(scripted([type('closed'), type('closed')])).drain(0)).toThrow(
    /after closed/,
  );
  expect(() => new Watch(scripted([type('failed'), type('failed')])).drain(0)).toThrow(
    /after failed/,
  );
  expect(() => new Watch(scripted([type('failed'), type('end')])).drain(0)).toThrow(/after failed/);
  const watch = new Watch(scripted([type('failed'), type('closed')]));
  expect(watch.drain(0).map((event) => event.type)).toEqual(['failed', 'closed']);
  expect(watch.closed).toBe(true);
});

test('a machine that never goes quiet is found', () => {
  const endless = scripted([], { nextEvent: () => ({ type: 'again' }) as never });
  expect(() => new Watch(endless).drain(0)).toThrow(/quiet/);
});

test('a deadline that stays in the past is found', () => {
  expect(() => new Watch(scripted([], { deadline: () => 5 })).onDeadline(5)).toThrow(/deadline/);
  new Watch(scripted([], { deadline: () => 6 })).onDeadline(5);
});

test('a spurious deadline that changes something is found', () => {
  let at = 10;
  const shifty = scripted([], {
    deadline: () => at,
    onDeadline: () => {
      at = 11;
    },
  });
  expect(() => new Watch(shifty).spuriousDeadline(10)).not.toThrow();
  expect(() => new Watch(shifty).spuriousDeadline(9)).toThrow(/spurious/);
});

test('bytes that are overwritten after they were handed out are found', () => {
  const data = Uint8Array.of(1, 2);
  const watch = new Watch(scripted([{ type: 'data', data } as AnyEvent]));
  watch.drain(0);
  watch.verifyBytes();
  data[0] = 3;
  expect(() => watch.verifyBytes()).toThrow(/changed/);
});

test('output that cannot be pulled, or is empty, is found', () => {
  expect(() => new Watch(scripted([], { outputBytes: 1 })).drain(0)).toThrow(/left/);
  expect(() => new Watch(scripted([], { nextOutput: () => new Uint8Array(0) })).drain(0)).toThrow(
    /empty/,
  );
});

test('adjacent data is merged, other events stay apart', () => {
  const data = (...bytes: number[]) => ({ type: 'data', data: Uint8Array.from(bytes) }) as AnyEvent;
  const merged = mergeData([data(1), data(2), type('end'), data(3)]);
  expect(merged).toEqual([data(1, 2), type('end'), data(3)]);
});

test('equalDeep compares bytes by content and sees missing keys', () => {
  expect(equalDeep({ a: [Uint8Array.of(1)] }, { a: [Uint8Array.of(1)] })).toBe(true);
  expect(equalDeep({ a: 1 }, { a: 1, b: undefined })).toBe(false);
  expect(equalDeep(Uint8Array.of(1), Uint8Array.of(2))).toBe(false);
  expect(equalDeep(Number.NaN, Number.NaN)).toBe(true);
  expect(equalDeep(null, {})).toBe(false);
});
