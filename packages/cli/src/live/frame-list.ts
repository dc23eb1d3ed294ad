// The frames that a page has not been told of: the last lines, however many there were. Frames that
// are alike and come one behind the other, as those of a large message do, are one line.
import type { FrameRow, WireLine } from './page/live-events.ts';

/** Lines that are kept: more than that nobody reads four times a second. Fewer than the page lists. */
const LINES_MAX = 12;

/** What was kept, and how much before that was not. */
export interface TakenFrames {
  /** Oldest first. */
  readonly frames: readonly WireLine[];
  readonly framesOmitted: number;
  readonly bytesOmitted: number;
}

const NONE: TakenFrames = Object.freeze({
  frames: Object.freeze([]),
  framesOmitted: 0,
  bytesOmitted: 0,
});

/** Costs the same whatever is pushed. */
export class FrameList {
  #lines: WireLine[] = [];
  #framesOmitted = 0;
  #bytesOmitted = 0;

  /** Nothing to take. */
  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  /** One more. */
  push(line: WireLine): void {
    const last = this.#lines.at(-1);
    if (last !== undefined && last.kind !== 'end' && line.kind !== 'end' && areAlike(last, line)) {
      // Other lists may have the same.
      const count = last.count + line.count;
      this.#lines[this.#lines.length - 1] = {
        ...last,
        count,
        byteCount: last.byteCount + line.byteCount,
      };
      return;
    }
    this.#lines.push(line);
    if (this.#lines.length > LINES_MAX) this.#omit(this.#lines.shift());
  }

  /** What another list had. */
  append({ frames, framesOmitted, bytesOmitted }: TakenFrames): void {
    // What is omitted stands before what is there; in between it cannot be said.
    this.#framesOmitted += framesOmitted;
    this.#bytesOmitted += bytesOmitted;
    for (const line of frames) this.push(line);
  }

  /** All of it; then it is empty. */
  take(): TakenFrames {
    if (this.isEmpty) return NONE;
    const taken = {
      frames: this.#lines,
      framesOmitted: this.#framesOmitted,
      bytesOmitted: this.#bytesOmitted,
    };
    this.#lines = [];
    this.#framesOmitted = 0;
    this.#bytesOmitted = 0;
    return taken;
  }

  /** The end of a WebSocket is no frame, and is told elsewhere, too. */
  #omit(line: WireLine | undefined): void {
    if (line === undefined || line.kind === 'end') return;
    this.#framesOmitted += line.count;
    this.#bytesOmitted += line.byteCount;
  }
}

/** Whether two frames are one line. Pongs and Close frames have something to say, each of them. */
function areAlike(one: FrameRow, other: FrameRow): boolean {
  const isOwnLine = one.kind === 'pong' || one.kind === 'close';
  const { id, direction, kind, isFinal, reservedBits, isMasked } = other;
  return (
    !isOwnLine &&
    one.kind === kind &&
    one.id === id &&
    one.direction === direction &&
    one.isFinal === isFinal &&
    one.reservedBits === reservedBits &&
    one.isMasked === isMasked
  );
}
