// `holdline connect` at a terminal, which script(1) of util-linux pretends to be.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Command, endCommands, mainFile, nodeFile } from '../support/command.ts';
import { agreement, endServers, frame, HostileServer } from '../support/hostile-server.ts';

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

  type(keys: string): void {
    this.#child.stdin?.write(keys);
  }

  /** Waits until the text is shown, not counting what was there at `from`. */
  async shows(pattern: RegExp, from = 0): Promise<void> {
    while (!pattern.test(this.output.slice(from))) {
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

/** The text of a frame of a client with less than 126 bytes. */
function unmasked(data: Buffer): string {
  const key = data.subarray(2, 6);
  return Buffer.from(data.subarray(6).map((byte, at) => byte ^ (key[at % 4] ?? 0))).toString();
}
