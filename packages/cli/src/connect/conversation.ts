// One connection from its opening to its end: what comes is shown, what is typed or piped is sent.
import { setTimeout } from 'node:timers/promises';
import type { ClosedEvent, WebSocketConnection, WebSocketMessage } from '@holdline/net/websocket';
import { describeError } from '../system-error.ts';
import type { ConnectArguments } from './connect-arguments.ts';
import { type Ending, EXIT_CODE, endingOfConnection } from './ending.ts';
import { messageLine, pingLine, pongLine } from './message-line.ts';
import type { Screen, Typist } from './screen.ts';
import { COMMANDS_HELP, readTypedLine, type TypedLine } from './typed-line.ts';

const GOING_AWAY = 1001;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** From when the connection is open. */
export class Conversation implements Typist {
  readonly #asked: ConnectArguments;
  readonly #connection: WebSocketConnection;
  readonly #screen: Screen;
  /** Undefined until a line could not be sent. */
  #inputFault: Ending | undefined;

  constructor(asked: ConnectArguments, connection: WebSocketConnection, screen: Screen) {
    this.#asked = asked;
    this.#connection = connection;
    this.#screen = screen;
  }

  /** Says that it is open, once. */
  begin(): void {
    if (this.#asked.isQuiet) return;
    const { subprotocol, deflate } = this.#connection;
    const parts = [`connected to ${this.#asked.url}`];
    if (subprotocol !== null) parts.push(`subprotocol ${subprotocol}`);
    if (deflate !== null) parts.push('permessage-deflate');
    this.#tell(parts.join(', ') + (this.#screen.isTyped ? '; /help for commands' : ''));
  }

  /** A message has come. */
  received(message: WebSocketMessage): void {
    const { isRaw } = this.#asked;
    const line = isRaw && typeof message === 'string' ? message : null;
    const content =
      isRaw && line === null ? message : `${line ?? messageLine(message, new Date())}\n`;
    if (this.#screen.show(content)) return;
    this.#connection.hold();
    this.#screen.onRoom(() => this.#connection.resume());
  }

  /** A ping has come, and was answered. */
  pinged(payload: Uint8Array): void {
    if (!this.#asked.isRaw && !this.#asked.isQuiet) {
      this.#screen.show(`${pingLine(payload, new Date())}\n`);
    }
  }

  /** {@link Typist} */
  typed(line: string): void {
    void this.#obey(readTypedLine(line));
  }

  /** {@link Typist} */
  finished(): void {
    void this.finish();
  }

  /** {@link Typist}; the same as the signal. */
  interrupted(): void {
    process.emit('SIGINT');
  }

  /**
   * A line that was not typed; bytes without its end. Resolves when the next may come; false when there
   * is to be none.
   */
  async piped(line: Uint8Array, lineNumber: number): Promise<boolean> {
    const { isBinary, takesCommands } = this.#asked;
    if (isBinary && !takesCommands) {
      await this.#send(line);
      return this.#connection.isOpen;
    }
    let text: string;
    try {
      text = decoder.decode(line);
    } catch {
      this.refuseInput(`line ${lineNumber} is not UTF-8; --binary sends any bytes`);
      return false;
    }
    if (!takesCommands) {
      await this.#send(text);
    } else {
      const understood = readTypedLine(text);
      // A script is not asked what it means.
      if (understood.type === 'mistake') {
        this.refuseInput(`line ${lineNumber}: ${understood.text}`);
        return false;
      }
      await this.#obey(understood);
    }
    return this.#connection.isOpen;
  }

  /** The input is not to be sent: the connection is closed, and the exit code tells. */
  refuseInput(line: string): void {
    this.#inputFault = { exitCode: EXIT_CODE.usage, line };
    void this.#connection.close(GOING_AWAY);
  }

  /** There is no more input: the connection is closed, behind what was sent and after the wait. */
  async finish(): Promise<void> {
    const { waitMs } = this.#asked;
    if (waitMs > 0) await Promise.race([this.#connection.closed, setTimeout(waitMs)]);
    await this.#connection.close();
  }

  /** Ctrl-C, or nobody reads any more. */
  leave(): void {
    void this.#connection.close();
  }

  /** Ctrl-C again. */
  cut(): void {
    this.#connection.abort();
  }

  /** How it ended, once it has. */
  ending(event: ClosedEvent): Ending {
    return this.#inputFault ?? endingOfConnection(event, this.#connection.failure?.message ?? null);
  }

  async #obey(typed: TypedLine): Promise<void> {
    switch (typed.type) {
      case 'message':
        return this.#send(typed.text);
      case 'ping':
        return this.#ping(typed.text);
      case 'close':
        void this.#connection.close(typed.code, typed.reason);
        return;
      case 'help':
        for (const each of COMMANDS_HELP) this.#screen.tell(each);
        return;
      case 'mistake':
        this.#tell(typed.text);
    }
  }

  /** Resolves when there is room for more. */
  #send(message: string | Uint8Array): Promise<void> {
    const { isBinary } = this.#asked;
    const content = isBinary && typeof message === 'string' ? Buffer.from(message) : message;
    return this.#connection.send(content) ? Promise.resolve() : this.#connection.drained();
  }

  async #ping(text: string): Promise<void> {
    try {
      const roundTripMs = await this.#connection.ping(text === '' ? undefined : Buffer.from(text));
      this.#screen.show(`${pongLine(roundTripMs, new Date())}\n`);
    } catch (error) {
      this.#tell(`no pong: ${describeError(error)}`);
    }
  }

  #tell(text: string): void {
    this.#screen.tell(`holdline: ${text}`);
  }
}
