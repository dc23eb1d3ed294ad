// A WebSocket as a stream of Node: what is written is sent, a message a chunk; what comes is read.
import { Duplex, type DuplexOptions } from 'node:stream';
import type { WebSocket } from './websocket.ts';
import type { RawData } from './websocket-options.ts';

/**
 * The stream of a WebSocket, which may still be connecting. The end of what is written closes the
 * connection; to destroy the stream cuts it. In object mode (`readableObjectMode`) text is read as
 * strings; else the boundaries of messages are lost.
 */
export function createWebSocketStream(websocket: WebSocket, options: DuplexOptions = {}): Duplex {
  return new WebSocketStream(websocket, options);
}

class WebSocketStream extends Duplex {
  readonly #websocket: WebSocket;
  /** An error closes the connection with a Close frame, which must have its time. */
  #hasFailed = false;

  constructor(websocket: WebSocket, options: DuplexOptions) {
    super({ ...options, objectMode: false, writableObjectMode: false });
    this.#websocket = websocket;
    websocket.on('message', (data: RawData, isBinary: boolean) => {
      const isText = !isBinary && this.readableObjectMode;
      if (!this.push(isText ? data.toString() : data)) websocket.pause();
    });
    websocket.once('error', (error) => {
      this.#hasFailed = true;
      this.destroy(error);
    });
    websocket.once('close', () => {
      if (!this.destroyed) this.push(null);
    });
  }

  override _read(): void {
    if (this.#websocket.isPaused) this.#websocket.resume();
  }

  override _write(
    chunk: Uint8Array,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    this.#whenOpen(() => this.#websocket.send(chunk, done));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#whenOpen(() => {
      this.#websocket.close();
      this.#whenClosed(done);
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.#hasFailed) this.#websocket.terminate();
    this.#whenClosed(() => done(error));
  }

  #whenOpen(act: () => void): void {
    const { readyState, CONNECTING } = this.#websocket;
    if (readyState === CONNECTING) this.#websocket.once('open', act);
    else act();
  }

  #whenClosed(act: () => void): void {
    const { readyState, CLOSED } = this.#websocket;
    if (readyState === CLOSED) act();
    else this.#websocket.once('close', () => act());
  }
}
