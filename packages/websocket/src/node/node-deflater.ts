import { constants, deflateRawSync } from 'node:zlib';
import type { DeflateContext, MessageDeflater } from '../compression.ts';
import { Deflater } from '../deflate/deflater.ts';

/** From here on zlib is faster, in spite of what a call of it costs. */
const ZLIB_BYTES_MIN = 768;
/** The same where it must be told the window first. */
const ZLIB_BYTES_MIN_WITH_HISTORY = 2_048;
/** "zlib cannot do 8": it uses 9 instead, which the peer may refuse. */
const ZLIB_WINDOW_BITS_MIN = 9;
/** zlib looks no further back than its window less so many bytes. */
const ZLIB_LOOK_AHEAD_BYTES = 262;
/** Half the time of the default of 6, for some 3 % more bytes. */
const LEVEL = 5;
/** 00 00 ff ff, at the end of what a flush leaves (RFC 7692 section 7.2.1). */
const TAIL_BYTES = 4;
/** An output buffer is at least this large, and at most. */
const CHUNK_BYTES_MIN = 1_024;
const CHUNK_BYTES_MAX = 65_536;

/** One-shot zlib for large pieces, with the window as dictionary; small ones are compressed here. */
export class NodeDeflater implements MessageDeflater {
  private readonly deflater: Deflater;
  private readonly windowBits: number;

  constructor(context: DeflateContext) {
    this.deflater = new Deflater(context);
    this.windowBits = context.windowBits;
  }

  get contextBytes(): number {
    return this.deflater.contextBytes;
  }

  reset(): void {
    this.deflater.reset();
  }

  deflate(data: Uint8Array, isLast: boolean): Uint8Array {
    const { deflater } = this;
    const { history } = deflater;
    const bytesMin = history.length > 0 ? ZLIB_BYTES_MIN_WITH_HISTORY : ZLIB_BYTES_MIN;
    if (data.length < bytesMin || this.windowBits < ZLIB_WINDOW_BITS_MIN) {
      return deflater.deflate(data, isLast);
    }
    const output = deflateRawSync(data, {
      finishFlush: constants.Z_SYNC_FLUSH,
      level: LEVEL,
      windowBits: fittingWindowBits(data.length + history.length, this.windowBits),
      chunkSize: Math.min(Math.max(data.length >> 1, CHUNK_BYTES_MIN), CHUNK_BYTES_MAX),
      ...(history.length > 0 && { dictionary: history }),
    });
    deflater.remember(data, isLast);
    return isLast ? output.subarray(0, output.length - TAIL_BYTES) : output;
  }
}

/** No larger than is needed to look at everything: less memory for zlib to clear. */
function fittingWindowBits(byteCount: number, windowBitsMax: number): number {
  const bits = 32 - Math.clz32(byteCount + ZLIB_LOOK_AHEAD_BYTES - 1);
  return Math.min(Math.max(bits, ZLIB_WINDOW_BITS_MIN), windowBitsMax);
}
