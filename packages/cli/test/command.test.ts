import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { CONNECT_HELP, HOLDLINE_HELP, SERVE_HELP } from '../src/help.ts';
import { Command, endCommands } from './support/command.ts';
import { RawClient } from './support/raw-client.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdline-'));
  writeFileSync(join(folder, 'a.txt'), 'first');
});

afterEach(endCommands);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (...args: string[]) => new Command(args, folder).end;

describe('what it prints without serving', () => {
  test.each([
    [['--help'], HOLDLINE_HELP],
    [['serve', '--help'], SERVE_HELP],
    [['connect', '--help'], CONNECT_HELP],
    [['--version'], `holdline ${manifest.version}\n`],
    [['serve', '--version'], `holdline ${manifest.version}\n`],
  ])('%j', async (args, stdout) => {
    expect(await run(...args)).toEqual({ code: 0, signal: null, stdout, stderr: '' });
  });
});

describe('wrong arguments are one line on stderr, and exit code 2', () => {
  test.each([
    [[]],
    [['fly']],
    [['fly\naway']],
    [['serve', '--fly']],
    [['serve', '--port', 'x']],
    [['serve', '--port']],
    [['serve', '--host', 'a:1']],
    [['serve', '.', '.']],
    [['serve', 'missing']],
    [['serve', 'a.txt']],
    [['serve', 'nul\u001b[31m']],
    [['connect']],
    [['connect', 'ftp://a']],
    [['connect', 'ws://a', '-H', 'a: b\u001b[31m']],
    [['connect', 'wss://a', '--ca', 'missing.pem']],
    [['connect', 'wss://a', '--ca', 'a.txt']],
    [['connect', 'wss://a', '--pin', 'missing.pem']],
    [['connect', 'tls://a:1', '--pin', 'a.txt']],
    [['connect', 'tls://a:1', '--ca', 'a.txt']],
    [['connect', 'tls://a:1', '-k', '--keylog', 'missing/keys']],
    [['serve', '--cert', 'missing.pem', '--key', 'a.txt']],
    [['serve', '--cert', 'a.txt', '--key', 'a.txt']],
  ])('%j', async (args) => {
    const { code, signal, stdout, stderr } = await run(...args);
    expect({ code, signal, stdout }).toEqual({ code: 2, signal: null, stdout: '' });
    expect(stderr).toMatch(/^holdline: \P{Cc}+\n$/u);
  });
});

describe('the port', () => {
  let taken: Server;
  let takenPort: number;

  beforeAll(async () => {
    taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    takenPort = (taken.address() as AddressInfo).port;
  });

  afterAll(() => taken.close());

  test('that was asked for and is taken is an error', async () => {
    const { code, stdout, stderr } = await run('serve', '--port', String(takenPort));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `holdline: cannot listen at 127.0.0.1:${takenPort}: the address is in use (EADDRINUSE)\n`,
    );
  });

  test('that was not asked for and is taken is another one, which is said', async () => {
    // Whoever has 8080 on this machine already does as well.
    const holder = createServer();
    await new Promise<void>((resolve) => {
      holder.once('error', () => resolve());
      holder.listen(8080, '127.0.0.1', resolve);
    });
    const command = new Command(['serve'], folder);
    const line = await command.line(/^holdline: port 8080 is taken/);
    expect(command.stdout.startsWith('holdline serving its built-in page at http://')).toBe(true);
    expect(line).toBe(`holdline: port 8080 is taken, so the free port ${command.port} was chosen`);
    const client = await RawClient.open(command.port);
    expect((await client.request('GET /')).status).toBe(200);
    client.close();
    holder.close();
  });

  test('of an address that this machine does not have', async () => {
    const { code, stderr } = await run('serve', '--listen', '192.0.2.1');
    expect(code).toBe(1);
    expect(stderr).toBe(
      'holdline: cannot listen at 192.0.2.1:8080: this machine does not have the address (EADDRNOTAVAIL)\n',
    );
  });
});

test('a relative folder is said in full', async () => {
  const command = new Command(['serve', '.', '--port', '0'], folder);
  expect(await command.line(/serving/)).toContain(` ${folder} at http://127.0.0.1:`);
});

test('--listen for all addresses names one that a browser can reach', async () => {
  const command = await Command.serve('--listen', '0.0.0.0');
  expect(command.stdout).toContain(` at http://127.0.0.1:${command.port}/\n`);
});

test('a log that nobody reads any more is nothing to die of', async () => {
  const command = await Command.serve();
  const { port } = command;
  command.child.stdout.destroy();
  command.child.stderr.destroy();
  const client = await RawClient.open(port);
  for (let index = 0; index < 5; index++) {
    expect((await client.request('GET /')).status).toBe(200);
  }
  client.close();
  command.signal('SIGINT');
  expect(await command.end).toMatchObject({ code: 0, signal: null });
});
