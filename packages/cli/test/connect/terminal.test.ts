// `holdline connect` at a terminal, which script(1) of util-linux pretends to be.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serveTls } from '@holdline/net/tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SAME_SIGNAL_MS } from '../../src/shutdown.ts';
import { developmentCertificate } from '../../src/tls/development-certificate.ts';
import { Command, endCommands, mainFile, nodeFile, settings } from '../support/command.ts';
import {
  agreement,
  closePayload,
  endServers,
  frame,
  HostileServer,
} from '../support/hostile-server.ts';

const SCRIPT = '/usr/bin/script';

beforeEach((context) => {
  context.skip(!existsSync(SCRIPT), `needs ${SCRIPT}`);
});

afterEach(async () => {
  for (const end of terminals.splice(0)) end();
  await endCommands();
  await endServers();
});

const terminals: (() => void)[] = [];

/** A terminal in which the command runs. */
class Terminal {
  /** What it was told to show, with all that moves the cursor. */
  output = '';
  readonly exit: Promise<number | null>;
  readonly #child: ReturnType<typeof spawn>;
  #watch: () => void = () => {};

  constructor(...args: string[]) {
    const command = [nodeFile, mainFile, 'connect', ...args].join(' ');
    const words = [
      '--quiet',
      '--return',
      '--command',
      `stty cols 80 && exec ${command}`,
      '/dev/null',
    ];
    this.#child = spawn(SCRIPT, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    terminals.push(() => this.#child.kill('SIGKILL'));
    this.#child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.output += text;
      this.#watch();
    });
    this.exit = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        resolve(code);
        this.#watch();
      });
    });
  }

  /** The same, with ␛ for what begins a movement. */
  get drawn(): string {
    return this.output.replaceAll('\u001b', '␛');
  }

  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  /** Waits until the text is shown, not counting what was there at `from`. */
  async shows(pattern: RegExp, from = 0): Promise<void> {
    while (!pattern.test(this.drawn.slice(from))) {
      await new Promise<void>((resolve) => {
        this.#watch = resolve;
      });
    }
  }
}

test('lines are sent, commands obeyed, and what comes goes above the prompt', async () => {
  const server = await Command.serve();
  const terminal = new Terminal(`127.0.0.1:${server.port}/echo`);
  await terminal.shows(/connected to .*; \/help for commands\r\n/);
  await terminal.shows(/> /);
  terminal.type('hello\r');
  await terminal.shows(/\d < text 5 B {2}hello\r\n/);
  terminal.type('/ping\r');
  await terminal.shows(/\d < pong \d+\.\d+ ms\r\n/);
  terminal.type('/help\r');
  await terminal.shows(/\/close \[CODE \[REASON\]\]/);
  terminal.type('/nonsense\r');
  await terminal.shows(/holdline: there is no command \/nonsense/);
  terminal.type('//close\r');
  await terminal.shows(/ < text 6 B {2}\/close\r\n/);
  terminal.type('/close 4321 enough\r');
  expect(await terminal.exit).toBe(3);
  expect(terminal.output).toMatch(/holdline: closed with 4321 "enough" after \d+\.\d s\r\n$/);
  await server.line(/"GET \/echo" 101 .* websocket 2 in 2 out \d+B in closed 4321$/);
});

test('what comes does not disturb the line that is being typed, however long', async () => {
  let speak: () => void = () => {};
  let heard = '';
  const server = await HostileServer.start((socket, head) => {
    socket.write(agreement(head));
    speak = () => void socket.write(frame(0x81, 'meanwhile'));
    socket.on('data', (data) => {
      heard += unmasked(data);
    });
  });
  const terminal = new Terminal('--no-deflate', server.url);
  await terminal.shows(/> /);
  const begun = 'x'.repeat(100);
  terminal.type(begun);
  await terminal.shows(/(?:x[^x]*){100}$/);
  const before = terminal.output.length;
  speak();
  await terminal.shows(/ < text 9 B {2}meanwhile\r\n/, before);
  // The line is drawn anew behind it: two rows at 80 columns.
  await terminal.shows(/meanwhile\r\n[\s\S]*> x{100}/, before);
  // Before that the cursor went up to its first row, and all from there was erased.
  expect(terminal.output.slice(before).split('\u001b').slice(0, 4)).toEqual([
    '',
    '[1A',
    '[1G',
    expect.stringMatching(/^\[0J\d\d:\d\d:\d\d/),
  ]);
  terminal.type('y\r');
  await expect.poll(() => heard).toBe(`${begun}y`);
});

test('Ctrl-C closes, Ctrl-D as well', async () => {
  const server = await Command.serve();
  for (const key of ['\u0003', '\u0004']) {
    const terminal = new Terminal('--quiet', `127.0.0.1:${server.port}/echo`);
    await terminal.shows(/> /);
    terminal.type(key);
    expect(await terminal.exit).toBe(0);
  }
});

test('Ctrl-D leaves nothing of the prompt in front of what is still said', async () => {
  const server = await HostileServer.start((socket, head) => {
    socket.write(agreement(head));
    const farewell = [frame(0x81, 'last'), frame(0x88, closePayload(1000))];
    socket.once('data', () => socket.end(Buffer.concat(farewell)));
  });
  const terminal = new Terminal('--no-deflate', server.url);
  await terminal.shows(/> /);
  const before = terminal.output.length;
  terminal.type('\u0004');
  expect(await terminal.exit).toBe(0);
  expect(terminal.drawn.slice(before)).toMatch(
    /^␛\[1G␛\[0J\d\d:\d\d:[^\r\n]* < text 4 B {2}last\r\n/,
  );
});

describe('tls://', () => {
  const pin = join(settings, 'holdline', 'development-certificate.pem');

  test('lines and commands go out, and what comes goes above the prompt', async () => {
    const server = await Command.serve('--tls', '--heartbeat', '60');
    const url = `tls://127.0.0.1:${server.port}`;
    const terminal = new Terminal(url, '--pin', pin, '--heartbeat', '60', '--crlf');
    await terminal.shows(/secured: TLS 1\.3.*heartbeats; \/help for commands\r\n/);
    await terminal.shows(/> /);
    terminal.type('/heartbeat\r');
    await terminal.shows(/␛\[1G␛\[0J[\d:.]+ < heartbeat \d+\.\d+ ms\r\n.*> /);
    terminal.type('/keyupdate\r');
    await terminal.shows(/␛\[0Jholdline: our keys were updated, for the 1st time\r\n.*> /);
    terminal.type('/keyupdate request\r');
    await terminal.shows(/our keys were updated, for the 2nd time\r\n.*> /);
    terminal.type('GET / HTTP/1.0\r\r');
    await terminal.shows(/ < text \d+ B {2}HTTP\/1\.1 200 OK\r\n/);
    await terminal.shows(/holdline: the server’s keys were updated, for the 1st time\r\n/);
    expect(await terminal.exit).toBe(0);
    expect(terminal.drawn).toMatch(
      /␛\[0Jholdline: finished: both sides have said close_notify\r\n$/,
    );
  });

  test.each([
    ['/close', '/close\r'],
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s says close_notify', async (_, keys) => {
    const server = await Command.serve('--tls');
    const terminal = new Terminal(`tls://127.0.0.1:${server.port}`, '--pin', pin);
    await terminal.shows(/> /);
    terminal.type(keys);
    expect(await terminal.exit).toBe(0);
    expect(terminal.drawn).toMatch(
      /␛\[1G␛\[0Jholdline: the server has said close_notify\r\n[^h]*holdline: finished: .*\r\n$/,
    );
  });

  test('behind close_notify lines are not sent, and a second Ctrl-C cuts', async () => {
    const { cert, key } = await developmentCertificate(dirname(pin), Date.now());
    const held = serveTls(({ transport }) => transport.attach(NOBODY), { cert, key });
    const { port } = await held.listen();
    const terminal = new Terminal(`tls://127.0.0.1:${port}`, '--pin', pin);
    await terminal.shows(/> /);
    terminal.type('/close\r');
    await terminal.shows(/\/close\r+\n.*> /);
    terminal.type('more\r');
    await terminal.shows(/holdline: close_notify was sent, so no more lines are\r\n/);
    terminal.type('\u0003');
    // Two signals within a moment count as one.
    await sleep(2 * SAME_SIGNAL_MS);
    terminal.type('\u0003');
    expect(await terminal.exit).toBe(130);
    expect(terminal.drawn).toMatch(/␛\[0Jholdline: cut by SIGINT\r\n$/);
    await held.close();
  });
});

/** Hears nothing, says nothing. */
const NOBODY = { onData() {}, onEnd() {}, onDrain() {} };

/** The text of a frame of a client with less than 126 bytes. */
function unmasked(data: Buffer): string {
  const key = data.subarray(2, 6);
  return Buffer.from(data.subarray(6).map((byte, at) => byte ^ (key[at % 4] ?? 0))).toString();
}
