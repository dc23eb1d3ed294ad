// Arbitrary streams of frames: mostly legal, now and then not.
import fc from 'fast-check';
import { compressed } from './compression.ts';
import { closePayload, type FrameOptions, frameTo, joined } from './frames.ts';
import type { Role } from './machines.ts';

/** One frame to come, whoever it is for. */
export interface AnyFrame {
  readonly opcode: number;
  readonly payload: Uint8Array;
  readonly options: FrameOptions;
}

const bytes = fc.oneof(
  { weight: 6, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  { weight: 2, arbitrary: fc.uint8Array({ minLength: 120, maxLength: 300 }) },
);
const words = fc
  .string({ unit: 'binary', maxLength: 60 })
  .map((text) => new TextEncoder().encode(text));
const spoiled = fc
  .tuple(words, fc.nat(), fc.nat({ max: 255 }))
  .map(([text, at, byte]) => text.map((each, index) => (index === at % text.length ? byte : each)));

/** Cuts content into frames, with control frames between them. */
const message: fc.Arbitrary<AnyFrame[]> = fc
  .record({
    isText: fc.boolean(),
    content: fc.oneof(
      { weight: 4, arbitrary: words },
      { weight: 1, arbitrary: spoiled },
      { weight: 3, arbitrary: bytes },
    ),
    isCompressed: fc.boolean(),
    cuts: fc.array(fc.nat({ max: 60 }), { maxLength: 4 }),
    between: fc.array(fc.constantFrom(9, 10), { maxLength: 2 }),
  })
  .map(({ isText, content, isCompressed, cuts, between }) => {
    const data = isCompressed ? compressed(content) : content;
    const places = [...cuts]
      .sort((one, other) => one - other)
      .map((at) => Math.min(at, data.length));
    const frames: AnyFrame[] = [];
    let start = 0;
    for (const end of [...places, data.length]) {
      const isFirst = frames.length === 0;
      const opcode = isFirst ? (isText ? 1 : 2) : 0;
      const rsv = isFirst && isCompressed ? 0x40 : 0;
      frames.push({ opcode, payload: data.subarray(start, end), options: { isFinal: false, rsv } });
      start = end;
    }
    const last = frames.pop()!;
    frames.push({ ...last, options: { ...last.options, isFinal: true } });
    return frames.flatMap((each, index) => {
      const control = between[index];
      return control === undefined
        ? [each]
        : [each, { opcode: control, payload: Uint8Array.of(index), options: {} }];
    });
  });

const control: fc.Arbitrary<AnyFrame[]> = fc
  .tuple(fc.constantFrom(9, 10), fc.uint8Array({ maxLength: 125 }))
  .map(([opcode, payload]) => [{ opcode, payload, options: {} }]);

const close: fc.Arbitrary<AnyFrame[]> = fc
  .tuple(fc.constantFrom(1000, 1001, 1005, 3000, 4999, 5000, 999), fc.oneof(words, spoiled))
  .map(([code, reason]) => [
    { opcode: 8, payload: closePayload(code, reason.subarray(0, 123)), options: {} },
  ]);

const wild: fc.Arbitrary<AnyFrame[]> = fc
  .record({
    opcode: fc.nat({ max: 15 }),
    payload: bytes,
    isFinal: fc.boolean(),
    rsv: fc.constantFrom(0, 0, 0x10, 0x20, 0x40, 0x70),
    lengthBytes: fc.constantFrom<(0 | 2 | 8)[]>(0, 2, 8),
    isUnmasked: fc.boolean(),
  })
  .map(({ opcode, payload, isFinal, rsv, lengthBytes, isUnmasked }) => {
    const length = lengthBytes === 0 ? payload.subarray(0, 125) : payload;
    const options: FrameOptions = { isFinal, rsv, lengthBytes };
    const wrongMask = { ...options, key: null };
    return [{ opcode, payload: length, options: isUnmasked && rsv === 0 ? wrongMask : options }];
  });

/** Messages, control frames, and here and there what is wrong. */
export const anyFrames: fc.Arbitrary<AnyFrame[]> = fc
  .array(
    fc.oneof(
      { weight: 8, arbitrary: message },
      { weight: 3, arbitrary: control },
      { weight: 1, arbitrary: close },
      { weight: 1, arbitrary: wild },
    ),
    { maxLength: 6 },
  )
  .map((groups) => groups.flat());

/** As bytes to one role. */
export function streamTo(role: Role, frames: readonly AnyFrame[]): Uint8Array {
  return joined(
    ...frames.map(({ opcode, payload, options }) => frameTo(role, opcode, payload, options)),
  );
}
