// WebSockets of a client, one by one.
import process from 'node:process';
import {
  ClientWebSocket,
  type EstablishedConnection,
  makeOpeningRequest,
  parseWebSocketUrl,
  type WebSocketUrl,
} from '@holdline/websocket/client';
import type { Instant } from '../bytes/connection.ts';
import type { ConnectedSocket } from '../client/connector.ts';
import { type Origin, parseUrl } from '../client/origin.ts';
import type { Clock } from '../clock.ts';
import type { Driver } from '../driver.ts';
import { ClientOpening, type OpeningOwner } from './client-opening.ts';
import {
  type ConnectSettings,
  completeConnectOptions,
  randomBytes,
  type WebSocketConnectOptions,
} from './connect-options.ts';
import { ContextKeeper } from './context-keeper.ts';
import { OpenWebSocket } from './open-websocket.ts';
import { OpeningTurn } from './opening-turn.ts';
import { SendBatch } from './send-batch.ts';
import type { WebSocketHost } from './sending-websocket.ts';
import { watchedParty } from './watched-machine.ts';
import type { WebSocketConnection } from './websocket-connection.ts';
import { WebSocketOpenError } from './websocket-errors.ts';

const NONCE_BYTES = 16;
const NEVER = Number.POSITIVE_INFINITY;

/**
 * Opens a WebSocket: ws or wss, or http and https in their place. Redirects are not followed, and any
 * other answer than 101 is a refusal. Rejects with `WebSocketOpenError`; with TypeError or RangeError for
 * a URL or an option that is not valid.
 */
export function connectWebSocket(
  url: string | URL,
  options: WebSocketConnectOptions = {},
): Promise<WebSocketConnection> {
  return new Promise((resolve, reject) => {
    const parsed = parseWebSocketUrl(new URL(url).href);
    new WebSocketConnecting(options, resolve, reject).start(parsed);
  });
}

/** One connection of a client, and the promise of it. */
class WebSocketConnecting implements WebSocketHost, OpeningOwner {
  readonly clock: Clock;
  readonly handlers: WebSocketConnectOptions;
  readonly inPieces: boolean;
  readonly contexts: ContextKeeper | null;
  readonly batch: SendBatch = new SendBatch();
  readonly #settings: ConnectSettings;
  readonly #resolve: (connection: WebSocketConnection) => void;
  readonly #reject: (error: Error) => void;
  #stopListening: () => void = () => {};
  /** Null where nobody is waited for. */
  #turn: OpeningTurn | null = null;

  constructor(
    options: WebSocketConnectOptions,
    resolve: (connection: WebSocketConnection) => void,
    reject: (error: Error) => void,
  ) {
    const settings = completeConnectOptions(options);
    const { clock, websocket, contextIdleMs } = settings;
    this.#settings = settings;
    this.#resolve = resolve;
    this.#reject = reject;
    this.clock = clock;
    this.handlers = options;
    this.inPieces = websocket.inPieces;
    this.contexts =
      websocket.compression === null ? null : new ContextKeeper(clock, NEVER, contextIdleMs);
  }

  start(url: WebSocketUrl): void {
    const { compression, deflate, signal, socketPath = null, ...opening } = this.handlers;
    const handshake = makeOpeningRequest(url, newNonce(), {
      ...opening,
      ...(compression === undefined ? { deflate: [] } : deflate === undefined ? {} : { deflate }),
    });
    if (signal?.aborted === true) {
      const details = { cause: signal.reason };
      throw new WebSocketOpenError('WEBSOCKET_ABORTED', 'the signal was aborted', details);
    }
    const attempt = new ClientOpening(this, handshake, this.#settings);
    const onAbort = (): void => attempt.abort(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#stopListening = () => signal?.removeEventListener('abort', onAbort);
    const origin = originOf(url, socketPath);
    if (this.handlers.serializesOpening === false) {
      attempt.start(origin);
      return;
    }
    this.#turn = new OpeningTurn(origin, () => attempt.start(origin));
    this.#turn.enter();
  }

  /** {@link OpeningOwner} */
  opened(
    driver: Driver,
    { subprotocol, deflate }: EstablishedConnection,
    socket: ConnectedSocket,
    now: Instant,
  ): void {
    this.#stopListening();
    const machine = new ClientWebSocket(this.#settings.websocket, now, deflate);
    const connection = new OpenWebSocket(this, machine, driver, socket, { subprotocol, deflate });
    const party = watchedParty(connection, this.handlers);
    // A server may read nothing while it is not read from: if both did so, they would wait for ever.
    driver.switchTo({ connection: party.connection, sink: connection, listens: true });
    this.#resolve(connection);
    this.#turn?.leave();
  }

  /** {@link OpeningOwner} */
  failed(error: Error): void {
    this.#stopListening();
    this.#reject(error);
    this.#turn?.leave();
  }

  /** {@link WebSocketHost} */
  ended(_connection: WebSocketConnection): void {}

  /** {@link WebSocketHost} */
  fault(error: unknown, connection: WebSocketConnection): void {
    if (this.handlers.onFault !== undefined) this.handlers.onFault(error, connection);
    else process.emitWarning(error instanceof Error ? error : new Error(String(error)));
  }
}

function newNonce(): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES);
  randomBytes(nonce);
  return nonce;
}

function originOf({ secure, authority }: WebSocketUrl, socketPath: string | null): Origin {
  return parseUrl(`${secure ? 'https' : 'http'}://${authority}`, socketPath).origin;
}
