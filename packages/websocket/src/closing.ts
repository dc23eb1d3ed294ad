// The closing handshake of one connection (RFC 6455 section 7), and how it ends.

import { type MoveOf, moved, type StateOf } from './bytes/transition-table.ts';
import { CLOSE_CODE } from './close-code.ts';
import type { ClosedEvent, Evidence, Observation } from './closed-event.ts';
import { diagnose } from './diagnosis.ts';
import { CLOSING } from './state.ts';

/** Where the closing handshake stands. */
export type ClosingState = StateOf<typeof CLOSING>;

/** What both sides have said of the end, and what was seen of it. */
export class Closing {
  state: ClosingState = 'open';
  /** Of our Close frame; null before it is queued. */
  sentCode: number | null = null;
  /** Of the peer's Close frame; null before it comes. */
  receivedCode: number | null = null;
  receivedReason = '';
  /** The first sign of the end; null while there is none. */
  observation: Observation | null = null;
  /** What was known when the end came. */
  evidence: Evidence | null = null;

  /** Makes a move that must be legal. */
  move(move: MoveOf<typeof CLOSING>): void {
    this.state = moved(CLOSING, this.state, move);
  }

  /** Both Close frames are there. */
  get isComplete(): boolean {
    return this.state === 'closed-by-us' || this.state === 'closed-by-peer';
  }

  /** Who sent the first Close frame; null when nobody did, or only as the answer to a fault. */
  get startedBy(): 'us' | 'peer' | null {
    switch (this.state) {
      case 'closing-by-us':
      case 'closed-by-us':
      case 'failed-by-us':
        return 'us';
      case 'closing-by-peer':
      case 'closed-by-peer':
        return 'peer';
      default:
        return null;
    }
  }

  /** How it ended; only when an observation was made. */
  closedEvent(): ClosedEvent {
    const observation = this.observation!;
    const evidence = this.evidence!;
    return {
      type: 'closed',
      code: this.receivedCode ?? CLOSE_CODE.abnormalClosure,
      reason: this.receivedReason,
      wasClean: observation === 'closing-handshake',
      startedBy: this.startedBy,
      observation,
      evidence,
      likely: diagnose(observation, evidence),
    };
  }
}
