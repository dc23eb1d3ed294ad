// One machine and its watch, without a peer: what arrives is written by the test.
import { Watch } from '@holdline/testkit';
import type { DeflateParameters } from '../../src/deflate-parameters.ts';
import type { WebSocketLimits, WebSocketTimeouts } from '../../src/limits.ts';
import { clientSettings, serverSettings, type WebSocketServerOptions } from '../../src/settings.ts';
import { ClientWebSocket } from '../../src/websocket-client.ts';
import { ServerWebSocket } from '../../src/websocket-server.ts';
import { closeCodesOf, type FrameOptions, frameTo } from './frames.ts';
import { countingRandom, type Event } from './pair.ts';

/** Which side the machine is. */
export type Role = 'server' | 'client';
/** Both. */
export const ROLES: readonly Role[] = ['server', 'client'];
/** When machines begin: odd, so that nothing can take 0 for «never». */
export const START = 1_000_003;

/** Everything agreed, with windows of 32 KiB taken over. */
export const DEFLATE: DeflateParameters = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: 15,
  clientMaxWindowBits: 15,
};

/** A machine under watch, at an instant that the test moves. */
export class Bench<Machine extends ServerWebSocket | ClientWebSocket> {
  readonly role: Role;
  readonly machine: Machine;
  readonly watch: Watch<Event>;
  now: number = START;

  constructor(role: Role, machine: Machine) {
    this.role = role;
    this.machine = machine;
    this.watch = new Watch<Event>(machine);
  }

  /** Bytes arrive; returns the events that they make. Output is taken at once. */
  arrives(...parts: readonly Uint8Array[]): Event[] {
    const first = this.watch.events.length;
    for (const part of parts) {
      this.watch.receive(part, this.now);
      this.drains();
    }
    return this.watch.events.slice(first);
  }

  /** A frame of the peer's arrives. */
  gets(opcode: number, payload: Uint8Array | string = '', options: FrameOptions = {}): Event[] {
    return this.arrives(frameTo(this.role, opcode, payload, options));
  }

  /** The peer's direction ends. */
  ends(end: 'finished' | 'truncated' | 'reset' | 'failed' = 'finished'): Event[] {
    this.machine.receiveEnd(this.now, end);
    return this.drains();
  }

  /** Time goes by, and every deadline is told at its instant. */
  waits(durationMs: number): Event[] {
    const until = this.now + durationMs;
    const first = this.watch.events.length;
    while (this.machine.deadline() <= until) {
      this.now = Math.max(this.now, this.machine.deadline());
      this.watch.onDeadline(this.now);
      this.drains();
    }
    this.now = until;
    return this.watch.events.slice(first);
  }

  /** Time goes by, and nothing runs here; then a deadline that has come is told. */
  sleeps(durationMs: number): Event[] {
    this.now += durationMs;
    this.watch.onDeadline(this.now);
    return this.drains();
  }

  /** Events and output, until nothing moves. */
  drains(): Event[] {
    const { watch, machine, now } = this;
    const first = watch.events.length;
    for (let isMoving = true; isMoving; ) {
      const events = watch.drainEvents(now);
      // A ping may wait for the rest of a declared frame, so that something is left behind the last chunk.
      const chunks = watch.drainOutput(now, false);
      for (const { length } of chunks) machine.outputAccepted(length, now);
      isMoving = events.length > 0 || chunks.length > 0;
    }
    return watch.events.slice(first);
  }

  /** The codes of the Close frames that were written. */
  get closeCodes(): number[] {
    return closeCodesOf(this.watch.output);
  }

  /** The types of all events. */
  get types(): string[] {
    return this.watch.events.map(({ type }) => type);
  }
}

/** What a test may ask for. */
export interface BenchOptions extends Omit<WebSocketServerOptions, 'limits' | 'timeouts'> {
  readonly limits?: Partial<WebSocketLimits>;
  readonly timeouts?: Partial<WebSocketTimeouts>;
  readonly deflate?: DeflateParameters | null;
}

/** A server. */
export function server(options: BenchOptions = {}): Bench<ServerWebSocket> {
  const { deflate = null, ...rest } = options;
  return new Bench('server', new ServerWebSocket(serverSettings(rest), START, deflate));
}

/** A client. */
export function client(options: BenchOptions = {}): Bench<ClientWebSocket> {
  const { deflate = null, ...rest } = options;
  const settings = clientSettings({ random: countingRandom(), ...rest });
  return new Bench('client', new ClientWebSocket(settings, START, deflate));
}

/** Either. */
export function benchOf(
  role: Role,
  options: BenchOptions = {},
): Bench<ServerWebSocket | ClientWebSocket> {
  return role === 'server' ? server(options) : client(options);
}
