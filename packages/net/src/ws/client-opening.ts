// The opening handshake of a client, as a request of node:http, so that its agents, its options and
// what they do to a request go on working.
import { randomBytes } from 'node:crypto';
import {
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestPlain,
} from 'node:http';
import { type RequestOptions, request as requestSecure } from 'node:https';
import { connect, isIP, type NetConnectOpts, type Socket } from 'node:net';
import process from 'node:process';
import type { Duplex } from 'node:stream';
import { connect as connectTls, type ConnectionOptions as TlsOptions } from 'node:tls';
import {
  type ClientHandshake,
  ClientWebSocket,
  checkOpeningResponse,
  makeOpeningRequest,
  type ServerWebSocket,
} from '@holdline/websocket';
import { sharedClock } from '../clock.ts';
import { type ClientAddress, clientAddress } from './client-address.ts';
import { handshakeError } from './handshake-error.ts';
import { fieldsOfRaw } from './handshake-fields.ts';
import { clientLineSettings, deflateOffers } from './line-settings.ts';
import type { WebSocket } from './websocket.ts';
import type { ClientOptions } from './websocket-options.ts';

/** An opening handshake that went well, in either role. */
export interface Opened {
  readonly socket: Duplex;
  readonly machine: ClientWebSocket | ServerWebSocket;
  readonly protocol: string;
  readonly extensions: string;
}

/** Whose handshake it is. */
export interface OpeningOwner {
  readonly websocket: WebSocket;
  movedTo(url: string): void;
  opened(opened: Opened): void;
  failed(error: Error): void;
}

const CREDENTIALS = ['authorization', 'cookie'];

/** One client's handshake, with the redirects that it follows. */
export class ClientOpening {
  readonly #owner: OpeningOwner;
  readonly #options: ClientOptions;
  readonly #handshake: ClientHandshake;
  readonly #origin: ClientAddress;
  #address: ClientAddress;
  #headers: OutgoingHttpHeaders;
  #request: ClientRequest | null = null;
  #redirects = 0;
  #timer: NodeJS.Timeout | undefined;

  /** Throws SyntaxError or RangeError for what is not valid; nothing has begun. */
  constructor(
    address: string | URL,
    protocols: string | readonly string[] | undefined,
    options: ClientOptions,
    owner: OpeningOwner,
  ) {
    const { protocolVersion = 13, headers = {} } = options;
    if (protocolVersion !== 13) {
      throw new RangeError(
        `Unsupported protocol version: ${protocolVersion} (supported versions: 13)`,
      );
    }
    this.#owner = owner;
    this.#options = options;
    this.#address = clientAddress(address);
    this.#origin = this.#address;
    this.#handshake = handshakeFor(this.#address, protocols, options);
    this.#headers = { ...(headers as OutgoingHttpHeaders) };
    owner.movedTo(this.#address.url.href);
  }

  /** Sends the request. */
  start(): void {
    const { handshakeTimeout } = this.#options;
    if (handshakeTimeout !== undefined && handshakeTimeout > 0) {
      const late = (): void => this.abort(new Error('Opening handshake has timed out'));
      this.#timer = setTimeout(late, handshakeTimeout);
    }
    this.#send();
  }

  /** Gives it up. */
  abort(error: Error): void {
    const request = this.#request;
    if (request === null) return;
    this.#forget();
    request.on('error', () => {});
    request.destroy();
    process.nextTick(() => this.#owner.failed(error));
  }

  #send(): void {
    const { finishRequest } = this.#options;
    const { websocket } = this.#owner;
    const request = (this.#address.isSecure ? requestSecure : requestPlain)(this.#requestOptions());
    this.#request = request;
    if (this.#redirects > 0) websocket.emit('redirect', websocket.url, request);
    const isPresent = (): boolean => this.#request === request;
    request.on('error', (error) => {
      if (!isPresent()) return;
      this.#forget();
      this.#owner.failed(error);
    });
    request.on('response', (response) => {
      if (isPresent()) this.#answered(request, response);
    });
    request.on('upgrade', (response, socket, head) => {
      if (isPresent()) this.#upgraded(response, socket, head);
      else socket.destroy();
    });
    if (finishRequest !== undefined) finishRequest(request, websocket);
    else request.end();
  }

  #requestOptions(): RequestOptions {
    const { protocols, finishRequest, origin, headers, auth, ...options } = this.#options;
    const { isSecure, host, port, path, socketPath, credentials } = this.#address;
    const basic = this.#isTrusted ? (credentials ?? auth) : credentials;
    const connectTo = isSecure ? secureConnection : plainConnection;
    return {
      ...options,
      method: 'GET',
      createConnection: options.createConnection ?? connectTo,
      host,
      port,
      path,
      ...(socketPath === null ? {} : { socketPath }),
      ...(basic === null || basic === undefined ? {} : { auth: basic }),
      headers: this.#allHeaders(origin),
    };
  }

  #allHeaders(origin: string | undefined): OutgoingHttpHeaders {
    const headers: OutgoingHttpHeaders = { ...this.#headers };
    for (const { name, value } of this.#handshake.request.fields) {
      // Node writes Host itself.
      if (name !== 'Host') headers[name] = value;
    }
    if (origin !== undefined) headers['Origin'] = origin;
    return headers;
  }

  /** It is still the server that the program has named, over a connection that is no less secure. */
  get #isTrusted(): boolean {
    const { url, isSecure, socketPath } = this.#address;
    const isSame = url.host === this.#origin.url.host && socketPath === this.#origin.socketPath;
    return isSame && (isSecure || !this.#origin.isSecure);
  }

  #answered(request: ClientRequest, response: IncomingMessage): void {
    const { statusCode = 0, headers } = response;
    const { followRedirects = false, maxRedirects = 10 } = this.#options;
    if (
      followRedirects &&
      headers.location !== undefined &&
      statusCode >= 300 &&
      statusCode < 400
    ) {
      if (this.#redirects === maxRedirects) this.abort(new Error('Maximum redirects exceeded'));
      else this.#redirect(request, headers.location);
      return;
    }
    const isHeard = this.#owner.websocket.emit('unexpected-response', request, response);
    if (!isHeard) this.abort(new Error(`Unexpected server response: ${statusCode}`));
  }

  #redirect(request: ClientRequest, location: string): void {
    try {
      this.#address = clientAddress(location, httpBase(this.#address));
    } catch (error) {
      this.abort(error as Error);
      return;
    }
    this.#redirects += 1;
    this.#request = null;
    request.on('error', () => {});
    request.destroy();
    // What proves who the user is, is for the server that it was given for; a listener may decide otherwise.
    const isDecided = this.#owner.websocket.listenerCount('redirect') > 0;
    if (!this.#isTrusted && !isDecided) this.#headers = withoutCredentials(this.#headers);
    this.#owner.movedTo(this.#address.url.href);
    this.#send();
  }

  #upgraded(response: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { websocket } = this.#owner;
    websocket.emit('upgrade', response);
    if (websocket.readyState !== websocket.CONNECTING) {
      socket.destroy();
      return;
    }
    const fields = fieldsOfRaw(response.rawHeaders);
    const verdict = checkOpeningResponse(this.#handshake, { status: 101, fields });
    this.#forget();
    if (verdict.type !== 'established') {
      socket.on('error', () => {});
      socket.destroy();
      process.nextTick(() => this.#owner.failed(handshakeError(verdict, this.#handshake)));
      return;
    }
    const settings = clientLineSettings(this.#options);
    prepareSocket(socket, head);
    this.#owner.opened({
      socket,
      machine: new ClientWebSocket(settings, sharedClock().now(), verdict.deflate),
      protocol: verdict.subprotocol ?? '',
      extensions: verdict.deflate === null ? '' : 'permessage-deflate',
    });
  }

  #forget(): void {
    clearTimeout(this.#timer);
    this.#request = null;
  }
}

/** What was read behind the head is read again, and nothing of HTTP's patience is left. */
export function prepareSocket(socket: Duplex, head: Buffer): void {
  const { setTimeout, setNoDelay } = socket as Partial<Socket>;
  setTimeout?.call(socket, 0);
  setNoDelay?.call(socket);
  if (head.length > 0) socket.unshift(head);
}

function handshakeFor(
  { url, isSecure, host, port, path }: ClientAddress,
  protocols: string | readonly string[] = [],
  options: ClientOptions,
): ClientHandshake {
  const subprotocols = typeof protocols === 'string' ? [protocols] : protocols;
  const target = { secure: isSecure, host, port, authority: url.host, resourceName: path };
  const deflate = deflateOffers(options);
  try {
    return makeOpeningRequest(target, randomBytes(16), {
      subprotocols,
      subprotocolRequired: true,
      deflate,
    });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new SyntaxError('An invalid or duplicated subprotocol was specified');
  }
}

/** URLs of WebSockets resolve a reference as those of HTTP do. */
function httpBase({ url }: ClientAddress): URL {
  return url;
}

function withoutCredentials(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  const kept = Object.entries(headers).filter(([name]) => {
    const lower = name.toLowerCase();
    return !CREDENTIALS.includes(lower) && lower !== 'host';
  });
  return Object.fromEntries(kept);
}

function plainConnection(options: object): Socket {
  const { socketPath } = options as RequestOptions;
  const { path, ...others } = options as NetConnectOpts & { path?: string };
  return connect((socketPath ? { ...others, path: socketPath } : others) as NetConnectOpts);
}

function secureConnection(options: object): Socket {
  const { path, ...others } = options as TlsOptions;
  const { host = '', servername = isIP(host) === 0 ? host : '' } = others;
  return connectTls({ ...others, servername });
}
