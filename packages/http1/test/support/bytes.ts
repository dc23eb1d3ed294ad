/** The bytes of a text with one code unit per byte. */
export function bytes(text: string): Uint8Array {
  return Uint8Array.from(text, (unit) => unit.charCodeAt(0));
}

/** The inverse of `bytes`. */
export function text(data: Uint8Array): string {
  return String.fromCharCode(...data);
}
