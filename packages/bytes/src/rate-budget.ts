// How much of something a peer may do: it costs work each time, and no limit of size sees it.

/** A bucket that fills at a constant rate up to `burstMax`. */
export class RateBudget {
  private readonly perSecondMax: number;
  private readonly burstMax: number;
  private left: number;
  private at: number;

  /** Both are 0 or more; an infinite rate is no limit. `now` in milliseconds. */
  constructor(perSecondMax: number, burstMax: number, now: number) {
    this.perSecondMax = perSecondMax;
    this.burstMax = burstMax;
    this.left = burstMax;
    this.at = now;
  }

  /** It happened; false when that is one too many. */
  spend(now: number): boolean {
    const { perSecondMax, burstMax } = this;
    if (perSecondMax === Number.POSITIVE_INFINITY) return true;
    const earned = (Math.max(0, now - this.at) * perSecondMax) / 1000;
    this.at = Math.max(now, this.at);
    this.left = Math.min(burstMax, this.left + earned) - 1;
    return this.left >= 0;
  }
}
