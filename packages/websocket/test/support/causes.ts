// Ways in which a connection ends, played to a server, and what the server makes of them. The page
// docs/explain/close-diagnosis.md has the same table.
import type { ClosedEvent, Observation } from '../../src/closed-event.ts';
import type { LikelyCause } from '../../src/diagnosis.ts';
import type { ServerWebSocket } from '../../src/websocket-server.ts';
import { closePayload } from './frames.ts';
import { type Bench, type BenchOptions, server } from './machines.ts';

/** A cause, and the cell of the matrix that it falls into. */
export interface Cause {
  /** What has really happened, in the words of the page. */
  readonly cause: string;
  readonly observation: Observation;
  readonly likely: LikelyCause;
  readonly options?: BenchOptions;
  readonly play: (one: Bench<ServerWebSocket>) => void;
}

const NO_PINGS: BenchOptions = { timeouts: { pingMs: Number.POSITIVE_INFINITY } };
const HOUR_MS = 3_600_000;
const SILENT: LikelyCause = 'path-lost-or-peer-hung';

/** Messages go to and fro. */
function talk(one: Bench<ServerWebSocket>): void {
  for (let count = 0; count < 5; count++) {
    one.gets(1, 'hello');
    one.machine.sendText('hello', one.now);
    one.drains();
    one.waits(300);
  }
}

/** Sends, and the transport takes nothing; time goes by as the machine wants it. */
function sendUnheard(one: Bench<ServerWebSocket>, isPeerLively: boolean): void {
  one.machine.sendText('hello', one.now);
  one.watch.drainOutput(one.now, false);
  for (let seconds = 0; seconds < 80 && one.machine.transport !== 'abort'; seconds++) {
    one.now += 1_000;
    if (isPeerLively) one.watch.receive(Uint8Array.of(0x8a, 0x80, 0, 0, 0, 0), one.now);
    one.watch.drainEvents(one.now);
    one.machine.onDeadline(one.now);
    one.watch.drainEvents(one.now);
    one.watch.drainOutput(one.now, false);
  }
}

/** Every cause; those that cannot be told apart from here share a cell. */
export const CAUSES: readonly Cause[] = [
  {
    cause: 'we close, and the peer answers',
    observation: 'closing-handshake',
    likely: 'agreed',
    play: (one) => {
      one.machine.close(one.now, 1001);
      one.gets(8, closePayload(1001));
      one.ends();
    },
  },
  {
    cause: 'the peer closes',
    observation: 'closing-handshake',
    likely: 'agreed',
    play: (one) => {
      one.gets(8, closePayload(1000));
      one.ends();
    },
  },
  {
    cause: 'a proxy’s idle timeout of 60 s, which ends the line by FIN; no pings',
    observation: 'fin-without-close',
    likely: 'idle-timeout-on-path',
    options: NO_PINGS,
    play: (one) => {
      talk(one);
      one.waits(59_700 + 20);
      one.ends();
    },
  },
  {
    cause: 'a proxy’s idle timeout of 60 s, which ends the line by RST; no pings',
    observation: 'reset',
    likely: 'idle-timeout-on-path',
    options: NO_PINGS,
    play: (one) => {
      talk(one);
      one.waits(59_700 + 20);
      one.ends('reset');
    },
  },
  {
    cause: 'the peer’s process is killed when it has been silent for 60 s by chance; no pings',
    observation: 'fin-without-close',
    likely: 'idle-timeout-on-path',
    options: NO_PINGS,
    play: (one) => {
      one.waits(60_000);
      one.ends();
    },
  },
  {
    cause: 'the peer’s process is killed while it talks',
    observation: 'fin-without-close',
    likely: 'peer-or-path',
    play: (one) => {
      talk(one);
      one.ends();
    },
  },
  {
    cause: 'the peer’s process is killed while it talks, with bytes that it had not read',
    observation: 'reset',
    likely: 'peer-or-path',
    play: (one) => {
      talk(one);
      one.ends('reset');
    },
  },
  {
    cause: 'the peer’s process is killed within a message',
    observation: 'ended-in-message',
    likely: 'peer-or-path',
    play: (one) => {
      one.gets(1, 'hel', { isFinal: false });
      one.ends();
    },
  },
  {
    cause: 'the peer’s process is killed while it is idle, and answers pings',
    observation: 'fin-without-close',
    likely: 'peer-or-path',
    play: (one) => {
      one.waits(30_000);
      one.gets(10, Uint8Array.of(0, 0, 0, 1));
      one.waits(20_000);
      one.ends();
    },
  },
  {
    cause: 'a peer’s Close frame, and RST before ours has left',
    observation: 'reset',
    likely: 'peer-or-path',
    play: (one) => {
      one.watch.receive(Uint8Array.of(0x88, 0x80, 0, 0, 0, 0), one.now);
      one.watch.drainEvents(one.now);
      one.ends('reset');
    },
  },
  {
    cause: 'an attacker, or a crash, ends the TLS stream without close_notify',
    observation: 'tls-truncated',
    likely: 'peer-or-path',
    play: (one) => {
      talk(one);
      one.ends('truncated');
    },
  },
  {
    cause: 'the network is lost without a word',
    observation: 'ping-unanswered',
    likely: SILENT,
    play: (one) => {
      talk(one);
      one.waits(60_000);
    },
  },
  {
    cause: 'the peer’s program hangs, and its machine takes what is sent',
    observation: 'ping-unanswered',
    likely: SILENT,
    play: (one) => {
      talk(one);
      one.machine.sendText('are you there?', one.now);
      one.drains();
      one.waits(60_000);
    },
  },
  {
    cause: 'the peer stops reading and sending',
    observation: 'ping-unanswered',
    likely: SILENT,
    play: (one) => sendUnheard(one, false),
  },
  {
    cause: 'the peer stops reading and sending; no pings',
    observation: 'write-stall',
    likely: SILENT,
    options: NO_PINGS,
    play: (one) => sendUnheard(one, false),
  },
  {
    cause: 'the peer stops reading, and goes on sending',
    observation: 'write-stall',
    likely: 'peer-not-reading',
    play: (one) => sendUnheard(one, true),
  },
  {
    cause: 'the peer is sent to and closed, and takes neither, and goes on sending',
    observation: 'close-unanswered',
    likely: 'peer-not-reading',
    play: (one) => {
      one.machine.close(one.now);
      sendUnheardClose(one);
    },
  },
  {
    cause: 'the peer never answers a Close frame, and goes on sending',
    observation: 'close-unanswered',
    likely: 'peer-stubborn',
    play: (one) => {
      one.machine.close(one.now);
      one.drains();
      one.waits(8_000);
      one.gets(1, 'more');
      one.waits(8_000);
    },
  },
  {
    cause: 'the peer never answers a Close frame, and is silent',
    observation: 'close-unanswered',
    likely: SILENT,
    play: (one) => {
      one.waits(10_000);
      one.machine.close(one.now);
      one.drains();
      one.waits(10_000);
    },
  },
  {
    cause: 'this machine slept for an hour, and an RST is there when it wakes',
    observation: 'local-stall',
    likely: 'this-side-slept',
    play: (one) => {
      talk(one);
      one.now += HOUR_MS;
      one.ends('reset');
    },
  },
  {
    cause: 'this machine slept for an hour, and its first ping is answered by RST',
    observation: 'local-stall',
    likely: 'this-side-slept',
    play: (one) => {
      talk(one);
      one.sleeps(HOUR_MS);
      one.waits(100);
      one.ends('reset');
    },
  },
  {
    cause: 'this machine slept for an hour, and nobody answers afterwards',
    observation: 'local-stall',
    likely: 'this-side-slept',
    play: (one) => {
      talk(one);
      one.sleeps(HOUR_MS);
      one.waits(60_000);
    },
  },
  {
    cause:
      'this machine slept for an hour while a ping was under way, and nobody answers afterwards',
    observation: 'local-stall',
    likely: 'this-side-slept',
    play: (one) => {
      one.waits(30_000);
      one.sleeps(HOUR_MS);
      one.waits(60_000);
    },
  },
  {
    cause: 'this machine slept, the line survived, and later the peer’s process is killed',
    observation: 'fin-without-close',
    likely: 'peer-or-path',
    play: (one) => {
      one.sleeps(HOUR_MS);
      talk(one);
      one.ends();
    },
  },
  {
    cause: 'the peer breaks the protocol',
    observation: 'protocol-error',
    likely: 'this-side',
    play: (one) => {
      one.gets(3);
      one.ends();
    },
  },
  {
    cause: 'the peer exceeds a limit',
    observation: 'limit',
    likely: 'this-side',
    options: { limits: { messageBytesMax: 3 } },
    play: (one) => {
      one.gets(1, 'hello');
      one.ends();
    },
  },
  {
    cause: 'the program on this side aborts',
    observation: 'aborted',
    likely: 'this-side',
    play: (one) => {
      one.machine.abort(one.now);
      one.drains();
    },
  },
  {
    cause: 'this machine’s network fails',
    observation: 'local-error',
    likely: 'local-network',
    play: (one) => void one.ends('failed'),
  },
];

function sendUnheardClose(one: Bench<ServerWebSocket>): void {
  one.watch.drainOutput(one.now, false);
  one.now += 9_000;
  one.watch.receive(Uint8Array.of(0x8a, 0x80, 0, 0, 0, 0), one.now);
  one.watch.drainEvents(one.now);
  one.now += 1_000;
  one.machine.onDeadline(one.now);
  one.watch.drainEvents(one.now);
}

/** Plays a cause; the last event. Throws when that is not `closed`. */
export function closedBy({ options, play }: Cause): ClosedEvent {
  const one = server(options);
  play(one);
  const last = one.watch.events.at(-1);
  if (last?.type !== 'closed') throw new Error(`${last?.type ?? 'nothing'} instead of closed`);
  return last;
}

/** The table of the page. */
export function matrixTable(): string {
  const rows = CAUSES.map(({ cause, observation, likely }) => [
    cause,
    `\`${observation}\``,
    `\`${likely}\``,
  ]);
  const head = ['what happened', 'observation', 'likely cause'];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
