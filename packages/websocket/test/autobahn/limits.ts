// Sections 9 and 10: large messages, whole and in fragments.
import { type AutobahnCase, binary, passes, type SentFrame, sent, text, utf8 } from './case.ts';

const KIB = 1024;
const MIB = KIB * KIB;

/** A message in frames of `frameBytes`. */
function fragmented(opcode: number, data: Uint8Array, frameBytes: number): SentFrame[] {
  const frames: SentFrame[] = [];
  for (let at = 0; at < data.length; at += frameBytes) {
    const isLast = at + frameBytes >= data.length;
    frames.push(sent(at === 0 ? opcode : 0, data.subarray(at, at + frameBytes), isLast));
  }
  return frames;
}

function words(size: number): Uint8Array {
  return utf8('BAsd7&jh23'.repeat(Math.ceil(size / 10)).slice(0, size));
}

function bytes(size: number): Uint8Array {
  return new Uint8Array(size).fill(0xfe);
}

const large = [64 * KIB, 256 * KIB, MIB, 4 * MIB, 8 * MIB, 16 * MIB].flatMap((size, index) => [
  passes(`9.1.${index + 1}`, [sent(1, words(size))], [text(words(size))]),
  passes(`9.2.${index + 1}`, [sent(2, bytes(size))], [binary(bytes(size))]),
]);

const pieces = [64, 256, KIB, 4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB, MIB, 4 * MIB].flatMap(
  (size, index) => [
    passes(`9.3.${index + 1}`, fragmented(1, words(4 * MIB), size), [text(words(4 * MIB))]),
    passes(`9.4.${index + 1}`, fragmented(2, bytes(4 * MIB), size), [binary(bytes(4 * MIB))]),
  ],
);

const many = [0, 16, 64, 256, KIB, 4 * KIB].flatMap((size, index) => [
  passes(
    `9.7.${index + 1}`,
    Array.from({ length: 1000 }, () => sent(1, words(size))),
    Array.from({ length: 1000 }, () => text(words(size))),
  ),
  passes(
    `9.8.${index + 1}`,
    Array.from({ length: 1000 }, () => sent(2, bytes(size))),
    Array.from({ length: 1000 }, () => binary(bytes(size))),
  ),
]);

const fragments = passes('10.1.1', fragmented(1, words(65_536), 1300), [text(words(65_536))]);

/** Every case but 9.5 and 9.6, which are 1 MiB in chops of some size. */
export const largeCases: readonly AutobahnCase[] = [...large, ...pieces, ...many, fragments];

/** 9.5 and 9.6: with the sizes of the chops. */
export const choppedCases: readonly (readonly [AutobahnCase, number])[] = [
  64,
  128,
  256,
  512,
  KIB,
  2 * KIB,
].flatMap((chop, index) => [
  [passes(`9.5.${index + 1}`, [sent(1, words(MIB))], [text(words(MIB))]), chop] as const,
  [passes(`9.6.${index + 1}`, [sent(2, bytes(MIB))], [binary(bytes(MIB))]), chop] as const,
]);
