// Time for drivers: the present, and one wheel with one runtime timer for all of them.
import type { Timer } from '@holdline/timer-wheel';
import { TimerDriver } from '@holdline/timer-wheel/driver';
import type { Instant } from './bytes/connection.ts';

/** A timer that knows what to do when its deadline has come. */
export interface Expiring extends Timer {
  /** Called at or after the deadline, which is then no longer set. */
  onExpiry(now: Instant): void;
}

/** What a driver needs to know of time; a `TimerDriver` is one. Tests give it one that moves when told. */
export interface Clock {
  /** The present: monotonic milliseconds. */
  now(): Instant;
  /** Sets a timer's deadline; Infinity cancels. Cheapest when it moves to a later instant. */
  touch(timer: Expiring, deadline: Instant): void;
  /** Forgets a timer's deadline. */
  cancel(timer: Expiring): void;
}

let shared: Clock | null = null;

/** The clock of this process, with one wheel and at most one runtime timer, which keeps nothing alive. */
export function sharedClock(): Clock {
  shared ??= new TimerDriver<Expiring>({ onExpire: (timer, now) => timer.onExpiry(now) });
  return shared;
}
