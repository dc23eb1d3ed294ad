// `holdline serve`: puts the parts together, listens, and says where.
import {
  type HttpServer,
  type HttpServerOptions,
  type ListenAddress,
  serveHttp,
  sharedClock,
} from '@holdline/net';
import type { WebSocketServer } from '@holdline/net/websocket';
import { builtInPage } from './built-in-page.ts';
import { ConnectionAges } from './connection-ages.ts';
import { escapeInvisible } from './escape.ts';
import { HostGuard } from './host-guard.ts';
import type { LineOutput } from './line-output.ts';
import { FEED_PATH, LIVE_PATH, LiveSite } from './live/live-site.ts';
import { UsageError } from './option-parser.ts';
import type { ServeArguments } from './serve-arguments.ts';
import { logListeners, type Outputs, reportFault, webSocketListeners } from './serve-log.ts';
import { ServedFolder } from './served-folder.ts';
import { type EndSignal, Shutdown, SIGNAL_EXIT_CODES } from './shutdown.ts';
import { site } from './site.ts';
import { staticFiles } from './static-files.ts';
import { describeError, errorCode } from './system-error.ts';
import { askedNames } from './tls/certificate-names.ts';
import { type ServerTls, serverTls } from './tls/server-tls.ts';
import { ECHO_PATH, echoServer } from './websocket/echo.ts';
import { commonOptions, webSocketSite } from './websocket/websocket-site.ts';

const DEFAULT_PORT = 8080;

/** How much longer than announced an idle connection is kept. */
const IDLE_GRACE_MS = 1000;

/**
 * Serves until a signal ends it; resolves to the exit code. Rejects with {@link UsageError} when the
 * folder cannot be served, and with the system's error when it cannot listen.
 */
export async function serve(asked: ServeArguments, outputs: Outputs): Promise<number> {
  const { stdout } = outputs;
  const folder = asked.folder === undefined ? null : await openFolder(asked.folder);
  const ages = new ConnectionAges();
  const live = asked.hasLivePage ? livePage(asked, ages) : null;
  const livePath = live === null ? null : LIVE_PATH;
  const { idleMs, requestsMax } = asked;
  const resource =
    folder === null
      ? builtInPage({ ages, idleMs, requestsMax, livePath })
      : staticFiles(folder, (error, exchange) => reportFault(outputs, error, exchange));
  const webSockets = webSocketServers(asked, live, outputs);
  const inner = webSocketSite(webSockets, resource);
  const handler = site(
    new HostGuard(asked.hosts, asked.tls === null ? 'http' : 'https'),
    live?.inFrontOf(inner) ?? inner,
  );
  const names = askedNames(asked.listen, asked.hosts);
  const tls =
    asked.tls && (await serverTls(asked.tls, names, (_event, info) => live?.secured(info)));
  const server = serveHttp(handler, {
    ...serverOptions(asked, tls),
    ...logListeners(outputs, { ages, live }, asked.isQuiet),
  });
  const { address, takenPort } = await listen(server, asked);
  const exitCode = exitCodeOf(server, live, asked, stdout);
  const what = folder === null ? 'its built-in page' : escapeInvisible(folder.path);
  const httpUrl = urlOf(asked.tls === null ? 'http' : 'https', address);
  stdout.line(`holdline serving ${what} at ${httpUrl}/`);
  // At once, on its own; whether anybody reads it must not matter.
  void stdout.flush();
  if (live !== null) stdout.line(`holdline: live page at ${httpUrl}${LIVE_PATH}`);
  if (asked.hasEcho) {
    stdout.line(`holdline: echo at ${httpUrl.replace('http', 'ws')}${ECHO_PATH}`);
  }
  if (tls !== null) stdout.line(`holdline: ${tls.line}`);
  if (takenPort !== null) {
    stdout.line(
      `holdline: port ${takenPort} is taken, so the free port ${address.port} was chosen`,
    );
  }
  return exitCode;
}

async function openFolder(folder: string): Promise<ServedFolder> {
  try {
    return await ServedFolder.at(folder);
  } catch (error) {
    throw new UsageError(`cannot serve '${escapeInvisible(folder)}': ${describeError(error)}`);
  }
}

function serverOptions(asked: ServeArguments, tls: ServerTls | null): HttpServerOptions {
  const { idleMs, headMs, stallMs, ageMs, requestsMax, connectionsMax } = asked;
  const timeouts = {
    idleMs,
    idleGraceMs: IDLE_GRACE_MS,
    ...(headMs !== undefined && { headMs }),
    ...(stallMs !== undefined && { writeStallMs: stallMs }),
    ...(ageMs !== undefined && { ageMsMax: ageMs }),
  };
  const http1 = { timeouts, requestsMax, acceptUrlTargets: asked.acceptsUrlTargets };
  return { http1, connectionsMax, ...(tls !== null && { security: tls.security }) };
}

function livePage(asked: ServeArguments, ages: ConnectionAges): LiveSite {
  const { idleMs, requestsMax, ageMs: ageMsMax = Number.POSITIVE_INFINITY } = asked;
  const policy = { idleMs, idleGraceMs: IDLE_GRACE_MS, requestsMax, ageMsMax };
  // That of the server, too.
  return new LiveSite({ clock: sharedClock(), ages, policy });
}

/** By path. */
function webSocketServers(
  { hasEcho, isQuiet }: ServeArguments,
  live: LiveSite | null,
  outputs: Outputs,
): ReadonlyMap<string, WebSocketServer> {
  const common = commonOptions(webSocketListeners(outputs, live, isQuiet));
  const servers = new Map<string, WebSocketServer>();
  if (hasEcho) servers.set(ECHO_PATH, echoServer(common));
  if (live !== null) servers.set(FEED_PATH, live.feedServer(common));
  return servers;
}

interface Listening {
  readonly address: ListenAddress;
  /** The default port, when another one was chosen because of it. */
  readonly takenPort: number | null;
}

async function listen(
  server: HttpServer,
  { port, listen: host }: ServeArguments,
): Promise<Listening> {
  try {
    const address = await server.listen({ host, port: port ?? DEFAULT_PORT });
    return { address, takenPort: null };
  } catch (error) {
    // Only who did not ask for a port does not mind which one it is.
    const mayChoose = port === undefined && errorCode(error) === 'EADDRINUSE';
    if (!mayChoose) {
      const where = `${host.includes(':') ? `[${host}]` : host}:${port ?? DEFAULT_PORT}`;
      throw new Error(`cannot listen at ${escapeInvisible(where)}: ${describeError(error)}`);
    }
  }
  return { address: await server.listen({ host, port: 0 }), takenPort: DEFAULT_PORT };
}

function exitCodeOf(
  server: HttpServer,
  live: LiveSite | null,
  { drainMs }: ServeArguments,
  stdout: LineOutput,
): Promise<number> {
  return new Promise((resolve) => {
    const say = (text: string): void => stdout.line(`holdline: ${text}`);
    const now = (): number => performance.now();
    const endWatching = async (): Promise<number> => live?.drain() ?? 0;
    const shutdown = new Shutdown({ server, drainMs, endWatching, say, now, exit: resolve });
    for (const signal of Object.keys(SIGNAL_EXIT_CODES) as EndSignal[]) {
      process.on(signal, () => shutdown.onSignal(signal));
    }
  });
}

/** What to type into a browser: an address that stands for all of them is reached by the loopback's. */
function urlOf(scheme: 'http' | 'https', { host, port }: ListenAddress): string {
  if (host === '0.0.0.0') return `${scheme}://127.0.0.1:${port}`;
  if (host === '::') return `${scheme}://[::1]:${port}`;
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
