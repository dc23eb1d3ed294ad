import { expect, test } from 'vitest';
import { FrameList } from '../../src/live/frame-list.ts';
import type { FrameRow } from '../../src/live/page/live-events.ts';

const frame = (at: number): FrameRow => ({
  id: 1,
  at,
  direction: 'in',
  kind: 'text',
  byteCount: 0,
  detail: '',
});

test('keeps the last 24 of however many, and counts the others', () => {
  const list = new FrameList();
  expect(list.take()).toEqual({ frames: [], framesOmitted: 0 });
  for (let at = 0; at < 100_000; at += 1) list.push(frame(at));
  const taken = list.take();
  expect(taken.frames.map(({ at }) => at)).toEqual(
    Array.from({ length: 24 }, (_, index) => 99_976 + index),
  );
  expect(taken.framesOmitted).toBe(99_976);
  expect(list.isEmpty).toBe(true);
});

test('adds what another list had to its own', () => {
  const [list, other] = [new FrameList(), new FrameList()];
  for (let at = 0; at < 20; at += 1) list.push(frame(at));
  for (let at = 20; at < 50; at += 1) other.push(frame(at));
  list.append(other.take());
  const { frames, framesOmitted } = list.take();
  expect([frames[0]?.at, frames.at(-1)?.at, frames.length]).toEqual([26, 49, 24]);
  expect(framesOmitted).toBe(26);
});
