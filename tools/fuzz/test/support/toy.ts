// A machine that echoes what it receives and closes at the end; parts of it can be broken.

/** What a session needs of a machine, and what tests change. */
export interface Toy {
  wantsData: boolean;
  outputBytes: number;
  transport: string;
  events: object[];
  output: Uint8Array[];
  receive(data: Uint8Array): void;
  receiveEnd(): void;
  nextEvent(): object;
  nextOutput(): Uint8Array | null;
  outputAccepted(byteCount: number): void;
  deadline(): number;
  onDeadline(now: number): void;
  takeTrailingData(): object;
}

/** No event. */
export const NOTHING_YET = { type: 'need-data' };

/** An echo whose parts are replaced by those given. */
export function toy(parts: Partial<Toy>): Toy {
  const machine: Toy = {
    wantsData: true,
    outputBytes: 0,
    transport: 'open',
    events: [],
    output: [],
    receive(data) {
      this.events.push({ type: 'data', data });
      this.output.push(data);
      this.outputBytes += data.length;
    },
    receiveEnd() {
      this.events.push({ type: 'closed' });
      this.transport = 'close';
    },
    nextEvent() {
      return this.events.shift() ?? NOTHING_YET;
    },
    nextOutput() {
      return this.output.shift() ?? null;
    },
    outputAccepted(byteCount) {
      this.outputBytes -= byteCount;
    },
    deadline: () => Number.POSITIVE_INFINITY,
    onDeadline() {},
    takeTrailingData: () => ({ data: new Uint8Array(0), end: null }),
  };
  if (parts.outputBytes !== undefined) {
    Object.defineProperty(machine, 'outputBytes', { get: () => parts.outputBytes, set() {} });
    return machine;
  }
  return Object.assign(machine, parts);
}
