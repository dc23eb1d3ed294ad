// Time that moves only when told, with an agenda of what is to happen at which instant.
import type { Instant } from './bytes/connection.ts';

interface Appointment {
  readonly at: Instant;
  readonly order: number;
  readonly run: (now: Instant) => void;
}

/** A clock for tests. Appointments of the same instant run in the order in which they were made. */
export class VirtualClock {
  #now: Instant;
  #order = 0;
  readonly #agenda: Appointment[] = [];

  /** Starts at `start` milliseconds; an odd origin shows code that takes 0 for "never". */
  constructor(start: Instant = 1_000_003) {
    this.#now = start;
  }

  /** The present, in milliseconds. */
  get now(): Instant {
    return this.#now;
  }

  /** The instant of the next appointment; Infinity when there is none. */
  get nextAppointment(): Instant {
    return this.#agenda[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** Calls `run` once the clock has reached `at`; an instant in the past means at the next advance. */
  schedule(at: Instant, run: (now: Instant) => void): void {
    const appointment = { at: Math.max(at, this.#now), order: this.#order++, run };
    const index = this.#agenda.findIndex((other) => other.at > appointment.at);
    this.#agenda.splice(index < 0 ? this.#agenda.length : index, 0, appointment);
  }

  /** Moves to `instant`, keeping every appointment on the way at its own time. Throws RangeError when it is in the past. */
  advanceTo(instant: Instant): void {
    if (!(instant >= this.#now)) throw new RangeError(`time cannot go back to ${instant}`);
    while (this.nextAppointment <= instant) {
      const appointment = this.#agenda.shift();
      if (appointment === undefined) break;
      this.#now = appointment.at;
      appointment.run(this.#now);
    }
    this.#now = instant;
  }

  /** Moves on by `durationMs` milliseconds. */
  advanceBy(durationMs: number): void {
    this.advanceTo(this.#now + durationMs);
  }
}
