// Messages that are sent one by one, in one turn of the event loop, leave together: a write costs more
// than everything else about a small message.
import process from 'node:process';
import type { Instant } from '../bytes/connection.ts';
import type { Driver } from '../driver.ts';

/** What the connections of a server or client have sent and not yet handed to their transports. */
export class SendBatch {
  /** Whose `onMessage` is running; its driver looks for output anyway, once it returns. */
  delivering: Driver | null = null;
  /** While it runs: when the turn began. To ask for the time costs as much as to send a message. */
  present: Instant = 0;
  #waiting: Driver[] = [];

  /** A message was sent on the driver's connection. */
  add(driver: Driver): void {
    if (driver === this.delivering) return;
    const waiting = this.#waiting;
    if (waiting.length === 0) process.nextTick(flush, this);
    else if (waiting[waiting.length - 1] === driver) return;
    waiting.push(driver);
  }

  /** Hands over what was sent. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const driver of waiting) driver.wake();
  }
}

function flush(batch: SendBatch): void {
  batch.flush();
}
