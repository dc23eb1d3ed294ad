// A machine that keeps the contract of machines, and in all that the contract leaves open does what
// chance says: how many events and how much output follow from what, when it wants data, when it
// has a deadline, when it is over. It checks that its driver keeps the contract, too.

const NEED_DATA = { type: 'need-data' };
const PAUSED = { type: 'paused' };
const CHUNK_BYTES_MAX = 400;
const LARGE_BYTES = 70_000;
const EVENTS_MAX = 2_000;
const WISHES = ['half-close', 'close', 'abort'];

/** Throws what a driver does wrong. */
export class LooseMachine {
  wantsData = true;
  transport = 'open';
  /** Queued, or handed out and not accepted. */
  outputBytes = 0;
  /** Everything handed out so far: the transport must have got this, in this order. */
  handedOut = [];
  /** Input that was received; it stays as it was. */
  receivedBytes = 0;
  isEnded = false;
  /** Another protocol was switched to: nothing more happens here. */
  isSwitched = false;
  /** Another machine has taken over. */
  isLetGo = false;
  onLetGo = () => {};
  #random;
  #output = [];
  #handedOutBytes = 0;
  #events = [];
  #eventCount = 0;
  #deadline = Number.POSITIVE_INFINITY;
  #isPaused = false;
  #now;

  constructor(random, now) {
    this.#random = random;
    this.#now = now;
  }

  receive(data, now) {
    this.#check(now);
    if (data.length === 0) throw new Error('the driver delivers nothing as data');
    this.receivedBytes += data.length;
    this.#stir(now);
  }

  receiveEnd(now, end) {
    this.#check(now);
    this.isEnded = true;
    // Behind a switch the end is the next protocol's.
    if ((end === 'reset' || end === 'failed') && !this.isSwitched) {
      this.#output = [];
      this.outputBytes = 0;
      this.#handedOutBytes = 0;
      this.transport = 'abort';
    }
    this.#stir(now);
  }

  nextEvent(now) {
    this.#check(now);
    if (this.#isPaused) return PAUSED;
    return this.#events.shift() ?? NEED_DATA;
  }

  nextOutput() {
    const chunk = this.#output.shift() ?? null;
    if (chunk === null) return null;
    this.#handedOutBytes += chunk.length;
    this.handedOut.push(chunk);
    return chunk;
  }

  outputAccepted(byteCount, now) {
    this.#check(now);
    // Behind an abort nobody counts.
    if (this.transport === 'abort') return;
    if (!(byteCount > 0)) throw new Error(`the driver reports ${byteCount} bytes as accepted`);
    if (byteCount > this.#handedOutBytes) throw new Error('more accepted than was handed out');
    this.#handedOutBytes -= byteCount;
    this.outputBytes -= byteCount;
    if (this.#random.oneIn(4)) this.#stir(now);
  }

  deadline() {
    return this.#deadline;
  }

  onDeadline(now) {
    this.#check(now);
    if (now < this.#deadline) throw new Error('the driver calls a deadline before its time');
    this.#deadline = Number.POSITIVE_INFINITY;
    this.#stir(now);
  }

  takeTrailingData() {
    if (this.outputBytes > 0) throw new Error('the protocol is switched before its output is out');
    this.isLetGo = true;
    this.onLetGo();
    const isLong = this.#random.oneIn(2);
    return {
      data: new Uint8Array(isLong ? 20 : 0),
      end: this.#random.oneIn(4) ? 'finished' : null,
    };
  }

  /** Events that a driver who holds nothing back has to pull. */
  get hasEvents() {
    return this.#events.length > 0 && !this.#isPaused;
  }

  /** What the sink does to its machine, at any moment. */
  act(now) {
    this.#isPaused = false;
    this.#stir(now);
  }

  /** Output, events, wishes: whatever may follow from anything. */
  #stir(now) {
    const random = this.#random;
    if (this.transport === 'abort' || this.isSwitched) return;
    if (random.oneIn(2)) this.#queue(random.below(CHUNK_BYTES_MAX));
    if (random.oneIn(40)) this.#queue(LARGE_BYTES + random.below(LARGE_BYTES));
    for (let left = random.below(4); left > 0 && this.#eventCount < EVENTS_MAX; left--) {
      this.#eventCount++;
      this.#events.push({ type: random.pick(['data', 'more', 'writable', 'wake']) });
    }
    this.#isPaused = random.oneIn(8);
    this.wantsData = this.transport === 'open' && !random.oneIn(4);
    if (random.oneIn(3)) this.#deadline = now + 1 + random.below(2_000);
    else if (random.oneIn(4)) this.#deadline = Number.POSITIVE_INFINITY;
    if (random.oneIn(24)) this.#wish(random.pick(WISHES));
  }

  #queue(byteCount) {
    if (byteCount === 0 || this.transport !== 'open') return;
    const chunk = new Uint8Array(byteCount).fill(this.#random.next() & 255);
    this.#output.push(chunk);
    this.outputBytes += byteCount;
  }

  /** From open to half-close to close; abort from anywhere. */
  #wish(wish) {
    if (this.transport === 'close' || (this.transport === 'half-close' && wish === 'half-close'))
      return;
    this.transport = wish;
    this.wantsData = wish === 'half-close' && !this.isEnded;
    if (wish !== 'abort') return;
    this.#output = [];
    this.outputBytes = 0;
    this.#handedOutBytes = 0;
    this.#deadline = Number.POSITIVE_INFINITY;
  }

  #check(now) {
    if (this.isLetGo) throw new Error('a machine that was let go of is called');
    if (!(now >= this.#now)) throw new Error(`time goes back from ${this.#now} to ${now}`);
    this.#now = now;
  }
}
