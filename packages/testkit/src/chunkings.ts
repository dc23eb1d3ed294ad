// The ways in which a stream may cut the same bytes.
import fc from 'fast-check';

/** Cuts `data` at the given ascending positions into copies, leaving out empty pieces. */
export function splitAt(data: Uint8Array, positions: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  let start = 0;
  for (const position of [...positions, data.length]) {
    const end = Math.min(Math.max(position, start), data.length);
    if (end > start) chunks.push(new Uint8Array(data.subarray(start, end)));
    start = end;
  }
  return chunks;
}

/** The split points of: whole, byte by byte, and every single split, in this order. */
export function exhaustiveSplits(length: number): number[][] {
  const singles = Array.from({ length: Math.max(length - 1, 0) }, (_, index) => [index + 1]);
  return [[], singles.map(([position]) => position as number), ...singles];
}

/** Ascending split points of a stream of `length` bytes: none, few, many, or all of them. */
export function splitPoints(length: number): fc.Arbitrary<number[]> {
  if (length < 2) return fc.constant<number[]>([]);
  const position = fc.integer({ min: 1, max: length - 1 });
  const sorted = (points: readonly number[]) => [...new Set(points)].sort((a, b) => a - b);
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant<number[]>([]) },
    { weight: 1, arbitrary: fc.constant<number[]>(exhaustiveSplits(length)[1] ?? []) },
    { weight: 3, arbitrary: fc.array(position, { maxLength: 3 }).map(sorted) },
    { weight: 3, arbitrary: fc.array(position, { maxLength: 40 }).map(sorted) },
  );
}

/** The same bytes cut at arbitrary points. */
export function chunksOf(data: Uint8Array): fc.Arbitrary<Uint8Array[]> {
  return splitPoints(data.length).map((points) => splitAt(data, points));
}
