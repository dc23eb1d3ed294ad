// `holdline connect`: opens a WebSocket, and is a conversation with it.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import {
  connectWebSocket,
  type WebSocketConnection,
  type WebSocketConnectOptions,
} from '@holdline/net/websocket';
import { nodeCompression } from '@holdline/websocket/node';
import { quote, UsageError } from '../option-parser.ts';
import { type EndSignal, SAME_SIGNAL_MS, SIGNAL_EXIT_CODES } from '../shutdown.ts';
import { describeError } from '../system-error.ts';
import type { ConnectArguments } from './connect-arguments.ts';
import { Conversation } from './conversation.ts';
import { type Ending, EXIT_CODE, endingOfOpening } from './ending.ts';
import { LineSplitter } from './line-splitter.ts';
import { Screen } from './screen.ts';

/** How long the end waits for who does not read what is shown, once Ctrl-C was pressed. */
const FLUSH_MS_MAX = 1000;

/**
 * Connects, and talks until the connection is over; resolves to the exit code. Rejects with
 * {@link UsageError} when the file of `--ca` cannot be read.
 */
export async function connect(asked: ConnectArguments): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const screen = new Screen({ input: stdin, output: stdout, errors: stderr });
  const talk = new Talk(asked, screen, stdin);
  const exitCode = await talk.run(tlsOptions(asked));
  // Who reads slowly gets everything; but not against the will of who presses Ctrl-C.
  const flushed = screen.flush();
  await (talk.wasInterrupted ? Promise.race([flushed, setTimeout(FLUSH_MS_MAX)]) : flushed);
  return exitCode;
}

/** The attempt to open, the conversation, and the signals meanwhile. */
class Talk {
  readonly #asked: ConnectArguments;
  readonly #screen: Screen;
  readonly #input: Readable;
  readonly #attempt: AbortController = new AbortController();
  #conversation: Conversation | null = null;
  #signal: EndSignal | null = null;
  #signalAt = Number.NEGATIVE_INFINITY;
  #cutBy: EndSignal | null = null;

  constructor(asked: ConnectArguments, screen: Screen, input: Readable) {
    this.#asked = asked;
    this.#screen = screen;
    this.#input = input;
  }

  get wasInterrupted(): boolean {
    return this.#signal !== null;
  }

  /** Resolves to the exit code. */
  async run(tls: WebSocketConnectOptions['tls']): Promise<number> {
    for (const signal of Object.keys(SIGNAL_EXIT_CODES) as EndSignal[]) {
      process.on(signal, () => this.#onSignal(signal));
    }
    let connection: WebSocketConnection;
    try {
      connection = await connectWebSocket(this.#asked.url, this.#options(tls));
    } catch (error) {
      return this.#exit(endingOfOpening(error));
    }
    const conversation = this.#conversationOn(connection);
    this.#screen.onBroken(() => conversation.leave());
    if (this.#screen.isTyped) this.#screen.prompt(conversation);
    else void this.#pipe(conversation);
    const event = await connection.closed;
    this.#screen.endPrompt();
    return this.#exit(conversation.ending(event));
  }

  #options(tls: WebSocketConnectOptions['tls']): WebSocketConnectOptions {
    const { fields, origin, subprotocols, offersDeflate, timeoutMs } = this.#asked;
    return {
      fields,
      subprotocols,
      connectMs: timeoutMs,
      handshakeMs: timeoutMs,
      signal: this.#attempt.signal,
      ...(origin !== undefined && { origin }),
      ...(offersDeflate && { compression: nodeCompression }),
      ...(tls !== undefined && { tls }),
      onMessage: (message, connection) => this.#conversationOn(connection).received(message),
      onPing: (payload, connection) => this.#conversationOn(connection).pinged(payload),
    };
  }

  /** Messages may come before it is known that the connection is open. */
  #conversationOn(connection: WebSocketConnection): Conversation {
    if (this.#conversation === null) {
      this.#conversation = new Conversation(this.#asked, connection, this.#screen);
      this.#conversation.begin();
    }
    return this.#conversation;
  }

  async #pipe(conversation: Conversation): Promise<void> {
    const lines = new LineSplitter();
    try {
      for await (const chunk of this.#input as AsyncIterable<Uint8Array>) {
        for (const line of lines.push(chunk)) {
          if (!(await conversation.piped(line, lines.lineNumber))) return;
        }
      }
      const last = lines.end();
      if (last !== null && !(await conversation.piped(last, lines.lineNumber))) return;
      await conversation.finish();
    } catch (error) {
      conversation.refuseInput(`the input: ${describeError(error)}`);
    }
  }

  #onSignal(signal: EndSignal): void {
    const now = performance.now();
    if (signal === this.#signal && now - this.#signalAt < SAME_SIGNAL_MS) return;
    const isFirst = this.#signal === null;
    this.#signal = signal;
    this.#signalAt = now;
    if (isFirst && this.#conversation !== null) {
      this.#conversation.leave();
      return;
    }
    this.#cutBy = signal;
    this.#attempt.abort();
    this.#conversation?.cut();
  }

  #exit({ exitCode, line }: Ending): number {
    const { isQuiet } = this.#asked;
    if (this.#cutBy !== null) {
      this.#screen.tell(`holdline: cut by ${this.#cutBy}`);
      return SIGNAL_EXIT_CODES[this.#cutBy];
    }
    if (!isQuiet || exitCode !== EXIT_CODE.clean) this.#screen.tell(`holdline: ${line}`);
    return exitCode;
  }
}

/** Undefined for those of Node. */
function tlsOptions({ caFile, isInsecure }: ConnectArguments): WebSocketConnectOptions['tls'] {
  if (caFile === undefined) return isInsecure ? { rejectUnauthorized: false } : undefined;
  try {
    const ca = readFileSync(caFile);
    // Throws for what is none, which `tls.connect` would pass over.
    new X509Certificate(ca);
    return { ca, rejectUnauthorized: !isInsecure };
  } catch (error) {
    throw new UsageError(`--ca ${quote(caFile)}: ${describeError(error)}`);
  }
}
