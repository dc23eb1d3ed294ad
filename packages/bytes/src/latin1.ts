// Bytes to text where each byte is one code unit. Never `TextDecoder('latin1')`: that label means
// windows-1252, and runtimes disagree on 0x80-0x9F.

/** Below this the decoder's own start costs more than it saves. */
const SHORT_BYTES = 12;
const PIECE_BYTES = 8_192;
const ascii = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });

/** What Node's buffers add: they decode themselves in half the time, without a view. */
type SelfDecoding = Uint8Array & { latin1Slice?(start: number, end: number): string };

/** Decodes `bytes[start..end)`; `isAscii` is what the scan before has found out. */
export function decodeLatin1(
  bytes: Uint8Array,
  start: number,
  end: number,
  isAscii: boolean,
): string {
  if (start === end) return '';
  const buffer: SelfDecoding = bytes;
  if (typeof buffer.latin1Slice === 'function') return buffer.latin1Slice(start, end);
  const isWhole = end - start === bytes.length;
  // Of a plain class, which is made faster than a runtime's own.
  const view = isWhole
    ? bytes
    : new Uint8Array(bytes.buffer, bytes.byteOffset + start, end - start);
  if (isAscii && view.length > SHORT_BYTES) return ascii.decode(view);
  if (view.length <= PIECE_BYTES) return fromCodes(view);
  const pieces: string[] = [];
  for (let at = 0; at < view.length; at += PIECE_BYTES) {
    pieces.push(fromCodes(view.subarray(at, at + PIECE_BYTES)));
  }
  return pieces.join('');
}

function fromCodes(view: Uint8Array): string {
  return String.fromCharCode.apply(null, view as unknown as number[]);
}
