// Connections by this machine's own means: TCP, Unix sockets, and TLS of node:tls on either.
import { connect as connectSocket, type Socket } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { socketTransport } from '../adapters/socket.ts';
import { nodeTlsInfo, tlsSocketTransport } from '../adapters/tls-socket.ts';
import { nodeTls } from '../node-tls.ts';
import { applyTcpOptions, type TcpOptions } from '../tcp-options.ts';
import type { TlsInfo } from '../tls-info.ts';
import type { Transport } from '../transport.ts';
import type { Origin } from './origin.ts';

/** What a client uses of a socket beside its bytes; `net.Socket` and `tls.TLSSocket` are such. */
export interface ConnectedSocket {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  /** Keeps the process alive: a request is under way. */
  ref?(): unknown;
  /** Lets the process end: the connection is idle. */
  unref?(): unknown;
}

/** An open connection. */
export interface Connected {
  readonly transport: Transport;
  /** What carries it, where that is a socket. */
  readonly socket?: ConnectedSocket;
  /** The TLS on it. */
  readonly tls?: TlsInfo;
}

/**
 * Opens a connection to an origin. What it rejects with becomes the cause of
 * `HTTP_CLIENT_CONNECT_FAILED`. `signal` is aborted when nobody waits for the connection any more,
 * or when it takes too long: then it must let go of what it has.
 */
export type Connector = (origin: Origin, signal: AbortSignal) => Promise<Connected>;

/** What the connector of this machine can be told. */
export interface ConnectorOptions {
  readonly tcp?: TcpOptions;
  readonly tls?: ConnectionOptions;
}

/** TLS sessions kept for resumption, one per origin. */
const SESSIONS_MAX = 256;

/** The connector that is used unless another is given. */
export function systemConnector(options: ConnectorOptions): Connector {
  const sessions = new Map<string, Buffer>();
  return (origin, signal) =>
    origin.scheme === 'https'
      ? openTls(origin, signal, options, sessions)
      : openPlain(origin, signal, options.tcp);
}

/** Opens a connection by TCP, or to a Unix socket, and nothing on it. */
export function openPlain(
  origin: Pick<Origin, 'host' | 'port' | 'socketPath'>,
  signal: AbortSignal,
  tcp: TcpOptions = {},
): Promise<Connected> {
  const { host, port, socketPath } = origin;
  const socket =
    socketPath === null
      ? connectSocket({ host, port, allowHalfOpen: true })
      : connectSocket({ path: socketPath, allowHalfOpen: true });
  return opened(socket, 'connect', signal, () => {
    if (socketPath === null) applyTcpOptions(socket, tcp);
    return { transport: socketTransport(socket), socket };
  });
}

function openTls(
  origin: Origin,
  signal: AbortSignal,
  options: ConnectorOptions,
  sessions: Map<string, Buffer>,
): Promise<Connected> {
  const { host, port, socketPath, isAddress, key } = origin;
  const session = sessions.get(key);
  const socket: TLSSocket = nodeTls().connect({
    ...(socketPath === null ? { host, port } : { path: socketPath }),
    // «Literal IPv4 and IPv6 addresses are not permitted in "HostName"», RFC 6066 section 3.
    ...(isAddress ? {} : { servername: host }),
    ...(session === undefined ? {} : { session }),
    ALPNProtocols: ['http/1.1'],
    ...options.tls,
  });
  socket.on('session', (issued: Buffer) => {
    if (sessions.size >= SESSIONS_MAX) sessions.clear();
    sessions.set(key, issued);
  });
  return opened(socket, 'secureConnect', signal, () => {
    if (socketPath === null) applyTcpOptions(socket, options.tcp ?? {});
    return { transport: tlsSocketTransport(socket), socket, tls: nodeTlsInfo(socket) };
  });
}

function opened(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
  connected: () => Connected,
): Promise<Connected> {
  return new Promise((resolve, reject) => {
    const letGo = (): void => {
      socket.off(event, onOpen);
      socket.off('error', onError);
      socket.off('close', onClose);
      signal.removeEventListener('abort', onAbort);
    };
    const onOpen = (): void => {
      letGo();
      resolve(connected());
    };
    const onError = (error: Error): void => {
      letGo();
      reject(error);
    };
    const onClose = (): void => onError(new Error('the connection was closed while it was opened'));
    const onAbort = (): void => {
      letGo();
      socket.destroy();
      reject(signal.reason);
    };
    // Errors before and after our interest are nobody's; without a listener they would throw.
    socket.on('error', ignore);
    socket.once(event, onOpen);
    socket.once('error', onError);
    socket.once('close', onClose);
    signal.addEventListener('abort', onAbort);
  });
}

function ignore(): void {}
