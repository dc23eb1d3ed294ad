// The heart: one loop that feeds any protocol machine from any transport and obeys the law of the
// drain. The driver is also the connection's timer on the shared wheel, so that an idle connection
// costs one object here and nothing else.
import { Timer } from '@holdline/timer-wheel';
import type { Connection, End, Instant, TransportWish } from './bytes/connection.ts';
import type { Clock } from './clock.ts';
import type { EventSink, Party } from './event-sink.ts';
import type { Transport, TransportSink } from './transport.ts';

type AnyEvent = { readonly type: string };

/** Largest piece handed to the transport at once, so that a slow peer's progress shows. */
const WRITE_BYTES_MAX = 65_536;
/** Output handed over in one turn of the event loop; then other connections have theirs. */
const TURN_BYTES_MAX = 1_048_576;
/** Output above which events wait in the machine: who does not read is not read from either. */
const OUTPUT_BYTES_MAX = 262_144;
/** Lateness of a deadline that shows a stalled event loop; a runtime's timer and a tick take less. */
const LATE_MS = 5;
/** Output below which a sink that streams is asked for more. */
export const OUTPUT_BYTES_LOW = 65_536;

/**
 * Joins a {@link Connection} to a {@link Transport} and a {@link Clock}. After every arrival, expiry
 * or `wake` it pulls events, then output, tells the machine what was accepted, pauses or resumes
 * reading, obeys the machine's wish for the transport and re-arms its deadline.
 */
export class Driver extends Timer implements TransportSink {
  /** Bytes that came from the transport. */
  bytesReceived = 0;
  /** Bytes that the transport has taken. */
  bytesSent = 0;
  readonly #transport: Transport;
  readonly #clock: Clock;
  #connection: Connection<AnyEvent>;
  #sink: EventSink<AnyEvent>;
  #next: Party<AnyEvent> | null = null;
  /** What is left of a chunk that is larger than one write. */
  #rest: Uint8Array | null = null;
  #unacceptedBytes = 0;
  #turnBytes = 0;
  #draining = false;
  #again = false;
  #held = false;
  #paused = false;
  /** 0 when nobody waits to send. */
  #writableBelowBytes = 0;
  #watchesDrain = false;
  #yielding = false;
  #halfClosed = false;
  #closing = false;
  #broken = false;
  #released = false;

  /** Nothing moves before `start`. The sink must know all of the machine's events. */
  constructor(
    transport: Transport,
    clock: Clock,
    connection: Connection<AnyEvent>,
    sink: EventSink<never>,
  ) {
    super();
    this.#transport = transport;
    this.#clock = clock;
    this.#connection = connection;
    this.#sink = sink as EventSink<unknown>;
  }

  /** Whether the transport has been let go of. */
  get released(): boolean {
    return this.#released;
  }

  /** Attaches to the transport and drains once, for a machine that has something to say first. */
  start(): void {
    this.#transport.attach(this);
    this.wake();
  }

  /** To be called after the machine was changed outside of the sink's methods; within them a no-op. */
  wake(): void {
    if (this.#draining) this.#again = true;
    else if (!this.#released) this.#drain(this.#clock.now());
  }

  /** Pulls no more events until `resume`; what comes waits in the machine, which then stops reading. */
  hold(): void {
    this.#held = true;
  }

  /** Pulls events again. */
  resume(): void {
    this.#held = false;
    this.wake();
  }

  /** Asks for one `onWritable`, as soon as the machine holds less than `belowBytes` of output. */
  wantWritable(belowBytes: number = OUTPUT_BYTES_LOW): void {
    this.#writableBelowBytes = belowBytes;
    this.wake();
  }

  /** After the machine's `switched`: once its output is out, `next` takes over with what came behind it. */
  switchTo<Event extends AnyEvent>(next: Party<Event>): void {
    this.#next = next as Party<AnyEvent>;
    this.wake();
  }

  /**
   * Closes once the machine's output is out, whatever the machine wishes. A peer that takes nothing
   * is up to the machine's deadlines, as ever.
   */
  close(): void {
    this.#closing = true;
    this.wake();
  }

  /** Cuts the connection without asking the machine. */
  abort(): void {
    if (this.#released) return;
    this.#transport.abort();
    this.#release();
  }

  /** {@link TransportSink} */
  onData(data: Uint8Array): void {
    if (this.#released) return;
    const now = this.#clock.now();
    this.bytesReceived += data.length;
    try {
      this.#connection.receive(data, now);
    } catch (error) {
      this.#fail(error);
    }
    this.#drain(now);
  }

  /** {@link TransportSink} */
  onEnd(end: End): void {
    if (this.#released) return;
    const now = this.#clock.now();
    if (end === 'reset' || end === 'failed') {
      this.#broken = true;
      this.#held = false;
    }
    try {
      this.#connection.receiveEnd(now, end);
    } catch (error) {
      this.#fail(error);
    }
    this.#drain(now);
  }

  /** {@link TransportSink} */
  onDrain(): void {
    this.#watchesDrain = false;
    this.wake();
  }

  /**
   * The clock reports that `deadline` has come. A turn of the event loop calls timers before it looks
   * at sockets: behind a stall, what the peer sent or took in time still waits in the kernel, and
   * must count first.
   */
  onExpiry(now: Instant): void {
    if (now - this.#connection.deadline() < LATE_MS) this.#expire(now);
    else setImmediate(() => this.#expire(this.#clock.now()));
  }

  #expire(now: Instant): void {
    if (this.#released) return;
    try {
      if (this.#connection.deadline() <= now) this.#connection.onDeadline(now);
    } catch (error) {
      this.#fail(error);
    }
    this.#drain(now);
  }

  #drain(now: Instant): void {
    this.#again = true;
    // A transport in memory, a layer or the sink itself may call back from within.
    if (this.#draining) return;
    this.#draining = true;
    if (!this.#yielding) this.#turnBytes = 0;
    try {
      while (this.#again && !this.#released) {
        this.#again = false;
        this.#pullEvents(now);
        this.#pushOutput(now);
        this.#obey(now);
      }
      if (!this.#released) this.#clock.touch(this, this.#connection.deadline());
    } catch (error) {
      this.#fail(error);
    }
    this.#draining = false;
  }

  #pullEvents(now: Instant): void {
    const connection = this.#connection;
    while (!this.#held && connection.outputBytes < OUTPUT_BYTES_MAX) {
      // The sink may have asked for a switch, or have cut the connection.
      if (this.#next !== null || this.#released) return;
      const event = connection.nextEvent(now);
      if (event.type === 'need-data' || event.type === 'paused') return;
      this.#sink.onEvent(event, now);
    }
  }

  #pushOutput(now: Instant): void {
    if (this.#released) return;
    const transport = this.#transport;
    const first = this.#nextChunk();
    // Only once a large piece is written does the transport know whether it takes another.
    const second = first === null || first.length === WRITE_BYTES_MAX ? null : this.#nextChunk();
    if (second !== null) transport.cork();
    if (first !== null) transport.write(first);
    for (let chunk = second; chunk !== null; chunk = this.#nextChunk()) transport.write(chunk);
    if (second !== null) transport.uncork();
    if (this.#turnBytes >= TURN_BYTES_MAX) this.#yieldTurn();
    if (this.#unacceptedBytes > 0) this.#countAccepted(now);
    if (this.#connection.outputBytes < this.#writableBelowBytes) {
      this.#writableBelowBytes = 0;
      this.#again = true;
      this.#sink.onWritable(now);
    }
  }

  #nextChunk(): Uint8Array | null {
    if (this.#transport.full || this.#turnBytes >= TURN_BYTES_MAX) return null;
    let chunk = this.#rest ?? this.#connection.nextOutput();
    if (chunk === null) return null;
    this.#rest = null;
    if (chunk.length > WRITE_BYTES_MAX) {
      this.#rest = chunk.subarray(WRITE_BYTES_MAX);
      chunk = chunk.subarray(0, WRITE_BYTES_MAX);
    }
    this.#unacceptedBytes += chunk.length;
    this.#turnBytes += chunk.length;
    return chunk;
  }

  /** A peer that takes all that it is given, however fast, must not keep the event loop to itself. */
  #yieldTurn(): void {
    if (this.#yielding) return;
    this.#yielding = true;
    setImmediate(() => {
      this.#yielding = false;
      this.#turnBytes = 0;
      this.wake();
    });
  }

  /** In bulk, from what the transport says it still holds. */
  #countAccepted(now: Instant): void {
    const acceptedBytes = this.#unacceptedBytes - this.#transport.bufferedBytes;
    if (acceptedBytes > 0) {
      this.#unacceptedBytes -= acceptedBytes;
      this.bytesSent += acceptedBytes;
      this.#connection.outputAccepted(acceptedBytes, now);
      // Acceptance may have been what the machine waited for.
      this.#again = true;
    }
    if (this.#unacceptedBytes > 0 && !this.#watchesDrain) {
      this.#watchesDrain = true;
      this.#transport.watchDrain();
    }
  }

  #obey(now: Instant): void {
    if (this.#released) return;
    if (this.#next !== null && this.#connection.outputBytes === 0) this.#switch(this.#next, now);
    const connection = this.#connection;
    if (connection.wantsData === this.#paused) {
      this.#paused = !this.#paused;
      if (this.#paused) this.#transport.pause();
      else this.#transport.resume();
    }
    const wish = this.#wish(connection);
    // Events come first: the machine's last one says why it ends.
    if (wish !== 'open' && !this.#again) this.#shut(wish, now);
  }

  #wish(connection: Connection<AnyEvent>): TransportWish {
    if (this.#broken) return 'abort';
    return this.#closing ? 'close' : connection.transport;
  }

  #switch(next: Party<AnyEvent>, now: Instant): void {
    const { data, end } = this.#connection.takeTrailingData();
    this.#connection = next.connection;
    this.#sink = next.sink;
    this.#next = null;
    this.#held = false;
    this.#again = true;
    if (data.length > 0) next.connection.receive(data, now);
    if (end !== null) next.connection.receiveEnd(now, end);
  }

  #shut(wish: TransportWish, now: Instant): void {
    if (this.#held && wish !== 'half-close') {
      this.#held = false;
      this.#again = true;
    } else if (wish === 'abort') {
      this.abort();
    } else if (this.#connection.outputBytes > 0) {
      return;
    } else if (wish === 'close') {
      this.#transport.close();
      this.#release();
    } else if (!this.#halfClosed) {
      this.#halfClose(now);
    }
  }

  /** Where there is no half-close, our end is the peer's as well. */
  #halfClose(now: Instant): void {
    this.#halfClosed = true;
    if (this.#transport.capabilities.halfClose) {
      this.#transport.end();
    } else {
      this.#transport.close();
      this.#connection.receiveEnd(now, 'finished');
      this.#again = true;
    }
  }

  #fail(error: unknown): void {
    const sink = this.#sink;
    const first = !this.#released;
    if (first) {
      this.#letGo();
      this.#transport.abort();
    }
    sink.onFault(error);
    if (first) sink.onReleased();
  }

  #release(): void {
    this.#letGo();
    this.#sink.onReleased();
  }

  #letGo(): void {
    this.#released = true;
    this.#rest = null;
    this.#clock.cancel(this);
  }
}
