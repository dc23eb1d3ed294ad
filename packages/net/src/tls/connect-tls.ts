// A TLS connection for whoever speaks a protocol of their own on it.
import { isIP } from 'node:net';
import { openPlain } from '../client/connector.ts';
import { type Clock, sharedClock } from '../clock.ts';
import { checkTcpOptions, type TcpOptions } from '../tcp-options.ts';
import type { Transport } from '../transport.ts';
import { secureClient } from './secure-client.ts';
import { completeClientSecurity, type TlsClientSecurityOptions } from './tls-client-options.ts';
import type { TlsConnection } from './tls-connection.ts';
import { tellFault } from './tls-connector.ts';
import { TlsError } from './tls-error.ts';

/** Where to, in one of three ways. */
export type TlsTarget =
  | { readonly host: string; readonly port: number }
  | { readonly socketPath: string }
  /** Something that is open already: a pair in memory, a tunnel. It is taken over. */
  | { readonly transport: Transport };

/** Options of {@link connectTls}, beside where to. */
export interface TlsConnectOptions extends TlsClientSecurityOptions {
  /** The name to ask the server for (RFC 6066 section 3), null for none; `host` unless that is an address. */
  readonly serverName?: string | null;
  /** Options of the TCP socket. */
  readonly tcp?: TcpOptions;
  /** Milliseconds for the connection, its handshake included; 30000 by default. */
  readonly connectMs?: number;
  /** Ends the attempt. Once the connection is secured it is no more looked at. */
  readonly signal?: AbortSignal;
  /** Time; the clock of this process by default. */
  readonly clock?: Clock;
  /** A handler threw. Without it faults become warnings of the process. */
  onFault?(error: unknown): void;
}

/**
 * Connects and shakes hands. What the connection carries goes through its `transport`. Rejects with
 * {@link TlsError}; with TypeError or RangeError for an option that is missing or out of its range.
 */
export async function connectTls(
  target: TlsTarget,
  options: TlsConnectOptions,
): Promise<TlsConnection> {
  const { connectMs = 30_000, clock = sharedClock(), tcp = {}, signal: caller } = options;
  if (!(connectMs >= 0)) throw new RangeError('connectMs must be at least 0');
  checkTcpOptions(tcp);
  const settings = completeClientSecurity(options);
  const handshake = {
    settings,
    handlers: options,
    clock,
    serverName: serverNameOf(target, options.serverName),
    onFault: (error: unknown) => tellFault(options, error),
  };
  const attempt = new AbortController();
  const onAbort = (): void => attempt.abort(caller?.reason);
  if (caller?.aborted === true) onAbort();
  caller?.addEventListener('abort', onAbort);
  const timer = setTimeout(() => attempt.abort(TIME_OVER), Math.min(connectMs, TIMEOUT_MS_MAX));
  try {
    const lower =
      'transport' in target ? target.transport : await open(target, attempt.signal, tcp);
    return await secureClient(lower, handshake, attempt.signal);
  } catch (error) {
    throw explained(error, attempt.signal, connectMs);
  } finally {
    clearTimeout(timer);
    caller?.removeEventListener('abort', onAbort);
  }
}

/** Why an attempt was given up, where it was not the caller. */
const TIME_OVER: unique symbol = Symbol('the time is over');
/** The most that a timer of Node's can do. */
const TIMEOUT_MS_MAX = 2_147_483_647;

async function open(
  target: Exclude<TlsTarget, { readonly transport: Transport }>,
  signal: AbortSignal,
  tcp: TcpOptions,
): Promise<Transport> {
  const origin =
    'socketPath' in target
      ? { host: '', port: 0, socketPath: target.socketPath }
      : { host: target.host, port: target.port, socketPath: null };
  if (signal.aborted) throw signal.reason;
  return (await openPlain(origin, signal, tcp)).transport;
}

function serverNameOf(target: TlsTarget, given: string | null | undefined): string | null {
  if (given !== undefined) return given;
  return 'host' in target && isIP(target.host) === 0 ? target.host : null;
}

function explained(error: unknown, signal: AbortSignal, connectMs: number): unknown {
  if (signal.aborted && signal.reason === TIME_OVER) {
    return new TlsError('TLS_CONNECT_TIMEOUT', `no secured connection within ${connectMs} ms`);
  }
  if (error instanceof TlsError) return error;
  if (signal.aborted) {
    return new TlsError('TLS_ABORTED', 'the signal was aborted', { cause: signal.reason });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new TlsError('TLS_CONNECT_FAILED', `no connection: ${reason}`, { cause: error });
}
