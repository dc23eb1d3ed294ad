import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pureCompression } from '../../src/deflate/index.ts';
import { nodeCompression } from '../../src/node/index.ts';
import {
  content,
  inflate,
  split,
  withTail,
  zlibDeflate,
  zlibInflate,
  zlibOptions,
} from '../deflate/support/streams.ts';

const context = (windowBits = 15, contextTakeover = true) => ({ windowBits, contextTakeover });

/** Text of much the same words, different for each seed. */
function sample(length: number, seed = 1): Uint8Array {
  let text = '';
  for (let index = 0; text.length < length; index++) {
    text += `{"id":${(index + seed) * 7919},"price":${((index + seed) * 31) % 997},"side":"buy"},`;
  }
  return Buffer.from(text).subarray(0, length);
}

const sizes = [0, 1, 500, 767, 768, 2_047, 2_048, 5_000, 40_000, 200_000];

describe.each([
  ['node to node', nodeCompression, nodeCompression],
  ['node to pure', nodeCompression, pureCompression],
  ['pure to node', pureCompression, nodeCompression],
] as const)('%s', (_, sending, receiving) => {
  test.each([8, 9, 12, 15])('messages of all sizes, with windows of 2^%i bytes', (windowBits) => {
    for (const contextTakeover of [true, false]) {
      const sender = sending.createDeflater(context(windowBits, contextTakeover));
      const receiver = receiving.createInflater(context(windowBits, contextTakeover));
      for (const [index, size] of [...sizes, ...sizes].entries()) {
        const data = sample(size, index);
        const sent = sender.deflate(data, true);
        const piecesMax = index % 2 === 0 ? 1_000_000 : 16_384;
        const { output, isInvalid } = inflate(receiver, [sent], true, piecesMax);
        expect(isInvalid).toBe(false);
        expect(Buffer.compare(output, data)).toBe(0);
        if (!contextTakeover) expect(sender.contextBytes + receiver.contextBytes).toBe(0);
      }
    }
  });

  test('sequences of messages in pieces', () => {
    const message = fc.tuple(content, fc.array(fc.nat(100_000), { maxLength: 2 }), fc.boolean());
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 6 }),
        fc.integer({ min: 8, max: 15 }),
        fc.boolean(),
        fc.constantFrom(1, 300, 16_384, 1_000_000),
        (messages, windowBits, contextTakeover, bytesMax) => {
          const sender = sending.createDeflater(context(windowBits, contextTakeover));
          const receiver = receiving.createInflater(context(windowBits, contextTakeover));
          for (const [data, cuts, resets] of messages) {
            if (resets) sender.reset();
            const guard = Uint8Array.from(data);
            const pieces = split(data, cuts);
            const sent = pieces.map((piece, index) =>
              sender.deflate(piece, index === pieces.length - 1),
            );
            const { output, isInvalid } = inflate(receiver, sent, true, bytesMax);
            expect(isInvalid).toBe(false);
            expect(Buffer.compare(output, data)).toBe(0);
            expect(Buffer.compare(data, guard)).toBe(0);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('large messages', () => {
  test('refer to those before them', () => {
    const sender = nodeCompression.createDeflater(context());
    const data = sample(3_000);
    const first = sender.deflate(data, true).length;
    expect(sender.deflate(data, true).length).toBeLessThan(first / 8);
  });

  test('have a legal end in pieces', () => {
    const sender = nodeCompression.createDeflater(context());
    const first = sender.deflate(sample(3_000), false);
    expect([...first.subarray(-4)]).toEqual([0, 0, 0xff, 0xff]);
    const data = Buffer.concat([first, sender.deflate(new Uint8Array(0), true)]);
    expect(zlibInflate(withTail(data)).output.length).toBe(3_000);
  });

  test('reach back as far as the dictionary goes', () => {
    // Every message repeats what was 32,000 bytes before it.
    const receiver = nodeCompression.createInflater(context());
    let history: Uint8Array = new Uint8Array(0);
    for (let index = 0; index < 12; index++) {
      const data = Uint8Array.from(sample(8_000, index % 4 === 3 ? 3 : index));
      const sent = zlibDeflate(data, { dictionary: history.subarray(-32_768) });
      const result = inflate(receiver, [sent], true, 100_000);
      expect(Buffer.compare(result.output, data)).toBe(0);
      history = Buffer.concat([history, data]);
    }
    expect(receiver.contextBytes).toBe(32_768);
  });

  test('of which zlib reads only a part are read whole', () => {
    // zlib stops behind a block that says it is the last, and another follows.
    const data = Buffer.concat([deflateRawSync(sample(6_000)), zlibDeflate(sample(6_000, 9))]);
    expect(data.length).toBeGreaterThan(1_024);
    const receiver = nodeCompression.createInflater(context());
    const { output, isInvalid } = inflate(receiver, [data], true, 1_000_000);
    expect(isInvalid).toBe(false);
    expect(Buffer.compare(output, Buffer.concat([sample(6_000), sample(6_000, 9)]))).toBe(0);
  });

  test('that inflate to too much are given in pieces', () => {
    const bomb = zlibDeflate(new Uint8Array(3_000_000));
    const receiver = nodeCompression.createInflater(context());
    receiver.push(bomb, true);
    expect((receiver.next(20_000) as Uint8Array).length).toBe(16_384);
    expect((receiver.next(20_000) as Uint8Array).length).toBe(16_384);
  });

  test('that are cut or changed are judged as the pure decoder judges them', () => {
    const change = fc.array(fc.tuple(fc.nat(1 << 20), fc.nat(7)), { maxLength: 2 });
    fc.assert(
      fc.property(
        fc.nat(40_000),
        zlibOptions,
        change,
        fc.nat(1 << 20),
        (seed, options, changes, cut) => {
          const compressed = Buffer.from(
            zlibDeflate(sample(6_000 + (seed % 100), seed), { ...options, windowBits: 15 }),
          );
          for (const [at, bit] of changes) compressed[at % compressed.length]! ^= 1 << bit;
          const data = compressed.subarray(0, compressed.length - (cut % 4) * ((cut >> 2) % 200));
          const pure = inflate(pureCompression.createInflater(context()), [data]);
          const node = inflate(nodeCompression.createInflater(context()), [data], true, 1_000_000);
          expect(node.isInvalid).toBe(pure.isInvalid);
          expect(Buffer.compare(node.output, pure.output)).toBe(0);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test.each([1, 3, 4, 5, 8, 11, 12, 13, 14])(
    'that end %i octets before the end of a stored block',
    (missing) => {
      const stored = zlibDeflate(sample(6_000), { level: 0 });
      const cut = stored.subarray(0, stored.length - 1 - missing);
      const receiver = nodeCompression.createInflater(context());
      expect(inflate(receiver, [cut], true, 1_000_000).isInvalid).toBe(true);
    },
  );

  test('that end in what looks like the end of a message', () => {
    for (const end of [
      [0, 0, 0xff, 0xff],
      [8, 0, 0xf7, 0xff],
    ]) {
      const data = Buffer.concat([sample(6_000), Uint8Array.from(end)]);
      const receiver = nodeCompression.createInflater(context());
      const { output, isInvalid } = inflate(receiver, [zlibDeflate(data)], true, 1_000_000);
      expect(isInvalid).toBe(false);
      expect(Buffer.compare(output, data)).toBe(0);
    }
  });

  test('that are large even when they are compressed', () => {
    let state = 1;
    const noise = Uint8Array.from({ length: 100_000 }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return state >>> 16;
    });
    const sender = nodeCompression.createDeflater(context());
    const receiver = nodeCompression.createInflater(context());
    const { output } = inflate(receiver, [sender.deflate(noise, true)], true, 1_000_000);
    expect(Buffer.compare(output, noise)).toBe(0);
  });

  test('with nothing in them', () => {
    // Empty stored blocks, as many as make it large.
    const nothing = Buffer.concat([
      ...Array.from({ length: 500 }, () => Uint8Array.of(0, 0, 0, 0xff, 0xff)),
      Uint8Array.of(0),
    ]);
    const receiver = nodeCompression.createInflater(context());
    expect(inflate(receiver, [nothing])).toEqual({ output: Buffer.alloc(0), isInvalid: false });
    expect(Buffer.from(inflate(receiver, [zlibDeflate(sample(900))]).output)).toEqual(sample(900));
  });
});

describe('a caller', () => {
  test.each([7, 16])('cannot agree on a window of 2^%d', (windowBits) => {
    expect(() => nodeCompression.createDeflater(context(windowBits))).toThrow(RangeError);
    expect(() => nodeCompression.createInflater(context(windowBits))).toThrow(RangeError);
  });

  test('cannot push before all has been taken', () => {
    const receiver = nodeCompression.createInflater(context());
    receiver.push(new Uint8Array(5_000), true);
    expect(() => receiver.push(Uint8Array.of(0), true)).toThrow('this is a bug in holdline');
  });
});
