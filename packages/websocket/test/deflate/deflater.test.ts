import { inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Deflater } from '../../src/deflate/deflater.ts';
import { Inflater } from '../../src/deflate/inflater.ts';
import { content, inflate, split, withTail, zlibInflate } from './support/streams.ts';

const deflater = (windowBits = 15, contextTakeover = true) =>
  new Deflater({ windowBits, contextTakeover });
const inflater = (windowBits = 15, contextTakeover = true) =>
  new Inflater({ windowBits, contextTakeover });
const bytes = (text: string) => new TextEncoder().encode(text);

/** Text of much the same words. */
function sample(length: number): Uint8Array {
  const unit = (index: number) =>
    `{"id":${index * 7919},"price":${(index * 31) % 997},"side":"buy"},`;
  let text = '';
  for (let index = 0; text.length < length; index++) text += unit(index);
  return bytes(text).subarray(0, length);
}

/** Bytes that nothing makes shorter. */
function noise(length: number): Uint8Array {
  let state = 12_345;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return state >>> 16;
  });
}

describe('a message', () => {
  test('that is empty is one octet (RFC 7692 section 7.2.3.6)', () => {
    const one = deflater();
    expect([...one.deflate(new Uint8Array(0), true)]).toEqual([0]);
    one.deflate(bytes('not empty'), true);
    expect([...one.deflate(new Uint8Array(0), true)]).toEqual([0]);
    expect([...one.deflate(new Uint8Array(0), false)]).toEqual([0, 0, 0, 0xff, 0xff]);
  });

  test('is as in RFC 7692 section 7.2.3.1', () => {
    expect([...deflater().deflate(bytes('Hello'), true)]).toEqual([
      0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00,
    ]);
  });

  test('refers to those before it with takeover, not without (section 7.2.3.2)', () => {
    const text = bytes('Hello, everybody');
    const sizes = (one: Deflater) => [1, 2, 3].map(() => one.deflate(text, true).length);
    const [first, ...others] = sizes(deflater());
    expect(others).toEqual([4, 4]);
    expect(sizes(deflater(15, false))).toEqual([first, first, first]);
  });

  test('of noise becomes a stored block', () => {
    for (const length of [1, 50, 16_384, 16_385, 70_000]) {
      const blocks = Math.ceil(length / 16_384);
      expect(deflater().deflate(noise(length), true).length).toBeLessThanOrEqual(
        length + 5 * blocks + 1,
      );
    }
  });

  test('of any size is legal', () => {
    for (const length of [16_383, 16_384, 16_385, 65_535, 65_536, 300_000]) {
      for (const data of [sample(length), new Uint8Array(length)]) {
        const one = deflater();
        const compressed = one.deflate(data, true);
        expect(compressed.length).toBeLessThan(length / 3);
        expect(Buffer.compare(inflateRawSync(withTail(compressed), { finishFlush: 2 }), data)).toBe(
          0,
        );
      }
    }
  });
});

test('connections do not get into each other', () => {
  const pairs = [8, 9, 12, 15].map((windowBits) => ({
    sender: deflater(windowBits),
    receiver: inflater(windowBits),
  }));
  for (let round = 0; round < 40; round++) {
    for (const [index, { sender, receiver }] of pairs.entries()) {
      if (round % (index + 2) === 0) continue;
      const data = sample(100 + round * 300).subarray(index * 20);
      const { output, isInvalid } = inflate(receiver, [sender.deflate(data, true)]);
      expect(isInvalid).toBe(false);
      expect(Buffer.compare(output, data)).toBe(0);
    }
  }
});

describe('memory', () => {
  test('is a few KiB, of no more than the agreed window', () => {
    for (const [windowBits, expected] of [
      [8, 256],
      [10, 1_024],
      [12, 4_096],
      [15, 4_096],
    ] as const) {
      const one = deflater(windowBits);
      expect(one.contextBytes).toBe(0);
      one.deflate(sample(20_000), true);
      expect(one.contextBytes).toBe(expected);
      one.reset();
      expect(one.contextBytes).toBe(0);
    }
  });

  test('is not kept without takeover, but within a message', () => {
    const one = deflater(15, false);
    one.deflate(sample(2_000), true);
    expect(one.contextBytes).toBe(0);
    one.deflate(sample(2_000), false);
    expect(one.contextBytes).toBe(4_096);
    one.deflate(new Uint8Array(0), true);
    expect(one.contextBytes).toBe(0);
  });
});

test('a reset forgets, and the peer need not know', () => {
  const sender = deflater();
  const receiver = inflater();
  const text = sample(500);
  const first = sender.deflate(text, true).length;
  sender.deflate(text, true);
  sender.reset();
  const third = sender.deflate(text, true);
  expect(third.length).toBe(first);
  for (const data of [third, sender.deflate(text, true)]) {
    expect(Buffer.compare(inflate(receiver, [data]).output, text)).toBe(0);
  }
});

test.each([7, 16, 9.5, Number.NaN])('a window of 2^%d cannot be agreed', (windowBits) => {
  expect(() => deflater(windowBits)).toThrow(RangeError);
});

describe('what is sent comes out again', () => {
  const message = fc.tuple(content, fc.array(fc.nat(100_000), { maxLength: 3 }), fc.boolean());

  test('of decoders with exactly the agreed window, zlib among them', () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 8 }),
        fc.integer({ min: 8, max: 15 }),
        fc.boolean(),
        (messages, windowBits, contextTakeover) => {
          const sender = deflater(windowBits, contextTakeover);
          const receiver = inflater(windowBits, contextTakeover);
          let history: Uint8Array = new Uint8Array(0);
          for (const [data, cuts, resets] of messages) {
            if (resets) sender.reset();
            const guard = Uint8Array.from(data);
            const pieces = split(data, cuts);
            const sent = pieces.map((piece, index) =>
              sender.deflate(piece, index === pieces.length - 1),
            );
            expect(Buffer.compare(data, guard)).toBe(0);
            const result = inflate(receiver, sent);
            expect(result.isInvalid).toBe(false);
            expect(Buffer.compare(result.output, data)).toBe(0);
            const dictionary = history.subarray(-(1 << windowBits));
            const theirs = zlibInflate(withTail(Buffer.concat(sent)), dictionary);
            expect(Buffer.compare(theirs.output, data)).toBe(0);
            if (contextTakeover) history = Buffer.concat([history, data]);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
