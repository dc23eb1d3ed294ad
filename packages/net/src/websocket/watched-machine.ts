// A WebSocket's machine with somebody who looks at the frames on both sides of it. It takes the
// machine's place with the driver, so that a connection that nobody watches knows nothing of this.
import type { WebSocketEvent, WebSocketFaultCode } from '@holdline/websocket';
import type {
  Connection,
  End,
  Instant,
  NeedData,
  Paused,
  TrailingData,
  TransportWish,
} from '../bytes/connection.ts';
import type { SwitchedParty } from '../http-exchange.ts';
import { FrameScanner, type WireFrame } from './frame-scanner.ts';
import type { OpenWebSocket } from './open-websocket.ts';
import type { WebSocketHandlers } from './websocket-connection.ts';

type Event = WebSocketEvent<WebSocketFaultCode>;

/** What a driver is to have: the connection itself, unless somebody wants to hear of its frames. */
export function watchedParty(
  connection: OpenWebSocket,
  handlers: WebSocketHandlers,
): SwitchedParty<Event> {
  if (handlers.onFrame === undefined) return connection;
  const machine = new WatchedMachine(connection.connection, (frame) =>
    connection.run(() => handlers.onFrame?.(frame, connection)),
  );
  return { connection: machine, sink: connection, onDrain: () => connection.onDrain() };
}

/** Passes everything on, and tells of each frame before the machine hears of it, or behind it. */
class WatchedMachine implements Connection<Event> {
  readonly #machine: Connection<Event>;
  readonly #received: FrameScanner;
  readonly #sent: FrameScanner;

  constructor(machine: Connection<Event>, onFrame: (frame: WireFrame) => void) {
    this.#machine = machine;
    this.#received = new FrameScanner('received', onFrame);
    this.#sent = new FrameScanner('sent', onFrame);
  }

  /** {@link Connection} */
  get wantsData(): boolean {
    return this.#machine.wantsData;
  }

  /** {@link Connection} */
  get outputBytes(): number {
    return this.#machine.outputBytes;
  }

  /** {@link Connection} */
  get transport(): TransportWish {
    return this.#machine.transport;
  }

  /** {@link Connection} */
  receive(data: Uint8Array, now: Instant): void {
    // First, since the machine unmasks in place.
    this.#received.scan(data);
    this.#machine.receive(data, now);
  }

  /** {@link Connection} */
  receiveEnd(now: Instant, end: End): void {
    this.#machine.receiveEnd(now, end);
  }

  /** {@link Connection} */
  nextEvent(now: Instant): Event | NeedData | Paused {
    const event = this.#machine.nextEvent(now);
    // What comes from then on is thrown away, and need not be frames.
    if (event.type === 'failed') this.#received.stop();
    return event;
  }

  /** {@link Connection} */
  nextOutput(): Uint8Array | null {
    const chunk = this.#machine.nextOutput();
    if (chunk !== null) this.#sent.scan(chunk);
    return chunk;
  }

  /** {@link Connection} */
  outputAccepted(byteCount: number, now: Instant): void {
    this.#machine.outputAccepted(byteCount, now);
  }

  /** {@link Connection} */
  deadline(): Instant {
    return this.#machine.deadline();
  }

  /** {@link Connection} */
  onDeadline(now: Instant): void {
    this.#machine.onDeadline(now);
  }

  /** {@link Connection} */
  takeTrailingData(): TrailingData {
    return this.#machine.takeTrailingData();
  }
}
