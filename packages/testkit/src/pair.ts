// Two machines over a virtual transport. `step()` jumps from one wake-up to the next, so that days
// of a connection pass in milliseconds, and `driveBounded` proves that it goes quiet.
import type { Connection, Instant } from './bytes/connection.ts';
import { type AnyEvent, dataOf } from './drain.ts';
import { guardBytes, HandedOut } from './guard-bytes.ts';
import { type LinkOptions, VirtualLink } from './link.ts';
import { VirtualClock } from './virtual-clock.ts';

/** One end of the pair. */
export interface PeerOptions<Event extends AnyEvent> {
  readonly machine: Connection<Event>;
  /** Called for each event, in order; may act on its own machine. */
  readonly onEvent?: (event: Event, peer: Peer<Event>) => void;
  /** Called when the transport can take more, after each drain that ended with it not full. */
  readonly onWritable?: (peer: Peer<Event>) => void;
}

/** One end of the pair, which obeys the law of the drain. */
export class Peer<Event extends AnyEvent> {
  /** Every event so far. */
  readonly events: Event[] = [];
  /** The most bytes of output that were ever queued or handed out. */
  outputBytesPeak = 0;
  readonly #options: PeerOptions<Event>;
  readonly #clock: VirtualClock;
  readonly #outgoing: VirtualLink;
  readonly #incoming: VirtualLink;
  readonly #handedOut = new HandedOut();
  #machine: Connection<Event>;
  #shut = false;
  #refused = false;

  constructor(
    options: PeerOptions<Event>,
    clock: VirtualClock,
    outgoing: VirtualLink,
    incoming: VirtualLink,
  ) {
    this.#options = options;
    this.#machine = options.machine;
    this.#clock = clock;
    this.#outgoing = outgoing;
    this.#incoming = incoming;
  }

  /** The machine that speaks at present. */
  get machine(): Connection<Event> {
    return this.#machine;
  }

  /** The transport has been closed or reset by this side. */
  get shut(): boolean {
    return this.#shut;
  }

  /** The present. */
  get now(): Instant {
    return this.#clock.now;
  }

  /** After `switched`: the old machine's output first, then its trailing data and end to the new one. */
  switchTo(next: Connection<Event>): void {
    this.#writeAll();
    const { data, end } = this.#machine.takeTrailingData();
    this.#machine = next;
    if (data.length > 0) next.receive(guardBytes(data).view, this.now);
    if (end !== null) next.receiveEnd(this.now, end);
  }

  /** Lets time, arrivals, events and output have their way at the present; true when anything moved. */
  drain(): boolean {
    if (this.#shut) {
      // What is left to report, such as that it is closed, does not depend on the transport.
      const reported = this.#pullEvents();
      return this.#refuseArrivals() || reported;
    }
    const machine = this.#machine;
    let moved = this.#acceptOutput();
    if (machine.deadline() <= this.now) {
      machine.onDeadline(this.now);
      if (!(machine.deadline() > this.now)) throw new Error('a deadline stays in the past');
      moved = true;
    }
    moved = this.#takeArrivals() || moved;
    moved = this.#pullEvents() || moved;
    moved = this.#pullOutput() || moved;
    this.#obeyTransport();
    return moved;
  }

  /** When this side wants to be woken; Infinity when it waits for nothing. */
  nextInstant(): Instant {
    const departure = this.#outgoing.nextDeparture;
    if (this.#shut) return Math.min(departure, this.#incoming.nextArrival);
    const arrival = this.#reads() ? this.#incoming.nextArrival : Number.POSITIVE_INFINITY;
    return Math.min(this.#machine.deadline(), departure, arrival);
  }

  /** Throws when bytes that this side handed out have changed since. */
  verifyBytes(): void {
    this.#handedOut.verify();
  }

  #acceptOutput(): boolean {
    this.#outgoing.advance(this.now);
    const accepted = this.#outgoing.takeAccepted();
    if (accepted > 0) this.#machine.outputAccepted(accepted, this.now);
    return accepted > 0;
  }

  #reads(): boolean {
    return this.#machine.wantsData || this.#incoming.resetIsNext;
  }

  #takeArrivals(): boolean {
    let moved = false;
    while (this.#reads()) {
      const arrival = this.#incoming.take(this.now);
      if (arrival === null) break;
      moved = true;
      if ('end' in arrival) {
        this.#machine.receiveEnd(this.now, arrival.end);
        if (arrival.end === 'reset') this.#outgoing.reset(this.now);
        break;
      }
      const guarded = guardBytes(arrival.data);
      this.#machine.receive(guarded.view, this.now);
      guarded.verify();
    }
    return moved;
  }

  /** Bytes that arrive at a closed socket are answered by RST, which takes unread responses with it. */
  #refuseArrivals(): boolean {
    this.#outgoing.advance(this.now);
    const arrival = this.#incoming.take(this.now);
    if (arrival === null) return false;
    if ('data' in arrival && !this.#refused) {
      this.#refused = true;
      this.#outgoing.reset(this.now);
    }
    return true;
  }

  #pullEvents(): boolean {
    let moved = false;
    for (;;) {
      const event = this.#machine.nextEvent(this.now);
      if (event.type === 'need-data' || event.type === 'paused') return moved;
      moved = true;
      this.events.push(event as Event);
      const data = dataOf(event);
      if (data !== null) this.#handedOut.remember(data);
      this.#options.onEvent?.(event as Event, this);
    }
  }

  #pullOutput(): boolean {
    this.outputBytesPeak = Math.max(this.outputBytesPeak, this.#machine.outputBytes);
    let moved = this.#writeChunks();
    if (!this.#outgoing.full && this.#options.onWritable !== undefined) {
      this.#options.onWritable(this);
      moved = this.#writeChunks() || moved;
    }
    return this.#acceptOutput() || moved;
  }

  #writeChunks(): boolean {
    let moved = false;
    while (!this.#outgoing.full) {
      const chunk = this.#machine.nextOutput();
      if (chunk === null) break;
      this.#outgoing.write(chunk);
      moved = true;
    }
    return moved;
  }

  #writeAll(): void {
    for (let chunk = this.#machine.nextOutput(); chunk; chunk = this.#machine.nextOutput()) {
      this.#outgoing.write(chunk);
    }
  }

  #obeyTransport(): void {
    const wish = this.#machine.transport;
    if (wish === 'abort') {
      this.#outgoing.reset(this.now);
      this.#shut = true;
    } else if (wish !== 'open' && this.#machine.outputBytes === 0) {
      this.#outgoing.end();
      this.#outgoing.advance(this.now);
      this.#shut = wish === 'close';
    }
  }
}

/** What joins the two. */
export interface PairOptions<Left extends AnyEvent, Right extends AnyEvent> {
  readonly left: PeerOptions<Left>;
  readonly right: PeerOptions<Right>;
  /** From left to right. */
  readonly toRight?: LinkOptions;
  /** From right to left. */
  readonly toLeft?: LinkOptions;
  readonly clock?: VirtualClock;
}

/** Two machines, a virtual transport and a virtual clock. */
export class Pair<Left extends AnyEvent, Right extends AnyEvent> {
  readonly clock: VirtualClock;
  readonly left: Peer<Left>;
  readonly right: Peer<Right>;

  constructor(options: PairOptions<Left, Right>) {
    this.clock = options.clock ?? new VirtualClock();
    const toRight = new VirtualLink(options.toRight);
    const toLeft = new VirtualLink(options.toLeft);
    this.left = new Peer(options.left, this.clock, toRight, toLeft);
    this.right = new Peer(options.right, this.clock, toLeft, toRight);
  }

  /** Drains both sides until nothing moves at the present instant. */
  pump(): void {
    for (let round = 0; ; round++) {
      if (round > 100_000) throw new Error('the pair does not come to rest at one instant');
      const left = this.left.drain();
      const right = this.right.drain();
      if (!left && !right) return;
    }
  }

  /** Comes to rest, then jumps to the next wake-up; false when there is none before `until`. */
  step(until: Instant = Number.POSITIVE_INFINITY): boolean {
    this.pump();
    const next = Math.min(
      this.left.nextInstant(),
      this.right.nextInstant(),
      this.clock.nextAppointment,
    );
    if (next === Number.POSITIVE_INFINITY || next > until) return false;
    this.clock.advanceTo(Math.max(next, this.clock.now));
    this.pump();
    return true;
  }

  /** Steps until nothing is left to wait for. Returns the number of steps; throws when it exceeds `stepsMax`. */
  driveBounded(stepsMax: number): number {
    for (let steps = 0; steps <= stepsMax; steps++) {
      if (!this.step()) {
        this.left.verifyBytes();
        this.right.verifyBytes();
        return steps;
      }
    }
    throw new Error(`the pair is not quiet after ${stepsMax} steps`);
  }
}
