// Drives one machine through one execution, as a driver would: pieces of a stream in, as far as they
// are wanted, events to an application, output to a transport, time. What must hold for every
// machine is checked on the way; `Watch` of the testkit checks the rest (one `failed`, `closed` once
// and last, later deadlines, nothing overwritten, nothing written outside).
import { mergeData, Watch } from '@holdline/testkit';

/** When sessions begin: odd, so that nothing can take 0 for "never". */
export const START = 1_000_003;
const SETTLE_ROUNDS_MAX = 1_000;
const DEADLINES_MAX = 1_000;

/** What a session ends with: compared between sessions that differ in splits only. */
function outcomeOf(session) {
  const { watch, trailing } = session;
  return {
    events: mergeData(watch.events),
    output: watch.output,
    transport: watch.machine.transport,
    trailing: trailing === null ? null : [...trailing],
  };
}

/**
 * One machine, its application and its transport. The application has `react(event, now)`,
 * `unblock(now)` (acts where the machine waits for it; whether it did) and `switched`.
 */
export class Session {
  now = START;
  /** Bytes for the next protocol, after a switch. */
  trailing = null;
  /** Bytes handed out and not accepted. */
  outstandingBytes = 0;
  #application;
  #stream;
  #position = 0;
  #ended = false;

  constructor(machine, application, stream) {
    this.watch = new Watch(machine);
    this.#application = application;
    this.#stream = stream;
    this.react = (event) => {
      if (event.type === 'switched') this.trailing = [];
      application.react(event, this.now);
    };
  }

  /** @returns {any} a machine of any kind */
  get machine() {
    return this.watch.machine;
  }

  get isOver() {
    return this.watch.closed || this.trailing !== null;
  }

  /** Bytes of the stream not delivered. */
  get leftBytes() {
    return this.#stream.length - this.#position;
  }

  /** The transport still delivers. */
  get delivers() {
    const { transport, outputBytes } = this.machine;
    return transport !== 'abort' && !(transport === 'close' && outputBytes === 0);
  }

  /** Pulls everything, gives all output to the transport, which takes it, until nothing is new. */
  settle() {
    for (let round = 0; ; round++) {
      if (round > SETTLE_ROUNDS_MAX) throw new Error('the machine does not come to rest');
      const events = this.watch.drainEvents(this.now, this.react);
      this.pullOutput();
      const accepted = this.accept(this.outstandingBytes);
      if (events.length === 0 && accepted === 0) break;
    }
    this.#checkRest();
  }

  /** Takes what there is of output. */
  pullOutput() {
    for (const chunk of this.watch.drainOutput(this.now, false)) {
      this.outstandingBytes += chunk.length;
    }
    this.checkAccounts();
  }

  /** The transport took bytes of the output. */
  accept(byteCount) {
    if (this.machine.transport === 'abort') this.outstandingBytes = 0;
    else if (byteCount > 0) {
      this.machine.outputAccepted(byteCount, this.now);
      this.outstandingBytes -= byteCount;
      this.checkAccounts();
    }
    return byteCount;
  }

  /** The machine and its transport must agree about what is on its way. */
  checkAccounts() {
    const { outputBytes, transport } = this.machine;
    if (transport === 'abort') {
      if (outputBytes !== 0) throw new Error('output is left after abort');
    } else if (outputBytes < this.outstandingBytes) {
      throw new Error('fewer bytes of output pending than were handed out');
    }
  }

  /** Delivers the next piece, if the transport delivers and the machine wants it; whether it did. */
  deliver(byteCount) {
    if (!this.delivers || this.leftBytes === 0) return false;
    if (this.trailing === null && !this.#makeRoom()) return false;
    const end = Math.min(this.#stream.length, this.#position + byteCount);
    const piece = this.#stream.subarray(this.#position, end);
    this.#position = end;
    // After a switch the bytes are those of the next protocol, which reads for itself.
    if (this.trailing !== null) this.trailing.push(...piece);
    else this.watch.receive(piece, this.now);
    return true;
  }

  /** The peer's direction ends behind what was delivered. */
  end(how) {
    if (this.#ended || !this.delivers || this.trailing !== null) return;
    this.#ended = true;
    this.machine.receiveEnd(this.now, how);
  }

  /** Lets the application act until it is not waited for. */
  unblock() {
    while (!this.watch.closed && this.#application.unblock(this.now)) this.settle();
  }

  /** Time goes by; nobody pulls meanwhile. */
  wait(durationMs) {
    const until = this.now + durationMs;
    for (let count = 0; this.machine.deadline() <= until; count++) {
      if (count > DEADLINES_MAX) throw new Error('deadlines without end');
      this.now = Math.max(this.now, this.machine.deadline());
      this.watch.onDeadline(this.now);
    }
    this.now = until;
  }

  /** Waits until no deadline is left. */
  letTimePass() {
    for (let count = 0; ; count++) {
      if (count > DEADLINES_MAX) throw new Error('deadlines without end');
      this.settle();
      this.unblock();
      const deadline = this.machine.deadline();
      if (deadline === Number.POSITIVE_INFINITY) return;
      this.now = Math.max(this.now, deadline);
      this.watch.onDeadline(this.now);
    }
  }

  /** The end of the execution: all bytes unharmed, `closed` reported unless the protocol was switched. */
  finish() {
    this.watch.verifyBytes();
    if (!this.isOver) throw new Error('the stream has ended, and closed was not reported');
    return outcomeOf(this);
  }

  /** Lets the application act until the machine wants data. */
  #makeRoom() {
    while (!this.machine.wantsData) {
      if (!this.#application.unblock(this.now)) return false;
      this.settle();
    }
    return true;
  }

  /** At rest, one more pull must find nothing new, and whoever needs data must want it. */
  #checkRest() {
    if (this.trailing !== null && this.trailing.length === 0) this.#takeTrailing();
    const { machine, watch } = this;
    const event = machine.nextEvent(this.now);
    if (event.type !== 'need-data' && event.type !== 'paused') {
      throw new Error(`an event ${event.type} out of nothing`);
    }
    const isWaiting = event.type === 'need-data' && machine.transport === 'open' && !this.#ended;
    if (isWaiting && !this.isOver && !machine.wantsData) {
      throw new Error('the machine needs data that it does not want');
    }
    if (watch.closed && machine.deadline() !== Number.POSITIVE_INFINITY) {
      throw new Error('a deadline after closed');
    }
  }

  #takeTrailing() {
    this.trailing.push(...this.machine.takeTrailingData().data);
  }
}

/** Delivers a whole stream in pieces, then its end, and waits for everything to be over. */
export function runInPieces(session, pieces, end, isSpurious) {
  session.settle();
  for (const byteCount of pieces) {
    if (isSpurious) session.watch.spuriousDeadline(session.now);
    if (!session.deliver(byteCount)) break;
    session.settle();
  }
  session.unblock();
  session.end(end);
  session.letTimePass();
  return session.finish();
}
