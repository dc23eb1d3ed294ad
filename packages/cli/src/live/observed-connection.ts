// One connection of a known browser: what the live page shows of it, made anew only when somebody
// looks and something may have changed.
import type { ConnectionCloseCause, ConnectionInfo, TlsInfo } from '@holdline/net';
import type { WebSocketConnection } from '@holdline/net/websocket';
import { Timer } from '@holdline/timer-wheel';
import { hasHeartbeats } from '../tls/tls-control.ts';
import type { WebSocketTally } from '../websocket/websocket-tally.ts';
import { CLOSE_WORDS } from './close-words.ts';
import { ObservedWebSocket, type WebSocketOwner } from './observed-websocket.ts';
import type {
  ConnectionEnding,
  ConnectionRow,
  IdleTime,
  TlsRow,
  WireLine,
} from './page/live-events.ts';
import { printable } from './printable.ts';

/** What is known of all connections alike. */
export interface ConnectionPolicy {
  /** As announced to clients. */
  readonly idleMs: number;
  /** How much longer an idle connection is kept than that. */
  readonly idleGraceMs: number;
  /** Infinity when there is no limit. */
  readonly requestsMax: number;
  /** Infinity when there is no limit. */
  readonly ageMsMax: number;
}

/** Who is told that a connection's time has come. */
export interface ConnectionOwner {
  /** What it is known by. */
  readonly token: string;
  /** It may look different now. */
  changed(connection: ObservedConnection): void;
  /** Whether anybody looks. */
  readonly isWatched: boolean;
  /** A frame has gone over one of its WebSockets, or that is over; only to be told while watched. */
  framed(line: WireLine): void;
  /** It has been closed for long enough. */
  forget(connection: ObservedConnection): void;
}

/** It is its own timer: for the end of its idleness, and of its memory once it is closed. */
export class ObservedConnection extends Timer implements WebSocketOwner {
  readonly info: ConnectionInfo;
  readonly owner: ConnectionOwner;
  /** It carries the feed of a live page. */
  isObserver = false;
  /** As JSON, as of the last `look`; empty before the first. */
  json = '';
  readonly #policy: ConnectionPolicy;
  readonly #openedAt: number;
  readonly #now: () => number;
  #webSocket: ObservedWebSocket | null = null;
  #announced = '';
  #target = '';
  #ending: ConnectionEnding | null = null;

  /** `openedAt` is an instant of the server's clock, which `now` asks. */
  constructor(
    info: ConnectionInfo,
    owner: ConnectionOwner,
    policy: ConnectionPolicy,
    openedAt: number,
    now: () => number,
  ) {
    super();
    this.info = info;
    this.owner = owner;
    this.#policy = policy;
    this.#openedAt = openedAt;
    this.#now = now;
  }

  /** Whether nothing can change without an event: its bytes and its state need not be looked at. */
  get isSettled(): boolean {
    // A WebSocket tells; and a feed's own bytes grow with every event, of which each would be the
    // reason for another.
    const tells = this.isObserver || this.#webSocket !== null;
    return this.#ending !== null || tells || Number.isFinite(this.info.idleDeadline);
  }

  /** Whether it has ended. */
  get isOver(): boolean {
    return this.#ending !== null;
  }

  /** When it is going to be closed for being idle; Infinity when it is not idle. */
  get idleDeadline(): number {
    return this.#ending === null ? this.info.idleDeadline : Number.POSITIVE_INFINITY;
  }

  /** The browser has sent a request, the `number`th here. */
  requested(target: string, number: number): void {
    this.#target = printable(target);
    this.#announced = keepAliveValue(this.#policy, number);
  }

  /** A response is complete. */
  responded(): void {
    // Whatever was the reason, it was announced in the response.
    if (this.info.state === 'closing') this.#announced = 'close';
  }

  /** It is a WebSocket from now on, and hears of itself by the tally. */
  upgraded(tally: WebSocketTally, connection: WebSocketConnection): void {
    this.#webSocket = new ObservedWebSocket(this, tally, connection);
    tally.observer = this.#webSocket;
    this.changed();
  }

  /** {@link WebSocketOwner} */
  changed(): void {
    this.owner.changed(this);
  }

  /** {@link WebSocketOwner} */
  get isWatched(): boolean {
    return this.owner.isWatched;
  }

  /** {@link WebSocketOwner} */
  get id(): number {
    return this.info.id;
  }

  /** {@link WebSocketOwner} */
  now(): number {
    return Math.round(this.#now());
  }

  /** {@link WebSocketOwner} */
  framed(line: WireLine): void {
    this.owner.framed(line);
  }

  /** It is over. */
  closed(cause: ConnectionCloseCause, now: number): void {
    this.#ending = { at: Math.round(now), code: cause, words: CLOSE_WORDS[cause] };
    this.isObserver = false;
  }

  /** Brings `json` up to date; true when it has changed. */
  look(): boolean {
    const json = JSON.stringify(this.#row());
    if (json === this.json) return false;
    this.json = json;
    return true;
  }

  /** The clock: an idle connection's end, or the end of the memory of a closed one. */
  onExpiry(_now: number): void {
    if (this.#ending === null) this.owner.changed(this);
    else this.owner.forget(this);
  }

  #row(): ConnectionRow {
    const { id, remotePort, requests, bytesReceived, bytesSent, state } = this.info;
    return {
      id,
      port: remotePort,
      openedAt: Math.round(this.#openedAt),
      state: this.#ending === null ? state : 'closed',
      isObserver: this.isObserver,
      requests,
      announced: this.#announced,
      idle: this.#idleTime(),
      bytesReceived,
      bytesSent,
      target: this.#target,
      tls: tlsRow(this.info.tls),
      webSocket: this.#webSocket?.row ?? null,
      ending: this.#ending,
    };
  }

  #idleTime(): IdleTime | null {
    const closesAt = this.idleDeadline;
    if (closesAt === Number.POSITIVE_INFINITY) return null;
    const { idleMs, idleGraceMs, ageMsMax } = this.#policy;
    // An end by age comes without grace.
    const isByAge = closesAt >= this.#openedAt + ageMsMax - 1;
    const announcedUntil = Math.round(isByAge ? closesAt : closesAt - idleGraceMs);
    return { since: announcedUntil - idleMs, announcedUntil, closesAt: Math.round(closesAt) };
  }
}

function tlsRow(tls: TlsInfo | null): TlsRow | null {
  if (tls === null) return null;
  const { protocol, serverName, heartbeatRoundTripMs } = tls;
  return {
    engine: tls.engine,
    version: tls.version,
    cipherSuite: tls.cipherSuite,
    group: tls.group,
    protocol: protocol === null ? null : printable(protocol),
    serverName: serverName === null ? null : printable(serverName),
    sendingEpoch: tls.sendingEpoch,
    receivingEpoch: tls.receivingEpoch,
    hasHeartbeats: hasHeartbeats(tls),
    heartbeatRoundTripMs:
      heartbeatRoundTripMs === null ? null : Math.round(heartbeatRoundTripMs * 10) / 10,
  };
}

/** What http1 announces in the response to a connection's `number`th request. */
function keepAliveValue({ idleMs, requestsMax }: ConnectionPolicy, number: number): string {
  if (number >= requestsMax) return 'close';
  const timeout = `timeout=${Math.floor(idleMs / 1000)}`;
  return requestsMax === Number.POSITIVE_INFINITY
    ? timeout
    : `${timeout}, max=${requestsMax - number}`;
}
