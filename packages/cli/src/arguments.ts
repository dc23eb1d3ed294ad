// The command line: what may be said, and what is wrong with what was.
import { parseArgs } from 'node:util';
import { escapeInvisible } from './escape.ts';
import { hostName } from './host-guard.ts';

/** The user's fault: one line on stderr, and exit code 2. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

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
  /** The live page is offered. */
  readonly hasLivePage: boolean;
  readonly isQuiet: boolean;
}

/** What the command was asked to do. */
export type Arguments =
  | ServeArguments
  | { readonly command: 'help'; readonly topic: 'holdline' | 'serve' }
  | { readonly command: 'version' };

/** Options of `serve` for Node's parser; the help text explains them. */
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
  'no-live': { type: 'boolean' },
  quiet: { type: 'boolean', short: 'q' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parseServe>['values'];

const PORT_MAX = 65_535;
const COUNT_MAX = 1_000_000_000;

/** Above the 60 s after which load balancers give up on a connection: they should be the first. */
const IDLE_MS = 65_000;

/** Understands the arguments behind the program's name. Throws {@link UsageError}. */
export function parseArguments(args: readonly string[]): Arguments {
  const [command, ...rest] = args;
  switch (command) {
    case 'serve':
      return serveArguments(rest);
    case '--help':
    case '-h':
      return { command: 'help', topic: 'holdline' };
    case '--version':
      return { command: 'version' };
    case undefined:
      throw new UsageError("which command? 'holdline --help' names them");
    default:
      throw new UsageError(`there is no command ${quote(command)}; 'holdline --help' names them`);
  }
}

function serveArguments(args: readonly string[]): Arguments {
  const { values, folders } = parseServe(args);
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
    port: integer('port', values, 0, PORT_MAX),
    listen: listen.replace(/^\[(.*)\]$/, '$1'),
    hosts: (values.host ?? []).map(hostArgument),
    idleMs: milliseconds('idle', values) ?? IDLE_MS,
    headMs: milliseconds('head', values),
    stallMs: milliseconds('stall', values),
    ageMs: milliseconds('age', values),
    drainMs: milliseconds('drain', values) ?? Number.POSITIVE_INFINITY,
    requestsMax: integer('requests', values, 1, COUNT_MAX) ?? Number.POSITIVE_INFINITY,
    connectionsMax: integer('connections', values, 1, COUNT_MAX) ?? Number.POSITIVE_INFINITY,
    acceptsUrlTargets: values['url-targets'] === true,
    hasLivePage: values['no-live'] !== true,
    isQuiet: values.quiet === true,
  };
}

/** Node's parser, with messages of one line. */
function parseServe(args: readonly string[]) {
  const options = SERVE_OPTIONS;
  const config = { args: [...args], options, allowPositionals: true, tokens: true } as const;
  // Not strict, so that what is wrong can be said in our words; the tokens say what was there.
  const { values, positionals, tokens } = parseArgs({ ...config, strict: false });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    if (!Object.hasOwn(options, name)) throw new UsageError(`there is no option ${quote(rawName)}`);
    const wantsValue = options[name as keyof typeof options].type === 'string';
    if (!wantsValue && value !== undefined) throw new UsageError(`${rawName} takes no value`);
    // `--port --quiet` is a forgotten value rather than a strange one; `--port=--quiet` says so.
    const isForgotten = value === undefined || (inlineValue === false && value.startsWith('-'));
    if (wantsValue && isForgotten) throw new UsageError(`${rawName} needs a value`);
  }
  type Strict = ReturnType<typeof parseArgs<typeof config>>['values'];
  return { values: values as Strict, folders: positionals };
}

function integer(
  name: 'port' | 'requests' | 'connections',
  values: Values,
  min: number,
  max: number,
): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const number = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new UsageError(`--${name} takes a whole number from ${min} to ${max}, not ${quote(text)}`);
}

/** Seconds, with a fraction if need be. */
function milliseconds(
  name: 'idle' | 'head' | 'stall' | 'age' | 'drain',
  values: Values,
): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const seconds = /^\d{1,7}(?:\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  if (seconds > 0) return Math.round(seconds * 1000);
  throw new UsageError(`--${name} takes seconds above 0, such as 2.5, not ${quote(text)}`);
}

function hostArgument(text: string): string {
  const name = hostName(text);
  if (name !== null) return name;
  throw new UsageError(`--host takes a name or address without a port, not ${quote(text)}`);
}

/** The user's own words, on one line however they were. */
function quote(text: string): string {
  return `'${escapeInvisible(text)}'`;
}
