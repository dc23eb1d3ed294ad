// Collects what a machine reports, with the guards that hold for every machine: `closed` exactly
// once and last, `failed` at most once and only `closed` behind it, no deadline in the past after
// `onDeadline`, nothing handed out ever overwritten, quiet after finitely many events.
import type { Connection, Instant } from './bytes/connection.ts';
import { equalBytes, type GuardedBytes, guardBytes, HandedOut, joinBytes } from './guard-bytes.ts';

/** Any event at all. */
export interface AnyEvent {
  readonly type: string;
}

const EVENTS_PER_DRAIN_MAX = 200_000;

/** A machine under watch. */
export class Watch<Event extends AnyEvent> {
  /** The machine itself. */
  readonly machine: Connection<Event>;
  /** Every event so far; adjacent data is not merged here. */
  readonly events: Event[] = [];
  readonly #output: Uint8Array[] = [];
  readonly #handedOut = new HandedOut();
  readonly #inputs: GuardedBytes[] = [];
  #failed = false;
  #closed = false;

  constructor(machine: Connection<Event>) {
    this.machine = machine;
  }

  /** `closed` has been seen. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Everything written so far, in one piece. */
  get output(): Uint8Array {
    return joinBytes(this.#output);
  }

  /** Hands over a guarded copy of `data`. */
  receive(data: Uint8Array, now: Instant): void {
    const guarded = guardBytes(data);
    this.#inputs.push(guarded);
    this.machine.receive(guarded.view, now);
  }

  /** Pulls events until need-data or paused; returns those that are new. `react` may act on the machine. */
  drainEvents(now: Instant, react?: (event: Event) => void): Event[] {
    const first = this.events.length;
    for (let count = 0; ; count++) {
      if (count > EVENTS_PER_DRAIN_MAX) throw new Error('the machine does not go quiet');
      const event = this.machine.nextEvent(now);
      if (event.type === 'need-data' || event.type === 'paused') break;
      this.#note(event as Event);
      react?.(event as Event);
    }
    return this.events.slice(first);
  }

  /** Pulls output until null; with `accept` (the default) the transport takes it at once. */
  drainOutput(now: Instant, accept = true): Uint8Array[] {
    const chunks: Uint8Array[] = [];
    for (let chunk = this.machine.nextOutput(); chunk !== null; chunk = this.machine.nextOutput()) {
      if (chunk.length === 0) throw new Error('an empty chunk of output');
      this.#handedOut.remember(chunk);
      this.#output.push(new Uint8Array(chunk));
      chunks.push(chunk);
      if (accept) this.machine.outputAccepted(chunk.length, now);
    }
    if (accept && this.machine.outputBytes !== 0) throw new Error('output is left after its end');
    return chunks;
  }

  /** Events and output, again until neither brings anything new. */
  drain(now: Instant, react?: (event: Event) => void): Event[] {
    const first = this.events.length;
    for (;;) {
      const events = this.drainEvents(now, react);
      const chunks = this.drainOutput(now);
      if (events.length === 0 && chunks.length === 0) return this.events.slice(first);
    }
  }

  /** Time has come for the machine; its next deadline must be later. */
  onDeadline(now: Instant): void {
    this.machine.onDeadline(now);
    const next = this.machine.deadline();
    if (!(next > now)) throw new Error(`deadline ${next} is not after ${now}, though it was told`);
  }

  /** Calls `onDeadline` before its time; nothing that can be seen may change. */
  spuriousDeadline(now: Instant): void {
    if (this.machine.deadline() <= now) return;
    const before = this.#visibleState();
    this.machine.onDeadline(now);
    const after = this.#visibleState();
    if (before !== after) throw new Error(`a spurious deadline changed ${before} to ${after}`);
  }

  /** Throws when bytes that were handed out, or guard bytes around the input, have changed. */
  verifyBytes(): void {
    this.#handedOut.verify();
    for (const input of this.#inputs) input.verify();
  }

  #visibleState(): string {
    const { wantsData, outputBytes, transport } = this.machine;
    return JSON.stringify({
      wantsData,
      outputBytes,
      transport,
      at: String(this.machine.deadline()),
    });
  }

  #note(event: Event): void {
    if (this.#closed) throw new Error(`event ${event.type} after closed`);
    if (this.#failed && event.type !== 'closed')
      throw new Error(`event ${event.type} after failed`);
    if (event.type === 'failed') this.#failed = true;
    if (event.type === 'closed') this.#closed = true;
    const data = dataOf(event);
    if (data !== null) this.#handedOut.remember(data);
    this.events.push(event);
  }
}

/** The payload of an event that has one in `data`. */
export function dataOf(event: AnyEvent): Uint8Array | null {
  const data = (event as { readonly data?: unknown }).data;
  return data instanceof Uint8Array ? data : null;
}

/** Joins runs of adjacent `data` events, which any split of the input may cut differently. */
export function mergeData<Event extends AnyEvent>(events: readonly Event[]): Event[] {
  const merged: Event[] = [];
  let run: Uint8Array[] = [];
  const flush = () => {
    if (run.length > 0) merged.push({ type: 'data', data: joinBytes(run) } as unknown as Event);
    run = [];
  };
  for (const event of events) {
    const data = event.type === 'data' ? dataOf(event) : null;
    if (data !== null) run.push(data);
    else {
      flush();
      merged.push(event);
    }
  }
  flush();
  return merged;
}

/** Whether two values are the same all the way down; byte arrays by content. */
export function equalDeep(left: unknown, right: unknown): boolean {
  if (Object.is(left, right)) return true;
  if (left instanceof Uint8Array && right instanceof Uint8Array) return equalBytes(left, right);
  if (typeof left !== 'object' || typeof right !== 'object' || !left || !right) return false;
  const keys = Object.keys(left);
  if (keys.length !== Object.keys(right).length) return false;
  return keys.every((key) =>
    equalDeep((left as Record<string, unknown>)[key], (right as Record<string, unknown>)[key]),
  );
}
