// A row of a table of faults.
import type { AlertName } from './alert.ts';

/** What a fault means to the wire. */
export interface Fault {
  /** The alert that answers it, or null where none may be sent. */
  readonly alert: AlertName | null;
  /** The sentence that was broken is there. */
  readonly section: string;
}

/** Makes a row. */
export function fault(alert: AlertName | null, section: string): Fault {
  return { alert, section };
}
