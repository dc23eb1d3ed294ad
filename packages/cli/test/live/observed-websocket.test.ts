// What a live page is told of WebSockets while they last, and of their end.
import { connectWebSocket, type WebSocketConnectOptions } from '@holdline/net/websocket';
import { FIN, OPCODE, RSV1 } from '@holdline/websocket';
import { nodeCompression } from '@holdline/websocket/node';
import { afterEach, describe, expect, test } from 'vitest';
import type { ConnectionRow, WireLine } from '../../src/live/page/live-events.ts';
import { Command, endCommands } from '../support/command.ts';
import { FeedReader } from '../support/feed-reader.ts';
import { frame } from '../support/hostile-server.ts';
import { RawClient } from '../support/raw-client.ts';

const OPENING = {
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version': '13',
};

const readers: FeedReader[] = [];
const clients: RawClient[] = [];

afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  for (const { socket } of clients.splice(0)) socket.destroy();
  await endCommands();
});

/** A line in short: connection, direction, opcode, FIN, reserved bits, MASK, count and bytes. */
function words(line: WireLine): string {
  if (line.kind === 'end') return `#${line.id} end ${line.detail}`;
  const { id, direction, kind, isFinal, reservedBits, isMasked, count, byteCount, detail } = line;
  const flags = `${isFinal ? 'F' : '-'}${reservedBits}${isMasked ? 'M' : '-'}`;
  return `#${id} ${direction} ${kind} ${flags} ${count}x ${byteCount} ${detail}`.trim();
}

/** A feed whose lines are gathered, and what a browser is known by. */
async function watching(command: Command) {
  const client = await RawClient.open(command.port);
  clients.push(client);
  const { fields } = await client.request('GET /.holdline/', {
    Host: `localhost:${command.port}`,
  });
  const cookie = fields.get('set-cookie')?.split(';')[0] ?? '';
  const reader = await FeedReader.open(command.port, { cookie });
  readers.push(reader);
  const lines: string[] = [];
  const omitted = { frames: 0, bytes: 0 };
  /** Reads until a row of a connection is as wanted; returns it. */
  const until = async (
    isWanted: (row: ConnectionRow) => boolean,
    of = 3,
  ): Promise<ConnectionRow> => {
    let wanted: ConnectionRow | undefined;
    await reader.until(({ frames = [], framesOmitted = 0, bytesOmitted = 0, rows }) => {
      lines.push(...frames.map(words));
      omitted.frames += framesOmitted;
      omitted.bytes += bytesOmitted;
      wanted = rows.find((row) => row.id === of && isWanted(row));
      return wanted !== undefined;
    });
    return wanted as ConnectionRow;
  };
  const open = (options: WebSocketConnectOptions = {}) =>
    connectWebSocket(`ws://localhost:${command.port}/echo`, {
      ...options,
      fields: [{ name: 'cookie', value: cookie }],
    });
  /** A connection on which frames are sent as they are. */
  const openRaw = async (): Promise<RawClient> => {
    const raw = await RawClient.open(command.port);
    clients.push(raw);
    const head = { Host: `localhost:${command.port}`, Cookie: cookie, ...OPENING };
    raw.send(
      `GET /echo HTTP/1.1\r\n${Object.entries(head)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`,
    );
    await raw.head();
    return raw;
  };
  return { lines, omitted, until, open, openRaw, reader };
}

/** As a client sends it, with a key of zeros. */
const masked = (firstByte: number, payload: string | Uint8Array): Buffer => {
  const plain = frame(firstByte, payload);
  const [first = 0, length = 0] = plain;
  return Buffer.concat([Buffer.of(first, 0x80 | length, 0, 0, 0, 0), plain.subarray(2)]);
};

const isOver = ({ webSocket }: ConnectionRow): boolean => webSocket?.ending != null;

describe('a live page is told', () => {
  test('of frames with their bits, of Close frames with what they say, and of the end', async () => {
    const { lines, until, open } = await watching(await Command.serve());
    const socket = await open();
    socket.send('hello');
    await until(({ webSocket }) => webSocket?.messagesSent === 1);
    await socket.close(4000, 'by\u0007e');
    expect((await until(isOver)).webSocket).toMatchObject({
      messagesReceived: 1,
      messagesSent: 1,
      ending: { code: 4000, reason: 'by\\x07e', startedBy: 'browser', cause: 'agreed' },
    });
    expect(lines).toEqual([
      '#3 in text F0M 1x 5',
      '#3 out text F0- 1x 5',
      '#3 in close F0M 1x 6 4000 “by\\x07e”',
      '#3 out close F0- 1x 6 4000 “by\\x07e”',
      '#3 end closing-handshake, likely agreed: Both sides sent a Close frame.',
    ]);
  });

  test('of a Close frame when it comes, not when all is over', async () => {
    const { lines, until, openRaw } = await watching(await Command.serve());
    const raw = await openRaw();
    raw.socket.allowHalfOpen = true;
    raw.socket.write(masked(FIN | OPCODE.close, Buffer.of(0x03, 0xe9)));
    await until(() => lines.length >= 2);
    // The client has not ended its side; at first the server waits for that.
    expect(lines).toEqual(['#3 in close F0M 1x 2 1001', '#3 out close F0- 1x 2 1001']);
    raw.socket.end();
    expect((await until(isOver)).webSocket?.ending?.code).toBe(1001);
  });

  test('of compressed and fragmented messages as they are on the wire', async () => {
    const { lines, until, open } = await watching(await Command.serve());
    const socket = await open({ compression: nodeCompression });
    await socket.sendStream('binary', [new Uint8Array(9), new Uint8Array(8)], { compress: false });
    socket.send('a'.repeat(5000), { compress: true });
    await until(({ webSocket }) => webSocket?.messagesSent === 2);
    await socket.close();
    await until(isOver);
    expect(lines.slice(0, 4)).toEqual([
      '#3 in binary -0M 1x 9',
      '#3 in continuation -0M 1x 8',
      '#3 in continuation F0M 1x 0',
      expect.stringMatching(/^#3 (?:in text F4M 1x [1-9]\d|out binary F0- 1x 17)$/),
    ]);
  });

  test('of pings, pongs and round trips, and of pongs that nobody asked for', async () => {
    const { lines, until, open, openRaw } = await watching(await Command.serve());
    const raw = await openRaw();
    raw.socket.write(masked(FIN | OPCODE.ping, 'who?'));
    raw.socket.write(masked(FIN | OPCODE.pong, ''));
    await until(() => lines.length >= 3);
    expect(lines.toSorted()).toEqual([
      '#3 in ping F0M 1x 4',
      '#3 in pong F0M 1x 0 answers no ping',
      '#3 out pong F0- 1x 4',
    ]);
    lines.length = 0;
    const socket = await open();
    await until(({ webSocket }) => webSocket?.pongsReceived === 1, 4);
    expect(lines.filter((line) => line.startsWith('#4'))).toEqual([
      '#4 out ping F0- 1x 4',
      expect.stringMatching(/^#4 in pong F0M 1x 4 round trip \d+\.\d ms$/),
    ]);
    socket.abort();
  });

  test('of its own connection’s control frames only, with their round trips', async () => {
    const command = await Command.serve();
    const reader = await FeedReader.open(command.port);
    readers.push(reader);
    const lines: string[] = [];
    await reader.until(({ frames = [], rows }) => {
      lines.push(...frames.map(words));
      return rows.some(({ webSocket }) => (webSocket?.pongsReceived ?? 0) > 0);
    });
    expect(lines).toEqual([
      '#1 out ping F0- 1x 4',
      expect.stringMatching(/^#1 in pong F0M 1x 4 round trip \d+\.\d ms$/),
    ]);
  });

  test.each<[string, Buffer, string, string]>([
    [
      'a frame that is not masked',
      frame(FIN | OPCODE.text, 'a'),
      '#3 in text F0- 1x 1',
      'unmasked frame at byte 0 of the input (RFC 6455 section 5.1).',
    ],
    [
      'an opcode that has no meaning',
      masked(FIN | RSV1 | 0x3, 'a'),
      '#3 in reserved F4M 1x 1',
      'reserved bits at byte 0 of the input (RFC 6455 section 5.2).',
    ],
    [
      'a Close frame that says what none may',
      masked(FIN | OPCODE.close, Buffer.of(0x03, 0xed)),
      '#3 in close F0M 1x 2 not as a Close frame may be',
      'invalid close code at byte 6 of the input (RFC 6455 section 7.4).',
    ],
  ])('of %s, the answer and the diagnosis', async (_, sent, line, why) => {
    const { lines, until, openRaw } = await watching(await Command.serve());
    const raw = await openRaw();
    raw.socket.write(sent);
    raw.socket.end();
    const { webSocket } = await until(isOver);
    const said = `This side refused what the peer sent: ${why}`;
    expect(webSocket?.ending).toMatchObject({ observation: 'protocol-error', why: said });
    expect(lines).toEqual([
      line,
      '#3 out close F0- 1x 2 1002',
      `#3 end protocol-error, likely this-side: ${said}`,
    ]);
  });

  test('of a flood in few words, which say how much it was', async () => {
    const { lines, omitted, until, openRaw, reader } = await watching(await Command.serve());
    const raw = await openRaw();
    const pair = Buffer.concat([masked(OPCODE.binary, 'ab'), masked(FIN, '')]);
    const messages = 20_000;
    raw.socket.write(Buffer.concat(Array.from({ length: messages }, () => pair)));
    raw.socket.resume();
    let events = 0;
    await until(({ webSocket }) => {
      events += 1;
      return webSocket?.messagesSent === messages;
    });
    raw.socket.end(masked(FIN | OPCODE.close, ''));
    await until(isOver);
    const counted = lines.map((line) => Number(/ (\d+)x /.exec(line)?.[1] ?? 0));
    const listed = counted.reduce((sum, count) => sum + count, 0);
    // Two frames in and one out of each message, and two Close frames.
    expect(listed + omitted.frames).toBe(3 * messages + 2);
    expect(lines.length).toBeLessThanOrEqual(12 * (events + 2) + 1);
    expect(omitted.bytes).toBeGreaterThan(0);
    reader.close();
  });
});
