// Socket options of accepted connections, and an honest account of what this runtime cannot set.
import { Socket } from 'node:net';

/** When the kernel probes a silent peer (RFC 9293 section 3.8.4). What is absent is left to the system. */
export interface TcpKeepAlive {
  /** Silence before the first probe, in milliseconds, rounded down to seconds; at least 1000. */
  readonly delayMs: number;
  /** Between probes, in milliseconds, rounded down to seconds; at least 1000. */
  readonly intervalMs?: number;
  /** Unanswered probes after which the connection counts as reset; at least 1. */
  readonly countMax?: number;
}

/** Options of a TCP socket. */
export interface TcpOptions {
  /** Send small segments at once (RFC 9293 section 3.7.4); true by default. */
  readonly noDelay?: boolean;
  /** Probe silent peers; by default not, since a server's own deadlines see to them. */
  readonly keepAlive?: TcpKeepAlive | null;
}

/** Which TCP options this runtime can set. */
export interface TcpCapabilities {
  readonly noDelay: boolean;
  readonly keepAliveDelay: boolean;
  /** Node 24.21, 26.4 and later. */
  readonly keepAliveInterval: boolean;
  /** Node 24.21, 26.4 and later. */
  readonly keepAliveCount: boolean;
  /** TCP_USER_TIMEOUT (RFC 5482): no Node release so far. Deadlines on writes do its work. */
  readonly userTimeout: boolean;
}

let known: TcpCapabilities | null = null;

/** What this runtime can set; found out once, without a connection. */
export function tcpCapabilities(): TcpCapabilities {
  known ??= probe();
  return known;
}

/** A runtime that knows the object form looks at its members; an older one takes it for `true`. */
function probe(): TcpCapabilities {
  let asked = false;
  const socket = new Socket();
  const options = {
    enable: true,
    initialDelay: 1000,
    get interval(): number {
      asked = true;
      return 1000;
    },
    count: 1,
  };
  (socket.setKeepAlive as (options: object) => unknown).call(socket, options);
  socket.destroy();
  return Object.freeze({
    noDelay: true,
    keepAliveDelay: true,
    keepAliveInterval: asked,
    keepAliveCount: asked,
    userTimeout: false,
  });
}

/** Throws RangeError when a duration is below a second or a count below 1. */
export function checkTcpOptions(options: TcpOptions): void {
  const keepAlive = options.keepAlive;
  if (keepAlive === null || keepAlive === undefined) return;
  checkAtLeast('keepAlive.delayMs', keepAlive.delayMs, 1000);
  if (keepAlive.intervalMs !== undefined)
    checkAtLeast('keepAlive.intervalMs', keepAlive.intervalMs, 1000);
  if (keepAlive.countMax !== undefined) checkAtLeast('keepAlive.countMax', keepAlive.countMax, 1);
}

function checkAtLeast(name: string, value: number, minimum: number): void {
  if (!(value >= minimum && Number.isFinite(value))) {
    throw new RangeError(`${name} must be a finite number from ${minimum} on, not ${value}`);
  }
}

/** Sets what the runtime can set; the rest stays as the system has it. */
export function applyTcpOptions(socket: Socket, options: TcpOptions): void {
  if (options.noDelay ?? true) socket.setNoDelay(true);
  const keepAlive = options.keepAlive;
  if (keepAlive === null || keepAlive === undefined) return;
  if (!tcpCapabilities().keepAliveInterval) {
    socket.setKeepAlive(true, keepAlive.delayMs);
    return;
  }
  const { delayMs, intervalMs, countMax } = keepAlive;
  const form = { enable: true, initialDelay: delayMs, interval: intervalMs, count: countMax };
  (socket.setKeepAlive as (options: object) => unknown).call(socket, form);
}
