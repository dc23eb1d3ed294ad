// What `holdline connect` may be told.
import { makeOpeningRequest, parseWebSocketUrl } from '@holdline/websocket/client';
import { parseOptions, quote, secondsOption, UsageError } from '../option-parser.ts';
import type { TrustArguments } from '../tls/client-trust.ts';
import { engineOption, type TlsEngine } from '../tls/tls-engine.ts';
import {
  CONNECT_OPTIONS,
  type ConnectValues,
  refuseOptions,
  TIMEOUT_MS,
  trustArguments,
} from './connect-options.ts';
import { type TlsConnectArguments, tlsConnectArguments } from './tls/tls-connect-arguments.ts';

/** A field of the opening request. */
interface RequestField {
  readonly name: string;
  readonly value: string;
}

/** What the opening request says. */
interface OpeningWords {
  /** ws or wss, as `URL` serialises it. */
  readonly url: string;
  readonly fields: readonly RequestField[];
  /** Undefined for none. */
  readonly origin: string | undefined;
  /** Most preferred first. */
  readonly subprotocols: readonly string[];
}

/** What `holdline connect` was asked to do. */
export interface ConnectArguments extends OpeningWords {
  readonly command: 'connect';
  /** permessage-deflate is offered. */
  readonly offersDeflate: boolean;
  /** Whose TLS it is, for wss. */
  readonly engine: TlsEngine;
  readonly trust: TrustArguments;
  /** Where the keys of holdline's TLS are logged to; undefined: nowhere. */
  readonly keyLogFile: string | undefined;
  /** For the connection, and then for the server's answer. */
  readonly timeoutMs: number;
  /** From the end of the input to the closing handshake. */
  readonly waitMs: number;
  /** Lines are sent as binary messages. */
  readonly isBinary: boolean;
  /** Lines that do not come from a terminal may be commands, too. */
  readonly takesCommands: boolean;
  /** Messages are printed as they are. */
  readonly isRaw: boolean;
  readonly isQuiet: boolean;
}

/** Options that WebSockets do not have. */
const TLS_ONLY = ['alpn', 'servername', 'heartbeat', 'crlf'] as const;

/** Options that only WebSockets over TLS have. */
const SECURE_ONLY = ['ca', 'insecure', 'pin', 'keylog', 'tls-engine'] as const;

/** Understands what stands behind `connect`. Throws {@link UsageError}. */
export function connectArguments(
  args: readonly string[],
):
  | ConnectArguments
  | TlsConnectArguments
  | { readonly command: 'help'; readonly topic: 'connect' }
  | { readonly command: 'version' } {
  const { values, positionals } = parseOptions(args, CONNECT_OPTIONS);
  if (values.help === true) return { command: 'help', topic: 'connect' };
  if (values.version === true) return { command: 'version' };
  const [text, ...others] = positionals;
  if (text === undefined)
    throw new UsageError('connect where to? Such as ws://127.0.0.1:8080/echo');
  if (others.length > 0) throw new UsageError('only one URL can be connected to');
  if (/^tls:/i.test(text)) return tlsConnectArguments(text, values);
  refuseOptions(values, TLS_ONLY, 'is for tls:// only');
  const url = urlArgument(text);
  if (!url.startsWith('wss:')) refuseOptions(values, SECURE_ONLY, 'is for wss:// and tls:// only');
  return {
    command: 'connect',
    ...openingWords(url, values.header ?? [], values.origin, values.subprotocol ?? []),
    offersDeflate: values['no-deflate'] !== true,
    engine: engineOf(values),
    trust: trustArguments(values),
    keyLogFile: values.keylog,
    timeoutMs: secondsOption('timeout', values.timeout) ?? TIMEOUT_MS,
    waitMs: secondsOption('wait', values.wait) ?? 0,
    isBinary: values.binary === true,
    takesCommands: values.commands === true,
    isRaw: values.raw === true,
    isQuiet: values.quiet === true,
  };
}

/** node:tls unless asked for what only holdline's can do: chains are validated by the former. */
function engineOf({ pin, keylog, 'tls-engine': text }: ConnectValues): TlsEngine {
  const asked = engineOption(text);
  const wantsOwn = pin !== undefined || keylog !== undefined;
  if (asked === 'node' && wantsOwn) {
    throw new UsageError('--pin and --keylog take holdline for --tls-engine');
  }
  return asked ?? (wantsOwn ? 'holdline' : 'node');
}

/** As the URL Standard has it, so that spaces and the like are encoded; without a scheme it is ws. */
function urlArgument(text: string): string {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
  if (!URL.canParse(hasScheme ? text : `ws://${text}`)) {
    throw new UsageError(`${quote(text)} is no URL`);
  }
  const url = new URL(hasScheme ? text : `ws://${text}`);
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('a WebSocket URL has no user; a header Authorization says who you are');
  }
  if (url.protocol === 'http:') url.protocol = 'ws:';
  if (url.protocol === 'https:') url.protocol = 'wss:';
  return url.href;
}

/** The machine that makes the request knows best what it may say; it is asked before anything happens. */
function openingWords(
  url: string,
  headers: readonly string[],
  origin: string | undefined,
  subprotocols: readonly string[],
): OpeningWords {
  const fields = headers.map(fieldArgument);
  try {
    const said = { fields, subprotocols, ...(origin !== undefined && { origin }) };
    makeOpeningRequest(parseWebSocketUrl(url), new Uint8Array(16), said);
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  return { url, fields, origin, subprotocols };
}

function fieldArgument(text: string): RequestField {
  const colon = text.indexOf(':');
  if (colon < 1) throw new UsageError(`--header takes 'Name: value', not ${quote(text)}`);
  return { name: text.slice(0, colon).trim(), value: text.slice(colon + 1).trim() };
}
