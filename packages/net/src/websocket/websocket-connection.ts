// An open WebSocket as programs see it, in either role.
import type {
  ClosedEvent,
  DeflateParameters,
  FailedEvent,
  MessageKind,
  RoundTrip,
  SendOptions,
  WebSocketFaultCode,
} from '@holdline/websocket';
import type { WireFrame } from './frame-scanner.ts';
import type { IncomingMessage } from './incoming-message.ts';

/** A whole message: text, or bytes, which are the receiver's. */
export type WebSocketMessage = string | Uint8Array;

/** How a message is sent. */
export interface MessageOptions extends SendOptions {
  /** `text` for bytes that are UTF-8; by default a string is text and bytes are binary. */
  readonly kind?: MessageKind;
}

/** What is known of a message before its content. */
export interface StreamOptions extends SendOptions {
  /** Its length, which makes it one frame; a server's only. What is sent must have it. */
  readonly byteCount?: number;
}

/** Content in pieces: text or bytes. */
export type StreamSource = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/**
 * What is called for the connections of a server or client; shared by all of them, so that a
 * connection costs no functions. What one throws, or what its promise rejects with, is a fault of the
 * program's: it is reported, and the connection is closed with 1011. What it returns else says nothing.
 */
export interface WebSocketHandlers {
  /** A message has come. Without this they are read by iterating, and wait until they are. */
  onMessage?(message: WebSocketMessage, connection: WebSocketConnection): unknown;
  /** As `onMessage`, where `delivery` is `pieces`: a message begins. */
  onStream?(message: IncomingMessage, connection: WebSocketConnection): unknown;
  /** A ping has come, which has been answered; 0-125 bytes. */
  onPing?(payload: Uint8Array, connection: WebSocketConnection): void;
  /** A pong has come; null when it answers no ping that is outstanding. */
  onPong?(payload: Uint8Array, roundTripMs: number | null, connection: WebSocketConnection): void;
  /** After a `send` that returned false: go on. */
  onDrained?(connection: WebSocketConnection): void;
  /**
   * A frame has come or goes, for who wants to look at the wire: a control frame with all of it, any
   * other with its header. Before the connection acts on it. Without this no frame is looked at twice.
   */
  onFrame?(frame: WireFrame, connection: WebSocketConnection): void;
  /** The connection is over. */
  onClosed?(event: ClosedEvent, connection: WebSocketConnection): void;
}

/** One open connection. */
export interface WebSocketConnection extends AsyncIterable<WebSocketMessage> {
  /** Whatever the program wants to keep with the connection. */
  data: unknown;
  /** The subprotocol in use, or null. */
  readonly subprotocol: string | null;
  /** What was agreed of permessage-deflate; null when nothing is compressed. */
  readonly deflate: DeflateParameters | null;
  /** The peer's address; empty when the transport has none. */
  readonly remoteAddress: string;
  /** The peer's port; 0 when the transport has none. */
  readonly remotePort: number;
  /** Messages may be sent: nobody has begun to close. */
  readonly isOpen: boolean;
  /** Bytes that were sent and that the transport has not taken. */
  readonly bufferedBytes: number;
  /** Bytes that came from the transport, the opening handshake of a server included. */
  readonly bytesReceived: number;
  /** Bytes that the transport has taken, the opening handshake of a server included. */
  readonly bytesSent: number;
  /** How long the peer takes to answer pings; null before the first answer. */
  readonly roundTrip: RoundTrip | null;
  /** What the peer did wrong; null when nothing was. */
  readonly failure: FailedEvent<WebSocketFaultCode> | null;
  /** How it ended, what was seen of that and what it probably means; null before. */
  readonly closedEvent: ClosedEvent | null;
  /** Resolves when the connection is over, however that was. */
  readonly closed: Promise<ClosedEvent>;
  /**
   * Sends a message, behind those that were sent before; bytes must not change until they have left.
   * Returns whether to go on: false when much is waiting (see `drained`), or when the connection is
   * not open any more. Then the message goes nowhere, unless it is the peer that has closed, and somebody
   * here is still at work on what came before that (see `close`). Throws LocalProtocolError for a text in
   * bytes that are not UTF-8.
   */
  send(message: string | Uint8Array, options?: MessageOptions): boolean;
  /**
   * Sends a message in pieces, as they come and as the peer reads; what is sent meanwhile waits behind
   * it. Rejects with WebSocketMessageError when the connection ends before, with what the source threw
   * (then the connection is closed with 1011, since a message cannot be taken back), with
   * LocalProtocolError for content that is not UTF-8 or not of the declared length.
   */
  sendStream(kind: MessageKind, source: StreamSource, options?: StreamOptions): Promise<void>;
  /** Resolves when little is waiting to be sent, or the connection is over. */
  drained(): Promise<void>;
  /**
   * Sends a ping with 0-125 bytes, by default such as no other has. Resolves with the milliseconds to
   * its pong; rejects with WebSocketMessageError when the connection ends before.
   */
  ping(payload?: Uint8Array): Promise<number>;
  /** Sends a pong of 0-125 bytes that nobody has asked for (RFC 6455 section 5.5.3). */
  pong(payload?: Uint8Array): void;
  /**
   * Begins the closing handshake behind what was sent, and resolves when the connection is over. 1000
   * by default. Messages in pieces, and what waits behind them, have `closingMs`: if they are not out by
   * then, the connection fails with 1011. What still comes can be read as far as little of it waits. A
   * no-op, but for the promise, once this side has begun. When the peer has, it is answered as soon as
   * nobody is at work any more on what came before, and within two seconds: not before whoever iterates
   * asks for another message or stops, before what `onMessage` and `onStream` returned has settled, or
   * within a message in pieces. To call this then is to answer, behind messages in pieces. Throws LocalProtocolError for a code or reason that may not be
   * sent (RFC 6455 section 7.4).
   */
  close(code?: number, reason?: string): Promise<ClosedEvent>;
  /** Cuts the connection. */
  abort(): void;
  /** No more calls for messages until `resume`: what comes waits, at last with the peer. */
  hold(): void;
  /** Goes on. */
  resume(): void;
  /**
   * The messages that have come and that will. Where they are not read they wait, at last with the
   * peer; while they do, its pings and its end are not seen. Ends when the connection is over, however
   * that was: `closedEvent` says how. To stop iterating, and to go on later, is allowed. What comes
   * behind a message waits until another is asked for, a turn of the event loop at most: who answers
   * without waiting for anything answers before that. Throws TypeError where there is `onMessage`, or messages come in pieces.
   */
  [Symbol.asyncIterator](): AsyncIterator<WebSocketMessage, undefined>;
  /**
   * The same where `delivery` is `pieces`. A message that nobody has begun to read is discarded when
   * the next is asked for. Throws TypeError where there is `onStream`, or messages come whole.
   */
  streams(): AsyncIterable<IncomingMessage>;
}
