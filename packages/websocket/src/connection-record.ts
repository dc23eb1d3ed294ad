// What an idle connection remembers; everything else it has only while something is under way.
import type { Instant } from './bytes/connection.ts';
import type { MessageDeflater, MessageInflater } from './compression.ts';
import type { ControlBudget } from './control-budget.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { WebSocketSettings } from './settings.ts';

/** One connection, as its session sees it. */
export interface ConnectionRecord {
  readonly settings: WebSocketSettings;
  readonly openedAt: Instant;
  readonly heartbeat: Heartbeat;
  /** Null where no compression was agreed. */
  readonly deflater: MessageDeflater | null;
  /** Null where no compression was agreed. */
  readonly inflater: MessageInflater | null;
  /** Null before the first control frame. */
  budget: ControlBudget | null;
  /** Bytes of input that were consumed. */
  consumedBytes: number;
  /** How late a deadline was noticed since something was last received, in milliseconds; 0 for in time. */
  stallMs: number;
}
