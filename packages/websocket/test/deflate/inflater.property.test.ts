// The decoder against zlib's: the same bytes, and the same streams refused.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Inflater } from '../../src/deflate/inflater.ts';
import {
  content,
  inflate,
  split,
  withTail,
  zlibDeflate,
  zlibInflate,
  zlibOptions,
} from './support/streams.ts';

const RUNS = { numRuns: 400 };
const places = fc.array(fc.nat(100_000), { maxLength: 12 });
const outputBytesMax = fc.constantFrom(1, 7, 258, 259, 1_000, 16_384, 1_000_000);

const inflater = (windowBits = 15, contextTakeover = true) =>
  new Inflater({ windowBits, contextTakeover });

/** Both must say the same about a stream that may go on, however it comes. */
function agree(data: Uint8Array, pieces: readonly number[], bytesMax: number): void {
  const theirs = zlibInflate(data);
  // zlib stops behind a block that says it is the last.
  const stream = data.subarray(0, theirs.byteCount);
  const ours = inflate(inflater(), split(stream, pieces), false, bytesMax);
  if (ours.isInvalid && !theirs.isInvalid) {
    // zlib reads lengths in a code that has no codes as zeros, and complains behind the last.
    const zeros = Buffer.concat([data, new Uint8Array(400)]);
    expect(zlibInflate(zeros).isInvalid).toBe(true);
    return;
  }
  expect(ours.isInvalid).toBe(theirs.isInvalid);
  if (!ours.isInvalid) expect(Buffer.compare(ours.output, theirs.output)).toBe(0);
}

describe('the decoder and zlib', () => {
  test('agree on what zlib compresses, with windows of all its sizes', () => {
    fc.assert(
      fc.property(content, zlibOptions, places, outputBytesMax, (data, options, cuts, bytesMax) => {
        const compressed = Buffer.from(zlibDeflate(data, options));
        const guard = Buffer.from(compressed);
        const pieces = split(compressed, cuts);
        const result = inflate(inflater(options.windowBits), pieces, true, bytesMax);
        expect(result.isInvalid).toBe(false);
        expect(Buffer.compare(result.output, data)).toBe(0);
        // Input is borrowed, never written to.
        expect(Buffer.compare(compressed, guard)).toBe(0);
      }),
      RUNS,
    );
  });

  test('agree on messages that refer to those before them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(content, zlibOptions), { maxLength: 6 }),
        fc.integer({ min: 9, max: 15 }),
        (messages, windowBits) => {
          const one = inflater(windowBits);
          let history: Uint8Array = new Uint8Array(0);
          for (const [data, options] of messages) {
            const dictionary = history.subarray(-(1 << windowBits));
            const compressed = zlibDeflate(data, { ...options, windowBits, dictionary });
            expect(Buffer.compare(inflate(one, [compressed]).output, data)).toBe(0);
            history = Buffer.concat([history, data]);
          }
        },
      ),
      { numRuns: 100 },
    );
  });

  test('agree on random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 120 }), places, outputBytesMax, agree), {
      numRuns: 4_000,
    });
  });

  test('agree on the beginnings of dynamic blocks, then random bytes', () => {
    const dynamic = fc
      .tuple(fc.integer({ min: 0, max: 31 }), fc.uint8Array({ minLength: 20, maxLength: 200 }))
      .map(([high, rest]) => Uint8Array.of(4 | (high << 3), ...rest));
    fc.assert(fc.property(dynamic, places, outputBytesMax, agree), { numRuns: 4_000 });
  });

  test('agree on streams with flipped bits, and on cut ones', () => {
    const flips = fc.array(fc.tuple(fc.nat(1 << 20), fc.nat(7)), { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.tuple(content, zlibOptions, flips, fc.nat(1 << 20)),
        places,
        outputBytesMax,
        ([data, options, changes, cut], cuts, bytesMax) => {
          const stream = Buffer.from(withTail(zlibDeflate(data, options)));
          for (const [at, bit] of changes) stream[at % stream.length]! ^= 1 << bit;
          agree(
            stream.subarray(0, cut % 3 === 0 ? cut % (stream.length + 1) : stream.length),
            cuts,
            bytesMax,
          );
        },
      ),
      { numRuns: 1_500 },
    );
  });

  test('differ only in when a fault is seen if a message is cut anywhere', () => {
    fc.assert(
      fc.property(content, zlibOptions, fc.nat(1 << 20), (data, options, place) => {
        const compressed = zlibDeflate(data, options);
        const cut = compressed.subarray(0, place % compressed.length);
        const { output, isInvalid } = inflate(inflater(), [cut]);
        // A stored block may end where the head of the next would be the one that was taken off.
        if (!isInvalid) expect(Buffer.compare(output, data.subarray(0, output.length))).toBe(0);
        else expect(zlibInflate(cut).isInvalid).toBe(false);
      }),
      RUNS,
    );
  });
});
