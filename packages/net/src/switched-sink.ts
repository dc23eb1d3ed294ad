// What is left of HTTP after a switch: the connection's place in its server.
import type { Instant } from './bytes/connection.ts';
import type { EventSink } from './event-sink.ts';

type AnyEvent = { readonly type: string };

/** Who must hear that a switched connection is over. */
export interface SwitchedOwner {
  /** The driver has let go. */
  onReleased(): void;
  /** The new sink, or its machine, threw. */
  onFault(error: unknown): void;
}

/** Passes everything on to the new protocol's sink, and keeps the server informed. */
export class SwitchedSink implements EventSink<AnyEvent> {
  readonly #owner: SwitchedOwner;
  readonly #sink: EventSink<AnyEvent>;

  constructor(owner: SwitchedOwner, sink: EventSink<AnyEvent>) {
    this.#owner = owner;
    this.#sink = sink;
  }

  /** {@link EventSink} */
  onEvent(event: AnyEvent, now: Instant): void {
    this.#sink.onEvent(event, now);
  }

  /** {@link EventSink} */
  onWritable(now: Instant): void {
    this.#sink.onWritable(now);
  }

  /** {@link EventSink} */
  onReleased(): void {
    try {
      this.#sink.onReleased();
    } finally {
      this.#owner.onReleased();
    }
  }

  /** {@link EventSink} */
  onFault(error: unknown): void {
    try {
      this.#sink.onFault(error);
    } finally {
      this.#owner.onFault(error);
    }
  }
}
