// One direction of a virtual transport: a send buffer, a wire with latency and bandwidth, and a
// receive window that an idle reader lets fill up.
import type { End, Instant } from './bytes/connection.ts';
import type { LinkFault } from './faults.ts';

/** How one direction behaves. */
export interface LinkOptions {
  /** Milliseconds from leaving the send buffer to arriving. Default 1. */
  readonly latencyMs?: number;
  /** Bandwidth. Default Infinity. */
  readonly bytesPerMs?: number;
  /** Size of the n-th segment; at least 1. Default 1460 for all. */
  readonly segmentBytes?: (index: number) => number;
  /** Bytes in the send buffer from which on the transport calls itself full. Default 16 KiB. */
  readonly highWaterBytes?: number;
  /** Bytes on the wire and unread at the receiver at most. Default 64 KiB. */
  readonly windowBytes?: number;
  /** What goes wrong, in any order. */
  readonly faults?: readonly LinkFault[];
}

/** What arrives: a segment, or the end of this direction. */
export type Arrival = { readonly data: Uint8Array } | { readonly end: End };

interface Flight {
  readonly at: Instant;
  readonly arrival: Arrival;
}

/** One direction. The writer calls `write`, `end`, `reset`; the reader calls `take`; both call `advance`. */
export class VirtualLink {
  readonly #latencyMs: number;
  readonly #bytesPerMs: number;
  readonly #segmentBytes: (index: number) => number;
  readonly #highWaterBytes: number;
  readonly #windowBytes: number;
  readonly #faults: LinkFault[];
  #buffered: Uint8Array[] = [];
  #bufferedBytes = 0;
  #acceptedBytes = 0;
  #endBehindBuffer: End | null = null;
  #ended = false;
  #wasReset = false;
  #flights: Flight[] = [];
  #flightBytes = 0;
  #sentBytes = 0;
  #segments = 0;
  #wireFreeAt: Instant = Number.NEGATIVE_INFINITY;
  #extraDelayMs = 0;
  #readerStallsUntil: Instant = Number.NEGATIVE_INFINITY;

  constructor(options: LinkOptions = {}) {
    this.#latencyMs = options.latencyMs ?? 1;
    this.#bytesPerMs = options.bytesPerMs ?? Number.POSITIVE_INFINITY;
    this.#segmentBytes = options.segmentBytes ?? (() => 1460);
    this.#highWaterBytes = options.highWaterBytes ?? 16_384;
    this.#windowBytes = options.windowBytes ?? 65_536;
    this.#faults = [...(options.faults ?? [])].sort((a, b) => a.atByte - b.atByte);
  }

  /** The writer should write no more until bytes have left the send buffer. */
  get full(): boolean {
    return this.#bufferedBytes >= this.#highWaterBytes;
  }

  /** The end of this direction has been written, or the link was reset. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Copies bytes into the send buffer; after an end they are taken and lost. */
  write(data: Uint8Array): void {
    if (this.#ended || this.#endBehindBuffer !== null) {
      this.#acceptedBytes += data.length;
      return;
    }
    this.#buffered.push(new Uint8Array(data));
    this.#bufferedBytes += data.length;
  }

  /** FIN behind what was written. */
  end(): void {
    this.#endBehindBuffer ??= 'finished';
  }

  /** RST, which may follow FIN: what is unread on the way is lost. */
  reset(now: Instant): void {
    if (this.#wasReset) return;
    this.#wasReset = true;
    this.#ended = true;
    this.#buffered = [];
    this.#bufferedBytes = 0;
    this.#flightBytes = 0;
    this.#flights = [{ at: now + this.#latencyMs, arrival: { end: 'reset' } }];
    this.#readerStallsUntil = now;
  }

  /** Bytes that have left the send buffer since the last call. */
  takeAccepted(): number {
    const count = this.#acceptedBytes;
    this.#acceptedBytes = 0;
    return count;
  }

  /** Moves what it can from the send buffer to the wire. */
  advance(now: Instant): void {
    while (!this.#ended && this.#bufferedBytes > 0) {
      if (this.#wireFreeAt > now || this.#flightBytes >= this.#windowBytes) return;
      this.#sendSegment(now);
    }
    if (!this.#ended && this.#endBehindBuffer !== null) this.#finish(now, this.#endBehindBuffer);
  }

  /** The next thing that has arrived, or null. */
  take(now: Instant): Arrival | null {
    const first = this.#flights[0];
    if (first === undefined || first.at > now || this.#readerStallsUntil > now) return null;
    this.#flights.shift();
    if ('data' in first.arrival) this.#flightBytes -= first.arrival.data.length;
    return first.arrival;
  }

  /** What comes next is a reset, which a transport reports even to a reader that has paused. */
  get resetIsNext(): boolean {
    const first = this.#flights[0]?.arrival;
    return first !== undefined && 'end' in first && first.end === 'reset';
  }

  /** When more can leave the send buffer; Infinity when nothing waits there or the window is full. */
  get nextDeparture(): Instant {
    const waits = this.#bufferedBytes > 0 && this.#flightBytes < this.#windowBytes;
    return waits ? this.#wireFreeAt : Number.POSITIVE_INFINITY;
  }

  /** When the reader can take something; Infinity when nothing is on the way. */
  get nextArrival(): Instant {
    const first = this.#flights[0];
    if (first === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(first.at, this.#readerStallsUntil);
  }

  #sendSegment(now: Instant): void {
    const first = this.#buffered[0];
    if (first === undefined) return;
    const wanted = Math.max(1, this.#segmentBytes(this.#segments++));
    let size = Math.min(first.length, wanted, this.#windowBytes - this.#flightBytes);
    const fault = this.#faults[0];
    if (fault !== undefined) {
      if (fault.atByte <= this.#sentBytes) {
        this.#applyFault(fault, now);
        return;
      }
      size = Math.min(size, fault.atByte - this.#sentBytes);
    }
    const rest = first.subarray(size);
    if (rest.length > 0) this.#buffered[0] = rest;
    else this.#buffered.shift();
    this.#bufferedBytes -= size;
    this.#acceptedBytes += size;
    this.#sentBytes += size;
    this.#flightBytes += size;
    this.#wireFreeAt = Math.max(this.#wireFreeAt, now) + size / this.#bytesPerMs;
    this.#fly(now, { data: new Uint8Array(first.subarray(0, size)) });
  }

  #applyFault(fault: LinkFault, now: Instant): void {
    this.#faults.shift();
    const first = this.#buffered[0];
    if (fault.kind === 'truncate') this.#finish(now, 'finished');
    else if (fault.kind === 'reset') this.reset(now);
    else if (fault.kind === 'delay') this.#extraDelayMs += fault.durationMs;
    else if (fault.kind === 'stall') this.#readerStallsUntil = now + fault.durationMs;
    else if (first?.[0] !== undefined) first[0] ^= fault.mask;
  }

  #finish(now: Instant, end: End): void {
    this.#ended = true;
    // What the writer had left is taken by the transport and goes nowhere.
    this.#acceptedBytes += this.#bufferedBytes;
    this.#buffered = [];
    this.#bufferedBytes = 0;
    this.#fly(now, { end });
  }

  #fly(now: Instant, arrival: Arrival): void {
    const earliest = this.#flights.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
    const at = Math.max(now + this.#latencyMs + this.#extraDelayMs, earliest, this.#wireFreeAt);
    this.#flights.push({ at, arrival });
  }
}
