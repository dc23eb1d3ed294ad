import type { EventSink, Instant } from '../../src/index.ts';
import type { ScriptEvent } from './script-machine.ts';

/** Writes down what a driver reports; `act` may act on the machine. */
export class RecordingSink implements EventSink<ScriptEvent> {
  readonly log: string[] = [];
  readonly faults: unknown[] = [];
  act: (event: ScriptEvent, now: Instant) => void = () => {};
  actWritable: (now: Instant) => void = () => {};

  onEvent(event: ScriptEvent, now: Instant): void {
    const text = event.data === undefined ? '' : ` ${Buffer.from(event.data).toString('latin1')}`;
    this.log.push(`${event.type}${text}`);
    this.act(event, now);
  }

  onWritable(now: Instant): void {
    this.log.push('writable');
    this.actWritable(now);
  }

  onReleased(): void {
    this.log.push('released');
  }

  onFault(error: unknown): void {
    this.log.push('fault');
    this.faults.push(error);
  }
}
