// How many control frames a peer may send: they cost an answer each, and no message limit sees them.

/** A bucket that fills by a constant rate up to one second's worth. */
export class ControlBudget {
  private readonly perSecondMax: number;
  private left: number;
  private at: number;

  /** `perSecondMax` is 0 or more; Infinity for no limit. `now` in milliseconds. */
  constructor(perSecondMax: number, now: number) {
    this.perSecondMax = perSecondMax;
    this.left = perSecondMax;
    this.at = now;
  }

  /** A frame came; false when it is one too many. */
  spend(now: number): boolean {
    const { perSecondMax } = this;
    if (perSecondMax === Number.POSITIVE_INFINITY) return true;
    const earned = (Math.max(0, now - this.at) * perSecondMax) / 1000;
    this.at = Math.max(now, this.at);
    this.left = Math.min(perSecondMax, this.left + earned) - 1;
    return this.left >= 0;
  }
}
