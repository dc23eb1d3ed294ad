import { describe, expect, test } from 'vitest';
import { OutputQueue } from '../src/output-queue.ts';
import { copiedBytes, joined, numbered } from './support/bytes.ts';

/** More than is copied. */
const LARGE = 4_097;
/** What the shared slab holds. */
const SLAB = 32_768;

/** Writes in place, as the head writers do; may reserve more than is written. */
function write(queue: OutputQueue, data: Uint8Array, spare = 0): void {
  queue.reserve(data.length + spare);
  queue.bytes.set(data, queue.end);
  queue.commit(queue.end + data.length);
}

/** Every chunk there is. */
function pull(queue: OutputQueue): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let chunk = queue.next(); chunk !== null; chunk = queue.next()) chunks.push(chunk);
  return chunks;
}

describe('small pieces', () => {
  test('written and appended in turn leave as one chunk', () => {
    const queue = new OutputQueue();
    write(queue, numbered(10), 100);
    queue.append(numbered(5, 10));
    write(queue, numbered(3, 15));
    expect(queue.pendingBytes).toBe(18);
    expect(pull(queue)).toEqual([numbered(18)]);
  });

  test('are copied: the caller may change them at once', () => {
    const queue = new OutputQueue();
    const data = numbered(4);
    queue.append(data);
    data.fill(0);
    expect(pull(queue)).toEqual([numbered(4)]);
  });

  test('what is reserved but not committed is not sent', () => {
    const queue = new OutputQueue();
    queue.reserve(50);
    expect(queue.next()).toBeNull();
    expect(queue.pendingBytes).toBe(0);
    write(queue, numbered(2), 50);
    queue.reserve(50);
    expect(pull(queue)).toEqual([numbered(2)]);
  });

  test('of no bytes are nothing', () => {
    const queue = new OutputQueue();
    queue.append(new Uint8Array(0));
    queue.reserve(0);
    expect([queue.pendingBytes, queue.next()]).toEqual([0, null]);
  });

  test('that no longer fit the slab start a new one; the old region is sent first', () => {
    const queue = new OutputQueue();
    const pieces: Uint8Array[] = [];
    for (let total = 0; total < 3 * SLAB; total += 3_000) {
      const piece = numbered(3_000, total / 1_000);
      pieces.push(piece);
      queue.append(piece);
    }
    const chunks = pull(queue);
    expect(joined(chunks)).toEqual(joined(pieces));
    // Regions, not pieces: some ten pieces go into each.
    expect(chunks.length).toBeLessThanOrEqual(5);
  });

  test('a little at the end of a slab moves to the next one, so that it leaves with what follows', () => {
    const queue = new OutputQueue();
    // Where the slab stands is up to the tests before: somewhere in this round it ends.
    for (let count = 0; count < 40; count++) {
      const pieces = [numbered(700), numbered(300, 3), numbered(900, 5)];
      for (const piece of pieces) write(queue, piece);
      const chunks = pull(queue);
      expect(chunks).toHaveLength(1);
      expect(chunks[0]).toEqual(joined(pieces));
    }
  });

  test('a head larger than the slab gets the room it asks for', () => {
    const queue = new OutputQueue();
    queue.append(numbered(7));
    write(queue, numbered(SLAB + 9));
    expect(joined(pull(queue))).toEqual(joined([numbered(7), numbered(SLAB + 9)]));
  });
});

describe('large pieces', () => {
  test('pass by reference, without a copy, in their place', () => {
    const queue = new OutputQueue();
    const large = numbered(LARGE);
    queue.append(numbered(2));
    expect(copiedBytes(() => queue.append(large))).toBe(0);
    queue.append(numbered(3));
    const chunks = pull(queue);
    expect(chunks.map((chunk) => chunk.length)).toEqual([2, LARGE, 3]);
    expect(chunks[1]).toBe(large);
  });

  test('up to the limit a piece is copied', () => {
    const queue = new OutputQueue();
    const data = numbered(LARGE - 1);
    queue.append(data);
    const [chunk] = pull(queue);
    expect(chunk).toEqual(data);
    expect(chunk?.buffer).not.toBe(data.buffer);
  });

  test('alone, and one behind the other', () => {
    const queue = new OutputQueue();
    const [one, other] = [numbered(LARGE), numbered(2 * LARGE, 1)];
    queue.append(one);
    queue.append(other);
    expect(pull(queue)).toEqual([one, other]);
    expect(queue.next()).toBeNull();
  });
});

describe('what was handed out', () => {
  test('is not written to by what follows, in this queue or another', () => {
    const [queue, other] = [new OutputQueue(), new OutputQueue()];
    write(queue, numbered(10));
    const chunk = queue.next();
    write(queue, numbered(10, 100));
    write(other, numbered(10, 200));
    expect(chunk).toEqual(numbered(10));
    expect(pull(queue)).toEqual([numbered(10, 100)]);
    expect(pull(other)).toEqual([numbered(10, 200)]);
  });

  test('two queues that write in turn do not mix', () => {
    const [queue, other] = [new OutputQueue(), new OutputQueue()];
    for (let round = 0; round < 20; round++) {
      write(queue, numbered(3, round), 10);
      write(other, numbered(2, 100 + round), 10);
    }
    const rounds = Array.from({ length: 20 }, (_, round) => round);
    expect(joined(pull(queue))).toEqual(joined(rounds.map((round) => numbered(3, round))));
    expect(joined(pull(other))).toEqual(joined(rounds.map((round) => numbered(2, 100 + round))));
  });

  test('is counted until it is accepted', () => {
    const queue = new OutputQueue();
    queue.append(numbered(10));
    queue.append(numbered(LARGE));
    expect([queue.pendingBytes, queue.handedOutBytes]).toEqual([10 + LARGE, 0]);
    queue.next();
    expect([queue.pendingBytes, queue.handedOutBytes]).toEqual([10 + LARGE, 10]);
    expect(queue.accept(4)).toBe(true);
    expect([queue.pendingBytes, queue.handedOutBytes]).toEqual([6 + LARGE, 6]);
    queue.next();
    expect(queue.accept(6 + LARGE)).toBe(true);
    expect([queue.pendingBytes, queue.handedOutBytes]).toEqual([0, 0]);
  });

  test.each([11, -1, Number.NaN, Number.POSITIVE_INFINITY, 0.5])(
    'cannot be accepted as %d bytes; nothing changes',
    (byteCount) => {
      const queue = new OutputQueue();
      queue.append(numbered(20));
      queue.append(numbered(LARGE));
      queue.clear();
      queue.append(numbered(10));
      queue.next();
      queue.append(numbered(5));
      expect(queue.accept(byteCount)).toBe(false);
      expect([queue.pendingBytes, queue.handedOutBytes]).toEqual([15, 10]);
    },
  );
});

test('clear forgets everything, and what follows starts afresh', () => {
  const queue = new OutputQueue();
  queue.append(numbered(10));
  queue.append(numbered(LARGE));
  const chunk = queue.next();
  queue.append(numbered(5));
  queue.clear();
  expect([queue.pendingBytes, queue.handedOutBytes, queue.next()]).toEqual([0, 0, null]);
  expect(queue.accept(1)).toBe(false);
  queue.append(numbered(3, 50));
  expect(pull(queue)).toEqual([numbered(3, 50)]);
  expect(chunk).toEqual(numbered(10));
});
