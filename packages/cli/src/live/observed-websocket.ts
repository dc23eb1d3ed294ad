// What the live page shows of a connection that has become a WebSocket.
import type { ClosedEvent, WebSocketConnection, WireFrame } from '@holdline/net/websocket';
import { isControl, OPCODE, parseClosePayload } from '@holdline/websocket';
import type { TallyObserver, WebSocketTally } from '../websocket/websocket-tally.ts';
import type {
  FrameKind,
  FrameRow,
  WebSocketEnding,
  WebSocketRow,
  WireLine,
} from './page/live-events.ts';
import { printable } from './printable.ts';

/** Who is told of what happens. */
export interface WebSocketOwner {
  readonly id: number;
  /** It carries the feed of a live page. */
  readonly isObserver: boolean;
  /** Whether anybody looks at frames. */
  readonly isWatched: boolean;
  /** Of the server's clock, in whole milliseconds. */
  now(): number;
  /** It may look different now. */
  changed(): void;
  /** A frame, or the end. */
  framed(line: WireLine): void;
}

const CLOSED_BY = { us: 'server', peer: 'browser' } as const;

const KINDS: ReadonlyMap<number, FrameKind> = new Map(
  Object.entries(OPCODE).map(([kind, opcode]) => [opcode, kind as FrameKind]),
);

type PongRow = FrameRow & { detail: string };

/** One WebSocket of a known browser. */
export class ObservedWebSocket implements TallyObserver {
  readonly #owner: WebSocketOwner;
  readonly #tally: WebSocketTally;
  readonly #connection: WebSocketConnection;
  /** Pongs whose round trip is not known yet: their frames have come, their turn has not. */
  #pongs: (PongRow | null)[] = [];
  #pongsReceived = 0;
  #ending: WebSocketEnding | null = null;

  constructor(owner: WebSocketOwner, tally: WebSocketTally, connection: WebSocketConnection) {
    this.#owner = owner;
    this.#tally = tally;
    this.#connection = connection;
  }

  /** {@link TallyObserver} */
  frame(frame: WireFrame): void {
    const owner = this.#owner;
    // The feed tells of frames: of those that tell it says nothing, lest each be the reason for another.
    if (owner.isObserver && !isControl(frame.opcode)) return;
    const line = owner.isWatched ? this.#lineOf(frame) : null;
    if (frame.opcode === OPCODE.pong && frame.direction === 'received') this.#pongs.push(line);
    if (line !== null) owner.framed(line);
    owner.changed();
  }

  /** {@link TallyObserver} */
  counted(): void {
    this.#owner.changed();
  }

  /** {@link TallyObserver} */
  pong(roundTripMs: number | null): void {
    const line = this.#pongs.shift() ?? null;
    if (roundTripMs !== null) this.#pongsReceived += 1;
    if (line !== null) {
      const isAnswer = roundTripMs !== null;
      line.detail = isAnswer ? `round trip ${roundTripMs.toFixed(1)} ms` : 'answers no ping';
    }
    this.#owner.changed();
  }

  /** {@link TallyObserver} */
  closed(event: ClosedEvent): void {
    const { code, observation, startedBy, likely } = event;
    const owner = this.#owner;
    this.#pongs = [];
    this.#ending = {
      code,
      reason: printable(event.reason),
      startedBy: startedBy === null ? null : CLOSED_BY[startedBy],
      observation,
      cause: likely.cause,
      why: this.#why(likely.why),
    };
    if (owner.isWatched) {
      const detail = `${observation}, likely ${likely.cause}: ${this.#ending.why}`;
      owner.framed({ id: owner.id, at: owner.now(), kind: 'end', detail });
    }
    owner.changed();
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

  #lineOf(frame: WireFrame): PongRow {
    const { direction, opcode, isFinal, reservedBits, isMasked, payloadBytes, payload } = frame;
    return {
      id: this.#owner.id,
      at: this.#owner.now(),
      direction: direction === 'received' ? 'in' : 'out',
      kind: KINDS.get(opcode) ?? 'reserved',
      isFinal,
      reservedBits,
      isMasked,
      count: 1,
      byteCount: payloadBytes,
      detail: opcode === OPCODE.close && payload !== null ? closeText(payload) : '',
    };
  }

  /** With what the browser did wrong, if it did. */
  #why(why: string): string {
    const { failure } = this.#connection;
    return failure === null ? why : `${why.replace(/\.$/, '')}: ${failure.message}.`;
  }
}

/** `1000 “bye”` */
function closeText(payload: Uint8Array): string {
  const said = parseClosePayload(payload);
  if (typeof said === 'string') return 'not as a Close frame may be';
  if (payload.length === 0) return 'without a code';
  return said.reason === '' ? String(said.code) : `${said.code} “${printable(said.reason)}”`;
}

function tenths(milliseconds: number | undefined): number | null {
  return milliseconds === undefined ? null : Math.round(milliseconds * 10) / 10;
}
