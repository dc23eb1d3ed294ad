// The heart: one loop that feeds any protocol machine from any transport and obeys the law of the
// drain. The driver is also the connection's timer on the shared wheel, so that an idle connection
// costs one object here and nothing else.
import type { Connection, End, Instant, TransportWish } from './bytes/connection.ts';
import type { Clock } from './clock.ts';
import * as bit from './driver-bits.ts';
import * as limit from './driver-limits.ts';
import type { EventSink, Party } from './event-sink.ts';
import { OutputWriter } from './output-writer.ts';
import type { Transport, TransportSink } from './transport.ts';

type AnyEvent = { readonly type: string };

/**
 * Joins a {@link Connection} to a {@link Transport} and a {@link Clock}. After every arrival, expiry
 * or `wake` it pulls events, then output, tells the machine what was accepted, pauses or resumes
 * reading, obeys the machine's wish for the transport and re-arms its deadline.
 */
export class Driver extends OutputWriter implements TransportSink {
  /** Bytes that came from the transport. */
  bytesReceived = 0;
  private readonly clock: Clock;
  private sink: EventSink<AnyEvent>;
  private next: Party<AnyEvent> | null = null;
  /** 0 when nobody waits to send. */
  private writableBelowBytes = 0;

  /** Nothing moves before `start`. The sink, which is a subclass itself when null, knows all events of the machine. */
  constructor(
    transport: Transport,
    clock: Clock,
    connection: Connection<AnyEvent>,
    sink: EventSink<never> | null,
  ) {
    super(transport, connection);
    this.clock = clock;
    this.sink = (sink ?? this) as unknown as EventSink<unknown>;
  }

  /** Whether the transport has been let go of. */
  get released(): boolean {
    return (this.flags & bit.RELEASED) !== 0;
  }

  /** Attaches to the transport and drains once, for a machine that has something to say first. */
  start(): void {
    this.transport.attach(this);
    this.wake();
  }

  /** To be called after the machine was changed outside of the sink's methods; within them a no-op. */
  wake(): void {
    if ((this.flags & bit.PUMPING) !== 0) this.flags |= bit.AGAIN;
    else if (!this.released) this.pump(this.clock.now());
  }

  /** Pulls no more events until `resume`; what comes waits in the machine, which then stops reading. */
  hold(): void {
    this.flags |= bit.HELD;
  }

  /** Pulls events again. */
  resume(): void {
    this.flags &= ~bit.HELD;
    this.wake();
  }

  /**
   * Pulls events again, at once, and leaves their output to the next `wake`, which must follow: so that
   * the output of many events, of which each is asked for, leaves in one write.
   */
  pull(): void {
    this.flags &= ~bit.HELD;
    if ((this.flags & (bit.PUMPING | bit.RELEASED)) !== 0) {
      this.flags |= bit.AGAIN;
      return;
    }
    this.flags |= bit.PUMPING;
    try {
      this.pullEvents(this.clock.now());
    } catch (error) {
      this.fail(error);
    }
    this.flags &= ~bit.PUMPING;
  }

  /** Pulls events however much output waits, until another machine takes over. */
  listen(): void {
    this.flags |= bit.LISTENS;
  }

  /** Asks for one `onWritable`, as soon as the machine holds less than `belowBytes` of output. */
  wantWritable(belowBytes: number = limit.OUTPUT_BYTES_LOW): void {
    this.writableBelowBytes = belowBytes;
    this.wake();
  }

  /** After the machine's `switched`: once its output is out, `next` takes over with what came behind it. */
  switchTo<Event extends AnyEvent>(next: Party<Event>): void {
    this.next = next as Party<AnyEvent>;
    this.wake();
  }

  /**
   * Closes once the machine's output is out, whatever the machine wishes. A peer that takes nothing
   * is up to the machine's deadlines, as ever.
   */
  close(): void {
    this.flags |= bit.CLOSING;
    this.wake();
  }

  /** Cuts the connection without asking the machine. */
  abort(): void {
    if (!this.released) this.release(true);
  }

  /** {@link TransportSink} */
  onData(data: Uint8Array): void {
    if (this.released) return;
    const now = this.clock.now();
    this.bytesReceived += data.length;
    try {
      this.connection.receive(data, now);
    } catch (error) {
      this.fail(error);
    }
    this.pump(now);
  }

  /** {@link TransportSink} */
  onEnd(end: End): void {
    if (this.released) return;
    const now = this.clock.now();
    this.flags |= bit.ENDED;
    if (end === 'reset' || end === 'failed') this.flags = (this.flags | bit.BROKEN) & ~bit.HELD;
    try {
      this.connection.receiveEnd(now, end);
    } catch (error) {
      this.fail(error);
    }
    this.pump(now);
  }

  /** {@link TransportSink} */
  onDrain(): void {
    this.flags &= ~bit.WATCHES_DRAIN;
    this.wake();
  }

  /**
   * The clock reports that `deadline` has come. A turn of the event loop calls timers before it looks
   * at sockets: behind a stall, what the peer sent or took in time still waits in the kernel, and
   * must count first.
   */
  onExpiry(now: Instant): void {
    if (now - this.connection.deadline() < limit.LATE_MS) this.expire(now);
    else setImmediate(() => this.expire(this.clock.now()));
  }

  private expire(now: Instant): void {
    if (this.released) return;
    try {
      if (this.connection.deadline() <= now) this.connection.onDeadline(now);
    } catch (error) {
      this.fail(error);
    }
    this.pump(now);
  }

  private pump(now: Instant): void {
    this.flags |= bit.AGAIN;
    // A transport in memory, a layer or the sink itself may call back from within.
    if ((this.flags & bit.PUMPING) !== 0) return;
    this.flags |= bit.PUMPING;
    const yields = (this.flags & bit.YIELDING) !== 0;
    const turnEnd = yields ? 0 : this.bytesSent + this.unacceptedBytes + limit.TURN_BYTES_MAX;
    try {
      while ((this.flags & (bit.AGAIN | bit.RELEASED)) === bit.AGAIN) {
        this.flags &= ~bit.AGAIN;
        this.pullEvents(now);
        this.pushOutput(now, turnEnd);
        this.obey(now);
      }
      if (!this.released) this.clock.touch(this, this.connection.deadline());
    } catch (error) {
      this.fail(error);
    }
    this.flags &= ~bit.PUMPING;
  }

  private pullEvents(now: Instant): void {
    const { connection } = this;
    // The sink may have asked for a switch, or have cut the connection.
    while ((this.flags & (bit.HELD | bit.RELEASED)) === 0 && this.next === null) {
      const isListening = (this.flags & bit.LISTENS) !== 0;
      if (connection.outputBytes >= limit.OUTPUT_BYTES_MAX && !isListening) return;
      const event = connection.nextEvent(now);
      if (event.type === 'need-data' || event.type === 'paused') return;
      this.sink.onEvent(event, now);
    }
  }

  /** `turnEnd` is how many bytes may have been handed over when the turn of the event loop is over. */
  private pushOutput(now: Instant, turnEnd: number): void {
    if (this.released) return;
    if (this.hasOutput) this.write(turnEnd);
    if (this.unacceptedBytes > 0) this.countAccepted(now);
    // Behind a switch of machines, it is the next one's user who waits.
    if (this.next === null && this.connection.outputBytes < this.writableBelowBytes) {
      this.writableBelowBytes = 0;
      this.flags |= bit.AGAIN;
      this.sink.onWritable(now);
    }
  }

  private obey(now: Instant): void {
    if (this.released) return;
    if (this.next !== null && this.connection.outputBytes === 0) this.takeOver(this.next, now);
    const { connection } = this;
    const isPaused = (this.flags & bit.PAUSED) !== 0;
    if (connection.wantsData === isPaused) {
      this.flags ^= bit.PAUSED;
      if (isPaused) this.transport.resume();
      else this.transport.pause();
    }
    let wish = (this.flags & bit.CLOSING) === 0 ? connection.transport : 'close';
    if ((this.flags & bit.BROKEN) !== 0) wish = 'abort';
    // Events come first: the machine's last one says why it ends.
    if (wish !== 'open' && (this.flags & bit.AGAIN) === 0) this.shut(wish, now);
  }

  private takeOver(next: Party<AnyEvent>, now: Instant): void {
    const { data, end } = this.connection.takeTrailingData();
    this.connection = next.connection;
    this.sink = next.sink;
    this.next = null;
    const listens = next.listens === true ? bit.LISTENS : 0;
    this.flags = (this.flags & ~(bit.HELD | bit.LISTENS)) | bit.AGAIN | listens;
    if (data.length > 0) next.connection.receive(data, now);
    if (end !== null) next.connection.receiveEnd(now, end);
  }

  private shut(wish: TransportWish, now: Instant): void {
    if ((this.flags & bit.HELD) !== 0 && wish !== 'half-close') {
      this.flags = (this.flags & ~bit.HELD) | bit.AGAIN;
    } else if (wish === 'abort') {
      this.release(true);
    } else if (this.connection.outputBytes > 0) {
      return;
    } else if (wish === 'close') {
      this.release(false);
    } else if ((this.flags & bit.HALF_CLOSED) === 0) {
      this.halfClose(now);
    }
  }

  /** Where there is no half-close, our end is the peer's as well. */
  private halfClose(now: Instant): void {
    this.flags |= bit.HALF_CLOSED;
    if (this.transport.capabilities.halfClose) {
      this.transport.end();
    } else {
      this.transport.close();
      this.connection.receiveEnd(now, 'finished');
      this.flags |= bit.AGAIN;
    }
  }

  private fail(error: unknown): void {
    // Whoever was to take over, and never will, must hear of the end as well.
    const sink = this.next === null ? this.sink : this.next.sink;
    const first = !this.released;
    if (first) {
      this.letGo();
      this.transport.abort();
    }
    sink.onFault(error);
    if (first) sink.onReleased();
  }

  private release(atOnce: boolean): void {
    if (atOnce) this.transport.abort();
    else this.transport.close();
    const sink = this.next === null ? this.sink : this.next.sink;
    this.letGo();
    sink.onReleased();
  }

  private letGo(): void {
    this.flags |= bit.RELEASED;
    this.rest = null;
    this.next = null;
    this.clock.cancel(this);
  }
}
