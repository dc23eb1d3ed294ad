// What a network does to one direction of a connection.
import fc from 'fast-check';

/** One thing that goes wrong once `atByte` bytes of a direction have passed. */
export type LinkFault =
  /** FIN instead of the rest. */
  | { readonly kind: 'truncate'; readonly atByte: number }
  /** RST instead of the rest; takes unread bytes with it. */
  | { readonly kind: 'reset'; readonly atByte: number }
  /** The byte at this position arrives XORed with `mask`. */
  | { readonly kind: 'corrupt'; readonly atByte: number; readonly mask: number }
  /** The rest comes later by `durationMs`. */
  | { readonly kind: 'delay'; readonly atByte: number; readonly durationMs: number }
  /** The reader takes nothing for `durationMs`; Infinity: never again. */
  | { readonly kind: 'stall'; readonly atByte: number; readonly durationMs: number };

/** Arbitrary faults within the first `bytesMax` bytes, at most three in one direction. */
export function linkFaults(bytesMax: number): fc.Arbitrary<LinkFault[]> {
  const atByte = fc.nat({ max: bytesMax });
  const durationMs = fc.oneof(fc.nat({ max: 200_000 }), fc.constant(Number.POSITIVE_INFINITY));
  const fault: fc.Arbitrary<LinkFault> = fc.oneof(
    fc.record({ kind: fc.constant('truncate' as const), atByte }),
    fc.record({ kind: fc.constant('reset' as const), atByte }),
    fc.record({
      kind: fc.constant('corrupt' as const),
      atByte,
      mask: fc.integer({ min: 1, max: 255 }),
    }),
    fc.record({
      kind: fc.constant('delay' as const),
      atByte,
      durationMs: fc.nat({ max: 200_000 }),
    }),
    fc.record({ kind: fc.constant('stall' as const), atByte, durationMs }),
  );
  return fc.array(fault, { maxLength: 3 });
}
