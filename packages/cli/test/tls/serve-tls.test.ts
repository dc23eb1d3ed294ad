// `holdline serve --tls`, by clients of node:tls and of holdline's.
import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { connectTls } from '@holdline/net/tls';
import { connectWebSocket } from '@holdline/net/websocket';
import { afterEach, describe, expect, test } from 'vitest';
import type { ChangeEvent, ConnectionsEvent } from '../../src/live/page/live-events.ts';
import { Command, endCommands, settings } from '../support/command.ts';

afterEach(endCommands);

const certificateFile = join(settings, 'holdline', 'development-certificate.pem');

interface Answer {
  readonly status: number | undefined;
  readonly cookie: string;
  readonly content: string;
}

function ask(port: number, path: string, cookie = ''): Promise<Answer> {
  const ca = readFileSync(certificateFile);
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: 'localhost', port, path, ca, headers: { cookie } },
      (response) => {
        let content = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          content += text;
        });
        const [given = ''] = response.headers['set-cookie'] ?? [];
        response.on('end', () => resolve({ status: response.statusCode, cookie: given, content }));
      },
    );
    asked.on('error', reject);
    asked.end();
  });
}

test('the development certificate is for the names of --host', async () => {
  await Command.serve('--tls', '--host', 'box.example');
  const certificate = new X509Certificate(readFileSync(certificateFile));
  expect(certificate.checkHost('box.example')).toBe('box.example');
  expect(certificate.checkHost('localhost')).toBe('localhost');
});

describe.each(['holdline', 'node'])('with --tls-engine %s', (engine) => {
  test('a page and the echo come by TLS, whose certificate is said', async () => {
    const command = await Command.serve('--tls', '--tls-engine', engine);
    const line = await command.line(/^holdline: TLS by /);
    const { fingerprint256 } = new X509Certificate(readFileSync(certificateFile));
    expect(command.stdout).toMatch(
      /^holdline serving its built-in page at https:\/\/127\.0\.0\.1:/,
    );
    expect(command.stdout).toContain(`echo at wss://127.0.0.1:${command.port}/echo\n`);
    expect(line).toContain(engine === 'node' ? 'by node:tls, ' : 'by holdline, ');
    expect(line).toContain(`development certificate ${certificateFile} until 20`);
    expect(line.endsWith(`, SHA-256 ${fingerprint256}`)).toBe(true);
    expect((await ask(command.port, '/')).status).toBe(200);
    const tls = { ca: readFileSync(certificateFile) };
    const echo = await connectWebSocket(`wss://localhost:${command.port}/echo`, { tls });
    echo.send('hello');
    for await (const message of echo) {
      expect(message).toBe('hello');
      break;
    }
    await echo.close();
  });

  test('the live page tells of the TLS that it comes over', async () => {
    const command = await Command.serve('--tls', '--tls-engine', engine);
    const page = await ask(command.port, '/.holdline/');
    expect(page.cookie).toMatch(/^__Host-holdline-\d+=.*; SameSite=Strict; Secure$/);
    const [cookie = ''] = page.cookie.split(';');
    const feed = await connectWebSocket(`wss://localhost:${command.port}/live`, {
      tls: { ca: readFileSync(certificateFile) },
      fields: [{ name: 'cookie', value: cookie }],
    });
    const events = feed[Symbol.asyncIterator]();
    const { value } = await events.next();
    const { own, rows } = JSON.parse(value as string) as ConnectionsEvent;
    const tls = rows.find(({ id }) => id === own)?.tls;
    expect(tls).toMatchObject({ engine, version: 'TLS 1.3', serverName: 'localhost' });
    expect(tls).toMatchObject({ protocol: 'http/1.1', hasHeartbeats: false, sendingEpoch: 0 });
    expect(tls?.cipherSuite).toMatch(/^TLS_[A-Z0-9_]+$/);
    const probe = await ask(command.port, '/.holdline/probe?kind=keys', cookie);
    expect(probe.status).toBe(engine === 'node' ? 400 : 200);
    feed.abort();
  });
});

test('keys that were updated and heartbeats are told while they come', async () => {
  const command = await Command.serve('--tls', '--heartbeat', '0.3');
  const { cookie: given } = await ask(command.port, '/.holdline/');
  const [cookie = ''] = given.split(';');
  const feed = await connectWebSocket(`wss://localhost:${command.port}/live`, {
    tls: { ca: readFileSync(certificateFile) },
    fields: [{ name: 'cookie', value: cookie }],
  });
  const pin = new X509Certificate(readFileSync(certificateFile)).raw;
  const connection = await connectTls(
    { host: '127.0.0.1', port: command.port },
    { pinnedCertificates: [pin], heartbeat: 'peer-allowed-to-send' },
  );
  connection.transport.attach({ onData() {}, onEnd() {}, onDrain() {} });
  const probe = `GET /.holdline/probe?kind=keys HTTP/1.1\r\nHost: localhost:${command.port}\r\nCookie: ${cookie}\r\n\r\n`;
  connection.transport.write(Buffer.from(probe));
  for await (const message of feed) {
    const { rows } = JSON.parse(message as string) as ChangeEvent;
    const tls = rows.find(({ tls: row }) => row?.hasHeartbeats)?.tls ?? null;
    if (tls === null || tls.heartbeatRoundTripMs === null) continue;
    expect(tls.sendingEpoch).toBe(1);
    expect(tls.heartbeatRoundTripMs).toBeGreaterThanOrEqual(0);
    break;
  }
  connection.transport.abort();
  feed.abort();
});

test('another certificate is shown as well, and a handshake that fails is a line', async () => {
  const key = join(settings, 'holdline', 'development-private.pem');
  await Command.serve('--tls');
  await endCommands();
  const command = await Command.serve('--cert', certificateFile, '--key', key);
  expect(await command.line(/^holdline: TLS by /)).toContain(`, certificate ${certificateFile} `);
  expect(statSync(key).isFile()).toBe(true);
  expect((await ask(command.port, '/')).status).toBe(200);
  await expect(
    connectTls({ host: '127.0.0.1', port: command.port }, { verifyPeer: () => false }),
  ).rejects.toThrow();
  const line = await command.line(/ no handshake: /);
  expect(line).toMatch(/Z 127\.0\.0\.1 no handshake: TLS_ALERT_RECEIVED: /);
});

test('a key that is another’s is the user’s mistake', async () => {
  await Command.serve('--tls');
  const { code, stderr } = await new Command([
    'serve',
    '--cert',
    certificateFile,
    '--key',
    certificateFile,
  ]).end;
  expect(code).toBe(2);
  expect(stderr).toMatch(/^holdline: --key '.*' is no private key in PEM without a passphrase\n$/);
});
