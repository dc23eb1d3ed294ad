import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ReceiveBuffer } from '../src/receive-buffer.ts';
import { type Guarded, guarded, type Snapshot, snapshot } from './support/bytes.ts';

/** A chunk that arrives, or a share of what is unread that is taken or consumed. */
type Step =
  | { readonly kind: 'append'; readonly length: number }
  | { readonly kind: 'take' | 'consume'; readonly share: number }
  | { readonly kind: 'clear' };

const share = fc.double({ min: 0, max: 1, noNaN: true });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      length: fc.oneof(fc.nat(8), fc.nat(700), fc.constantFrom(255, 256, 257, 511, 512, 513)),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constantFrom('take', 'consume'), share }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const) }) },
);

/** The same stream as one growing array and a position in it. */
class Model {
  readonly stream: number[] = [];
  position = 0;

  next(byteCount: number): number[] {
    const bytes = this.stream.slice(this.position, this.position + byteCount);
    this.position += byteCount;
    return bytes;
  }
}

interface History {
  readonly inputs: Guarded[];
  readonly taken: Snapshot[];
}

function carryOut(one: Step, buffer: ReceiveBuffer, model: Model, history: History): void {
  if (one.kind === 'append') {
    const data = Uint8Array.from({ length: one.length }, (_, i) => (model.stream.length + i) * 7);
    const chunk = guarded(data);
    history.inputs.push(chunk);
    model.stream.push(...data);
    buffer.append(chunk.view);
  } else if (one.kind === 'clear') {
    model.next(buffer.length);
    buffer.clear();
  } else {
    const byteCount = Math.floor(one.share * buffer.length);
    const expected = model.next(byteCount);
    if (one.kind === 'consume') buffer.consume(byteCount);
    else {
      const view = buffer.take(byteCount);
      expect([...view]).toEqual(expected);
      history.taken.push(snapshot(view));
    }
  }
}

test('reads like one array, overwrites nothing it gave or was given, holds nothing when empty', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const buffer = new ReceiveBuffer();
      const model = new Model();
      const history: History = { inputs: [], taken: [] };
      for (const one of steps) {
        carryOut(one, buffer, model, history);
        expect(buffer.consumedBytes).toBe(model.position);
        expect([...buffer.bytes.subarray(buffer.start, buffer.end)]).toEqual(
          model.stream.slice(model.position),
        );
        if (buffer.length === 0) expect(buffer.bytes.length).toBe(0);
      }
      for (const { view, copy } of history.taken) expect(view).toEqual(copy);
      expect(history.inputs.every((chunk) => chunk.isUntouched())).toBe(true);
    }),
    { numRuns: 300 },
  );
});
