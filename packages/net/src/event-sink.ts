// What a driver needs beside a machine: somebody who acts on its events.
import type { Connection, Instant } from './bytes/connection.ts';

/** Who acts on a machine's events. It calls the machine's methods; the driver does the rest. */
export interface EventSink<Event> {
  /** One event, in order. */
  onEvent(event: Event, now: Instant): void;
  /** After `wantWritable`: little output is left, so this is the moment to send more. */
  onWritable(now: Instant): void;
  /** The driver has let go of the transport. Exactly once and last, whatever the machine said. */
  onReleased(): void;
  /** The sink or the machine threw `error`, and the connection has been aborted. */
  onFault(error: unknown): void;
}

/** A machine, and who acts on its events. */
export interface Party<Event extends { readonly type: string }> {
  readonly connection: Connection<Event>;
  readonly sink: EventSink<Event>;
  /** Its events are pulled however much output waits; by default it is not read from then. */
  readonly listens?: boolean;
}
