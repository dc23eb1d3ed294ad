// How an idle connection's time runs out: first what was announced, then the grace.
import type { IdleTime } from './live-events.ts';

/** Where it stands. */
export interface Countdown {
  readonly phase: 'announced' | 'grace' | 'over';
  /** Of the phase; 0 when it is over. */
  readonly leftMs: number;
  /** Of the announced time, what is left: 1 to 0. */
  readonly announcedLeft: number;
  /** Of the grace, what is left: 1 to 0. */
  readonly graceLeft: number;
}

/** The countdown of an idle connection at an instant. */
export function countdownAt({ since, announcedUntil, closesAt }: IdleTime, now: number): Countdown {
  const announcedLeft = fraction(announcedUntil - now, announcedUntil - since);
  const graceLeft = fraction(closesAt - now, closesAt - announcedUntil);
  if (now < announcedUntil) {
    return { phase: 'announced', leftMs: announcedUntil - now, announcedLeft, graceLeft };
  }
  if (now < closesAt) return { phase: 'grace', leftMs: closesAt - now, announcedLeft, graceLeft };
  return { phase: 'over', leftMs: 0, announcedLeft, graceLeft };
}

function fraction(partMs: number, wholeMs: number): number {
  return wholeMs > 0 ? Math.min(1, Math.max(0, partMs / wholeMs)) : 0;
}
