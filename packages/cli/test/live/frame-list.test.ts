import { expect, test } from 'vitest';
import { FrameList } from '../../src/live/frame-list.ts';
import type { FrameRow, WireLine } from '../../src/live/page/live-events.ts';

const row = (at: number, differences: Partial<FrameRow> = {}): FrameRow => ({
  id: 1,
  at,
  direction: 'in',
  kind: 'text',
  isFinal: true,
  reservedBits: 0,
  isMasked: true,
  count: 1,
  byteCount: 10,
  detail: '',
  ...differences,
});

/** One that is not like the one before. */
const unlike = (at: number): FrameRow => row(at, { direction: at % 2 === 0 ? 'in' : 'out' });

test('keeps the last 12 lines of however many, and counts the others', () => {
  const list = new FrameList();
  expect(list.take()).toEqual({ frames: [], framesOmitted: 0, bytesOmitted: 0 });
  for (let at = 0; at < 100_000; at += 1) list.push(unlike(at));
  const taken = list.take();
  expect(taken.frames.map(({ at }) => at)).toEqual(
    Array.from({ length: 12 }, (_, index) => 99_988 + index),
  );
  expect(taken.framesOmitted).toBe(99_988);
  expect(taken.bytesOmitted).toBe(999_880);
  expect(list.isEmpty).toBe(true);
});

test('makes one line of frames that are alike, with the time of the first', () => {
  const list = new FrameList();
  for (let at = 0; at < 1000; at += 1) list.push(row(at));
  expect(list.take().frames).toEqual([row(0, { count: 1000, byteCount: 10_000 })]);
});

test.each<[string, Partial<FrameRow>]>([
  ['connection', { id: 2 }],
  ['direction', { direction: 'out' }],
  ['opcode', { kind: 'binary' }],
  ['FIN', { isFinal: false }],
  ['RSV1', { reservedBits: 4 }],
  ['mask', { isMasked: false }],
])('parts frames of another %s', (_, differences) => {
  const list = new FrameList();
  list.push(row(1));
  list.push(row(2, differences));
  list.push(row(3));
  expect(list.take().frames.map(({ at }) => at)).toEqual([1, 2, 3]);
});

test('leaves each pong and each Close frame its line, for what it says', () => {
  const list = new FrameList();
  for (const kind of ['pong', 'pong', 'close', 'close'] as const) list.push(row(1, { kind }));
  expect(list.take().frames).toHaveLength(4);
});

test('does not count the end of a WebSocket as a frame', () => {
  const list = new FrameList();
  const end: WireLine = { id: 1, at: 0, kind: 'end', detail: 'closing-handshake' };
  list.push(end);
  for (let at = 1; at <= 12; at += 1) list.push(unlike(at));
  expect(list.take()).toMatchObject({ framesOmitted: 0, bytesOmitted: 0 });
  list.push(end);
  list.push(end);
  expect(list.take().frames).toEqual([end, end]);
});

test('adds what another list had to its own, and leaves that as it is', () => {
  const [list, other] = [new FrameList(), new FrameList()];
  for (let at = 0; at < 10; at += 1) list.push(unlike(at));
  for (let at = 11; at < 26; at += 1) other.push(unlike(at));
  const taken = other.take();
  const before = structuredClone(taken);
  list.append(taken);
  expect(taken).toEqual(before);
  const { frames, framesOmitted, bytesOmitted } = list.take();
  expect([frames[0]?.at, frames.at(-1)?.at, frames.length]).toEqual([14, 25, 12]);
  // The last of its own and the first of the other are alike.
  expect([framesOmitted, bytesOmitted]).toEqual([13, 130]);
});
