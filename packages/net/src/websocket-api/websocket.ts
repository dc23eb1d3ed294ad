// The class `WebSocket` of the WebSockets Standard, for programs that are written for browsers.
import process from 'node:process';
import type { ClosedEvent } from '@holdline/websocket/client';
import { nodeCompression } from '@holdline/websocket/node';
import { SendQueue } from '../send-queue.ts';
import type { WebSocketConnectOptions } from '../websocket/connect-options.ts';
import { connectWebSocket } from '../websocket/websocket-connect.ts';
import type {
  WebSocketConnection,
  WebSocketHandlers,
  WebSocketMessage,
} from '../websocket/websocket-connection.ts';
import { checkClose, checkProtocols, clampedCode } from './arguments.ts';
import { BufferedAmount } from './buffered-amount.ts';
import { CloseEvent, ConnectionErrorEvent } from './close-event.ts';
import { type EventHandler, EventHandlers } from './event-handlers.ts';
import { byteCountOf, contentOf } from './message-data.ts';
import { requestFields, webSocketUrl, withoutCredentials } from './request-url.ts';

/** In the place of the subprotocols, for programs that are no browsers. */
export interface WebSocketInit {
  /** Subprotocols, most preferred first. */
  readonly protocols?: string | readonly string[];
  /** Further fields of the request. */
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  /** Whatever `connectWebSocket` can be told beside that, such as `tls`. */
  readonly connect?: Omit<
    WebSocketConnectOptions,
    keyof WebSocketHandlers | 'subprotocols' | 'subprotocolRequired' | 'fields' | 'signal'
  >;
}

/** Text, bytes, or a Blob. */
export type WebSocketData = string | ArrayBuffer | ArrayBufferView | Blob;

/** What binary messages are given as. */
export type BinaryType = 'blob' | 'arraybuffer';

const CONNECTING = 0;
const OPEN = 1;
const CLOSING = 2;
const CLOSED = 3;
const NORMAL = 1000;
const NO_STATUS = 1005;
const ABNORMAL_CLOSURE = 1006;

/** One connection of a client. Events are `open`, `message`, `error` and `close`. */
export class WebSocket extends EventTarget {
  /** The opening handshake is under way. */
  declare static readonly CONNECTING: 0;
  /** Messages may be sent. */
  declare static readonly OPEN: 1;
  /** The closing handshake has begun. */
  declare static readonly CLOSING: 2;
  /** It is over, or was never open. */
  declare static readonly CLOSED: 3;
  /** The same, of an object. */
  declare readonly CONNECTING: 0;
  /** The same, of an object. */
  declare readonly OPEN: 1;
  /** The same, of an object. */
  declare readonly CLOSING: 2;
  /** The same, of an object. */
  declare readonly CLOSED: 3;
  readonly #url: URL;
  readonly #handlers: EventHandlers = new EventHandlers(this);
  readonly #buffered: BufferedAmount = new BufferedAmount();
  readonly #queue: SendQueue = new SendQueue((error) => this.#fail(error));
  readonly #attempt: AbortController = new AbortController();
  #state: 0 | 1 | 2 | 3 = CONNECTING;
  /** Its state is OPEN, and the event is over. */
  #wasOpened = false;
  #binaryType: BinaryType = 'blob';
  #connection: WebSocketConnection | null = null;
  /** A message that came with the opening handshake, whose event goes first. */
  #first: WebSocketMessage | null = null;

  static {
    const names = { CONNECTING, OPEN, CLOSING, CLOSED };
    for (const [name, value] of Object.entries(names)) {
      const property = { value, enumerable: true };
      Object.defineProperty(WebSocket, name, property);
      Object.defineProperty(WebSocket.prototype, name, property);
    }
    for (const name of Object.getOwnPropertyNames(WebSocket.prototype)) {
      const property = Object.getOwnPropertyDescriptor(WebSocket.prototype, name);
      if (name === 'constructor' || property?.configurable !== true) continue;
      Object.defineProperty(WebSocket.prototype, name, { ...property, enumerable: true });
    }
    const tag = { value: 'WebSocket', configurable: true };
    Object.defineProperty(WebSocket.prototype, Symbol.toStringTag, tag);
  }

  /**
   * Connects. Throws a `SyntaxError` DOMException for a URL that is not a WebSocket's, or subprotocols
   * that are no tokens or not unique; TypeError for fields that cannot be sent.
   */
  constructor(url: string | URL, protocols: string | readonly string[] | WebSocketInit = []) {
    super();
    // biome-ignore lint/complexity/noArguments: Web IDL tells a missing argument from undefined.
    if (arguments.length === 0) throw new TypeError('a WebSocket needs a URL');
    const isList = typeof protocols !== 'object' || Symbol.iterator in protocols;
    const init: WebSocketInit = isList ? { protocols: protocols as string | string[] } : protocols;
    const { protocols: wanted = [], headers, connect = {} } = init;
    this.#url = webSocketUrl(url);
    const subprotocols = typeof wanted === 'object' ? Array.from(wanted, String) : [String(wanted)];
    checkProtocols(subprotocols);
    const options: WebSocketConnectOptions = {
      compression: nodeCompression,
      ...connect,
      subprotocols,
      subprotocolRequired: true,
      fields: requestFields(headers, this.#url),
      signal: this.#attempt.signal,
      onMessage: (message, connection) => this.#receive(message, connection),
      onClosed: (event) => this.#closed(event),
    };
    connectWebSocket(withoutCredentials(this.#url), options).then(
      (connection) => this.#open(connection),
      (error: Error) => this.#neverOpened(error),
    );
  }

  /** The URL, normalised, and with a scheme of WebSockets. */
  get url(): string {
    return this.#url.href;
  }

  /** One of the four constants. */
  get readyState(): 0 | 1 | 2 | 3 {
    // «When the WebSocket closing handshake is started, the user agent must queue a task to change the
    // ready state to CLOSING (2)», section 4: by whomever, and not within the event `open`.
    const isClosing = this.#wasOpened && this.#connection?.isOpen === false;
    return isClosing && this.#state === OPEN ? CLOSING : this.#state;
  }

  /** Bytes of content that were to be sent and have not been. It does not go back to 0 at the end. */
  get bufferedAmount(): number {
    return this.#buffered.value(this.#connection?.bytesSent ?? 0);
  }

  /** The extensions in use, or nothing. */
  get extensions(): string {
    return this.#connection?.deflate == null ? '' : 'permessage-deflate';
  }

  /** The subprotocol in use, or nothing. */
  get protocol(): string {
    return this.#connection?.subprotocol ?? '';
  }

  /** What binary messages are given as: `blob` or `arraybuffer`; other values change nothing. */
  get binaryType(): BinaryType {
    return this.#binaryType;
  }

  set binaryType(type: BinaryType) {
    if (type === 'blob' || type === 'arraybuffer') this.#binaryType = type;
  }

  /** Called as a listener of `open`; null for none. The others are alike. */
  get onopen(): EventHandler<Event> {
    return this.#handlers.get('open');
  }

  set onopen(handler: EventHandler<Event>) {
    this.#handlers.set('open', handler);
  }

  /** Of `message`. */
  get onmessage(): EventHandler<MessageEvent> {
    return this.#handlers.get('message');
  }

  set onmessage(handler: EventHandler<MessageEvent>) {
    this.#handlers.set('message', handler);
  }

  /** Of `error`. */
  get onerror(): EventHandler<ConnectionErrorEvent> {
    return this.#handlers.get('error');
  }

  set onerror(handler: EventHandler<ConnectionErrorEvent>) {
    this.#handlers.set('error', handler);
  }

  /** Of `close`. */
  get onclose(): EventHandler<CloseEvent> {
    return this.#handlers.get('close');
  }

  set onclose(handler: EventHandler<CloseEvent>) {
    this.#handlers.set('close', handler);
  }

  /**
   * Sends a message, behind those before; anything that is no bytes is sent as text. Throws an
   * `InvalidStateError` DOMException while connecting. Later than `close` it only counts as buffered.
   */
  send(data: WebSocketData): void {
    // biome-ignore lint/complexity/noArguments: Web IDL tells a missing argument from undefined.
    if (arguments.length === 0) throw new TypeError('there is nothing to send');
    const content = contentOf(data);
    if (this.#state === CONNECTING) {
      throw new DOMException('the connection is not open yet', 'InvalidStateError');
    }
    const byteCount = byteCountOf(content);
    if (this.#state !== OPEN) this.#buffered.add(byteCount);
    else if (content instanceof Blob) {
      this.#buffered.add(byteCount);
      this.#queue.runBlob(content, (bytes) => this.#sendBlob(bytes));
    } else this.#queue.run(() => this.#send(content, byteCount));
  }

  /**
   * Begins the closing handshake behind what was sent, or gives up connecting. Throws an
   * `InvalidAccessError` DOMException for another code than 1000 and 3000 to 4999, a `SyntaxError` for
   * a reason of more than 123 bytes.
   */
  close(...[code, reason]: [code?: number | undefined, reason?: string | undefined]): void {
    const wanted = code === undefined ? null : clampedCode(code);
    const text = reason === undefined ? '' : String(reason);
    checkClose(wanted, text);
    const before = this.#state;
    if (before > OPEN) return;
    this.#state = CLOSING;
    if (before === CONNECTING) {
      this.#attempt.abort(new Error('closed before the connection was established'));
      return;
    }
    const isSilent = wanted === null && text === '';
    const sent = isSilent ? NO_STATUS : (wanted ?? NORMAL);
    this.#queue.run(() => void this.#connection?.close(sent, text));
  }

  #open(connection: WebSocketConnection): void {
    if (this.#connection !== null) return;
    this.#connection = connection;
    // It was closed just before.
    if (this.#state !== CONNECTING) {
      connection.abort();
      return;
    }
    this.#state = OPEN;
    this.dispatchEvent(new Event('open'));
    behindMicrotasks(() => {
      this.#wasOpened = true;
    });
  }

  /** One message at a time: what a program does behind an `await` must be done before the next. */
  #receive(message: WebSocketMessage, connection: WebSocketConnection): void {
    if (this.#connection === null) {
      this.#first = message;
      connection.hold();
      this.#open(connection);
      behindMicrotasks(() => this.#deliverFirst(connection));
    } else if (this.#state === OPEN) {
      this.#deliver(message);
      connection.hold();
      behindMicrotasks(() => connection.resume());
    }
  }

  #deliverFirst(connection: WebSocketConnection): void {
    const message = this.#first;
    this.#first = null;
    if (message !== null) this.#deliver(message);
    behindMicrotasks(() => connection.resume());
  }

  /** «If ready state is not OPEN (1), then return.» */
  #deliver(message: WebSocketMessage): void {
    if (this.#state !== OPEN) return;
    const data = typeof message === 'string' ? message : this.#binaryData(message);
    this.dispatchEvent(new MessageEvent('message', { data, origin: this.#url.origin }));
  }

  #binaryData(message: Uint8Array): Blob | ArrayBuffer {
    const { buffer, byteLength } = message as Uint8Array<ArrayBuffer>;
    const isAll = byteLength === buffer.byteLength;
    const data = isAll ? buffer : new Uint8Array(message).buffer;
    return this.#binaryType === 'blob' ? new Blob([data]) : data;
  }

  #send(content: string | Uint8Array, byteCount: number): void {
    const connection = this.#connection;
    if (connection?.isOpen !== true) {
      this.#buffered.add(byteCount);
      return;
    }
    connection.send(content);
    const { bytesSent, bufferedBytes } = connection;
    this.#buffered.addSent(byteCount, bytesSent + bufferedBytes, bytesSent);
  }

  #sendBlob(bytes: Uint8Array): void {
    this.#buffered.remove(bytes.length);
    this.#send(bytes, bytes.length);
  }

  /** A Blob cannot be read: what was promised cannot be sent. */
  #fail(error: Error): void {
    this.dispatchEvent(new ConnectionErrorEvent(error));
    this.#connection?.abort();
  }

  #neverOpened(error: Error): void {
    this.#state = CLOSED;
    this.dispatchEvent(new ConnectionErrorEvent(error));
    this.dispatchEvent(new CloseEvent('close', { code: ABNORMAL_CLOSURE }));
  }

  #closed({ code, reason, wasClean, likely, observation }: ClosedEvent): void {
    if (this.#first !== null && this.#connection !== null) this.#deliverFirst(this.#connection);
    this.#state = CLOSED;
    // «If [...] unexpectedly lost, the client MUST _Fail the WebSocket Connection_», RFC 6455 section 7.2.1.
    if (!wasClean) {
      const error = new Error(`${observation}: ${likely.why}`);
      this.dispatchEvent(new ConnectionErrorEvent(error));
    }
    this.dispatchEvent(new CloseEvent('close', { wasClean, code, reason }));
  }
}

/** Once all microtasks are done, those included that come of others. */
function behindMicrotasks(act: () => void): void {
  queueMicrotask(() => process.nextTick(act));
}
