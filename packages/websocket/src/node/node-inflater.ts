import { inflateRawSync } from 'node:zlib';
import { assert } from '../bytes/assert.ts';
import type { DeflateContext, MessageInflater } from '../compression.ts';
import { WINDOW_BITS_MAX } from '../deflate/alphabet.ts';
import { Inflater } from '../deflate/inflater.ts';
import { OUTPUT_BYTES_MAX } from '../deflate/output-block.ts';

/** Compressed bytes from which on zlib is faster, in spite of what a call of it costs. */
const ZLIB_BYTES_MIN = 512;
/** The same where it must be told the window first. */
const ZLIB_BYTES_MIN_WITH_WINDOW = 1_024;
/** zlib makes one array of what it inflates; what is longer comes in pieces. */
const WHOLE_BYTES_MAX = 268_435_456;

/**
 * What goes behind a message that ends in the head of a stored block, instead of the four octets that
 * say the block is empty (RFC 7692 section 7.2.2): eight bytes by which it is known that this is what
 * happened to them, and a block that is the last. A message that was cut would swallow the four octets,
 * and may well go on behind them as if nothing had happened.
 */
const MARK: Uint8Array = /* @__PURE__ */ Uint8Array.of(
  ...[0x07, 0xd1, 0x5a, 0x93, 0x2e, 0xb6, 0x4c, 0xe8],
);
const MARK_HEAD: Uint8Array = /* @__PURE__ */ Uint8Array.of(0x08, 0x00, 0xf7, 0xff);
const TERMINATOR: Uint8Array = /* @__PURE__ */ Uint8Array.of(...MARK_HEAD, ...MARK, 0x03, 0x00);
/** Longer input gets memory of its own. */
const INPUT_BYTES_KEPT = 65_536;
const CHUNK_BYTES_MIN = 1_024;
const CHUNK_BYTES_MAX = 65_536;

let input: Uint8Array | null = null;

/** The message with its end, in memory that is used again. */
function terminated(data: Uint8Array): Uint8Array {
  const length = data.length + TERMINATOR.length;
  input ??= new Uint8Array(INPUT_BYTES_KEPT);
  const whole = length <= INPUT_BYTES_KEPT ? input.subarray(0, length) : new Uint8Array(length);
  whole.set(data);
  whole.set(TERMINATOR, data.length);
  return whole;
}

/** What zlib answers when it is asked how far it has read. */
interface Inflated {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/**
 * One-shot zlib for messages that come whole, are large, and fit what the caller takes at once; all else
 * is decompressed here, and so is what zlib does not like: there is one judge. With windows smaller than
 * zlib's own it would let references pass that reach further back than was agreed.
 */
export class NodeInflater implements MessageInflater {
  private readonly inflater: Inflater;
  private readonly usesZlib: boolean;
  /** A whole message that has not been looked at. */
  private whole: Uint8Array | null = null;

  constructor(context: DeflateContext) {
    this.inflater = new Inflater(context);
    this.usesZlib = context.windowBits === WINDOW_BITS_MAX;
  }

  get contextBytes(): number {
    return this.inflater.contextBytes;
  }

  push(data: Uint8Array, isLast: boolean): void {
    const { inflater } = this;
    assert(this.whole === null, 'all that was pushed before has been taken');
    const bytesMin = inflater.windowLength > 0 ? ZLIB_BYTES_MIN_WITH_WINDOW : ZLIB_BYTES_MIN;
    const isLarge = isLast && data.length >= bytesMin;
    if (isLarge && this.usesZlib && inflater.isBetweenMessages) this.whole = data;
    else inflater.push(data, isLast);
  }

  next(outputBytesMax: number = OUTPUT_BYTES_MAX): Uint8Array | 'invalid' | null {
    const { whole, inflater } = this;
    if (whole !== null) {
      this.whole = null;
      const output = inflateWhole(whole, inflater.copyWindow(), outputBytesMax);
      if (output !== null) {
        inflater.remember(output);
        return output.length > 0 ? output : null;
      }
      inflater.push(whole, true);
    }
    return inflater.next(outputBytesMax);
  }
}

/** All that a message says; null: that is more than `bytesMax`, or not for zlib to decide. */
function inflateWhole(
  data: Uint8Array,
  dictionary: Uint8Array,
  bytesMax: number,
): Uint8Array | null {
  // Hardly any message is longer when it is compressed: this one has too much to say.
  if (data.length > bytesMax) return null;
  const source = terminated(data);
  const chunkSize = Math.min(Math.max(data.length * 4, CHUNK_BYTES_MIN), CHUNK_BYTES_MAX);
  const options = {
    chunkSize,
    info: true,
    maxOutputLength: Math.min(bytesMax, WHOLE_BYTES_MAX) + MARK.length,
    ...(dictionary.length > 0 && { dictionary }),
  };
  try {
    const { buffer, engine } = inflateRawSync(source, options) as unknown as Inflated;
    return engine.bytesWritten === source.length ? withoutMark(buffer) : null;
  } catch {
    return null;
  }
}

/**
 * A stored block that was cut may have taken in the mark with its head, which zlib cannot know. A
 * message that really ends in the head is a case for the other decoder, too.
 */
function withoutMark(buffer: Uint8Array): Uint8Array | null {
  const end = buffer.length - MARK.length;
  const isMarked = endsIn(buffer, buffer.length, MARK) && !endsIn(buffer, end, MARK_HEAD);
  return isMarked ? buffer.subarray(0, end) : null;
}

/** Whether `bytes[0..end)` does. */
function endsIn(bytes: Uint8Array, end: number, last: Uint8Array): boolean {
  return last.every((byte, index) => bytes[end - last.length + index] === byte);
}
