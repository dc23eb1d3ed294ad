/**
 * A node of the wheel, to be extended or embedded: the object that has a deadline *is* its timer, so
 * that scheduling allocates nothing and an expired timer needs no lookup.
 *
 * The fields whose names begin with `wheel` belong to the wheel; never write them. All timers of a
 * busy wheel should be of at most three classes, since engines give up caching field offsets at
 * sites that see more than four.
 */
export class Timer {
  /** The wheel that holds this timer, or null. */
  wheelOwner: object | null = null;
  /** The deadline; later than the slot's after a touch, which so reads and writes what is close by. */
  wheelDeadline: number = Infinity;
  /** The next timer in the slot's list, or null. */
  wheelNext: Timer | null = null;
  /** The previous timer in the slot's list, or null. */
  wheelPrevious: Timer | null = null;
  /** The slot's index while the timer is scheduled. */
  wheelSlot: number = 0;

  /** Whether a wheel holds this timer, that is, whether it is still to expire. */
  get scheduled(): boolean {
    return this.wheelOwner !== null;
  }

  /**
   * The instant, in the caller's milliseconds, that was last set by `schedule` or `touch`, or that the
   * wheel chose in the window they were given. It stays readable after expiry, so that a period can
   * be added to it; Infinity before the first.
   */
  get deadline(): number {
    return this.wheelDeadline;
  }
}
