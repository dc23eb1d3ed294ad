// What `holdline serve` may be told.
import { hostName } from './host-guard.ts';
import { integerOption, parseOptions, quote, secondsOption, UsageError } from './option-parser.ts';
import type { ServerTlsArguments } from './tls/server-tls.ts';
import { engineOption } from './tls/tls-engine.ts';

/** What `holdline serve` was asked to do. Undefined: not said, so the server's default. */
export interface ServeArguments {
  readonly command: 'serve';
  /** Undefined for the built-in page. */
  readonly folder: string | undefined;
  /** Undefined: 8080, or a free one where that is taken. */
  readonly port: number | undefined;
  readonly listen: string;
  /** As `hostName` returns them. */
  readonly hosts: readonly string[];
  readonly idleMs: number;
  readonly headMs: number | undefined;
  readonly stallMs: number | undefined;
  readonly ageMs: number | undefined;
  /** Infinity: as long as it takes. */
  readonly drainMs: number;
  /** On one connection; Infinity for any number. */
  readonly requestsMax: number;
  /** At a time; Infinity for any number. */
  readonly connectionsMax: number;
  readonly acceptsUrlTargets: boolean;
  /** Null: none. */
  readonly tls: ServerTlsArguments | null;
  /** The live page is offered. */
  readonly hasLivePage: boolean;
  /** WebSockets are answered at `/echo`. */
  readonly hasEcho: boolean;
  readonly isQuiet: boolean;
}

/** Options of `serve`; the help text explains them. */
export const SERVE_OPTIONS = {
  port: { type: 'string', short: 'p' },
  listen: { type: 'string' },
  host: { type: 'string', multiple: true },
  idle: { type: 'string' },
  head: { type: 'string' },
  stall: { type: 'string' },
  age: { type: 'string' },
  drain: { type: 'string' },
  requests: { type: 'string' },
  connections: { type: 'string' },
  'url-targets': { type: 'boolean' },
  tls: { type: 'boolean' },
  cert: { type: 'string' },
  key: { type: 'string' },
  'tls-engine': { type: 'string' },
  heartbeat: { type: 'string' },
  'no-live': { type: 'boolean' },
  'no-echo': { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

const PORT_MAX = 65_535;
const COUNT_MAX = 1_000_000_000;

/** Above the 60 s after which load balancers give up on a connection: they should be the first. */
const IDLE_MS = 65_000;

/** Understands what stands behind `serve`. Throws {@link UsageError}. */
export function serveArguments(
  args: readonly string[],
):
  | ServeArguments
  | { readonly command: 'help'; readonly topic: 'serve' }
  | { readonly command: 'version' } {
  const { values, positionals: folders } = parseOptions(args, SERVE_OPTIONS);
  if (values.help === true) return { command: 'help', topic: 'serve' };
  if (values.version === true) return { command: 'version' };
  if (folders.length > 1) throw new UsageError('only one folder can be served');
  const [folder] = folders;
  if (folder === '') throw new UsageError('the name of the folder is empty');
  const listen = values.listen ?? '127.0.0.1';
  if (listen === '') throw new UsageError('--listen needs an address');
  return {
    command: 'serve',
    folder,
    port: integerOption('port', values.port, 0, PORT_MAX),
    listen: listen.replace(/^\[(.*)\]$/, '$1'),
    hosts: (values.host ?? []).map(hostArgument),
    idleMs: secondsOption('idle', values.idle) ?? IDLE_MS,
    headMs: secondsOption('head', values.head),
    stallMs: secondsOption('stall', values.stall),
    ageMs: secondsOption('age', values.age),
    drainMs: secondsOption('drain', values.drain) ?? Number.POSITIVE_INFINITY,
    requestsMax: count('requests', values.requests),
    connectionsMax: count('connections', values.connections),
    acceptsUrlTargets: values['url-targets'] === true,
    tls: tlsArguments(values),
    hasLivePage: values['no-live'] !== true,
    hasEcho: values['no-echo'] !== true,
    isQuiet: values.quiet === true,
  };
}

/** Whoever names a certificate wants TLS. */
function tlsArguments(values: {
  readonly tls?: boolean;
  readonly cert?: string;
  readonly key?: string;
  readonly 'tls-engine'?: string;
  readonly heartbeat?: string;
}): ServerTlsArguments | null {
  const { cert, key } = values;
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError('--cert and --key go together');
  }
  const files = cert === undefined || key === undefined ? null : { cert, key };
  const engine = engineOption(values['tls-engine']);
  const heartbeatMs = secondsOption('heartbeat', values.heartbeat);
  if (values.tls !== true && files === null) {
    if (engine === undefined && heartbeatMs === undefined) return null;
    throw new UsageError('--tls-engine and --heartbeat are for --tls only');
  }
  if (engine === 'node' && heartbeatMs !== undefined) {
    throw new UsageError('node:tls has no heartbeats: --heartbeat takes holdline for --tls-engine');
  }
  return { files, engine: engine ?? 'holdline', heartbeatMs };
}

/** Infinity when it was not said. */
function count(name: string, text: string | undefined): number {
  return integerOption(name, text, 1, COUNT_MAX) ?? Number.POSITIVE_INFINITY;
}

function hostArgument(text: string): string {
  const name = hostName(text);
  if (name !== null) return name;
  throw new UsageError(`--host takes a name or address without a port, not ${quote(text)}`);
}
