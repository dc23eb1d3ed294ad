import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OutputQueue } from '../src/output-queue.ts';
import { type Snapshot, snapshot } from './support/bytes.ts';

const QUEUES = 3;

/** What a queue should do, with plain arrays. */
class Model {
  queued: number[] = [];
  handedOutBytes = 0;

  get pendingBytes(): number {
    return this.queued.length + this.handedOutBytes;
  }
}

/** A real queue beside its model. */
interface Real {
  readonly queues: OutputQueue[];
  readonly handedOut: Snapshot[];
  /** Tells bytes of different pieces apart. */
  pieces: number;
}

type Command = fc.Command<Model[], Real>;

function command(
  name: string,
  index: number,
  run: (model: Model, queue: OutputQueue, real: Real) => void,
): Command {
  return {
    check: () => true,
    run: (models, real) => {
      run(models[index] as Model, real.queues[index] as OutputQueue, real);
      for (const [position, queue] of real.queues.entries()) {
        const model = models[position] as Model;
        expect(queue.pendingBytes).toBe(model.pendingBytes);
        expect(queue.handedOutBytes).toBe(model.handedOutBytes);
      }
    },
    toString: () => `${name} of queue ${index}`,
  };
}

function piece(real: Real, length: number): Uint8Array {
  const first = ++real.pieces;
  return Uint8Array.from({ length }, (_, index) => first * 31 + index);
}

const write = (index: number, length: number, spare: number): Command =>
  command(`write ${length} (reserving ${spare} more)`, index, (model, queue, real) => {
    const data = piece(real, length);
    queue.reserve(length + spare);
    queue.bytes.set(data, queue.end);
    queue.commit(queue.end + length);
    model.queued.push(...data);
  });

const append = (index: number, length: number): Command =>
  command(`append ${length}`, index, (model, queue, real) => {
    const data = piece(real, length);
    queue.append(data);
    model.queued.push(...data);
  });

const next = (index: number): Command =>
  command('next', index, (model, queue, real) => {
    const chunk = queue.next();
    if (chunk === null) {
      expect(model.queued).toEqual([]);
      return;
    }
    expect(chunk.length).toBeGreaterThan(0);
    expect([...chunk]).toEqual(model.queued.splice(0, chunk.length));
    model.handedOutBytes += chunk.length;
    real.handedOut.push(snapshot(chunk));
  });

const accept = (index: number, share: number): Command =>
  command(`accept ${share}`, index, (model, queue) => {
    // Up to twice of what is out, so that too much is tried as well.
    const byteCount = Math.floor(2 * share * model.handedOutBytes);
    const isPossible = byteCount <= model.handedOutBytes;
    expect(queue.accept(byteCount)).toBe(isPossible);
    if (isPossible) model.handedOutBytes -= byteCount;
  });

const clear = (index: number): Command =>
  command('clear', index, (model, queue) => {
    queue.clear();
    model.queued = [];
    model.handedOutBytes = 0;
  });

const queueIndex = fc.nat(QUEUES - 1);
/** Around the largest size that is copied, and some that soon fill a slab. */
const pieceLength = fc.oneof(fc.nat(40), fc.nat(6_000), fc.integer({ min: 4_094, max: 4_098 }));
const commands = fc.commands<Model[], Real>(
  [
    fc.tuple(queueIndex, fc.nat(6_000), fc.nat(500)).map((all) => write(...all)),
    fc.tuple(queueIndex, fc.nat(60), fc.nat(60)).map((all) => write(...all)),
    fc.tuple(queueIndex, pieceLength).map((all) => append(...all)),
    fc.tuple(queueIndex, fc.constantFrom(32_767, 32_768, 40_000)).map(([i, n]) => write(i, n, 0)),
    queueIndex.map(next),
    queueIndex.map(next),
    fc.tuple(queueIndex, fc.double({ min: 0, max: 1, noNaN: true })).map((all) => accept(...all)),
    queueIndex.map(clear),
  ],
  { maxCommands: 80 },
);

test('queues that share a slab keep their own bytes, in order, and never overwrite what left', () => {
  fc.assert(
    fc.property(commands, (all) => {
      const queues = Array.from({ length: QUEUES }, () => new OutputQueue());
      const real: Real = { queues, handedOut: [], pieces: 0 };
      const models = queues.map(() => new Model());
      fc.modelRun(() => ({ model: models, real }), all);
      for (const [index, queue] of queues.entries()) {
        const left: number[] = [];
        for (let chunk = queue.next(); chunk !== null; chunk = queue.next()) left.push(...chunk);
        expect(left).toEqual((models[index] as Model).queued);
      }
      for (const { view, copy } of real.handedOut) expect(view).toEqual(copy);
    }),
    { numRuns: 150 },
  );
});
