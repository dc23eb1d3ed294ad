// A driver on a desk: a machine and a transport that are as loose as their contracts allow, a clock
// that moves when told, a sink that does anything at any time, and, after each stimulus, the law of
// the drain.
import { joinBytes } from '@holdline/testkit';
import { Random } from '../../random.mjs';
import { START } from '../../session.mjs';
import { LooseMachine } from './loose-machine.mjs';
import { LooseTransport } from './loose-transport.mjs';

/** Output above which a driver may leave events in the machine; as in its source. */
const OUTPUT_BYTES_MAX = 262_144;
const STALLS_MAX = 4;

/** One driver under observation. */
export class Desk {
  now = START;
  driver;
  transport;
  machine;
  /** What waits for the event loop's next turn. */
  tasks = [];
  /** The deadline that the driver has asked for. */
  #armed = Number.POSITIVE_INFINITY;
  #random;
  #next = null;
  #isHeld = false;
  #isClosing = false;
  #released = 0;
  #fault = null;
  #calls = 0;
  /** Everything that any machine has handed out. */
  #machines = [];

  constructor(Driver, seed) {
    this.#random = new Random(seed);
    this.transport = new LooseTransport(this.#random);
    this.machine = this.#newMachine();
    const clock = {
      now: () => this.now,
      touch: (_timer, deadline) => {
        this.#armed = deadline;
      },
      cancel: () => {
        this.#armed = Number.POSITIVE_INFINITY;
      },
    };
    this.driver = new Driver(this.transport, clock, this.machine, this.#sink());
  }

  begin() {
    this.step(() => this.driver.start());
    for (const name of ['onData', 'onEnd', 'onDrain']) this.#count(name);
  }

  /** One stimulus, and what must hold behind it. */
  step(stimulus) {
    const before = this.#calls;
    stimulus();
    if (this.#fault !== null) throw this.#fault;
    if (this.transport.isCorked) throw new Error('corked for ever');
    if (this.driver.released) this.#checkReleased();
    else if (this.#calls > before) this.#checkLaw();
  }

  /** The sink acts on its machine by itself. */
  act() {
    if (this.driver.released) return;
    this.machine.act(this.now);
    this.wake();
  }

  wake() {
    this.#calls++;
    this.driver.wake();
  }

  hold() {
    this.#isHeld = true;
    this.driver.hold();
  }

  resume() {
    this.#isHeld = false;
    this.#calls++;
    this.driver.resume();
  }

  close() {
    this.#isClosing = true;
    this.driver.close();
  }

  /** Time goes by, and what is due comes due in time. */
  pass(durationMs) {
    const until = this.now + durationMs;
    for (let count = 0; this.#armed <= until && !this.driver.released; count++) {
      if (count > 2_000) throw new Error('deadlines without end');
      this.now = Math.max(this.now, this.#armed);
      this.#expire();
    }
    this.now = until;
  }

  /** The event loop stands still: what falls due comes late. */
  stall(durationMs) {
    this.now += durationMs;
    for (let count = 0; this.#armed <= this.now && count < STALLS_MAX; count++) {
      this.#expire();
      this.runTasks();
    }
  }

  runTasks() {
    for (const task of this.tasks.splice(0)) {
      this.#calls++;
      task();
    }
  }

  /** The end: whatever was handed out has reached the transport in order. */
  finish() {
    this.step(() => this.runTasks());
    this.step(() => this.driver.abort());
    this.step(() => this.runTasks());
    if (this.#released !== 1) throw new Error(`released ${this.#released} times`);
    const handedOut = joinBytes(this.#machines.flatMap((machine) => machine.handedOut));
    const written = joinBytes(this.transport.written);
    if (Buffer.compare(written, handedOut.subarray(0, written.length)) !== 0) {
      throw new Error('the transport has got other bytes than were handed out');
    }
  }

  #expire() {
    this.#calls++;
    // The wheel has taken the timer out.
    this.#armed = Number.POSITIVE_INFINITY;
    this.driver.onExpiry(this.now);
    if (this.#armed === Number.POSITIVE_INFINITY) this.runTasks();
  }

  #newMachine() {
    const machine = new LooseMachine(this.#random, this.now);
    this.#machines.push(machine);
    return machine;
  }

  /** Calls of the transport are calls of the driver. */
  #count(name) {
    const { sink } = this.transport;
    const call = sink[name].bind(sink);
    sink[name] = (...args) => {
      this.#calls++;
      return call(...args);
    };
  }

  #sink() {
    return {
      onEvent: (event) => this.#onEvent(event),
      onWritable: () => {
        this.#checkUnreleased();
        this.machine.act(this.now);
      },
      onReleased: () => {
        this.#released++;
      },
      onFault: (error) => {
        this.#fault ??= error;
      },
    };
  }

  #onEvent({ type }) {
    this.#checkUnreleased();
    const random = this.#random;
    if (type === 'more' && random.oneIn(2)) this.machine.act(this.now);
    if (type === 'writable' && random.oneIn(2)) this.driver.wantWritable(1 + random.below(4_000));
    if (type === 'wake') this.driver.wake();
    if (random.oneIn(32)) this.hold();
    if (random.oneIn(32)) this.resume();
    if (random.oneIn(200)) this.driver.abort();
    if (random.oneIn(100)) this.#switch();
  }

  #switch() {
    if (this.#next !== null || this.driver.released || this.machine.transport !== 'open') return;
    this.machine.isSwitched = true;
    this.#next = this.#newMachine();
    this.machine.onLetGo = () => {
      this.machine = this.#next;
      this.#next = null;
      this.#isHeld = false;
    };
    this.driver.switchTo({ connection: this.#next, sink: this.#sink() });
  }

  #checkUnreleased() {
    if (this.#released > 0) throw new Error('the sink is called behind its release');
  }

  #checkReleased() {
    if (this.#released !== 1) throw new Error(`released ${this.#released} times`);
    if (!this.transport.isOver) throw new Error('released, and the transport is open');
    if (this.#armed !== Number.POSITIVE_INFINITY) throw new Error('released with a deadline');
  }

  /** «pull events until need-data or paused; pull output until null or the transport is full; ...» */
  #checkLaw() {
    const { machine, transport } = this;
    const isWaiting = this.#isHeld || this.#next !== null || this.tasks.length > 0;
    if (!isWaiting && machine.hasEvents && machine.outputBytes < OUTPUT_BYTES_MAX) {
      throw new Error('events are left in the machine');
    }
    const unwrittenBytes = machine.outputBytes - transport.bufferedBytes;
    if (unwrittenBytes > 0 && !transport.full && this.tasks.length === 0) {
      throw new Error('output is left in the machine, and the transport takes more');
    }
    if (this.#next !== null) return;
    if (machine.wantsData === transport.isPaused) throw new Error('pauses and wantsData differ');
    if (this.#armed !== machine.deadline()) {
      throw new Error(`armed for ${this.#armed} and not for ${machine.deadline()}`);
    }
    if (!isWaiting && !machine.hasEvents) this.#checkWish();
  }

  #checkWish() {
    const { machine, transport } = this;
    if (machine.transport === 'abort') throw new Error('a machine that wants an abort waits');
    if (machine.outputBytes > 0) return;
    if (machine.transport === 'close' || this.#isClosing) {
      throw new Error('a machine that wants to be closed waits');
    }
    const isHalfClosed = transport.isEnded || !transport.capabilities.halfClose;
    if (machine.transport === 'half-close' && !isHalfClosed) {
      throw new Error('a machine that wants to be half-closed waits');
    }
  }
}
