// Decisions for which nothing stands still, and the numbers of all.
import type { EngineEvent } from './engine.ts';
import { type AnyDecision, Decision } from './handshake/decision.ts';
import type { Step } from './handshake/state.ts';

const NONE: readonly AnyDecision[] = [];

/** Who tells the caller. */
export interface Reporter {
  report(event: EngineEvent): void;
}

/** A client's requests for certificates, while data goes on (RFC 9846 section 4.7.2). */
export class ParkedDecisions {
  private waiting: readonly AnyDecision[] = NONE;
  private nextId = 1;

  /** The number of a decision of any kind. */
  takeId(): number {
    return this.nextId++;
  }

  /** Asks the caller; a step that asks for nothing is done with. */
  park(step: Step, reporter: Reporter): void {
    if (!(step instanceof Decision)) return;
    this.waiting = [...this.waiting, step];
    reporter.report(step.event);
  }

  /** The decision of a number, or null. */
  find(id: number): AnyDecision | null {
    return this.waiting.find((decision) => decision.event.id === id) ?? null;
  }

  /** A decision has been answered, which may lead to another. */
  replace(decision: AnyDecision, step: Step, reporter: Reporter): void {
    this.waiting = this.waiting.filter((other) => other !== decision);
    this.park(step, reporter);
  }

  /** Forgets all. */
  clear(): void {
    this.waiting = NONE;
  }
}
