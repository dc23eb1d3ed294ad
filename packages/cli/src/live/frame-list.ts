// The frames that a page has not been told of: the last ones, however many there were.
import type { FrameRow } from './page/live-events.ts';

/** Frames that are kept: more than that nobody reads four times a second. */
const FRAMES_MAX = 24;

/** What was kept, and how many before that were not. */
export interface TakenFrames {
  /** Oldest first. */
  readonly frames: readonly FrameRow[];
  readonly framesOmitted: number;
}

const NONE: TakenFrames = Object.freeze({ frames: Object.freeze([]), framesOmitted: 0 });

/** Costs the same whatever is pushed. */
export class FrameList {
  #frames: FrameRow[] = [];
  #omitted = 0;

  /** Nothing to take. */
  get isEmpty(): boolean {
    return this.#frames.length === 0;
  }

  /** One more. */
  push(frame: FrameRow): void {
    this.#frames.push(frame);
    if (this.#frames.length <= FRAMES_MAX) return;
    this.#frames.shift();
    this.#omitted += 1;
  }

  /** What another list had. */
  append({ frames, framesOmitted }: TakenFrames): void {
    // What is omitted stands before what is there; in between it cannot be said.
    this.#omitted += framesOmitted;
    for (const frame of frames) this.push(frame);
  }

  /** All of it; then it is empty. */
  take(): TakenFrames {
    if (this.isEmpty) return NONE;
    const taken = { frames: this.#frames, framesOmitted: this.#omitted };
    this.#frames = [];
    this.#omitted = 0;
    return taken;
  }
}
