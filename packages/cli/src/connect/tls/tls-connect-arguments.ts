// What `holdline connect tls://` may be told.
import { isIP } from 'node:net';
import { integerOption, quote, secondsOption, UsageError } from '../../option-parser.ts';
import type { TrustArguments, TrustedServer } from '../../tls/client-trust.ts';
import {
  type ConnectValues,
  refuseOptions,
  TIMEOUT_MS,
  trustArguments,
} from '../connect-options.ts';

/** What it was asked to do. */
export interface TlsConnectArguments {
  readonly command: 'connect-tls';
  /** Where to, and whom it asks for. */
  readonly server: TrustedServer;
  readonly trust: TrustArguments;
  /** For ALPN, most preferred first. */
  readonly protocols: readonly string[];
  /** Where keys are logged to; undefined: nowhere. */
  readonly keyLogFile: string | undefined;
  /** Silence after which a heartbeat request is sent; undefined: heartbeats are not offered. */
  readonly heartbeatMs: number | undefined;
  /** For the connection, its handshake included. */
  readonly timeoutMs: number;
  /** From the end of the input to close_notify. */
  readonly waitMs: number;
  /** What ends a line that is sent. */
  readonly lineEnd: '\n' | '\r\n';
  /** Lines that do not come from a terminal may be commands, too. */
  readonly takesCommands: boolean;
  /** What comes is printed as it is. */
  readonly isRaw: boolean;
  readonly isQuiet: boolean;
}

/** Options that only WebSockets have. */
const FOREIGN = ['header', 'origin', 'subprotocol', 'no-deflate', 'binary', 'tls-engine'] as const;

const PORT_MAX = 65_535;

/** Understands what stands behind `connect`, where that is tls://. Throws {@link UsageError}. */
export function tlsConnectArguments(text: string, values: ConnectValues): TlsConnectArguments {
  refuseOptions(values, FOREIGN, 'is not for tls://');
  const { host, port } = destination(text);
  return {
    command: 'connect-tls',
    server: { host, port, serverName: serverName(host, values.servername) },
    trust: trustArguments(values),
    protocols: (values.alpn ?? []).map(protocolArgument),
    keyLogFile: values.keylog,
    heartbeatMs: secondsOption('heartbeat', values.heartbeat),
    timeoutMs: secondsOption('timeout', values.timeout) ?? TIMEOUT_MS,
    waitMs: secondsOption('wait', values.wait) ?? 0,
    lineEnd: values.crlf === true ? '\r\n' : '\n',
    takesCommands: values.commands === true,
    isRaw: values.raw === true,
    isQuiet: values.quiet === true,
  };
}

/** `tls://host:port`, an IPv6 address in brackets. */
function destination(text: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, port] =
    /^tls:\/\/(?:\[([0-9a-f:.]+)\]|([^\s/:?#@[\]]+)):(\d+)\/?$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || (bracketed !== undefined && isIP(bracketed) !== 6)) {
    throw new UsageError(
      `tls:// wants a host and a port, as in tls://localhost:8443, not ${quote(text)}`,
    );
  }
  return { host, port: integerOption('port', port, 1, PORT_MAX) ?? 0 };
}

/** «Literal IPv4 and IPv6 addresses are not permitted in "HostName"», RFC 6066 section 3. */
function serverName(host: string, asked: string | undefined): string | null {
  if (asked === undefined) return isIP(host) === 0 ? host : null;
  if (asked === '') return null;
  if (isIP(asked) === 0 && /^[\x21-\x7e]{1,255}$/.test(asked)) return asked;
  throw new UsageError(`--servername takes a host name, not ${quote(asked)}`);
}

function protocolArgument(text: string): string {
  if (/^[\x21-\x7e]{1,255}$/.test(text)) return text;
  throw new UsageError(`--alpn takes the name of a protocol, such as http/1.1, not ${quote(text)}`);
}
