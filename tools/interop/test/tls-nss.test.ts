// NSS, which Firefox uses: tstclnt and selfserv.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsServeOptions } from '@holdline/net/tls';
import { afterAll, afterEach, describe, expect, it, type TestContext } from 'vitest';
import { Certificates } from './support/certificates.ts';
import { Dialogue } from './support/dialogue.ts';
import { freePort, need, run } from './support/programs.ts';
import { EchoServer, talkTo } from './support/tls-talk.ts';

const certificates = new Certificates();
const folder = mkdtempSync(join(tmpdir(), 'holdline-nss-'));
const servers: EchoServer[] = [];
let databases = 0;
afterEach(async () => {
  await Dialogue.killAll();
  for (const server of servers.splice(0)) await server.listener.close();
});
afterAll(() => {
  certificates.remove();
  rmSync(folder, { recursive: true, force: true });
});

const CLEAN = { cause: 'finished', sentCloseNotify: true, receivedCloseNotify: true };

async function succeed(file: string, args: string[]): Promise<void> {
  const { code, stderr } = await run(file, args);
  if (code !== 0) throw new Error(`${file}: ${stderr}`);
}

/** A database with one certificate and its key, trusted. */
async function database(context: TestContext, kind: 'RSA' | 'P-256' | 'P-384'): Promise<string> {
  const [certutil, pk12util] = [need(context, 'certutil'), need(context, 'pk12util')];
  const { certificateFile, keyFile } = await certificates.of(context, kind);
  databases += 1;
  const name = `sql:${join(folder, String(databases))}`;
  const bundle = join(folder, `${databases}.p12`);
  mkdirSync(name.slice('sql:'.length));
  await succeed(certutil, ['-N', '-d', name, '--empty-password']);
  const files = ['-in', certificateFile, '-inkey', keyFile, '-out', bundle];
  const openssl = need(context, 'openssl');
  await succeed(openssl, ['pkcs12', '-export', '-name', 'own', '-passout', 'pass:', ...files]);
  await succeed(pk12util, ['-i', bundle, '-d', name, '-W', '']);
  await succeed(certutil, ['-M', '-n', 'own', '-t', 'P,P,P', '-d', name]);
  return name;
}

describe('tstclnt', () => {
  async function start(
    context: TestContext,
    kind: 'RSA' | 'P-256' | 'P-384',
    options: Partial<TlsServeOptions> = {},
    args: string[] = [],
  ) {
    const trust = await database(context, kind);
    const { credential } = await certificates.of(context, kind);
    const server = await new EchoServer({ credentials: [credential], ...options }).listen();
    servers.push(server);
    const client = new Dialogue(need(context, 'tstclnt'), [
      ...['-h', 'localhost', '-4', '-p', String(server.port), '-d', trust, '-V', 'tls1.3:tls1.3'],
      ...['-v', ...args],
    ]);
    return { client, server };
  }

  it.for(['RSA', 'P-256', 'P-384'] as const)(
    'verifies a certificate of %s',
    async (kind, context) => {
      const { client, server } = await start(context, kind);
      client.type('hello\n');
      await client.until(/^hello$/m);
      const talk = await server.secured();
      expect(talk.connection.serverName).toBe('localhost');
      // It does not go by itself: neither at the end of what is typed, nor at ours.
      await client.kill();
      expect(await talk.closed()).toMatchObject({ receivedCloseNotify: false });
    },
  );

  it('says hello again', async (context) => {
    const groups = ['secp384r1'] as const;
    const { client, server } = await start(context, 'P-256', { groups, sendsCookie: true }, [
      '-I',
      'x25519,P384',
    ]);
    client.type('hello\n');
    await client.until(/^hello$/m);
    const { connection } = await server.secured();
    expect(connection).toMatchObject({ group: 'secp384r1', handshake: { wasRetried: true } });
  });

  it.for([
    ['1301', 'TLS_AES_128_GCM_SHA256'],
    ['1302', 'TLS_AES_256_GCM_SHA384'],
    ['1303', 'TLS_CHACHA20_POLY1305_SHA256'],
  ] as const)('speaks %s', async ([number, suite], context) => {
    const { client, server } = await start(context, 'P-256', {}, ['-c', `:${number}`]);
    client.type('hello\n');
    await client.until(/^hello$/m);
    expect((await server.secured()).connection.cipherSuite).toBe(suite);
  });

  it('shows a certificate', async (context) => {
    const { pins } = await certificates.of(context, 'RSA');
    const wanting = { clientCertificate: 'require', pinnedCertificates: pins } as const;
    const { client, server } = await start(context, 'RSA', wanting, ['-n', 'own']);
    client.type('hello\n');
    await client.until(/^hello$/m);
    expect((await server.secured()).connection.peerCertificates).toEqual(pins);
  });

  it('shares a key', async (context) => {
    const secret = Buffer.alloc(32, 0xab);
    const preSharedKeys = [{ identity: Buffer.from('Client_identity'), secret }];
    const { client, server } = await start(context, 'RSA', { credentials: [], preSharedKeys }, [
      '-z',
      `0x${secret.toString('hex')}`,
    ]);
    client.type('hello\n');
    await client.until(/^hello$/m);
    expect((await server.secured()).connection.handshake?.pskIdentity).not.toBeNull();
  });

  it('asks us for a new key, and gets it', async (context) => {
    const { client, server } = await start(context, 'P-256');
    const talk = await server.secured();
    talk.connection.updateKeys(true);
    client.type('hello\n');
    await client.until(/^hello$/m);
    await talk.until(() => talk.connection.receivingEpoch === 1);
    client.type('again\n');
    await client.until(/^again$/m);
  });
});

describe('selfserv', () => {
  async function start(context: TestContext, kind: 'RSA' | 'P-256' | 'P-384', args: string[] = []) {
    const own = await database(context, kind);
    const port = await freePort();
    const server = new Dialogue(need(context, 'selfserv'), [
      ...['-p', String(port), '-d', own, '-V', 'tls1.3:tls1.3', '-v'],
      ...[kind === 'RSA' ? '-n' : '-e', 'own', ...args],
    ]);
    await server.until(/listening|bound|ready|About to call accept/i);
    const { pins } = await certificates.of(context, kind);
    return { server, port, pins };
  }

  it.for(['RSA', 'P-256', 'P-384'] as const)(
    'answers with a certificate of %s',
    async (kind, context) => {
      const { port, pins } = await start(context, kind);
      const talk = await talkTo(port, { pinnedCertificates: pins });
      talk.say('GET / HTTP/1.0\r\n\r\n');
      expect(await talk.closed()).toMatchObject(CLEAN);
      expect(talk.text).toContain('HTTP/1.0 200 OK');
    },
  );

  it('asks for another hello, and has protocols', async (context) => {
    const { port, pins } = await start(context, 'P-256', ['-I', 'P384', '-Q']);
    const talk = await talkTo(port, { pinnedCertificates: pins, protocols: ['http/1.1'] });
    expect(talk.connection).toMatchObject({
      group: 'secp384r1',
      protocol: 'http/1.1',
      handshake: { wasRetried: true },
    });
    talk.say('GET / HTTP/1.0\r\n\r\n');
    await talk.closed();
    expect(talk.text).toContain('HTTP/1.0 200 OK');
  });

  it('wants a certificate', async (context) => {
    const { port, pins } = await start(context, 'RSA', ['-r', '-r']);
    const { credential } = await certificates.of(context, 'RSA');
    const talk = await talkTo(port, { pinnedCertificates: pins, credential });
    talk.say('GET / HTTP/1.0\r\n\r\n');
    await talk.closed();
    expect(talk.text).toContain('HTTP/1.0 200 OK');
  });
});
