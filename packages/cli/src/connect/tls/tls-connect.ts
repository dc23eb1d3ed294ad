// `holdline connect tls://`: shakes hands, shows what came of it, and is a conversation then.
import type { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import type { TlsConnection, TlsConnectOptions } from '@holdline/net/tls';
import { SIGNAL_EXIT_CODES } from '../../shutdown.ts';
import { describeError } from '../../system-error.ts';
import { type PeerJudge, peerJudge } from '../../tls/client-trust.ts';
import { keyLogFile } from '../../tls/key-log-file.ts';
import { type Ending, EXIT_CODE } from '../ending.ts';
import { type Interruptible, Interrupts } from '../interrupts.ts';
import { LineSplitter } from '../line-splitter.ts';
import { Screen } from '../screen.ts';
import { chainLines } from './handshake-lines.ts';
import type { TlsConnectArguments } from './tls-connect-arguments.ts';
import { TlsConversation } from './tls-conversation.ts';
import { endingOfHandshake } from './tls-ending.ts';

/** How long the end waits for who does not read what is shown, once Ctrl-C was pressed. */
const FLUSH_MS_MAX = 1000;

/**
 * Connects, and talks until the connection is over; resolves to the exit code. Rejects with
 * `UsageError` when a file of an option is not what it should be.
 */
export async function connectByTls(asked: TlsConnectArguments): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const screen = new Screen({ input: stdin, output: stdout, errors: stderr });
  const judge = peerJudge(asked.trust, asked.server, asked.timeoutMs);
  const keyLog = asked.keyLogFile === undefined ? null : keyLogFile(asked.keyLogFile);
  const talk = new TlsTalk(asked, screen, stdin);
  const exitCode = await talk.run(judge, keyLog);
  // Who reads slowly gets everything; but not against the will of who presses Ctrl-C.
  const flushed = screen.flush();
  await (talk.wasInterrupted ? Promise.race([flushed, setTimeout(FLUSH_MS_MAX)]) : flushed);
  return exitCode;
}

/** The handshake, the conversation, and the signals meanwhile. */
class TlsTalk implements Interruptible {
  readonly #asked: TlsConnectArguments;
  readonly #screen: Screen;
  readonly #input: Readable;
  readonly #attempt: AbortController = new AbortController();
  readonly #interrupts: Interrupts = new Interrupts(this);
  #conversation: TlsConversation | null = null;

  constructor(asked: TlsConnectArguments, screen: Screen, input: Readable) {
    this.#asked = asked;
    this.#screen = screen;
    this.#input = input;
  }

  get wasInterrupted(): boolean {
    return this.#interrupts.hasCome;
  }

  /** Resolves to the exit code. */
  async run(judge: PeerJudge, keyLog: ((line: string) => void) | null): Promise<number> {
    this.#interrupts.listen();
    const { connectTls } = await import('@holdline/net/tls');
    let connection: TlsConnection;
    try {
      connection = await connectTls(this.#asked.server, this.#options(judge, keyLog));
    } catch (error) {
      return this.#exit(endingOfHandshake(error));
    }
    const conversation = new TlsConversation(this.#asked, connection, this.#screen);
    this.#conversation = conversation;
    conversation.begin();
    this.#screen.onBroken(() => conversation.leave());
    if (this.#screen.isTyped) this.#screen.prompt(conversation);
    else void this.#pipe(conversation);
    await conversation.closed;
    this.#screen.endPrompt();
    return this.#exit(conversation.ending());
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

  #options(judge: PeerJudge, keyLog: ((line: string) => void) | null): TlsConnectOptions {
    const { server, protocols, heartbeatMs, timeoutMs } = this.#asked;
    return {
      serverName: server.serverName,
      protocols,
      connectMs: timeoutMs,
      signal: this.#attempt.signal,
      ...(keyLog !== null && { keyLog }),
      ...(heartbeatMs !== undefined && {
        heartbeat: 'peer-allowed-to-send',
        timeouts: { heartbeatMs },
      }),
      verifyPeer: ({ chain }) => this.#judge(chain, judge),
      onEvent: (event) => this.#conversation?.happened(event),
    };
  }

  async #judge(chain: readonly Uint8Array[], judge: PeerJudge): Promise<true | 'unknown_ca'> {
    for (const line of chainLines(chain)) this.#tell(line);
    const { isTrusted, words } = await judge(chain);
    if (isTrusted) this.#tell(words);
    else this.#screen.tell(`holdline: ${words}`);
    return isTrusted || 'unknown_ca';
  }

  async #pipe(conversation: TlsConversation): Promise<void> {
    const { takesCommands, lineEnd } = this.#asked;
    const isByLine = takesCommands || lineEnd !== '\n';
    const lines = new LineSplitter();
    try {
      for await (const chunk of this.#input as AsyncIterable<Uint8Array>) {
        if (!isByLine) {
          if (!(await conversation.pipedBytes(chunk))) return;
          continue;
        }
        for (const line of lines.push(chunk)) {
          if (!(await conversation.pipedLine(line, lines.lineNumber))) return;
        }
      }
      const last = isByLine ? lines.end() : null;
      if (last !== null && !(await conversation.pipedLine(last, lines.lineNumber))) return;
      await conversation.finish();
    } catch (error) {
      conversation.refuseInput(`the input: ${describeError(error)}`);
    }
  }

  #exit({ exitCode, line }: Ending): number {
    const { cutBy } = this.#interrupts;
    if (cutBy !== null) {
      this.#screen.tell(`holdline: cut by ${cutBy}`);
      return SIGNAL_EXIT_CODES[cutBy];
    }
    if (!this.#asked.isQuiet || exitCode !== EXIT_CODE.clean) {
      this.#screen.tell(`holdline: ${line}`);
    }
    return exitCode;
  }

  #tell(text: string): void {
    if (!this.#asked.isQuiet) this.#screen.tell(`holdline: ${text}`);
  }
}
