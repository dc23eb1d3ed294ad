// `holdline connect`: opens a WebSocket, and is a conversation with it.
import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import {
  connectWebSocket,
  type WebSocketConnection,
  type WebSocketConnectOptions,
} from '@holdline/net/websocket';
import { nodeCompression } from '@holdline/websocket/node';
import { SIGNAL_EXIT_CODES } from '../shutdown.ts';
import { describeError } from '../system-error.ts';
import { peerJudge, readAuthorities } from '../tls/client-trust.ts';
import { keyLogFile } from '../tls/key-log-file.ts';
import type { ConnectArguments } from './connect-arguments.ts';
import { Conversation } from './conversation.ts';
import { type Ending, EXIT_CODE, endingOfOpening } from './ending.ts';
import { type Interruptible, Interrupts } from './interrupts.ts';
import { LineSplitter } from './line-splitter.ts';
import { Screen } from './screen.ts';

/** How long the end waits for who does not read what is shown, once Ctrl-C was pressed. */
const FLUSH_MS_MAX = 1000;

/**
 * Connects, and talks until the connection is over; resolves to the exit code. Rejects with
 * {@link UsageError} when a file of an option is not what it should be.
 */
export async function connect(asked: ConnectArguments): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const screen = new Screen({ input: stdin, output: stdout, errors: stderr });
  const talk = new Talk(asked, screen, stdin);
  const exitCode = await talk.run(
    await secureOptions(asked, (words) => screen.tell(`holdline: ${words}`)),
  );
  // Who reads slowly gets everything; but not against the will of who presses Ctrl-C.
  const flushed = screen.flush();
  await (talk.wasInterrupted ? Promise.race([flushed, setTimeout(FLUSH_MS_MAX)]) : flushed);
  return exitCode;
}

/** The attempt to open, the conversation, and the signals meanwhile. */
class Talk implements Interruptible {
  readonly #asked: ConnectArguments;
  readonly #screen: Screen;
  readonly #input: Readable;
  readonly #attempt: AbortController = new AbortController();
  readonly #interrupts: Interrupts = new Interrupts(this);
  #conversation: Conversation | null = null;

  constructor(asked: ConnectArguments, screen: Screen, input: Readable) {
    this.#asked = asked;
    this.#screen = screen;
    this.#input = input;
  }

  get wasInterrupted(): boolean {
    return this.#interrupts.hasCome;
  }

  /** Resolves to the exit code. */
  async run(secure: SecureOptions): Promise<number> {
    this.#interrupts.listen();
    let connection: WebSocketConnection;
    try {
      connection = await connectWebSocket(this.#asked.url, this.#options(secure));
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

  /** {@link Interruptible} */
  leave(): boolean {
    this.#conversation?.leave();
    return this.#conversation !== null;
  }

  /** {@link Interruptible} */
  cut(): void {
    this.#attempt.abort();
    this.#conversation?.cut();
  }

  #options(secure: SecureOptions): WebSocketConnectOptions {
    const { fields, origin, subprotocols, offersDeflate, timeoutMs } = this.#asked;
    return {
      fields,
      subprotocols,
      connectMs: timeoutMs,
      handshakeMs: timeoutMs,
      signal: this.#attempt.signal,
      ...(origin !== undefined && { origin }),
      ...(offersDeflate && { compression: nodeCompression }),
      ...secure,
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

  #exit({ exitCode, line }: Ending): number {
    const { isQuiet } = this.#asked;
    const { cutBy } = this.#interrupts;
    if (cutBy !== null) {
      this.#screen.tell(`holdline: cut by ${cutBy}`);
      return SIGNAL_EXIT_CODES[cutBy];
    }
    if (!isQuiet || exitCode !== EXIT_CODE.clean) this.#screen.tell(`holdline: ${line}`);
    return exitCode;
  }
}

/** How the connection is secured; empty for the way of node:tls. */
type SecureOptions = Pick<WebSocketConnectOptions, 'tls' | 'connect'>;

/** `tell` is for why a server is not trusted. */
async function secureOptions(
  asked: ConnectArguments,
  tell: (words: string) => void,
): Promise<SecureOptions> {
  const { url, engine, trust, keyLogFile: logFile, timeoutMs } = asked;
  if (!url.startsWith('wss:')) return {};
  if (engine === 'node') {
    const { caFile, isInsecure } = trust;
    const ca = caFile === undefined ? {} : { ca: readAuthorities(caFile) };
    return { tls: { ...ca, rejectUnauthorized: !isInsecure } };
  }
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const serverName = isIP(host) === 0 ? host : null;
  const server = { host, port: Number(port || '443'), serverName };
  const judge = peerJudge(trust, server, timeoutMs);
  const { tlsConnector } = await import('@holdline/net/tls');
  const verifyPeer = async ({ chain }: { readonly chain: readonly Uint8Array[] }) => {
    const { isTrusted, words } = await judge(chain);
    if (!isTrusted) tell(words);
    return isTrusted || 'unknown_ca';
  };
  const keyLog = logFile === undefined ? {} : { keyLog: keyLogFile(logFile) };
  return { connect: tlsConnector({ verifyPeer, ...keyLog }) };
}
