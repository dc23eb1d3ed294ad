// Runs the cases of a case file: whole, byte by byte, byte by byte with spurious deadlines, and
// with every single split. All must bring the same events (adjacent data merged) and the same
// output; that of the first is compared with what the case says. Needs no test framework.
import type { Connection, Instant } from '../bytes/connection.ts';
import { type AnyEvent, equalDeep, mergeData, Watch } from '../drain.ts';
import { equalBytes } from '../guard-bytes.ts';
import { type Case, type CaseOptions, parseCaseFile, type Step } from './case-file.ts';
import { printBlock } from './escapes.ts';
import { differenceOf, printEvent, type Sentence } from './notation.ts';

/** What a package tells the runner about its machines. */
export interface Subject {
  /** Creates the machine that the options describe. Throws on options it does not know. */
  create(options: CaseOptions, now: Instant): Connection<AnyEvent>;
  /**
   * Carries out a command of a `do` block; what it returns is reported as an event. Throws
   * SyntaxError on a command it does not know; what else it throws becomes an event `threw`.
   */
  act(machine: Connection<AnyEvent>, command: Sentence, now: Instant): AnyEvent | undefined;
  /** Called for each event: where the options say so, answers by itself. */
  react?(machine: Connection<AnyEvent>, event: AnyEvent, options: CaseOptions, now: Instant): void;
}

/** What came of a case. */
export interface CaseResult {
  readonly title: string;
  /** What differs, over several lines; null when nothing does. */
  readonly failure: string | null;
  /** In how many ways the input was cut. */
  readonly runs: number;
  /** Of the run in one piece, data merged. */
  readonly events: readonly AnyEvent[];
}

/** Inputs above this many bytes are split singly only near both ends and at every n-th byte. */
const SINGLE_SPLITS_MAX = 1500;

/** Runs every case of a file. Throws SyntaxError when the file is not in the format. */
export function runCaseFile(subject: Subject, fileName: string, text: string): CaseResult[] {
  return parseCaseFile(fileName, text).map((one) => runCase(subject, one));
}

/** Runs one case in all its ways. */
export function runCase(subject: Subject, one: Case): CaseResult {
  let runs = 0;
  let events: readonly AnyEvent[] = [];
  try {
    const whole = new CaseRun(subject, one, 'whole', 0).run(true);
    events = whole.events;
    for (const [mode, split] of waysOf(one)) {
      runs++;
      const other = new CaseRun(subject, one, mode, split).run(false);
      const difference = differenceOfRuns(whole, other);
      if (difference !== null) throw new Error(`${mode} ${split}: ${difference}`);
    }
    return { title: one.title, failure: null, runs: runs + 1, events };
  } catch (error) {
    const failure = `${one.title}\n${(error as Error).stack ?? error}`;
    return { title: one.title, failure, runs: runs + 1, events };
  }
}

type Mode = 'whole' | 'byte by byte' | 'with spurious deadlines' | 'split at';

function waysOf(one: Case): [Mode, number][] {
  const ways: [Mode, number][] = [
    ['byte by byte', 0],
    ['with spurious deadlines', 0],
  ];
  let length = 0;
  for (const step of one.steps) if (step.kind === 'input') length += step.data.length;
  const stride = Math.ceil(length / SINGLE_SPLITS_MAX);
  for (let position = 1; position < length; position++) {
    const nearEnd = position < 64 || position > length - 64;
    if (nearEnd || position % stride === 0) ways.push(['split at', position]);
  }
  return ways;
}

interface Outcome {
  readonly events: readonly AnyEvent[];
  readonly output: Uint8Array;
  readonly transport: string;
}

function differenceOfRuns(whole: Outcome, other: Outcome): string | null {
  if (!equalDeep(whole.events, other.events)) {
    return `events differ\n  ${printAll(whole.events)}\nbut here\n  ${printAll(other.events)}`;
  }
  if (!equalBytes(whole.output, other.output)) {
    return `output differs\n${printBlock(whole.output).join('\n')}\nbut here\n${printBlock(other.output).join('\n')}`;
  }
  return whole.transport === other.transport
    ? null
    : `transport ${whole.transport}, but here ${other.transport}`;
}

function printAll(events: readonly AnyEvent[]): string {
  return events.map(printEvent).join('\n  ') || '(none)';
}

/** One way through one case. */
class CaseRun {
  readonly #subject: Subject;
  readonly #case: Case;
  readonly #mode: Mode;
  readonly #split: number;
  readonly #watch: Watch<AnyEvent>;
  readonly #accepts: boolean;
  #now: Instant = 1_000_003;
  #pending: Uint8Array[] = [];
  #pendingEnd: 'finished' | 'truncated' | 'reset' | 'failed' | null = null;
  #received = 0;
  #events: AnyEvent[] = [];
  #eventsTold = 0;
  #outputTold = 0;

  constructor(subject: Subject, one: Case, mode: Mode, split: number) {
    this.#subject = subject;
    this.#case = one;
    this.#mode = mode;
    this.#split = split;
    this.#watch = new Watch(subject.create(one.options, this.#now));
    this.#accepts = one.options.get('accept') !== 'manual';
  }

  run(compare: boolean): Outcome {
    this.#settle();
    for (const step of this.#case.steps) {
      this.#carryOut(step);
      if (compare) this.#compare(step);
    }
    const events = mergeData(this.#events);
    if (compare) this.#compareRest(events);
    this.#watch.verifyBytes();
    return { events, output: this.#watch.output, transport: this.#watch.machine.transport };
  }

  #carryOut(step: Step): void {
    if (step.kind === 'input') {
      this.#pending.push(...this.#cut(step.data));
      this.#settle();
    } else if (step.kind === 'do') {
      for (const command of step.commands) {
        this.#command(command);
        this.#settle();
      }
    }
  }

  #cut(data: Uint8Array): Uint8Array[] {
    const first = this.#received;
    this.#received += data.length;
    if (data.length === 0) return [];
    if (this.#mode === 'whole') return [data];
    if (this.#mode !== 'split at') return Array.from(data, (byte) => Uint8Array.of(byte));
    const position = this.#split - first;
    if (position <= 0 || position >= data.length) return [data];
    return [data.subarray(0, position), data.subarray(position)];
  }

  #command(command: Sentence): void {
    const [word = ''] = command.words;
    if (command.name === 'wait') this.#wait(Number(word));
    else if (command.name === 'end') {
      const end = word as 'finished' | 'truncated' | 'reset' | 'failed';
      // A reset does not queue behind bytes that are still to be read; a FIN does.
      if (end === 'reset' || end === 'failed') this.#pending = [];
      this.#pendingEnd = word === '' ? 'finished' : end;
    } else if (command.name === 'accept') {
      const count = word === '' ? this.#watch.machine.outputBytes : Number(word);
      this.#watch.machine.outputAccepted(count, this.#now);
    } else this.#act(command);
  }

  #act(command: Sentence): void {
    try {
      const event = this.#subject.act(this.#watch.machine, command, this.#now);
      if (event !== undefined) this.#events.push(event);
    } catch (error) {
      if (error instanceof SyntaxError) throw error;
      const { name, message, code } = error as Error & { readonly code?: string };
      this.#events.push({ type: 'threw', name, code, message } as AnyEvent);
    }
  }

  #wait(durationMs: number): void {
    if (!(durationMs >= 0)) throw new SyntaxError('wait needs milliseconds');
    const target = this.#now + durationMs;
    for (;;) {
      const next = this.#watch.machine.deadline();
      if (!(next <= target)) break;
      this.#now = Math.max(next, this.#now);
      this.#watch.onDeadline(this.#now);
      this.#settle();
    }
    this.#now = target;
  }

  /** Delivers what the machine wants to read, and drains, until it comes to rest. */
  #settle(): void {
    this.#drain();
    const { machine } = this.#watch;
    while (machine.wantsData && this.#open()) {
      const chunk = this.#pending.shift();
      if (chunk === undefined) break;
      if (this.#mode === 'with spurious deadlines') this.#watch.spuriousDeadline(this.#now);
      this.#watch.receive(chunk, this.#now);
      this.#drain();
    }
    if (this.#pendingEnd !== null && this.#pending.length === 0 && this.#open()) {
      machine.receiveEnd(this.#now, this.#pendingEnd);
      this.#pendingEnd = null;
      this.#drain();
    }
  }

  /** The transport still delivers. */
  #open(): boolean {
    const { transport, outputBytes } = this.#watch.machine;
    return transport !== 'abort' && !(transport === 'close' && outputBytes === 0);
  }

  #drain(): void {
    const { machine } = this.#watch;
    const react = (event: AnyEvent) => {
      this.#events.push(event);
      this.#subject.react?.(machine, event, this.#case.options, this.#now);
    };
    if (this.#accepts) this.#watch.drain(this.#now, react);
    else {
      this.#watch.drainEvents(this.#now, react);
      this.#watch.drainOutput(this.#now, false);
    }
  }

  #compare(step: Step): void {
    if (step.kind === 'events') this.#compareEvents(step.events);
    else if (step.kind === 'output') this.#compareOutput(step.data);
    else if (step.kind === 'state') {
      for (const { name, value } of step.entries) {
        const actual = this.#property(name);
        if (actual !== value) throw new Error(`${name} is ${actual}, not ${value}`);
      }
    }
  }

  #compareEvents(expected: readonly Sentence[]): void {
    const actual = mergeData(this.#events.slice(this.#eventsTold));
    this.#eventsTold = this.#events.length;
    for (let index = 0; index < Math.max(actual.length, expected.length); index++) {
      const sentence = expected[index];
      const event = actual[index];
      const difference =
        sentence === undefined || event === undefined
          ? `expected ${sentence?.name ?? 'nothing more'}`
          : differenceOf(sentence, event);
      if (difference !== null) {
        throw new Error(`event ${index + 1}: ${difference}; events are\n  ${printAll(actual)}`);
      }
    }
  }

  #compareOutput(expected: Uint8Array): void {
    const actual = this.#watch.output.subarray(this.#outputTold);
    this.#outputTold += actual.length;
    if (!equalBytes(actual, expected)) {
      throw new Error(
        `output is\n${printBlock(actual).join('\n')}\nnot\n${printBlock(expected).join('\n')}`,
      );
    }
  }

  #compareRest(events: readonly AnyEvent[]): void {
    const kinds = new Set(this.#case.steps.map((step) => step.kind));
    if (!kinds.has('events') && !kinds.has('output') && !kinds.has('state')) {
      throw new SyntaxError('a case that expects nothing');
    }
    if (kinds.has('events') && this.#eventsTold < this.#events.length) {
      throw new Error(
        `events that the case does not mention, at the end of\n  ${printAll(events)}`,
      );
    }
    if (kinds.has('output')) this.#compareOutput(new Uint8Array(0));
  }

  #property(name: string): string {
    const { machine } = this.#watch;
    if (name !== 'deadline') return String((machine as unknown as Record<string, unknown>)[name]);
    const deadline = machine.deadline();
    return deadline === Number.POSITIVE_INFINITY ? 'none' : `+${deadline - this.#now}`;
  }
}
