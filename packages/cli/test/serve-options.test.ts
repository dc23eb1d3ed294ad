import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Command, endCommands } from './support/command.ts';
import { RawClient } from './support/raw-client.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdline-'));
  writeFileSync(join(folder, 'large.bin'), Buffer.alloc(32 * 1024 * 1024));
});

afterEach(endCommands);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('--idle closes a connection between requests', async () => {
  const command = await Command.serve('--idle', '0.2');
  const client = await RawClient.open(command.port);
  await client.request('GET /');
  await client.over();
  client.close();
  await command.line(/ #1 closed idle-timeout 1 request /);
});

test('--requests ends a connection with the last of them, announced', async () => {
  const command = await Command.serve('--requests', '2');
  const client = await RawClient.open(command.port);
  expect((await client.request('GET /')).fields.get('keep-alive')).toBe('timeout=65, max=1');
  expect((await client.request('GET /')).fields.get('connection')).toBe('close');
  await client.over();
  client.close();
  await command.line(/ #1 closed max-requests 2 requests /);
});

test('--age ends a connection that is idle', async () => {
  const command = await Command.serve('--age', '0.3');
  const client = await RawClient.open(command.port);
  await client.request('GET /');
  await client.over();
  client.close();
  await command.line(/ #1 closed max-age 1 request /);
});

test('--head answers 408 to a request that does not arrive', async () => {
  const command = await Command.serve('--head', '0.2');
  const client = await RawClient.open(command.port);
  client.send('GET / HTTP/1.1\r\nHost:');
  expect((await client.response()).status).toBe(408);
  client.close();
  await command.line(/ #1\.0 "-" 408 \d+B .* HTTP1_HEAD_TIMEOUT$/);
  await command.line(/ #1 closed failed 0 requests /);
});

test('--stall cuts off a client that reads nothing', async () => {
  const command = await Command.serve(folder, '--stall', '0.3');
  const client = await RawClient.open(command.port);
  client.send('GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await client.head();
  client.socket.pause();
  await command.line(/ #1 closed write-stall 1 request /);
  await command.line(/"GET \/large\.bin" 200 \d+B \d+\.\dms incomplete$/);
  client.close();
});

test('--connections answers 503 to more', async () => {
  const command = await Command.serve('--connections', '1');
  const first = await RawClient.open(command.port);
  expect((await first.request('GET /')).status).toBe(200);
  const second = await RawClient.open(command.port);
  expect((await second.request('GET /')).status).toBe(503);
  first.close();
  second.close();
});

test('--url-targets accepts what browsers send', async () => {
  for (const [args, status] of [
    [[], 400],
    [['--url-targets'], 200],
  ] as const) {
    const command = await Command.serve(...args);
    const client = await RawClient.open(command.port);
    expect((await client.request('GET /?list[]=a|b')).status).toBe(status);
    client.close();
  }
});

test('clients that go away leave no file open', async (context) => {
  context.skip(process.platform !== 'linux', 'needs /proc to see open files');
  const command = await Command.serve(folder);
  const clients = 100;
  for (let index = 1; index <= clients; index++) {
    const client = await RawClient.open(command.port);
    client.send('GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
    // Some before the response, some within it.
    if (index % 2 === 0) await client.head();
    client.close();
  }
  await command.line(new RegExp(` #${clients} closed `));
  const descriptors = `/proc/${command.child.pid}/fd`;
  const openFiles = (): number =>
    readdirSync(descriptors).filter((name) => {
      try {
        return readlinkSync(join(descriptors, name)).startsWith(folder);
      } catch {
        return false;
      }
    }).length;
  await expect.poll(openFiles, { timeout: 30_000 }).toBe(0);
});
