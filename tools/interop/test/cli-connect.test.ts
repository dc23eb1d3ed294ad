// `holdline connect` to a server of `ws` behind TLS, whose certificate nobody knows.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';

const command = fileURLToPath(
  new URL('dist/main.js', import.meta.resolve('holdline/package.json')),
);

let folder: string;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdline-'));
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'certificate.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('/usr/bin/openssl', ['req', '-x509', ...kind, ...files, ...subject], {
    stdio: 'ignore',
  });
  server = createServer({
    key: readFileSync(join(folder, 'key.pem')),
    cert: readFileSync(join(folder, 'certificate.pem')),
  });
  new WebSocketServer({ server, perMessageDeflate: true }).on('connection', (socket) => {
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  url = `wss://localhost:${(server.address() as AddressInfo).port}/`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What it prints and ends with, given one line. */
function connect(...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [command, 'connect', url, ...args]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  child.stdin.end('hello\n');
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

test('is not opened to whom nobody knows', async () => {
  const { code, output } = await connect();
  expect(code).toBe(1);
  expect(output).toMatch(/^holdline: never-opened: .*: self-signed certificate.*\n$/);
});

test.each([['--ca'], ['--insecure']])('is opened with %s', async (option) => {
  const file = option === '--ca' ? [join(folder, 'certificate.pem')] : [];
  const { code, output } = await connect(option, ...file);
  expect(code).toBe(0);
  expect(output).toMatch(/ < text 5 B {2}hello\n/);
  expect(output).toContain(`connected to ${url}, permessage-deflate\n`);
});
