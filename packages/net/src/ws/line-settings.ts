// What connections are told of limits and compression, from options with the names of `ws`.
import { isUtf8 } from 'node:buffer';
import { randomFillSync } from 'node:crypto';
import {
  clientSettings,
  type DeflateChoice,
  type DeflateOffer,
  serverSettings,
  type WebSocketClientSettings,
  type WebSocketServerOptions,
  type WebSocketServerSettings,
} from '@holdline/websocket';
import { nodeCompression } from '@holdline/websocket/node';
import { sharedClock } from '../clock.ts';
import { CONTEXT_BYTES_MAX, CONTEXT_IDLE_MS, ContextKeeper } from '../websocket/context-keeper.ts';
import type { ConnectionOptions, PerMessageDeflateOptions } from './websocket-options.ts';

const MAX_PAYLOAD_BYTES = 104_857_600;
const FRAGMENTS_MAX = 16_384;
const CLOSE_TIMEOUT_MS = 30_000;
const THRESHOLD_BYTES = 1_024;

/** For the connections of a server. Throws RangeError for what is out of range. */
export function serverLineSettings(options: ConnectionOptions): WebSocketServerSettings {
  return serverSettings(machineOptions(options));
}

let keeper: ContextKeeper | null = null;

/** Counts the windows of compression of all lines of this process, and gives up those that are idle. */
export function lineContexts(): ContextKeeper {
  keeper ??= new ContextKeeper(sharedClock(), CONTEXT_BYTES_MAX, CONTEXT_IDLE_MS);
  return keeper;
}

let plainClient: WebSocketClientSettings | null = null;

/** For a connection of a client; most clients share theirs. Throws RangeError for what is out of range. */
export function clientLineSettings(options: ConnectionOptions): WebSocketClientSettings {
  const { maxPayload, maxFragments, closeTimeout, perMessageDeflate } = options;
  const isPlain = [maxPayload, maxFragments, closeTimeout].every((value) => value === undefined);
  if (!isPlain || typeof perMessageDeflate === 'object') return madeForClient(options);
  plainClient ??= madeForClient({});
  return plainClient;
}

/** What a server wants of permessage-deflate; null for nothing, be it because there is no memory left for it. */
export function deflateChoice({ perMessageDeflate }: ConnectionOptions): DeflateChoice | null {
  if (!perMessageDeflate || lineContexts().isFull) return null;
  const wanted = deflateOptions(perMessageDeflate);
  const { serverMaxWindowBits, clientMaxWindowBits } = wanted;
  return {
    serverNoContextTakeover: wanted.serverNoContextTakeover === true,
    clientNoContextTakeover: wanted.clientNoContextTakeover === true,
    ...(serverMaxWindowBits === undefined ? {} : { serverMaxWindowBits }),
    ...(typeof clientMaxWindowBits === 'number' ? { clientMaxWindowBits } : {}),
  };
}

/** What a client offers, which it does unless it is told not to. */
export function deflateOffers({ perMessageDeflate = true }: ConnectionOptions): DeflateOffer[] {
  if (!perMessageDeflate) return [];
  const wanted = deflateOptions(perMessageDeflate);
  const { serverMaxWindowBits, clientMaxWindowBits = true } = wanted;
  return [
    {
      serverNoContextTakeover: wanted.serverNoContextTakeover === true,
      clientNoContextTakeover: wanted.clientNoContextTakeover === true,
      ...(serverMaxWindowBits === undefined ? {} : { serverMaxWindowBits }),
      clientMaxWindowBits,
    },
  ];
}

function madeForClient(options: ConnectionOptions): WebSocketClientSettings {
  return clientSettings({
    ...machineOptions(options),
    random: (target) => void randomFillSync(target),
  });
}

function machineOptions(options: ConnectionOptions): WebSocketServerOptions {
  const { maxPayload = MAX_PAYLOAD_BYTES, maxFragments = FRAGMENTS_MAX } = options;
  const { closeTimeout = CLOSE_TIMEOUT_MS, perMessageDeflate } = options;
  const { threshold = THRESHOLD_BYTES } = deflateOptions(perMessageDeflate ?? false);
  const none = Number.POSITIVE_INFINITY;
  return {
    limits: {
      messageBytesMax: maxPayload > 0 ? maxPayload : none,
      fragmentsMax: maxFragments > 0 ? maxFragments : none,
      outputBytesMax: none,
    },
    // A program of `ws` looks itself whether a peer still lives, and is let send what it likes.
    timeouts: { pingMs: none, writeStallMs: none, closingMs: closeTimeout },
    delivery: 'pieces',
    compressBytesMin: threshold,
    compression: nodeCompression,
    isUtf8,
  };
}

function deflateOptions(given: boolean | PerMessageDeflateOptions): PerMessageDeflateOptions {
  return typeof given === 'object' ? given : {};
}
