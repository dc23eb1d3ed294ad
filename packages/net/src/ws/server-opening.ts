// The opening handshake of a server, for an upgrade that node:http has handed over.
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import {
  type AcceptedRequest,
  acceptOpening,
  type HandshakeResponseHead,
  type OpeningRequest,
  readOpeningRequest,
  ServerWebSocket,
  type WebSocketServerSettings,
} from '@holdline/websocket/server';
import { sharedClock } from '../clock.ts';
import { type Opened, prepareSocket } from './client-opening.ts';
import { fieldsOfRaw } from './handshake-fields.ts';
import { deflateChoice } from './line-settings.ts';
import type { ServerOptions, VerifyClientAnswer, VerifyClientInfo } from './websocket-options.ts';

/** What becomes of a handshake; one of the three is called, once. */
export interface OpeningOutcome {
  /** Whether the server is there for it. */
  isHandled(): boolean;
  /** It is in order, and the program does not want it. */
  refused(status: number, message?: string, headers?: OutgoingHttpHeaders): void;
  /** It is not in order. */
  invalid(error: Error, status: number, headers: OutgoingHttpHeaders): void;
  /** It may be accepted. */
  verified(): void;
}

/** An answer that was not sent. */
export interface AcceptedOpening {
  readonly accepted: AcceptedRequest;
  /** Its head, line by line. */
  readonly lines: string[];
}

/** Sockets that became WebSockets. */
const taken = new WeakSet<Duplex>();

/** One upgrade. */
export class ServerOpening {
  readonly request: IncomingMessage;
  readonly #socket: Duplex;
  readonly #options: ServerOptions;
  #opening: OpeningRequest | null = null;

  constructor(request: IncomingMessage, socket: Duplex, options: ServerOptions) {
    this.request = request;
    this.#socket = socket;
    this.#options = options;
    // Nobody else listens until the connection is open.
    socket.on('error', destroyOnError);
  }

  /** Reads the request, and asks the program; the answer may come later. */
  verify(outcome: OpeningOutcome): void {
    const { method = '', url = '', rawHeaders, httpVersionMinor } = this.request;
    const fields = fieldsOfRaw(rawHeaders);
    const head = { method, target: url, fields, minorVersion: httpVersionMinor };
    const read = readOpeningRequest(head);
    if (read.type !== 'opening') {
      outcome.invalid(new Error(read.message), read.response.status, headersOf(read.response));
      return;
    }
    this.#opening = read;
    if (!outcome.isHandled()) outcome.refused(400);
    else this.#ask(outcome);
  }

  /** The answer. Throws Error when the socket was taken before. */
  accept(): AcceptedOpening {
    if (taken.has(this.#socket)) {
      throw new Error(
        'server.handleUpgrade() was called more than once with the same socket, possibly due to a misconfiguration',
      );
    }
    taken.add(this.#socket);
    const accepted = acceptOpening(this.#opening as OpeningRequest, {
      subprotocols: (offered) => this.#choose(offered),
      deflate: deflateChoice(this.#options),
    });
    const { fields } = accepted.response;
    const lines = fields.map(({ name, value }) => `${name}: ${value}`);
    return { accepted, lines: ['HTTP/1.1 101 Switching Protocols', ...lines] };
  }

  /** Sends it, as it is now, and makes the machine. */
  open(
    lines: readonly string[],
    { accepted: { subprotocol, deflate } }: AcceptedOpening,
    head: Buffer,
    settings: WebSocketServerSettings,
  ): Opened {
    const socket = this.#socket;
    socket.write([...lines, '', ''].join('\r\n'));
    socket.off('error', destroyOnError);
    prepareSocket(socket, head);
    return {
      socket,
      machine: new ServerWebSocket(settings, sharedClock().now(), deflate),
      protocol: subprotocol ?? '',
      extensions: deflate === null ? '' : 'permessage-deflate',
    };
  }

  #ask(outcome: OpeningOutcome): void {
    const { verifyClient } = this.#options;
    if (verifyClient === null || verifyClient === undefined) {
      this.#verified(outcome);
      return;
    }
    const { headers, socket } = this.request;
    const { authorized, encrypted } = socket as Partial<TLSSocket>;
    const secure = authorized === true || encrypted === true;
    const info: VerifyClientInfo = { origin: headers.origin, secure, req: this.request };
    const answer: VerifyClientAnswer = (isAccepted, status, message, fields) => {
      if (isAccepted) this.#verified(outcome);
      else outcome.refused(status || 401, message, fields);
    };
    if (verifyClient.length > 1) verifyClient(info, answer);
    else answer(Boolean((verifyClient as (info: VerifyClientInfo) => boolean)(info)));
  }

  #verified(outcome: OpeningOutcome): void {
    const { readable, writable } = this.#socket;
    // The client has gone meanwhile.
    if (readable && writable) outcome.verified();
    else this.#socket.destroy();
  }

  /** «The value chosen MUST be derived from the client's handshake», RFC 6455 section 4.2.2: any other is none. */
  #choose(offered: readonly string[]): string | null {
    const { handleProtocols } = this.#options;
    if (offered.length === 0) return null;
    if (handleProtocols === null || handleProtocols === undefined) return offered[0] ?? null;
    const chosen = handleProtocols(new Set(offered), this.request);
    return chosen !== false && offered.includes(chosen) ? chosen : null;
  }
}

function headersOf({ fields }: HandshakeResponseHead): OutgoingHttpHeaders {
  return Object.fromEntries(fields.map(({ name, value }) => [name, value]));
}

function destroyOnError(this: Duplex): void {
  this.destroy();
}
