// The options of `holdline connect`, which has two ways to talk: WebSockets and plain TLS.
import { type OptionValues, UsageError } from '../option-parser.ts';
import type { TrustArguments } from '../tls/client-trust.ts';

/** The help text explains them. */
export const CONNECT_OPTIONS = {
  header: { type: 'string', short: 'H', multiple: true },
  origin: { type: 'string' },
  subprotocol: { type: 'string', short: 's', multiple: true },
  'no-deflate': { type: 'boolean' },
  timeout: { type: 'string', short: 't' },
  ca: { type: 'string' },
  insecure: { type: 'boolean', short: 'k' },
  pin: { type: 'string' },
  keylog: { type: 'string' },
  'tls-engine': { type: 'string' },
  alpn: { type: 'string', multiple: true },
  servername: { type: 'string' },
  heartbeat: { type: 'string' },
  binary: { type: 'boolean', short: 'b' },
  crlf: { type: 'boolean' },
  commands: { type: 'boolean', short: 'c' },
  wait: { type: 'string', short: 'w' },
  raw: { type: 'boolean', short: 'r' },
  quiet: { type: 'boolean', short: 'q' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** What was said of them. */
export type ConnectValues = OptionValues<typeof CONNECT_OPTIONS>;

/** Milliseconds to wait for a server, unless told otherwise. */
export const TIMEOUT_MS = 10_000;

/** Throws {@link UsageError} when one of `names` was said. */
export function refuseOptions(
  values: ConnectValues,
  names: readonly (keyof ConnectValues)[],
  why: string,
): void {
  const name = names.find((each) => values[each] !== undefined);
  if (name !== undefined) throw new UsageError(`--${name} ${why}`);
}

/** Whom to trust. Throws {@link UsageError} for what contradicts itself. */
export function trustArguments({ pin, ca, insecure = false }: ConnectValues): TrustArguments {
  if (pin !== undefined && (insecure || ca !== undefined)) {
    throw new UsageError('--pin trusts one certificate: it does not go with --ca and --insecure');
  }
  return { pinFile: pin, caFile: ca, isInsecure: insecure };
}
