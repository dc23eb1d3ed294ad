// Each target finds what it is there to find: a bug that is put into the build, and nothing without.
import { afterAll, describe, expect, test } from 'vitest';
import { Fuzzer } from '../fuzzer.mjs';
import cliFiles from '../targets/cli-files.mjs';
import cliPaths from '../targets/cli-paths.mjs';
import http1Client from '../targets/http1-client.mjs';
import http1Pair from '../targets/http1-pair.mjs';
import http1Server from '../targets/http1-server.mjs';
import llhttpRequests from '../targets/llhttp-requests.mjs';
import llhttpResponses from '../targets/llhttp-responses.mjs';
import netDriver from '../targets/net-driver.mjs';
import timerWheel from '../targets/timer-wheel.mjs';
import tlsClient from '../targets/tls-client.mjs';
import tlsExtensions from '../targets/tls-extensions.mjs';
import tlsHandshakeMessages from '../targets/tls-handshake-messages.mjs';
import tlsRecords from '../targets/tls-records.mjs';
import tlsServer from '../targets/tls-server.mjs';
import webSocketFrames from '../targets/websocket-frames.mjs';
import webSocketHandshake from '../targets/websocket-handshake.mjs';
import webSocketPair from '../targets/websocket-pair.mjs';
import { type Bug, Workshop } from './support/injected.ts';

const workshop = new Workshop();
afterAll(() => workshop.clear());

interface Target {
  readonly name: string;
  readonly headerBytes: number;
  load(instrument: (folder: string) => Promise<string>): Promise<object>;
}

/** The first finding within so many executions, or null. */
async function find(target: Target, bug: Bug | null, executionsMax: number) {
  const loaded = await target.load(async (build) => workshop.copy(build, bug));
  const fuzzer = new Fuzzer({ ...loaded, headerBytes: target.headerBytes }, 9112);
  fuzzer.run({ executionsMax, seconds: Number.POSITIVE_INFINITY, findingsMax: 1 });
  const [finding] = fuzzer.findings;
  return finding === undefined ? null : (finding.error as Error).message;
}

const bug = (file: string, text: string, replacement: string): Bug => ({ file, text, replacement });

const LOSES_SHORT = 'if (fragment.length > 3) this.buffer.append(fragment);';

describe.each<[Target, number, [Bug, RegExp][]]>([
  [http1Server, 3_000, [[bug('chunked-decoder.js', 'this.state = SIZE;', ''), /depend/]]],
  [http1Client, 3_000, [[bug('chunked-decoder.js', 'this.state = SIZE;', ''), /depend/]]],
  [
    llhttpRequests,
    3_000,
    [
      [bug('framing.js', "return faulty('HTTP1_AMBIGUOUS_LENGTH');", ';'), /nothing explains/],
      [bug('chunked-decoder.js', 'this.size * 16', 'this.size * 10'), /nothing explains/],
      [bug('authority.js', 'groups === 8', 'groups === 7'), /host/i],
    ],
  ],
  [llhttpResponses, 3_000, [[bug('framing.js', 'status === 304', 'false'), /nothing explains/]]],
  [http1Pair, 400, [[bug('reuse.js', 'if (!sent)', 'if (sent)'), /unsent/]]],
  [
    webSocketFrames,
    2_000,
    [
      [
        bug('message-reader.js', '(this.payloadBytes - payloadLeft) & 3', '0'),
        /depends on the cuts/,
      ],
      [
        bug('message-reader.js', 'this.payloadLeft = payloadLeft - available;', ''),
        /cuts|quiet|edges/,
      ],
    ],
  ],
  [
    webSocketHandshake,
    5_000,
    [
      [bug('subprotocol.js', 'offered.includes(subprotocol)', 'true'), /not accepted/],
      [bug('deflate-answer.js', 'offer.serverMaxWindowBits !== null', 'false'), /not accepted/],
      [bug('client-verdict.js', 'accepts[0] === accept', 'true'), /another accept/],
      [bug('list-reader.js', 'if (text.charCodeAt(at) === BACKSLASH)', 'if (false)'), /list/],
    ],
  ],
  [
    webSocketPair,
    300,
    [
      [
        bug('message-sender.js', 'this.bits = OPCODE.continuation;', ''),
        /failed|nothing was wrong/,
      ],
      [bug('session.js', 'this.closing.isComplete', 'false'), /although nothing went wrong/],
      [
        bug('message-sender.js', 'this.deflater.reset();', 'void 0;'),
        /nothing was wrong|otherwise/,
      ],
    ],
  ],
  [
    tlsRecords,
    3_000,
    [
      [
        bug('record/record-assembler.js', 'this.gatheredBytes = needed;', ''),
        /cuts|quiet|edges|end/,
      ],
      [bug('record/record-connection.js', 'if (!(error instanceof PeerFault))', 'if (true)'), /./],
    ],
  ],
  [
    tlsExtensions,
    3_000,
    [[bug('extensions/extension-block.js', 'types.has(type)', 'false'), /twice/]],
  ],
  [
    tlsHandshakeMessages,
    3_000,
    [
      [
        bug('messages/key-update.js', 'REQUESTS.indexOf(request)', '0'),
        /what is written says something else/,
      ],
      [bug('messages/key-update.js', 'if (request === undefined)', 'if (false)'), /./],
    ],
  ],
  [
    tlsClient,
    1_000,
    [
      [bug('messages/handshake-reassembler.js', "'TLS_UNKNOWN_MESSAGE'", "'TLS_NO_SUCH'"), /./],
      // Fragments of less than a header, which no sender makes unasked.
      [
        bug('messages/handshake-reassembler.js', 'this.buffer.append(fragment);', LOSES_SHORT),
        /depends on the records/,
      ],
    ],
  ],
  [
    tlsServer,
    1_000,
    [
      [bug('messages/handshake-reassembler.js', "'TLS_UNKNOWN_MESSAGE'", "'TLS_NO_SUCH'"), /./],
      // Fragments of less than a header, which no sender makes unasked.
      [
        bug('messages/handshake-reassembler.js', 'this.buffer.append(fragment);', LOSES_SHORT),
        /depends on the records/,
      ],
    ],
  ],
  [timerWheel, 1_000, [[bug('wheel.js', 'poll(now) {', 'poll(now) { now += 1;'), /step \d+/]]],
  [
    netDriver,
    1_500,
    [
      [bug('driver.js', 'this.clock.touch(this, this.connection.deadline());', 'void 0;'), /armed/],
      [bug('output-writer.js', 'if (this.transport.full)', 'if (false)'), /full/],
      [bug('driver.js', 'this.transport.pause();', 'void 0;'), /pause/],
    ],
  ],
  [
    cliFiles,
    5_000,
    [
      [bug('byte-ranges.js', 'previous.last + 1', 'previous.last + 2'), /other bytes/],
      [bug('http-date.js', 'second === 60', 'second === 61'), /the date/],
      [bug('entity-tag.js', '&& !isWeak(left)', ''), /status/],
    ],
  ],
  [
    cliPaths,
    10_000,
    [
      [
        bug('safe-path.js', "name.includes('/')", 'false'),
        /a name that leads elsewhere|not plain|come back/,
      ],
      [
        bug('safe-path.js', "name.includes('\\\\')", 'false'),
        /a name that leads elsewhere|not plain/,
      ],
      [bug('escape.js', '/[&<>"\']/g', '/[&<>"]/g'), /becomes HTML/],
    ],
  ],
])('$name', (target, executionsMax, bugs) => {
  test('finds nothing in what is built', async () => {
    expect(await find(target, null, Math.min(executionsMax, 1_000))).toBeNull();
  });

  test.each(bugs)('finds what is wrong: %j', async (injected, message) => {
    expect(await find(target, injected, executionsMax)).toMatch(message);
  });
});
