// The class `WebSocketServer` of the package `ws`: upgrades of an HTTP server become WebSockets.
import { EventEmitter } from 'node:events';
import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import process from 'node:process';
import type { Duplex } from 'node:stream';
import type { WebSocketServerSettings } from '@holdline/websocket/server';
import { serverLineSettings } from './line-settings.ts';
import { ServerOpening } from './server-opening.ts';
import { refuseUpgrade } from './upgrade-refusal.ts';
import { WebSocket } from './websocket.ts';
import type { ServerOptions } from './websocket-options.ts';

/** What a server's listeners are given. */
export interface WebSocketServerEvents {
  listening: [];
  connection: [websocket: WebSocket, request: IncomingMessage, ...others: unknown[]];
  /** The lines of the response, which may be changed before they leave. */
  headers: [lines: string[], request: IncomingMessage];
  error: [error: Error];
  close: [];
  /** A client asks for a WebSocket in a wrong way; a listener has to answer it. Without one it is answered. */
  wsClientError: [error: Error, socket: Duplex, request: IncomingMessage];
}

type Upgraded = (websocket: WebSocket, request: IncomingMessage) => void;

/** A server of WebSockets, with an HTTP server of its own, at one of the program's, or at none. */
export class WebSocketServer extends EventEmitter<WebSocketServerEvents> {
  /** As given. */
  readonly options: ServerOptions;
  /** The open connections; undefined without `clientTracking`. */
  readonly clients: Set<WebSocket> | undefined;
  readonly #settings: WebSocketServerSettings;
  #server: HttpServer | HttpsServer | null = null;
  #state: 'running' | 'closing' | 'closed' = 'running';
  /** `close` is due when the last client has gone. */
  #closesEmpty = false;

  /** Throws TypeError unless there is exactly one of `port`, `server` and `noServer`. */
  constructor(options: ServerOptions, listening?: () => void) {
    super();
    const { port = null, server = null, noServer = false, clientTracking = true } = options;
    const ways = [port !== null, server !== null, noServer].filter(Boolean).length;
    if (ways !== 1) {
      throw new TypeError(
        'One and only one of the "port", "server", or "noServer" options must be specified',
      );
    }
    this.options = options;
    this.#settings = serverLineSettings(options);
    this.clients = clientTracking ? new Set() : undefined;
    this.#server = port === null ? server : this.#listen(port, listening);
    this.#server?.on('listening', this.#onListening);
    this.#server?.on('error', this.#onError);
    this.#server?.on('upgrade', this.#onUpgrade);
  }

  /** Where it listens; null after `close`. Throws Error where there is no server. */
  address(): AddressInfo | string | null {
    if (this.options.noServer === true) {
      throw new Error('The server is operating in "noServer" mode');
    }
    return this.#server?.address() ?? null;
  }

  /**
   * Takes no more connections, and emits `close` when those are over that there are; it closes none of
   * them. A server of the program's goes on listening.
   */
  close(callback?: (error?: Error) => void): void {
    if (this.#state === 'closed') {
      this.once('close', () => callback?.(new Error('The server is not running')));
      process.nextTick(() => this.#emitClose());
      return;
    }
    if (callback !== undefined) this.once('close', () => callback());
    if (this.#state === 'closing') return;
    this.#state = 'closing';
    const server = this.#server;
    this.#server = null;
    server?.off('listening', this.#onListening);
    server?.off('error', this.#onError);
    server?.off('upgrade', this.#onUpgrade);
    if (server !== null && this.options.server !== server) server.close(() => this.#emitClose());
    else if (this.clients === undefined || this.clients.size === 0) {
      process.nextTick(() => this.#emitClose());
    } else this.#closesEmpty = true;
  }

  /** Whether a request is for this server; by default, by its path. */
  shouldHandle(request: IncomingMessage): boolean {
    const { path } = this.options;
    if (path === null || path === undefined || path === '') return true;
    return request.url?.split('?', 1)[0] === path;
  }

  /**
   * Answers an upgrade of an HTTP server, and calls back with the connection, if it comes to one.
   * Throws Error when the socket was handed over before.
   */
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, upgraded: Upgraded): void {
    const opening = new ServerOpening(request, socket, this.options);
    opening.verify({
      isHandled: () => this.shouldHandle(request),
      refused: (status, message, headers) => refuseUpgrade(socket, status, message, headers),
      invalid: (error, status, headers) => {
        const isHeard = this.emit('wsClientError', error, socket, request);
        if (!isHeard) refuseUpgrade(socket, status, error.message, headers);
      },
      verified: () => {
        if (this.#state === 'running') this.#accept(opening, head, upgraded);
        else refuseUpgrade(socket, 503);
      },
    });
  }

  #listen(port: number, listening: (() => void) | undefined): HttpServer {
    const server = createServer((_request, response) => {
      response.writeHead(426, { 'Content-Type': 'text/plain', Upgrade: 'websocket' });
      response.end('Upgrade Required');
    });
    const { host, backlog } = this.options;
    server.listen({ port, ...(host ? { host } : {}), ...(backlog ? { backlog } : {}) }, listening);
    return server;
  }

  #accept(opening: ServerOpening, head: Buffer, upgraded: Upgraded): void {
    const accepted = opening.accept();
    const lines = accepted.lines;
    this.emit('headers', lines, opening.request);
    const opened = opening.open(lines, accepted, head, this.#settings);
    const WebSocketClass = this.options.WebSocket ?? WebSocket;
    const websocket = new WebSocketClass(null, undefined, this.options);
    websocket.takeOver(opened);
    this.#track(websocket);
    upgraded(websocket, opening.request);
  }

  #track(websocket: WebSocket): void {
    const { clients } = this;
    if (clients === undefined) return;
    clients.add(websocket);
    websocket.on('close', () => {
      clients.delete(websocket);
      if (this.#closesEmpty && clients.size === 0) process.nextTick(() => this.#emitClose());
    });
  }

  #emitClose(): void {
    this.#state = 'closed';
    this.emit('close');
  }

  readonly #onListening = (): void => {
    this.emit('listening');
  };

  readonly #onError = (error: Error): void => {
    this.emit('error', error);
  };

  readonly #onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    this.handleUpgrade(request, socket, head, (websocket) => {
      this.emit('connection', websocket, request);
    });
  };
}
