// What a running server tells its operator: requests and connections on stdout, faults on stderr.
import type { HttpExchange, HttpServerOptions } from '@holdline/net';
import { connectionLine, handshakeLine, requestLine, webSocketLine } from './access-log.ts';
import type { ConnectionAges } from './connection-ages.ts';
import { faultLine } from './fault-log.ts';
import type { LineOutput } from './line-output.ts';
import type { LiveSite } from './live/live-site.ts';
import type { WebSocketListeners } from './websocket/websocket-site.ts';

const SWITCHING_PROTOCOLS = 101;

/** Where a command writes to. */
export interface Outputs {
  readonly stdout: LineOutput;
  readonly stderr: LineOutput;
}

/** What is heard of a server. */
export type ServerListeners = Required<
  Pick<
    HttpServerOptions,
    'onConnection' | 'onHandshakeFailure' | 'onExchangeEnd' | 'onConnectionEnd' | 'onFault'
  >
>;

/** A fault in answering a request. */
export function reportFault({ stderr }: Outputs, error: unknown, exchange: HttpExchange): void {
  stderr.line(`holdline: ${faultLine(error, exchange)}`);
}

/** Who hears of connections beside the log. */
export interface Observers {
  readonly ages: ConnectionAges;
  readonly live: LiveSite | null;
}

/** Writes the log, unless quiet; faults are written all the same, being ours to repair. */
export function logListeners(
  { stdout, stderr }: Outputs,
  { ages, live }: Observers,
  isQuiet: boolean,
): ServerListeners {
  return {
    onConnection: (connection) => ages.opened(connection),
    onHandshakeFailure: (error, remoteAddress) => {
      if (!isQuiet) stdout.line(handshakeLine(error, remoteAddress, Date.now()));
    },
    onExchangeEnd: (record) => {
      live?.responded(record.connection);
      // A WebSocket has its line at its end.
      if (isQuiet || record.status === SWITCHING_PROTOCOLS) return;
      stdout.line(requestLine(record, Date.now()));
    },
    onConnectionEnd: (connection, cause) => {
      live?.closed(connection, cause);
      if (isQuiet) return;
      stdout.line(connectionLine(connection, cause, ages.ageMs(connection), Date.now()));
    },
    onFault: (error, connection) => stderr.line(`holdline: ${faultLine(error, connection)}`),
  };
}

/** The same for WebSockets. */
export function webSocketListeners(
  { stdout, stderr }: Outputs,
  live: LiveSite | null,
  isQuiet: boolean,
): WebSocketListeners {
  return {
    watches: (connection) => live?.knows(connection) ?? false,
    opened: (tally, connection) => live?.upgraded(tally, connection),
    closed(tally, connection, event) {
      if (isQuiet) return;
      stdout.line(webSocketLine(tally, connection, event, performance.now(), Date.now()));
    },
    fault: (error, { connection }) => stderr.line(`holdline: ${faultLine(error, connection)}`),
  };
}
