import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { Command, endCommands, mainFile, nodeFile } from './support/command.ts';
import { RawClient } from './support/raw-client.ts';

/** More than the buffers of a connection hold, so that its download lasts until it is read. */
const LARGE_BYTES = 32 * 1024 * 1024;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdline-'));
  writeFileSync(join(folder, 'large.bin'), Buffer.alloc(LARGE_BYTES, 'holdline'));
});

afterEach(endCommands);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A download of which only the head has been read. */
async function slowDownload(command: Command): Promise<RawClient> {
  const client = await RawClient.open(command.port);
  client.send('GET /large.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
  expect((await client.head()).status).toBe(200);
  client.socket.pause();
  return client;
}

test.each([
  ['SIGINT', 0],
  ['SIGTERM', 0],
] as const)('%s waits for a slow download, and says so', async (signal, code) => {
  const command = await Command.serve(folder);
  const slow = await slowDownload(command);
  const idle = await RawClient.open(command.port);
  await idle.request('HEAD /large.bin');
  command.signal(signal);
  await command.line(
    new RegExp(`^holdline: ${signal}: waiting for 1 request on 1 connection; once more to cut$`),
  );
  await idle.over();
  idle.close();
  await expect(RawClient.open(command.port)).rejects.toThrow('ECONNREFUSED');
  slow.socket.resume();
  expect((await slow.content(LARGE_BYTES)).length).toBe(LARGE_BYTES);
  await slow.over();
  slow.close();
  const end = await command.end;
  expect(end).toMatchObject({ code, signal: null, stderr: '' });
  expect(end.stdout).toMatch(
    /\nholdline: done in \d+\.\d s: 1 request finished, 2 connections closed\n$/,
  );
  expect(end.stdout).toMatch(/ #2 closed drained 1 request /);
});

test('a response that begins while draining announces the end', async () => {
  const command = await Command.serve(folder);
  const slow = await slowDownload(command);
  const late = await RawClient.open(command.port);
  late.send('HEAD /large.bin HTTP/1.1\r\n');
  // The server has seen the first line as soon as it answers somebody who came after it.
  const witness = await RawClient.open(command.port);
  await witness.request('HEAD /large.bin');
  witness.close();
  command.signal('SIGINT');
  await command.line(/waiting for/);
  late.send('Host: localhost\r\n\r\n');
  expect((await late.response(true)).fields.get('connection')).toBe('close');
  await late.over();
  slow.close();
  late.close();
  expect((await command.end).code).toBe(0);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('a second %s cuts', async (signal, code) => {
  const command = await Command.serve(folder);
  const slow = await slowDownload(command);
  command.signal(signal);
  await command.line(/waiting for 1 request/);
  // Within a tenth of a second it would count as the same key.
  await new Promise((resolve) => setTimeout(resolve, 150));
  command.signal(signal);
  const end = await command.end;
  expect(end).toMatchObject({ code, signal: null });
  expect(end.stdout).toMatch(new RegExp(`\nholdline: ${signal} again: 1 connection cut\n$`));
  expect(end.stdout).toMatch(/"GET \/large\.bin" 200 \d+B \d+\.\dms incomplete\n/);
  expect(end.stdout).toMatch(/ #1 closed cut 1 request /);
  slow.socket.resume();
  expect((await slow.over()).length).toBeLessThan(LARGE_BYTES);
  slow.close();
});

test('the same signal twice at once is one', async () => {
  const command = await Command.serve(folder);
  const slow = await slowDownload(command);
  command.signal('SIGINT');
  command.signal('SIGINT');
  await command.line(/waiting for 1 request/);
  slow.close();
  expect(await command.end).toMatchObject({ code: 0, signal: null });
});

test('--drain says how long to wait', async () => {
  const command = await Command.serve(folder, '--drain', '0.2');
  const slow = await slowDownload(command);
  command.signal('SIGTERM');
  const end = await command.end;
  expect(end.code).toBe(143);
  expect(end.stdout).toMatch(/: 0 requests finished, 0 connections closed, 1 cut\n$/);
  slow.close();
});

test('with nothing under way it ends at once', async () => {
  const command = await Command.serve();
  command.signal('SIGINT');
  const end = await command.end;
  expect(end.code).toBe(0);
  expect(end.stdout).toContain('holdline: SIGINT: nothing is under way\n');
});

test('a file that shrinks while it is sent ends the connection, not the server', async () => {
  const path = join(folder, 'shrinking.bin');
  writeFileSync(path, Buffer.alloc(LARGE_BYTES));
  const command = await Command.serve(folder);
  const client = await RawClient.open(command.port);
  client.send('GET /shrinking.bin HTTP/1.1\r\nHost: localhost\r\n\r\n');
  expect((await client.head()).fields.get('content-length')).toBe(String(LARGE_BYTES));
  client.socket.pause();
  truncateSync(path, 1000);
  client.socket.resume();
  expect((await client.over()).length).toBeLessThan(LARGE_BYTES);
  await command.line(/^holdline: the file shrank to \d+ of 33554432 bytes on #1\.1$/);
  await command.line(/"GET \/shrinking\.bin" 200 \d+B \d+\.\dms incomplete$/);
  const other = await RawClient.open(command.port);
  expect((await other.request('HEAD /large.bin')).status).toBe(200);
  client.close();
  other.close();
});

test('ends though nobody reads what it prints', async () => {
  const command = await Command.serve(folder);
  command.child.stdout.pause();
  const client = await RawClient.open(command.port);
  // More lines than the pipe and the buffers at its ends hold.
  const target = `/${'absent'.repeat(300)}`;
  for (let request = 0; request < 600; request += 1) {
    expect((await client.request(`HEAD ${target}`)).status).toBe(404);
  }
  client.close();
  const exit = once(command.child, 'exit');
  command.signal('SIGINT');
  expect(await exit).toEqual([0, null]);
  command.child.stdout.resume();
});

/** A pipe that takes nothing more, and that nobody reads. */
function fullPipe(path: string): number {
  execFileSync('/usr/bin/mkfifo', [path]);
  const descriptor = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  try {
    for (;;) writeSync(descriptor, Buffer.alloc(4096));
  } catch (error) {
    expect(error).toMatchObject({ code: 'EAGAIN' });
  }
  return descriptor;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('serves and ends though its first line cannot be printed', async (context) => {
  context.skip(process.platform !== 'linux', 'needs a FIFO that is open for both');
  const stdout = fullPipe(join(folder, 'pipe'));
  const port = await freePort();
  const args = [mainFile, 'serve', '--port', String(port)];
  const child = spawn(nodeFile, args, { stdio: ['ignore', stdout, 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const connected = (): Promise<boolean> =>
    RawClient.open(port).then(
      async (client) => {
        expect((await client.request('GET /')).status).toBe(200);
        client.close();
        return true;
      },
      () => false,
    );
  await expect.poll(connected, { timeout: 30_000 }).toBe(true);
  const exit = once(child, 'exit');
  child.kill('SIGINT');
  expect(await exit).toEqual([0, null]);
  closeSync(stdout);
});
