// Two transports back to back in memory: for tests, and for two machines in one process.
import type { End } from '../bytes/connection.ts';
import type { Transport, TransportCapabilities, TransportSink } from '../transport.ts';

/** How a pair in memory behaves. */
export interface MemoryPairOptions {
  /** Undelivered bytes from which on a side calls itself full; 16384 by default. */
  readonly highWaterBytes?: number;
  /** Runs a task after the present one; `queueMicrotask` by default. */
  readonly later?: (task: () => void) => void;
}

const CAPABILITIES: TransportCapabilities = Object.freeze({
  halfClose: true,
  reset: true,
  authenticEnd: true,
});

/** Two connected transports. What one writes is copied and reported by the other in a later task. */
export function memoryPair(options: MemoryPairOptions = {}): [MemoryTransport, MemoryTransport] {
  const left = new MemoryTransport(options);
  const right = new MemoryTransport(options);
  left.connect(right);
  right.connect(left);
  return [left, right];
}

/** One side of {@link memoryPair}. */
export class MemoryTransport implements Transport {
  /** Bytes written that the other side has not been given yet. */
  bufferedBytes = 0;
  readonly #highWaterBytes: number;
  readonly #later: (task: () => void) => void;
  readonly #deliver: () => void = () => this.#deliverNow();
  #peer: MemoryTransport | null = null;
  #sink: TransportSink | null = null;
  #queue: Uint8Array[] = [];
  #end: End | null = null;
  #endDelivered = false;
  #closed = false;
  #paused = false;
  #scheduled = false;
  #watched = false;

  /** Made by {@link memoryPair}. */
  constructor(options: MemoryPairOptions) {
    this.#highWaterBytes = options.highWaterBytes ?? 16_384;
    this.#later = options.later ?? queueMicrotask;
  }

  /** Names the other side; done by {@link memoryPair}. */
  connect(peer: MemoryTransport): void {
    this.#peer = peer;
  }

  /** {@link Transport} */
  get capabilities(): TransportCapabilities {
    return CAPABILITIES;
  }

  /** {@link Transport} */
  get full(): boolean {
    return this.bufferedBytes >= this.#highWaterBytes;
  }

  /** {@link Transport} */
  attach(sink: TransportSink): void {
    this.#sink = sink;
    this.#peer?.schedule();
  }

  /** {@link Transport} */
  write(chunk: Uint8Array): void {
    if (this.#end !== null) return;
    this.#queue.push(new Uint8Array(chunk));
    this.bufferedBytes += chunk.length;
    this.schedule();
  }

  /** {@link Transport} */
  cork(): void {}

  /** {@link Transport} */
  uncork(): void {}

  /** {@link Transport} */
  watchDrain(): void {
    this.#watched = true;
    this.schedule();
  }

  /** {@link Transport} */
  end(): void {
    this.#end ??= 'finished';
    this.schedule();
  }

  /** {@link Transport} */
  close(): void {
    this.#letGo();
    this.end();
  }

  /** {@link Transport} */
  abort(): void {
    if (this.#closed && this.#endDelivered) return;
    this.#letGo();
    this.#queue = [];
    this.bufferedBytes = 0;
    this.#end = 'reset';
    this.#endDelivered = false;
    this.schedule();
  }

  /** {@link Transport} */
  pause(): void {
    this.#paused = true;
  }

  /** {@link Transport} */
  resume(): void {
    this.#paused = false;
    this.#peer?.schedule();
  }

  /** Has what was written delivered in a later task; for the other side. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#later(this.#deliver);
  }

  /** Takes what the other side delivers; false when it must wait. */
  accept(data: Uint8Array): boolean {
    // Whoever has closed reads no more: what still comes is lost.
    if (this.#closed) return true;
    if (this.#paused || this.#sink === null) return false;
    this.#sink.onData(data);
    return true;
  }

  /** The other side has ended; false when nobody is here yet who could be told. */
  acceptEnd(end: End): boolean {
    if (this.#sink === null) return this.#closed;
    this.#sink.onEnd(end);
    return true;
  }

  #letGo(): void {
    this.#sink = null;
    this.#closed = true;
    this.#peer?.schedule();
  }

  #deliverNow(): void {
    this.#scheduled = false;
    const peer = this.#peer;
    for (let chunk = this.#queue[0]; chunk !== undefined; chunk = this.#queue[0]) {
      if (peer === null || !peer.accept(chunk)) return;
      // Delivery may have led the other side to abort this one's queue.
      if (this.#queue.shift() !== undefined) this.bufferedBytes -= chunk.length;
    }
    if (this.#end !== null && !this.#endDelivered) {
      this.#endDelivered = true;
      if (peer !== null && !peer.acceptEnd(this.#end)) this.#endDelivered = false;
    }
    if (this.#watched) {
      this.#watched = false;
      this.#sink?.onDrain();
    }
  }
}
