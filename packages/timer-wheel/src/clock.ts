/** What the driver needs of a platform: clocks to read and one timer at a time. */
export interface RuntimeClock {
  /** Monotonic milliseconds of any origin, fractions allowed. These are the driver's instants. */
  monotonicNow(): number;
  /** Unix milliseconds, as the system's clock shows them; it may be set at any time. */
  wallNow(): number;
  /**
   * Monotonic milliseconds of any origin that go on while the system is suspended, exact to a second
   * at least. Leave it out where the platform tells no such thing.
   */
  readonly bootNow?: (() => number) | undefined;
  /**
   * Calls back once after `delayMs`, a whole number from 1 to 2^31 - 1, and must not keep the process
   * alive for it. A call that comes too early is harmless.
   */
  setTimer(callback: () => void, delayMs: number): unknown;
  /** Takes back a timer that was set and has not called back yet. */
  clearTimer(handle: unknown): void;
}
