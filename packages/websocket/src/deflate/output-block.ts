// Where output is put together before it leaves as a copy of the right size. It is shared by all
// connections, since nothing is left in it between two calls.
import type { SlidingWindow } from './sliding-window.ts';

/** Bytes that come out in one piece at most. */
export const OUTPUT_BYTES_MAX = 16_384;

/** A piece of output, with the window before it. */
export class OutputBlock {
  readonly bytes: Uint8Array = new Uint8Array(OUTPUT_BYTES_MAX);
  /** Bytes so far. */
  length = 0;
  lengthMax = 0;
  /** References reach back no further, whatever there is: the window that was agreed. */
  distanceMax = 0;
  private window: SlidingWindow | null = null;

  /** Starts a piece of at most `lengthMax` bytes. */
  begin(window: SlidingWindow, distanceMax: number, lengthMax: number): void {
    this.window = window;
    this.distanceMax = distanceMax;
    this.length = 0;
    this.lengthMax = Math.min(lengthMax, OUTPUT_BYTES_MAX);
  }

  /** True if there is something `distance` bytes back. */
  reaches(distance: number): boolean {
    return distance <= this.distanceMax && distance <= this.length + this.window!.length;
  }

  /** Repeats `length` bytes, for which there must be room, from `distance` back; the new length. */
  repeat(distance: number, length: number): number {
    const { bytes } = this;
    let at = this.length;
    const end = at + length;
    this.length = end;
    const before = distance - at;
    if (before > 0) {
      const count = Math.min(before, length);
      this.window!.copyTo(bytes, at, before, count);
      at += count;
    }
    for (; at < end; at++) bytes[at] = bytes[at - distance]!;
    return end;
  }
}

let shared: OutputBlock | null = null;

/** The one block. */
export function outputBlock(): OutputBlock {
  shared ??= new OutputBlock();
  return shared;
}
