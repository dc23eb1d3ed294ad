// The command on every runtime: started as its users start it, and asked over a socket.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CONTENT = 'x'.repeat(1_000_000);

/** When a feature that does not come to its end is given up. */
const PATIENCE_MS = 20_000;

/** A running command: what it has printed, and how it ends. */
function start([file, ...words], ...args) {
  const options = typeof args[0] === 'object' ? args.shift() : {};
  const child = spawn(file, [...words, ...args], { stdio: 'pipe', ...options });
  let stdout = '';
  let stderr = '';
  let onPrint = () => {};
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    onPrint();
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const end = new Promise((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  const printed = async (pattern) => {
    while (!pattern.test(stdout)) {
      const ended = await Promise.race([end, new Promise((resolve) => (onPrint = resolve))]);
      if (ended !== undefined) throw new Error(`it ended: ${JSON.stringify(ended)}`);
    }
    return pattern.exec(stdout);
  };
  return { child, end, printed };
}

/** Sends a request and resolves with all that comes back until the server ends. */
function ask(port, target) {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ port, host: '127.0.0.1' });
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.on('end', () => resolve(text));
    socket.on('error', reject);
    socket.write(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
  });
}

async function seeHelp(command) {
  const { code, stdout } = await start(command, '--help').end;
  return `${code}, ${stdout.split('\n')[0].split(' ')[0]}`;
}

async function seeMistake(command) {
  const { code, stderr } = await start(command, 'fly').end;
  return `${code}, ${stderr.split('\n').length - 1} line`;
}

/** A folder with a file, and with a link to a file beside the folder. */
function makeFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'holdline-'));
  const served = join(folder, 'served');
  mkdirSync(served);
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(served, 'file.txt'), CONTENT);
  symlinkSync(join('..', 'secret.txt'), join(served, 'link.txt'));
  return { folder, served };
}

/** Serves a folder, asks for a file and for one outside, and ends it by a signal. */
async function seeServing(command, signal) {
  const { folder, served } = makeFolder();
  const { child, end, printed } = start(command, 'serve', '--port', '0', served);
  try {
    const [, port] = await printed(/^holdline serving .* at http:\/\/[^\s]*:(\d+)\/\n/);
    const found = await ask(Number(port), '/file.txt');
    const leaving = await ask(Number(port), '/link.txt');
    await printed(/"GET \/link\.txt" 404 /);
    child.kill(signal);
    const { code } = await end;
    const content = found.endsWith(`\r\n\r\n${CONTENT}`) ? 'whole' : `${found.length} bytes`;
    return `${found.slice(9, 12)}, ${content}, ${leaving.slice(9, 12)}, exit code ${code}`;
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
}

/** Talks to `/echo` through a pipe: lines, a command, and a code that the server echoes. */
async function seeEcho(command) {
  const server = start(command, 'serve', '--port', '0');
  try {
    const [, port] = await server.printed(/echo at ws:\/\/[^\s]*:(\d+)\/echo\n/);
    const client = start(command, 'connect', `127.0.0.1:${port}/echo`, '--raw', '-c', '-s', 'chat');
    client.child.stdin.write('hello\n/ping\n//slash\n');
    await client.printed(/\/slash\n/);
    client.child.stdin.end('/close 4001 enough\n');
    const { code, stdout, stderr } = await client.end;
    await server.printed(/"GET \/echo" 101 .* websocket 2 in 2 out \d+B in closed 4001\n/);
    // A pong may overtake what it was asked for behind.
    const messages = stdout.split('\n').filter((line) => line !== '' && !line.includes('pong'));
    const agreed = /, subprotocol chat, permessage-deflate\n/.test(stderr) ? 'agreed' : stderr;
    const ended = /closed with 4001 "enough" after/.test(stderr) ? 'said so' : stderr;
    return `${messages.join(', ')}, ${agreed}, ${ended}, exit code ${code}`;
  } finally {
    server.child.kill('SIGKILL');
  }
}

/** Serves by TLS with a new development certificate, and talks to it. */
async function seeTls(command) {
  const folder = mkdtempSync(join(tmpdir(), 'holdline-'));
  const env = { ...process.env, XDG_CONFIG_HOME: folder };
  const server = start(command, { env }, 'serve', '--tls', '--port', '0');
  try {
    const [, port] = await server.printed(/at https:\/\/[^\s]*:(\d+)\/\n/);
    const [, file] = await server.printed(/development certificate (\S+) until .* SHA-256 /);
    const target = `tls://localhost:${port}`;
    const client = start(command, 'connect', target, '--pin', file, '--raw', '--crlf');
    client.child.stdin.end(`GET / HTTP/1.1\nHost: localhost:${port}\nConnection: close\n\n`);
    const { code, stdout, stderr } = await client.end;
    const agreed = /secured: TLS 1\.3, TLS_/.test(stderr) ? 'secured' : stderr;
    return `${stdout.slice(9, 12)}, ${agreed}, exit code ${code}`;
  } finally {
    server.child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
}

/** Connects to where nothing listens. */
async function seeNobody(command) {
  const { child, end } = start(command, 'connect', 'ws://127.0.0.1:1/');
  child.stdin.end();
  const { code, stderr } = await end;
  return `${code}, ${stderr.split('\n').length - 1} line, ${stderr.split(':')[1]?.trim()}`;
}

/** The features of the command. */
export const features = [
  { name: 'holdline --help', expected: '0, holdline', see: seeHelp },
  { name: 'holdline with a mistake', expected: '2, 1 line', see: seeMistake },
  ...['SIGINT', 'SIGTERM'].map((signal) => ({
    name: `holdline serve, then ${signal}`,
    expected: '200, whole, 404, exit code 0',
    see: (command) => seeServing(command, signal),
  })),
  {
    name: 'holdline connect to the echo of holdline serve',
    expected: 'hello, /slash, agreed, said so, exit code 3',
    see: seeEcho,
  },
  {
    name: 'holdline connect to holdline serve, by TLS',
    expected: '200, secured, exit code 0',
    see: seeTls,
  },
  {
    name: 'holdline connect to nobody',
    expected: '1, 1 line, never-opened',
    see: seeNobody,
  },
];

/** Where a runtime shows something else, and why. */
export const differences = [];

/** Tries the features; resolves to what was `expected` and what was `seen`, by `name`. */
export async function observe(_modules, { commands }) {
  const observed = [];
  for (const { name, expected, see } of features) {
    let timer;
    const timeout = new Promise((resolve) => {
      timer = setTimeout(resolve, PATIENCE_MS, 'nothing happened');
    });
    const seen = await Promise.race([see(commands.holdline).catch(String), timeout]);
    clearTimeout(timer);
    observed.push({ name, expected, seen });
  }
  return observed;
}
