// Opens connections for `HttpClient`, `connectWebSocket` and such, with holdline's TLS for https and wss.
import process from 'node:process';
import { type Connector, openPlain } from '../client/connector.ts';
import { type Clock, sharedClock } from '../clock.ts';
import { checkTcpOptions, type TcpOptions } from '../tcp-options.ts';
import { secureClient } from './secure-client.ts';
import { completeClientSecurity, type TlsClientSecurityOptions } from './tls-client-options.ts';

/** Options of {@link tlsConnector}. */
export interface TlsConnectorOptions extends TlsClientSecurityOptions {
  /** Options of each TCP socket. */
  readonly tcp?: TcpOptions;
  /** Time; the clock of this process by default. */
  readonly clock?: Clock;
  /** A handler threw. Without it faults become warnings of the process. */
  onFault?(error: unknown): void;
}

/**
 * The `connect` option of clients. `http/1.1` is what is offered by ALPN unless `protocols` says
 * otherwise. Throws TypeError or RangeError for an option that is missing or out of its range.
 */
export function tlsConnector(options: TlsConnectorOptions): Connector {
  const { tcp = {}, clock = sharedClock() } = options;
  checkTcpOptions(tcp);
  const settings = completeClientSecurity({ protocols: ['http/1.1'], ...options });
  const onFault = (error: unknown): void => tellFault(options, error);
  return async (origin, signal) => {
    const lower = await openPlain(origin, signal, tcp);
    if (origin.scheme === 'http') return lower;
    // «Literal IPv4 and IPv6 addresses are not permitted in "HostName"», RFC 6066 section 3.
    const serverName = origin.isAddress ? null : origin.host;
    const handshake = { settings, handlers: options, clock, serverName, onFault };
    const connection = await secureClient(lower.transport, handshake, signal);
    return { ...lower, transport: connection.transport, tls: connection };
  };
}

/** To the option's callback, or, when nobody listens, to the process. */
export function tellFault(options: { onFault?(error: unknown): void }, error: unknown): void {
  if (options.onFault !== undefined) options.onFault(error);
  else process.emitWarning(error instanceof Error ? error : new Error(String(error)));
}
