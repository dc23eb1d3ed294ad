// What the live page shows of a connection that has become a WebSocket.
import type { ClosedEvent, MessageKind, WebSocketConnection } from '@holdline/net/websocket';
import type { Direction, TallyObserver, WebSocketTally } from '../websocket/websocket-tally.ts';
import type { FrameRow, WebSocketEnding, WebSocketRow } from './page/live-events.ts';
import { printable } from './printable.ts';

/** Who is told of what happens. */
export interface WebSocketOwner {
  /** It may look different now. */
  changed(): void;
  /** A message or a control frame, of which the owner knows whose and when. */
  framed(frame: Omit<FrameRow, 'id' | 'at'>): void;
}

const CLOSED_BY = { us: 'server', peer: 'browser' } as const;

/** One WebSocket of a known browser. */
export class ObservedWebSocket implements TallyObserver {
  readonly #owner: WebSocketOwner;
  readonly #tally: WebSocketTally;
  readonly #connection: WebSocketConnection;
  #pongsReceived = 0;
  #ending: WebSocketEnding | null = null;

  constructor(owner: WebSocketOwner, tally: WebSocketTally, connection: WebSocketConnection) {
    this.#owner = owner;
    this.#tally = tally;
    this.#connection = connection;
  }

  /** {@link TallyObserver} */
  message(direction: Direction, kind: MessageKind, byteCount: number): void {
    this.#owner.framed({ direction, kind, byteCount, detail: '' });
    this.#owner.changed();
  }

  /** {@link TallyObserver} */
  ping(byteCount: number): void {
    this.#owner.framed({ direction: 'in', kind: 'ping', byteCount, detail: 'answered' });
    this.#owner.changed();
  }

  /** {@link TallyObserver} */
  pong(byteCount: number, roundTripMs: number): void {
    this.#pongsReceived += 1;
    const detail = `answered after ${roundTripMs.toFixed(1)} ms`;
    this.#owner.framed({ direction: 'out', kind: 'ping', byteCount, detail });
    this.#owner.changed();
  }

  /** {@link TallyObserver} */
  closed(event: ClosedEvent): void {
    const { code, observation, startedBy, likely, evidence } = event;
    const reason = printable(event.reason);
    this.#ending = {
      code,
      reason,
      startedBy: startedBy === null ? null : CLOSED_BY[startedBy],
      observation,
      cause: likely.cause,
      why: likely.why,
    };
    for (const frame of closeFrames(event, evidence.sentCode, reason)) this.#owner.framed(frame);
    this.#owner.changed();
  }

  /** What is shown. */
  get row(): WebSocketRow {
    const { subprotocol, deflate, roundTrip } = this.#connection;
    return {
      subprotocol: subprotocol === null ? null : printable(subprotocol),
      isCompressed: deflate !== null,
      messagesReceived: this.#tally.messagesReceived,
      messagesSent: this.#tally.messagesSent,
      pongsReceived: this.#pongsReceived,
      roundTripMs: tenths(roundTrip?.latestMs),
      smoothedRoundTripMs: tenths(roundTrip?.smoothedMs),
      ending: this.#ending,
    };
  }
}

/** The Close frames that were exchanged, in their order. */
function closeFrames(
  { startedBy, code, evidence }: ClosedEvent,
  sentCode: number | null,
  reason: string,
): Omit<FrameRow, 'id' | 'at'>[] {
  const frames: Omit<FrameRow, 'id' | 'at'>[] = [];
  const close = (direction: Direction, detail: string): void => {
    frames.push({ direction, kind: 'close', byteCount: 0, detail });
  };
  if (evidence.receivedCode !== null) close('in', closeText(code, reason));
  if (sentCode !== null) close('out', closeText(sentCode, ''));
  return startedBy === 'us' ? frames.reverse() : frames;
}

function closeText(code: number, reason: string): string {
  const words = code === 1005 ? 'without a code' : String(code);
  return reason === '' ? words : `${words} “${reason}”`;
}

function tenths(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : Math.round(milliseconds * 10) / 10;
}
