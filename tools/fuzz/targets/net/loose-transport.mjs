// A transport that takes bytes as chance says, calls back from within, goes on delivering for a
// while when it is paused, and ends in all ways. It checks that its driver keeps the contract.

const HIGH_WATER_BYTES = 2_000;

/** Throws what a driver does wrong. */
export class LooseTransport {
  bufferedBytes = 0;
  written = [];
  writtenBytes = 0;
  isPaused = false;
  /** Our direction was ended, or everything. */
  isEnded = false;
  isClosed = false;
  isAborted = false;
  capabilities;
  sink = null;
  #random;
  #isWatched = false;
  #corks = 0;
  #peerEnds = [];

  constructor(random) {
    this.#random = random;
    const halfClose = !random.oneIn(4);
    this.capabilities = { halfClose, reset: true, authenticEnd: random.oneIn(2) };
  }

  get full() {
    return this.bufferedBytes >= HIGH_WATER_BYTES;
  }

  get isOver() {
    return this.isClosed || this.isAborted;
  }

  attach(sink) {
    if (this.sink !== null) throw new Error('attached twice');
    this.sink = sink;
  }

  write(chunk) {
    if (this.isEnded || this.isOver) throw new Error('written behind the end');
    if (this.full) throw new Error('written to a transport that is full');
    if (chunk.length === 0) throw new Error('nothing is written');
    this.written.push(chunk);
    this.writtenBytes += chunk.length;
    this.bufferedBytes += this.#random.oneIn(2) ? chunk.length : 0;
    // Transports in memory call back from within.
    if (this.#random.oneIn(16)) this.take();
    if (this.#random.oneIn(32)) this.deliver(1);
  }

  cork() {
    this.#corks++;
  }

  uncork() {
    if (--this.#corks < 0) throw new Error('uncorked too often');
  }

  watchDrain() {
    if (this.bufferedBytes === 0) throw new Error('waits for a drain that cannot come');
    this.#isWatched = true;
  }

  end() {
    if (this.isEnded) throw new Error('ended twice');
    if (!this.capabilities.halfClose) throw new Error('half-closed where that cannot be');
    this.isEnded = true;
  }

  close() {
    if (!this.isOver) this.isClosed = true;
  }

  abort() {
    if (!this.isOver) this.isAborted = true;
  }

  pause() {
    if (this.isPaused) throw new Error('paused twice');
    this.isPaused = true;
  }

  resume() {
    if (!this.isPaused) throw new Error('resumed without a pause');
    this.isPaused = false;
    if (this.#random.oneIn(4)) this.deliver(7);
  }

  /** Corked and not uncorked. */
  get isCorked() {
    return this.#corks > 0;
  }

  /** The peer's data comes in; sometimes although reading is paused. */
  deliver(byteCount) {
    const hasEnded = this.#peerEnds.length > 0 || this.isOver;
    if (hasEnded || (this.isPaused && !this.#random.oneIn(8))) return;
    this.sink.onData(new Uint8Array(byteCount));
  }

  /** The peer takes some of what is buffered. */
  take() {
    if (this.bufferedBytes === 0 || this.isAborted) return;
    const isAll = this.#random.oneIn(2);
    this.bufferedBytes -= isAll ? this.bufferedBytes : this.#random.below(this.bufferedBytes);
    if (this.bufferedBytes > 0 || !this.#isWatched || this.isOver) return;
    this.#isWatched = false;
    this.sink.onDrain();
  }

  /** The peer's direction ends; behind FIN there may come a reset. */
  endPeer(how) {
    const isAbrupt = how === 'reset' || how === 'failed';
    const before = this.#peerEnds.at(-1);
    if (this.isOver || before === 'reset' || before === 'failed') return;
    if (before !== undefined && !isAbrupt) return;
    this.#peerEnds.push(how);
    this.sink.onEnd(how);
  }
}
