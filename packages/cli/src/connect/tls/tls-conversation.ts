// One connection by TLS from its handshake to its end: what comes is shown, what is typed or piped is sent.
import { setTimeout } from 'node:timers/promises';
import type { TransportSink } from '@holdline/net';
import type { AnyTlsEvent, TlsConnection } from '@holdline/net/tls';
import { escapeInvisible } from '../../escape.ts';
import { describeError } from '../../system-error.ts';
import { type Ending, EXIT_CODE } from '../ending.ts';
import { formatMilliseconds, heartbeatLine, messageLine } from '../message-line.ts';
import type { Screen, Typist } from '../screen.ts';
import { agreementLine } from './handshake-lines.ts';
import type { TlsConnectArguments } from './tls-connect-arguments.ts';
import { tlsEnding } from './tls-ending.ts';
import { readTlsTypedLine, TLS_COMMANDS_HELP, type TlsTypedLine } from './tls-typed-line.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** From when the connection is secured. */
export class TlsConversation implements Typist, TransportSink {
  /** Resolves when the connection is over. */
  readonly closed: Promise<void>;
  readonly #asked: TlsConnectArguments;
  readonly #connection: TlsConnection;
  readonly #screen: Screen;
  #inputFault: Ending | null = null;
  #isOver = false;
  #hasFinished = false;
  #settle: () => void = () => {};
  #onRoom: () => void = () => {};

  constructor(asked: TlsConnectArguments, connection: TlsConnection, screen: Screen) {
    this.#asked = asked;
    this.#connection = connection;
    this.#screen = screen;
    this.closed = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  /** Says what was agreed on, and listens. */
  begin(): void {
    const help = this.#screen.isTyped ? '; /help for commands' : '';
    this.#tell(`secured: ${agreementLine(this.#connection)}${help}`);
    if (this.#connection.closed !== null) this.#end();
    this.#connection.transport.attach(this);
  }

  /** Something has happened that is no data. */
  happened(event: AnyTlsEvent): void {
    if (event.type === 'closed') this.#end();
    else if (event.type === 'heartbeat') this.#showHeartbeat(event.roundTripMs);
    else {
      const words = eventWords(event);
      if (words !== null) this.#tell(words);
    }
  }

  /** {@link TransportSink} */
  onData(data: Uint8Array): void {
    if (this.#showData(data)) return;
    const { transport } = this.#connection;
    transport.pause();
    this.#screen.onRoom(() => transport.resume());
  }

  /** {@link TransportSink} */
  onEnd(): void {
    // Whoever says nothing more is answered likewise.
    this.leave();
    if (this.#connection.closed !== null) this.#end();
  }

  /** {@link TransportSink} */
  onDrain(): void {
    this.#onRoom();
  }

  /** {@link Typist} */
  typed(line: string): void {
    const typed = readTlsTypedLine(line);
    if (typed.type === 'text' && !this.#sends)
      this.#tell('close_notify was sent, so no more lines are');
    else void this.#obey(typed);
  }

  /** {@link Typist} */
  finished(): void {
    void this.finish();
  }

  /** {@link Typist}; the same as the signal. */
  interrupted(): void {
    process.emit('SIGINT');
  }

  /** Bytes of a pipe, as they are. Resolves when more may come; false when there is to be none. */
  async pipedBytes(bytes: Uint8Array): Promise<boolean> {
    await this.#send(bytes);
    return this.#sends;
  }

  /** A line of a pipe, without its end. Likewise. */
  async pipedLine(line: Uint8Array, lineNumber: number): Promise<boolean> {
    const { takesCommands, lineEnd } = this.#asked;
    if (!takesCommands) return this.pipedBytes(Buffer.concat([line, Buffer.from(lineEnd)]));
    const understood = readTlsTypedLine(Buffer.from(line).toString());
    // A script is not asked what it means.
    if (understood.type === 'mistake') {
      this.refuseInput(`line ${lineNumber}: ${escapeInvisible(understood.text)}`);
      return false;
    }
    await this.#obey(understood);
    return this.#sends;
  }

  /** The input is not to be sent: the exit code tells. */
  refuseInput(line: string): void {
    this.#inputFault = { exitCode: EXIT_CODE.usage, line };
    this.leave();
  }

  /** There is no more input: close_notify follows what was sent, after the wait. */
  async finish(): Promise<void> {
    const { waitMs } = this.#asked;
    if (waitMs > 0) await Promise.race([this.closed, setTimeout(waitMs)]);
    this.leave();
  }

  /** Ctrl-C, or nobody reads any more. */
  leave(): void {
    this.#hasFinished = true;
    this.#connection.transport.end();
  }

  /** Ctrl-C again. */
  cut(): void {
    this.#connection.transport.abort();
    this.#end();
  }

  /** How it ended, once it has. */
  ending(): Ending {
    return this.#inputFault ?? tlsEnding(this.#connection);
  }

  get #sends(): boolean {
    return !this.#isOver && !this.#hasFinished;
  }

  #showData(data: Uint8Array): boolean {
    if (this.#asked.isRaw) return this.#screen.show(data);
    const now = new Date();
    const lines = linesOf(data).map((line) => `${messageLine(line, now)}\n`);
    return this.#screen.show(lines.join(''));
  }

  #showHeartbeat(roundTripMs: number): void {
    if (this.#asked.isRaw) this.#tell(`heartbeat ${formatMilliseconds(roundTripMs)}`);
    else this.#screen.show(`${heartbeatLine(roundTripMs, new Date())}\n`);
  }

  async #obey(typed: TlsTypedLine): Promise<void> {
    switch (typed.type) {
      case 'text':
        return this.#send(Buffer.from(typed.text + this.#asked.lineEnd));
      case 'heartbeat':
        return this.#try(() => this.#connection.sendHeartbeat());
      case 'key-update':
        return this.#try(() => this.#connection.updateKeys(typed.requestsPeer));
      case 'close':
        return this.leave();
      case 'help':
        for (const each of TLS_COMMANDS_HELP) this.#screen.tell(each);
        return;
      case 'mistake':
        this.#tell(escapeInvisible(typed.text));
    }
  }

  /** What the machine does not do now it says. */
  #try(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#tell(describeError(error));
    }
  }

  /** Resolves when there is room for more. */
  async #send(bytes: Uint8Array): Promise<void> {
    const { transport } = this.#connection;
    if (!this.#sends) return;
    transport.write(bytes);
    if (!transport.full) return;
    const drained = new Promise<void>((resolve) => {
      this.#onRoom = resolve;
    });
    transport.watchDrain();
    await Promise.race([drained, this.closed]);
  }

  #end(): void {
    this.#isOver = true;
    this.#settle();
  }

  #tell(text: string): void {
    if (!this.#asked.isQuiet) this.#screen.tell(`holdline: ${text}`);
  }
}

/** Null for what is told elsewhere. */
function eventWords(event: AnyTlsEvent): string | null {
  switch (event.type) {
    case 'key-update': {
      const whose = event.direction === 'sending' ? 'our' : 'the server’s';
      return `${whose} keys were updated, for the ${nth(event.epoch)} time`;
    }
    case 'heartbeat-request':
      return `the server asks for a heartbeat of ${event.payloadBytes} B`;
    case 'user-canceled':
      return 'the server cancels';
    case 'end':
      return event.end === 'finished' ? 'the server has said close_notify' : null;
    default:
      return null;
  }
}

/** Text by its lines, without the last one where it is empty; bytes that are none as they are. */
function linesOf(data: Uint8Array): readonly (string | Uint8Array)[] {
  let text: string;
  try {
    text = decoder.decode(data);
  } catch {
    return [data];
  }
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

/** `1st`, `2nd`, `3rd`, `4th`, `11th` */
function nth(number: number): string {
  const endings = ['th', 'st', 'nd', 'rd'];
  const isTeen = number % 100 >= 11 && number % 100 <= 13;
  return `${number}${isTeen ? 'th' : (endings[number % 10] ?? 'th')}`;
}
