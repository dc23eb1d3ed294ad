import { connectWebSocket } from '@holdline/net/websocket';
import { nodeCompression } from '@holdline/websocket/node';
import { afterEach, describe, expect, test } from 'vitest';
import { Command, endCommands } from '../support/command.ts';
import { RawClient } from '../support/raw-client.ts';

afterEach(endCommands);

const LARGE_BYTES = 1_048_576;

const OPENING = {
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version': '13',
};

describe.each([[true], [false]])('an echo, compressed %j', (isCompressed) => {
  test('of text and bytes of all sizes, in their order', async () => {
    const server = await Command.serve();
    const url = `ws://127.0.0.1:${server.port}/echo`;
    const connection = await connectWebSocket(
      url,
      isCompressed ? { compression: nodeCompression } : {},
    );
    expect(connection.deflate !== null).toBe(isCompressed);
    const sent = [0, 1, 125, 126, 65_535, 65_536, LARGE_BYTES].flatMap((size) => [
      'ü'.repeat(size),
      Buffer.from(Array.from({ length: size }, (_, at) => at % 251)),
    ]);
    for (const message of sent) connection.send(message);
    for (const message of sent) {
      const { value } = await connection[Symbol.asyncIterator]().next();
      expect(typeof value).toBe(typeof message);
      expect(Buffer.from(value as string).equals(Buffer.from(message as string))).toBe(true);
    }
    await connection.close(4000, 'done');
    const line = await server.line(/"GET \/echo" 101 /);
    expect(line).toMatch(
      /^\S+Z 127\.0\.0\.1:\d+ #1\.1 "GET \/echo" 101 \d+B \d+\.\dms websocket 14 in 14 out \d+B in closed 4000$/,
    );
    await server.line(/ #1 closed switched 1 request /);
  });
});

test('a client that sends and does not read is made to wait, and loses nothing', async () => {
  const server = await Command.serve();
  const url = `ws://127.0.0.1:${server.port}/echo`;
  const connection = await connectWebSocket(url);
  const piece = Buffer.alloc(LARGE_BYTES, 'x');
  connection.hold();
  const isWaiting = async (): Promise<boolean> => {
    const turn = new Promise<'turn'>((resolve) => setTimeout(resolve, 200, 'turn'));
    return (await Promise.race([connection.drained(), turn])) === 'turn';
  };
  let count = 0;
  // What both ends and the system take, and then no more.
  while (connection.send(piece, { compress: false }) || !(await isWaiting())) count += 1;
  expect(count * LARGE_BYTES).toBeLessThan(64 * LARGE_BYTES);
  connection.resume();
  let received = 0;
  for await (const message of connection) {
    received += message.length;
    if (received === (count + 1) * LARGE_BYTES) break;
  }
  await connection.close();
  await server.line(/"GET \/echo" 101 .* closed 1000$/);
});

test('what came before a frame that is wrong, in the same chunk, is answered before the Close frame', async () => {
  const { port } = await Command.serve();
  const client = await RawClient.open(port);
  expect((await client.request('GET /echo', OPENING)).status).toBe(101);
  const ended = new Promise<Buffer>((resolve) => {
    const chunks: Buffer[] = [];
    client.socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    client.socket.on('end', () => resolve(Buffer.concat(chunks)));
  });
  // «a», masked with zeros, and then RSV3.
  client.socket.write(Buffer.of(0x81, 0x81, 0, 0, 0, 0, 0x61, 0x91, 0x80, 0, 0, 0, 0));
  const answer = await ended;
  expect(answer.subarray(0, 7).toString('hex')).toMatch(/^81016188..03ea$/);
});

test('a message of more than 16 MiB is too large', async () => {
  const { port } = await Command.serve();
  const connection = await connectWebSocket(`ws://127.0.0.1:${port}/echo`);
  connection.send(Buffer.alloc(16 * LARGE_BYTES + 1));
  expect(await connection.closed).toMatchObject({ code: 1009, startedBy: 'peer' });
});

test('is for requests that ask for a WebSocket, by a name of this server', async () => {
  const { port } = await Command.serve();
  const client = await RawClient.open(port);
  const statusOf = async (line: string, fields = {}): Promise<number> =>
    (await client.request(line, fields)).status;
  expect(await statusOf('GET /echo')).toBe(404);
  expect(await statusOf('POST /echo', OPENING)).toBe(405);
  expect(await statusOf('GET /other', OPENING)).toBe(404);
  expect(await statusOf('GET /echo', { ...OPENING, 'Sec-WebSocket-Version': '8' })).toBe(426);
  expect(await statusOf('GET /echo', { ...OPENING, 'Sec-WebSocket-Key': 'short' })).toBe(400);
  expect(await statusOf('GET /echo', { ...OPENING, Host: 'evil.example' })).toBe(421);
  expect(await statusOf('GET /echo?q', { ...OPENING, Origin: 'http://evil.example' })).toBe(101);
  client.close();
});

test('is not there with --no-echo', async () => {
  const server = await Command.serve('--no-echo');
  const client = await RawClient.open(server.port);
  expect((await client.request('GET /echo', OPENING)).status).toBe(404);
  expect(server.stdout).not.toContain('echo');
  client.close();
});

test('a drain closes with 1001, and says what it waits for', async () => {
  const server = await Command.serve();
  const connection = await connectWebSocket(`ws://127.0.0.1:${server.port}/echo`);
  server.signal('SIGINT');
  expect(await connection.closed).toMatchObject({ code: 1001, startedBy: 'peer', wasClean: true });
  const { code, stdout } = await server.end;
  expect(code).toBe(0);
  expect(stdout).toContain('SIGINT: waiting for 1 WebSocket on 1 connection; once more to cut\n');
  expect(stdout).toMatch(/"GET \/echo" 101 .* closed 1001\n/);
});

test('what ends without a word is logged as what was seen', async () => {
  const server = await Command.serve();
  for (const [leave, seen] of [
    ['end', 'fin-without-close'],
    ['resetAndDestroy', 'reset'],
  ] as const) {
    const client = await RawClient.open(server.port);
    expect((await client.request('GET /echo', OPENING)).status).toBe(101);
    client.socket[leave]();
    await server.line(new RegExp(`"GET /echo" 101 .* websocket 0 in 0 out \\d+B in ${seen} 1006$`));
  }
});
