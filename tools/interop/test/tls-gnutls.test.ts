// GnuTLS on either side, which has heartbeats.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsConnectOptions, TlsServeOptions } from '@holdline/net/tls';
import { afterAll, afterEach, describe, expect, it, type TestContext } from 'vitest';
import { ALL_KEY_KINDS, Certificates, type KeyKind } from './support/certificates.ts';
import { Dialogue } from './support/dialogue.ts';
import { freePort, need } from './support/programs.ts';
import { EchoServer, type Talk, talkTo } from './support/tls-talk.ts';

const certificates = new Certificates();
const servers: EchoServer[] = [];
afterEach(async () => {
  await Dialogue.killAll();
  for (const server of servers.splice(0)) {
    await server.listener.close();
    expect(server.faults).toEqual([]);
  }
});
afterAll(() => certificates.remove());

const CLEAN = { cause: 'finished', sentCloseNotify: true, receivedCloseNotify: true };
const SECRET = Buffer.alloc(32, 0x5a);
const PSK = { identity: Buffer.from('anna'), secret: SECRET };

describe('gnutls-cli', () => {
  async function listen(options: TlsServeOptions): Promise<EchoServer> {
    const server = await new EchoServer(options).listen();
    servers.push(server);
    return server;
  }

  async function start(
    context: TestContext,
    options: Partial<TlsServeOptions> = {},
    args: string[] = [],
    kind: KeyKind = 'P-256',
  ): Promise<{ client: Dialogue; server: EchoServer; talk: Talk }> {
    const { credential, certificateFile } = await certificates.of(context, kind);
    const server = await listen({ credentials: [credential], ...options });
    const client = new Dialogue(need(context, 'gnutls-cli'), [
      ...['--port', String(server.port), '--x509cafile', certificateFile, ...args, 'localhost'],
    ]);
    await client.until(/Simple Client Mode/);
    return { client, server, talk: await server.secured() };
  }

  async function converse(client: Dialogue, word = 'hello'): Promise<void> {
    const before = client.output.length;
    client.type(`${word}\n`);
    await client.until(new RegExp(`^[\\s\\S]{${before}}[\\s\\S]*${word}`));
  }

  // GnuTLS 3.7 has Ed448, but not for a certificate that signs itself with SHAKE256 in its policy.
  it.for(ALL_KEY_KINDS)('verifies a certificate of %s, and ends', async (kind, context) => {
    const { client, talk } = await start(context, {}, [], kind);
    await converse(client);
    client.endInput();
    expect(await talk.closed()).toMatchObject(CLEAN);
    expect(await client.exit).toBe(0);
  });

  it.for([
    ['+AES-128-GCM', 'TLS_AES_128_GCM_SHA256'],
    ['+AES-256-GCM', 'TLS_AES_256_GCM_SHA384'],
    ['+CHACHA20-POLY1305', 'TLS_CHACHA20_POLY1305_SHA256'],
  ] as const)('speaks %s', async ([cipher, suite], context) => {
    const args = ['--priority', `NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:${cipher}`];
    const { client, talk } = await start(context, {}, args);
    expect(talk.connection.cipherSuite).toBe(suite);
    await converse(client);
  });

  it.for([false, true])('says hello again; with a cookie: %s', async (sendsCookie, context) => {
    const args = [
      '--single-key-share',
      '--priority',
      'NORMAL:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP384R1',
    ];
    const { client, talk } = await start(context, { groups: ['secp384r1'], sendsCookie }, args);
    expect(talk.connection).toMatchObject({ group: 'secp384r1', handshake: { wasRetried: true } });
    await converse(client);
  });

  it('updates keys, and asks for ours', async (context) => {
    const { client, talk } = await start(context, {}, ['--inline-commands']);
    await converse(client, 'before');
    client.type('^rekey^\n');
    await talk.until(() => talk.connection.receivingEpoch === 1);
    await converse(client, 'after');
    client.type('^rekey1^\n');
    await converse(client, 'after another');
    talk.connection.updateKeys(true);
    await converse(client, 'after ours');
    await converse(client, 'and its answer');
    expect(talk.connection.receivingEpoch).toBeGreaterThan(1);
    client.endInput();
    expect(await talk.closed()).toMatchObject(CLEAN);
  });

  it('hears our heartbeats and answers them', async (context) => {
    const options = { heartbeat: 'peer-allowed-to-send' } as const;
    const { client, talk } = await start(context, options, ['--heartbeat']);
    expect(talk.connection.handshake?.heartbeat).toEqual({ sends: true, receives: true });
    for (let count = 1; count <= 3; count += 1) {
      talk.connection.sendHeartbeat();
      await talk.until(() => talk.events('heartbeat').length === count);
    }
    expect(talk.connection.heartbeatRoundTripMs).toBeGreaterThan(0);
    // Once it has heard a heartbeat it waits for data, whatever one types.
    talk.say('wake up\n');
    await client.until(/wake up/);
    await converse(client);
    client.endInput();
    expect(await talk.closed()).toMatchObject(CLEAN);
  });

  it('is kept alive by heartbeats in silence', async (context) => {
    const heartbeat = 'peer-allowed-to-send' as const;
    const { client, talk } = await start(context, { heartbeat, timeouts: { heartbeatMs: 50 } }, [
      '--heartbeat',
    ]);
    await talk.until(() => talk.events('heartbeat').length === 5);
    talk.say('still there?\n');
    await client.until(/still there/);
    expect(talk.connection.closed).toBeNull();
  });

  it('shares a key', async (context) => {
    const priority = ['--priority', 'NORMAL:-VERS-ALL:+VERS-TLS1.3:+DHE-PSK:+ECDHE-PSK:+PSK'];
    const args = ['--pskusername', 'anna', '--pskkey', SECRET.toString('hex'), ...priority];
    const { client, talk } = await start(context, { credentials: [], preSharedKeys: [PSK] }, args);
    expect(Buffer.from(talk.connection.handshake?.pskIdentity ?? []).toString()).toBe('anna');
    await converse(client);
  });

  it('shows a certificate, in the handshake and after it', async (context) => {
    const own = await certificates.of(context, 'RSA');
    const files = ['--x509certfile', own.certificateFile, '--x509keyfile', own.keyFile];
    const required = { clientCertificate: 'require', pinnedCertificates: own.pins } as const;
    const first = await start(context, required, files);
    await converse(first.client);
    expect(first.talk.connection.peerCertificates).toEqual(own.pins);
    const later = { pinnedCertificates: own.pins };
    const { client, talk } = await start(context, later, [...files, '--post-handshake-auth']);
    await converse(client, 'before');
    talk.connection.requestCertificate();
    await converse(client, 'meanwhile');
    await talk.until(() => talk.events('client-authenticated').length === 1);
    expect(talk.connection.peerCertificates).toEqual(own.pins);
    await converse(client, 'after');
  });

  it('agrees on a protocol', async (context) => {
    const { client, talk } = await start(context, { protocols: ['b', 'a'] }, [
      '--alpn',
      'a',
      '--alpn',
      'b',
    ]);
    expect(talk.connection.protocol).toBe('b');
    expect(client.output).toMatch(/Application protocol: b/);
  });

  it('takes records no larger than it wants', async (context) => {
    const { client, talk } = await start(context, {}, ['--recordsize', '600']);
    talk.say(`${'0123456789abcdef'.repeat(20_000)}!`);
    await client.until(/abcdef!/);
    await converse(client);
  });
});

describe('gnutls-serv', () => {
  async function start(context: TestContext, args: string[] = [], kind: KeyKind = 'P-256') {
    const { certificateFile, keyFile, pins } = await certificates.of(context, kind);
    const port = await freePort();
    const server = new Dialogue(need(context, 'gnutls-serv'), [
      ...['--port', String(port), '--echo'],
      ...['--x509certfile', certificateFile, '--x509keyfile', keyFile, ...args],
    ]);
    await server.until(/IPv4[^\n]*done/);
    const connect = (options: Partial<TlsConnectOptions> = {}): Promise<Talk> =>
      talkTo(port, { pinnedCertificates: pins, ...options });
    return { server, connect };
  }

  async function converse(talk: Talk, word = 'hello'): Promise<void> {
    const before = talk.text.length;
    talk.say(`${word}\n`);
    await talk.until(() => talk.text.slice(before).includes(word));
  }

  it.for(ALL_KEY_KINDS)('shows a certificate of %s', async (kind, context) => {
    const { connect } = await start(context, [], kind);
    const talk = await connect();
    await converse(talk);
    talk.transport.end();
    expect(await talk.closed()).toMatchObject(CLEAN);
  });

  it.for([
    ['+AES-128-GCM', 'TLS_AES_128_GCM_SHA256'],
    ['+AES-256-GCM', 'TLS_AES_256_GCM_SHA384'],
    ['+CHACHA20-POLY1305', 'TLS_CHACHA20_POLY1305_SHA256'],
  ] as const)('speaks %s', async ([cipher, suite], context) => {
    const { connect } = await start(context, ['--priority', `NORMAL:-CIPHER-ALL:${cipher}`]);
    const talk = await connect();
    expect(talk.connection.cipherSuite).toBe(suite);
    await converse(talk);
  });

  it('asks for another hello', async (context) => {
    const { connect } = await start(context, ['--priority', 'NORMAL:-GROUP-ALL:+GROUP-SECP384R1']);
    const talk = await connect();
    expect(talk.connection).toMatchObject({ group: 'secp384r1', handshake: { wasRetried: true } });
    await converse(talk);
  });

  it('sends heartbeats and answers ours', async (context) => {
    const { connect } = await start(context, ['--heartbeat']);
    const talk = await connect({ heartbeat: 'peer-allowed-to-send' });
    await converse(talk);
    talk.connection.sendHeartbeat();
    await talk.until(() => talk.events('heartbeat').length === 1);
    // Its echo server sends one of its own at this word.
    talk.say('**HEARTBEAT**\n');
    await talk.until(() => talk.events('heartbeat-request').length === 1);
    await converse(talk, 'and on');
    expect(talk.connection.failure).toBeNull();
    talk.transport.end();
    expect(await talk.closed()).toMatchObject(CLEAN);
  });

  it('updates keys at a word, and when it is asked', async (context) => {
    const { connect } = await start(context);
    const talk = await connect();
    talk.say('**REHANDSHAKE**\n');
    await talk.until(() => talk.connection.receivingEpoch === 1);
    await converse(talk, 'after its');
    talk.connection.updateKeys(true);
    await converse(talk, 'after ours');
    await talk.until(() => talk.connection.receivingEpoch === 2);
    await converse(talk, 'and its answer');
  });

  it('shares a key', async (context) => {
    const file = join(certificates.folder, 'passwords');
    writeFileSync(file, `anna:${SECRET.toString('hex')}\n`);
    const priority = ['--priority', 'NORMAL:+ECDHE-PSK:+DHE-PSK:+PSK'];
    const { connect } = await start(context, ['--pskpasswd', file, ...priority]);
    const talk = await connect({ preSharedKeys: [PSK] });
    expect(talk.connection.handshake?.signatureScheme).toBeNull();
    await converse(talk);
  });

  it('wants a certificate', async (context) => {
    const own = await certificates.of(context, 'P-384');
    const { connect } = await start(context, [
      '--require-client-cert',
      '--x509cafile',
      own.certificateFile,
    ]);
    const talk = await connect({ credential: own.credential });
    await converse(talk);
  });

  it('agrees on a protocol, or refuses', async (context) => {
    const { connect } = await start(context, ['--alpn', 'a', '--alpn-fatal']);
    expect((await connect({ protocols: ['b', 'a'] })).connection.protocol).toBe('a');
    await expect(connect({ protocols: ['b'] })).rejects.toMatchObject({ receivedAlert: 120 });
  });

  it('that is killed has not ended', async (context) => {
    const { server, connect } = await start(context);
    const talk = await connect();
    await converse(talk);
    await server.kill();
    const { cause } = (await talk.closed()) ?? {};
    expect(['truncated', 'reset']).toContain(cause);
  });
});
