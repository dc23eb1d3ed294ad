// `holdline connect tls://`, to servers of holdline's and of node:tls.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { serveTls, type TlsConnection, type TlsListener } from '@holdline/net/tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { developmentCertificate } from '../../src/tls/development-certificate.ts';
import type { ServerCertificate } from '../../src/tls/server-certificate.ts';
import { Command, endCommands } from '../support/command.ts';

let folder: string;
let own: ServerCertificate;
let server: TlsListener | null = null;
let nodeServer: Server | null = null;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'holdline-'));
  own = await developmentCertificate(folder, Date.now());
});

afterEach(async () => {
  await endCommands();
  await server?.close();
  nodeServer?.close();
  server = nodeServer = null;
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A server of holdline's that echoes, and closes when the client does. */
async function echoServer(onConnection: (connection: TlsConnection) => void = () => {}) {
  const { cert, key } = own;
  server = serveTls(
    (connection) => {
      const { transport } = connection;
      const sink = {
        onData: (data: Uint8Array) => transport.write(data),
        onEnd: () => transport.end(),
        onDrain() {},
      };
      transport.attach(sink);
      onConnection(connection);
    },
    { cert, key, heartbeat: 'peer-allowed-to-send', protocols: ['echo'] },
  );
  return `tls://localhost:${(await server.listen({ host: 'localhost' })).port}`;
}

async function nodeUrl(behave: (socket: TLSSocket) => void): Promise<string> {
  const { cert, key } = own;
  const made = createServer({ cert, key }, (socket) => {
    socket.on('error', () => {});
    behave(socket);
  });
  made.on('tlsClientError', () => {});
  nodeServer = made;
  await new Promise<void>((resolve) => made.listen(0, 'localhost', resolve));
  return `tls://localhost:${(made.address() as AddressInfo).port}`;
}

describe('whom it trusts', () => {
  test('nobody that node:tls does not trust, and says whom', async () => {
    const { code, stdout, stderr } = await Command.connect('x\n', await echoServer()).end;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`SHA-256 ${own.certificate.fingerprint256}\n`);
    expect(stderr).toContain('holdline: node:tls does not trust it: self-signed certificate');
    expect(stderr).toMatch(/holdline: not secured: TLS_REFUSED: .*\n$/);
  });

  test.each([
    ['--ca', 'node:tls has validated the certificate'],
    ['--pin', 'the certificate is the pinned one'],
    ['--insecure', 'the certificate was not verified'],
  ])('by %s', async (option, words) => {
    const file = option === '--insecure' ? [] : [own.file];
    const url = await echoServer();
    const { code, stdout, stderr } = await Command.connect('hello\n', url, option, ...file).end;
    expect(stderr).toContain(`holdline: ${words}\n`);
    expect(stdout).toMatch(/ < text 5 B {2}hello\n$/);
    expect(code).toBe(0);
  });

  test('not the certificate of another name, not another one than the pinned', async () => {
    const url = await echoServer();
    const named = ['--ca', own.file, '--servername', 'other.example'];
    const other = await Command.connect('', url, ...named).end;
    expect(other.code).toBe(1);
    expect(other.stderr).toContain('node:tls does not trust it: ');
    const elsewhere = await developmentCertificate(join(folder, 'else'), Date.now());
    const pinned = await Command.connect('', url, '--pin', elsewhere.file, '-q').end;
    expect(pinned.code).toBe(1);
    expect(pinned.stderr).toContain(`the certificate is none of '${elsewhere.file}'`);
  });
});

test('it tells what was agreed on, and logs the keys for the user’s eyes', async () => {
  const log = join(folder, 'keys');
  const args = ['-k', '--alpn', 'other', '--alpn', 'echo', '--keylog', log];
  const { code, stderr } = await Command.connect('', await echoServer(), ...args).end;
  expect(code).toBe(0);
  expect(stderr).toMatch(/secured: TLS 1\.3, TLS_\w+, \w+, ecdsa_secp256r1_sha256, ALPN echo\n/);
  expect(stderr).toMatch(/holdline: finished: both sides have said close_notify\n$/);
  expect(existsSync(log)).toBe(true);
  expect(readFileSync(log, 'utf8')).toMatch(/^CLIENT_TRAFFIC_SECRET_0 [\da-f]{64} [\da-f]+$/m);
});

test('commands update keys and send heartbeats', async () => {
  const updates: string[] = [];
  const url = await echoServer();
  const command = Command.connect(null, url, '-k', '-c', '--heartbeat', '60');
  command.child.stdin.write('/heartbeat\n/keyupdate request\n//one\n');
  await command.line(/ < heartbeat \d/);
  await command.line(/ < text 4 B {2}\/one$/);
  updates.push(await command.line(/our keys were updated, for the 1st time/));
  updates.push(await command.line(/the server’s keys were updated, for the 1st time/));
  expect(updates).toHaveLength(2);
  command.child.stdin.write('/close\n');
  expect((await command.end).code).toBe(0);
});

test('a heartbeat that nobody agreed to is not sent, and a mistake ends a script', async () => {
  const input = '/heartbeat\n/fly\n';
  const { code, stderr } = await Command.connect(input, await echoServer(), '-k', '-c').end;
  expect(stderr).toContain('holdline: TLS_NOT_AGREED: ');
  expect(stderr).toMatch(/holdline: line 2: there is no command \/fly.*\n$/);
  expect(code).toBe(2);
});

test('bytes of a pipe are sent as they are, and shown as they are by --raw', async () => {
  const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, index) => (index * 7) & 0x7f));
  const { code, stdout } = await Command.connect(bytes, await echoServer(), '-k', '--raw', '-q')
    .end;
  expect(code).toBe(0);
  expect(stdout).toBe(bytes.toString('latin1'));
});

test('what could harm a terminal is escaped', async () => {
  const { stdout } = await Command.connect('a\u001b[31m\r\nb\n', await echoServer(), '-k').end;
  expect(stdout).toMatch(/ < text 6 B {2}a\\x1b\[31m\n.* < text 1 B {2}b\n$/);
});

test('lines end with CR LF where that is asked for', async () => {
  const url = await echoServer();
  const { stdout } = await Command.connect('a\nb', url, '-k', '--crlf', '--raw').end;
  expect(stdout).toBe('a\r\nb\r\n');
});

test('an end without close_notify is none in order', async () => {
  const url = await nodeUrl((socket) => {
    socket.write('half', () => {
      // The socket below it: no close_notify.
      const { _parent: lower } = socket as unknown as { readonly _parent: { end(): void } };
      lower.end();
    });
  });
  const { code, stderr } = await Command.connect(null, url, '-k').end;
  expect(code).toBe(4);
  expect(stderr).toMatch(/holdline: truncated: the end came without close_notify.*\n$/);
});

test('the server’s close_notify is answered', async () => {
  // Node sends no close_notify when it is to end at once.
  const url = await nodeUrl((socket) => socket.once('data', () => socket.end('bye\n')));
  const command = Command.connect(null, url, '-k');
  command.child.stdin.write('hello\n');
  const { code, stdout, stderr } = await command.end;
  expect(stdout).toMatch(/ < text 3 B {2}bye\n$/);
  expect(stderr).toContain('holdline: the server has said close_notify\n');
  expect(code).toBe(0);
});

test('where nothing listens', async () => {
  const { code, stderr } = await Command.connect('', 'tls://127.0.0.1:1', '-k').end;
  expect(code).toBe(1);
  expect(stderr).toBe('holdline: no connection: nothing listens there (ECONNREFUSED)\n');
});

test('Ctrl-C closes, and once more cuts', async () => {
  let held: TlsConnection | null = null;
  const url = await echoServer((connection) => {
    held = connection;
    // It does not answer.
    connection.transport.pause();
  });
  const command = Command.connect(null, url, '-k');
  await command.line(/secured/);
  command.signal('SIGINT');
  await new Promise((resolve) => setTimeout(resolve, 200));
  command.signal('SIGINT');
  const { code, stderr } = await command.end;
  expect(code).toBe(130);
  expect(stderr).toMatch(/holdline: cut by SIGINT\n$/);
  expect(held).not.toBeNull();
});
