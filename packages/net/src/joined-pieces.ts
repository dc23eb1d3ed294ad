// Pieces of content as one.

/** Copies pieces of `byteCount` bytes together; a single piece is returned as it is. */
export function joinedPieces(pieces: readonly Uint8Array[], byteCount: number): Uint8Array {
  if (pieces.length === 1) return pieces[0] as Uint8Array;
  const whole = new Uint8Array(byteCount);
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
