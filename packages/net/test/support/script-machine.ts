// A machine that does what a test tells it, and remembers what it was told.
import type {
  Connection,
  End,
  Instant,
  NeedData,
  TrailingData,
  TransportWish,
} from '../../src/index.ts';

export interface ScriptEvent {
  readonly type: string;
  readonly data?: Uint8Array;
}

const NEED_DATA: NeedData = { type: 'need-data' };

export class ScriptMachine implements Connection<ScriptEvent> {
  readonly received: string[] = [];
  readonly ends: End[] = [];
  readonly accepted: number[] = [];
  readonly expiries: Instant[] = [];
  readonly events: ScriptEvent[] = [];
  readonly output: Uint8Array[] = [];
  trailing: TrailingData = { data: new Uint8Array(0), end: null };
  wantsData = true;
  outputBytes = 0;
  transport: TransportWish = 'open';
  nextDeadline: Instant = Number.POSITIVE_INFINITY;
  /** Called inside `receive`. */
  onReceive: (data: Uint8Array) => void = (data) => this.events.push({ type: 'data', data });
  onAccepted: (byteCount: number) => void = () => {};
  onEnd: (end: End) => void = () => {};
  onTime: (now: Instant) => void = () => {};

  send(data: Uint8Array | string): void {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    this.output.push(bytes);
    this.outputBytes += bytes.length;
  }

  receive(data: Uint8Array): void {
    this.received.push(Buffer.from(data).toString('latin1'));
    this.onReceive(data);
  }

  receiveEnd(_now: Instant, end: End): void {
    this.ends.push(end);
    this.onEnd(end);
  }

  nextEvent(): ScriptEvent | NeedData {
    return this.events.shift() ?? NEED_DATA;
  }

  nextOutput(): Uint8Array | null {
    return this.output.shift() ?? null;
  }

  outputAccepted(byteCount: number): void {
    this.accepted.push(byteCount);
    this.outputBytes -= byteCount;
    this.onAccepted(byteCount);
  }

  deadline(): Instant {
    return this.nextDeadline;
  }

  onDeadline(now: Instant): void {
    this.expiries.push(now);
    if (now >= this.nextDeadline) this.nextDeadline = Number.POSITIVE_INFINITY;
    this.onTime(now);
  }

  takeTrailingData(): TrailingData {
    return this.trailing;
  }
}
