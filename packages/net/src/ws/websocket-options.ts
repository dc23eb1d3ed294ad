// Options and types of the facade; the names are those of `ws`.
import type {
  ClientRequest,
  Server as HttpServer,
  IncomingMessage,
  OutgoingHttpHeaders,
} from 'node:http';
import type { Server as HttpsServer, RequestOptions } from 'node:https';
import type { WebSocket } from './websocket.ts';

/** A received message: a Buffer, unless `binaryType` says otherwise. */
export type RawData = Buffer | ArrayBuffer | Buffer[];

/** What binary messages are given as: one Buffer, an ArrayBuffer, a Blob, or a list of Buffers as they came. */
export type BinaryType = 'nodebuffer' | 'arraybuffer' | 'blob' | 'fragments';

/** What can be sent: text, bytes, a Blob; a number is sent as text, anything else as `Buffer.from` makes it bytes. */
export type BufferLike =
  | string
  | number
  | ArrayBufferLike
  | ArrayBufferView
  | Blob
  | readonly number[]
  | { valueOf(): ArrayBufferLike | Uint8Array | readonly number[] | string };

/** Called when what was sent has been taken by the kernel, or will not be. */
export type SentCallback = (error?: Error) => void;

/** How one message is sent. */
export interface SendOptions {
  /** Binary or text; by default a string is text and all else is binary. */
  readonly binary?: boolean | undefined;
  /** False: not compressed. True is the default: from `threshold` on, where that was agreed. */
  readonly compress?: boolean | undefined;
  /** False: more of this message follows with the next call. */
  readonly fin?: boolean | undefined;
  /** Ignored: a client always masks, a server never does (RFC 6455 section 5.1). */
  readonly mask?: boolean | undefined;
}

/** What is wanted of permessage-deflate (RFC 7692 section 7.1). */
export interface PerMessageDeflateOptions {
  /** The server begins each message with an empty window. */
  readonly serverNoContextTakeover?: boolean | undefined;
  /** The client does. */
  readonly clientNoContextTakeover?: boolean | undefined;
  /** The server's window: 8-15. */
  readonly serverMaxWindowBits?: number | undefined;
  /** The client's window: 8-15; a client may say true, for whatever the server wants. */
  readonly clientMaxWindowBits?: number | boolean | undefined;
  /** Messages of fewer bytes are not compressed; 1024. */
  readonly threshold?: number | undefined;
  /** Ignored, as compression is synchronous. */
  readonly concurrencyLimit?: number | undefined;
  /** Ignored: level and memory are this library's own. */
  readonly zlibDeflateOptions?: object | undefined;
  /** Ignored. */
  readonly zlibInflateOptions?: object | undefined;
}

/** What both ends can be told of their connections. */
export interface ConnectionOptions {
  /** Bytes of a message above which the connection is closed with 1009; 0 for no limit; 104857600. */
  readonly maxPayload?: number | undefined;
  /** Frames of a message above which the connection is closed with 1008; 0 for no limit; 16384. */
  readonly maxFragments?: number | undefined;
  /** Milliseconds for the closing handshake; 30000. */
  readonly closeTimeout?: number | undefined;
  /** True, an object, or false for no compression. A client offers it by default, a server declines. */
  readonly perMessageDeflate?: boolean | PerMessageDeflateOptions | undefined;
  /** Ignored: a ping is always answered. */
  readonly autoPong?: boolean | undefined;
  /** Ignored: messages come as soon as they are there. */
  readonly allowSynchronousEvents?: boolean | undefined;
  /** Ignored: text is always checked. */
  readonly skipUTF8Validation?: boolean | undefined;
}

/** Options of a client, and what `node:http` and `node:https` can be told of a request. */
export interface ClientOptions
  extends ConnectionOptions,
    Omit<RequestOptions, 'protocol' | 'method' | 'path' | 'timeout'> {
  /** The Origin field. */
  readonly origin?: string | undefined;
  /** In the place of the second argument. */
  readonly protocols?: string | readonly string[] | undefined;
  /** 13; no other is spoken. */
  readonly protocolVersion?: number | undefined;
  /** Milliseconds for the opening handshake, redirects included; no limit by default. */
  readonly handshakeTimeout?: number | undefined;
  /** Redirects are followed; false. */
  readonly followRedirects?: boolean | undefined;
  /** So many of them; 10. */
  readonly maxRedirects?: number | undefined;
  /** Ends the request itself, after it has changed it. */
  readonly finishRequest?: ((request: ClientRequest, websocket: WebSocket) => void) | undefined;
}

/** What a verifier is told. */
export interface VerifyClientInfo {
  /** The Origin field; undefined for most clients that are no browsers. */
  readonly origin: string | undefined;
  /** It came through TLS. */
  readonly secure: boolean;
  readonly req: IncomingMessage;
}

/** The answer of a verifier. The status is 401 unless it is given. */
export type VerifyClientAnswer = (
  isAccepted: boolean,
  status?: number,
  message?: string,
  headers?: OutgoingHttpHeaders,
) => void;

/** Whether a client may connect; one with two parameters answers by the second, now or later. */
export type VerifyClient =
  | ((info: VerifyClientInfo) => boolean)
  | ((info: VerifyClientInfo, answer: VerifyClientAnswer) => void);

/** Options of a server: one of `port`, `server` and `noServer`. */
export interface ServerOptions extends ConnectionOptions {
  /** A server of its own listens there; 0 for any that is free. */
  readonly port?: number | null | undefined;
  /** Its address; all by default. */
  readonly host?: string | null | undefined;
  /** Connections that may wait to be accepted. */
  readonly backlog?: number | null | undefined;
  /** An HTTP server whose upgrades are taken. */
  readonly server?: HttpServer | HttpsServer | null | undefined;
  /** Upgrades are handed over by `handleUpgrade`. */
  readonly noServer?: boolean | undefined;
  /** Other paths are answered 400. */
  readonly path?: string | null | undefined;
  /** Asked about each client. */
  readonly verifyClient?: VerifyClient | null | undefined;
  /** Chooses a subprotocol of those offered; false for none. By default the client's first. */
  readonly handleProtocols?:
    | ((protocols: Set<string>, request: IncomingMessage) => string | false)
    | null
    | undefined;
  /** `clients` are kept; true. */
  readonly clientTracking?: boolean | undefined;
  /** The class of the connections, which extends `WebSocket`. */
  readonly WebSocket?:
    | (new (
        address: null,
        protocols: undefined,
        options: ServerOptions,
      ) => WebSocket)
    | undefined;
}
