// openssl s_client against our server.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsServeOptions } from '@holdline/net/tls';
import { afterAll, afterEach, describe, expect, it, type TestContext } from 'vitest';
import { ALL_KEY_KINDS, Certificates } from './support/certificates.ts';
import { Dialogue } from './support/dialogue.ts';
import { freePort, need } from './support/programs.ts';
import { EchoServer } from './support/tls-talk.ts';

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

async function listen(options: TlsServeOptions): Promise<EchoServer> {
  const server = await new EchoServer(options).listen();
  servers.push(server);
  return server;
}

function sClient(context: TestContext, server: EchoServer, ...args: string[]): Dialogue {
  const to = ['s_client', '-connect', `127.0.0.1:${server.port}`, '-servername', 'localhost'];
  return new Dialogue(need(context, 'openssl'), [...to, ...args]);
}

/** Says a line and hears its echo. */
async function converse(client: Dialogue, line = 'how are you?'): Promise<void> {
  const before = client.output.length;
  client.type(`${line}\n`);
  await client.until(new RegExp(`^[\\s\\S]{${before}}[\\s\\S]*${line.replace('?', '\\?')}`));
}

/** Both sides said close_notify. */
const CLEAN = { cause: 'finished', sentCloseNotify: true, receivedCloseNotify: true };

describe('openssl s_client', () => {
  it.for(ALL_KEY_KINDS)('verifies a certificate of %s', async (kind, context) => {
    const { credential, certificateFile } = await certificates.of(context, kind);
    const server = await listen({ credentials: [credential] });
    const trust = [
      '-CAfile',
      certificateFile,
      '-verify_return_error',
      '-verify_hostname',
      'localhost',
    ];
    const client = sClient(context, server, ...trust);
    await client.until(/Verify return code: 0 \(ok\)/);
    await converse(client);
    client.type('Q\n');
    const talk = await server.secured();
    expect(await talk.closed()).toMatchObject(CLEAN);
    expect(talk.connection).toMatchObject({ serverName: 'localhost', group: 'x25519' });
    expect(await client.exit).toBe(0);
  });

  it.for(['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'])(
    'speaks %s, and hears a megabyte',
    async (suite, context) => {
      const server = await listen({ credentials: [(await certificates.of(context)).credential] });
      const client = sClient(context, server, '-ciphersuites', suite);
      await client.until(new RegExp(`Cipher is ${suite}`));
      const talk = await server.secured();
      const line = `${'0123456789abcdef'.repeat(65_536)}!`;
      talk.transport.write(Buffer.from(line));
      await client.until(/abcdef!/);
      expect(client.output).toContain(line);
      expect(talk.connection.cipherSuite).toBe(suite);
    },
  );

  it.for(['P-256', 'P-384', 'P-521', 'X25519'])('exchanges keys by %s', async (group, context) => {
    const { credential } = await certificates.of(context);
    const server = await listen({ credentials: [credential] });
    const client = sClient(context, server, '-groups', group);
    await converse(client);
    const { connection } = await server.secured();
    expect(connection.group).toBe(group === 'X25519' ? 'x25519' : `secp${group.slice(2)}r1`);
    expect(connection.handshake?.wasRetried).toBe(false);
  });

  it.for([false, true])('says hello again; with a cookie: %s', async (sendsCookie, context) => {
    const { credential } = await certificates.of(context);
    const server = await listen({ credentials: [credential], groups: ['secp384r1'], sendsCookie });
    const client = sClient(context, server, '-groups', 'X25519:P-256:P-384', '-msg');
    await converse(client);
    const { connection } = await server.secured();
    expect(connection).toMatchObject({ group: 'secp384r1', handshake: { wasRetried: true } });
    expect(client.output.match(/>>> .*ClientHello/g)).toHaveLength(2);
  });

  it.for([
    ['psk_dhe_ke', []],
    ['psk_ke', ['-allow_no_dhe_kex', '-groups', 'X25519']],
    ['psk_dhe_ke after a HelloRetryRequest', ['-groups', 'X25519:P-384']],
  ] as const)('shares a key: %s', async ([mode, args], context) => {
    const secret = Buffer.from('000102030405060708090a0b0c0d0e0f1011121314151617', 'hex');
    const server = await listen({
      credentials: [],
      preSharedKeys: [{ identity: Buffer.from('Client_identity'), secret }],
      allowPskOnly: mode === 'psk_ke',
      // Whoever can exchange keys does so.
      ...(mode === 'psk_dhe_ke' ? {} : { groups: ['secp384r1'] }),
    });
    const client = sClient(context, server, '-psk', secret.toString('hex'), ...args);
    await converse(client);
    const { connection } = await server.secured();
    const { handshake } = connection;
    expect(Buffer.from(handshake?.pskIdentity ?? []).toString()).toBe('Client_identity');
    const wasRetried = mode.includes('Retry');
    expect(handshake).toMatchObject({ signatureScheme: null, wasRetried });
    expect(connection.group === null).toBe(mode === 'psk_ke');
    client.type('Q\n');
    expect(await (await server.secured()).closed()).toMatchObject(CLEAN);
  });

  it('is refused with decrypt_error when its key is another', async (context) => {
    const identity = Buffer.from('Client_identity');
    const server = await listen({
      credentials: [],
      preSharedKeys: [{ identity, secret: Buffer.alloc(16, 1) }],
    });
    const client = sClient(context, server, '-psk', '02'.repeat(16));
    expect(await server.failed()).toMatchObject({ alert: 'decrypt_error' });
    await client.until(/alert decrypt error/);
  });

  it('updates keys when it likes and when it is asked to', async (context) => {
    const { credential } = await certificates.of(context);
    const server = await listen({ credentials: [credential] });
    const client = sClient(context, server);
    const talk = await server.secured();
    const { connection } = talk;
    client.type('k\n');
    await client.until(/KEYUPDATE/);
    await converse(client, 'after one update');
    expect([connection.receivingEpoch, connection.sendingEpoch]).toEqual([1, 0]);
    client.type('K\n');
    await talk.until(() => connection.receivingEpoch === 2);
    await converse(client, 'after a requested one');
    expect([connection.receivingEpoch, connection.sendingEpoch]).toEqual([2, 1]);
    connection.updateKeys(true);
    await converse(client, 'after one of ours');
    expect(connection.sendingEpoch).toBe(2);
    // Its own comes with the next that it writes.
    await converse(client, 'and its answer');
    expect([connection.receivingEpoch, connection.sendingEpoch]).toEqual([3, 2]);
    client.type('Q\n');
    expect(await talk.closed()).toMatchObject(CLEAN);
  });

  it.for(ALL_KEY_KINDS)('shows a certificate of %s', async (kind, context) => {
    const { credential } = await certificates.of(context);
    const own = await certificates.of(context, kind);
    const server = await listen({
      credentials: [credential],
      clientCertificate: 'require',
      pinnedCertificates: own.pins,
    });
    const client = sClient(context, server, '-cert', own.certificateFile, '-key', own.keyFile);
    await converse(client);
    const { connection } = await server.secured();
    expect(connection.peerCertificates).toEqual(own.pins);
  });

  it('is refused without a certificate, and with an unknown one', async (context) => {
    const { credential, pins } = await certificates.of(context);
    const other = await certificates.of(context, 'Ed25519');
    const server = await listen({
      credentials: [credential],
      clientCertificate: 'require',
      pinnedCertificates: pins,
    });
    const bare = sClient(context, server);
    await bare.until(/alert certificate required/);
    const unknown = sClient(context, server, '-cert', other.certificateFile, '-key', other.keyFile);
    await unknown.until(/alert unknown ca/);
    await server.until(() => server.failures.length === 2);
    expect(server.failures.map(({ alert }) => alert)).toEqual([
      'certificate_required',
      'unknown_ca',
    ]);
  });

  it('shows its certificate after the handshake', async (context) => {
    const { credential } = await certificates.of(context);
    const own = await certificates.of(context, 'RSA');
    const server = await listen({ credentials: [credential], pinnedCertificates: own.pins });
    const willing = ['-enable_pha', '-cert', own.certificateFile, '-key', own.keyFile];
    const client = sClient(context, server, ...willing);
    const talk = await server.secured();
    await converse(client, 'before');
    const request = talk.connection.requestCertificate();
    await converse(client, 'meanwhile');
    await talk.until(() => talk.events('client-authenticated').length === 1);
    expect(talk.events('client-authenticated')).toEqual([
      { type: 'client-authenticated', request, chain: own.pins },
    ]);
    expect(talk.connection.peerCertificates).toEqual(own.pins);
    await converse(client, 'after');
  });

  it('agrees on a protocol, or is refused', async (context) => {
    const { credential } = await certificates.of(context);
    const server = await listen({ credentials: [credential], protocols: ['b', 'a'] });
    const agreed = sClient(context, server, '-alpn', 'x,a,b');
    await agreed.until(/ALPN protocol: b/);
    expect((await server.secured()).connection.protocol).toBe('b');
    const refused = sClient(context, server, '-alpn', 'x,y');
    await refused.until(/alert no application protocol/);
  });

  it('is told the end, and still heard', async (context) => {
    const { credential } = await certificates.of(context);
    const server = await listen({ credentials: [credential] });
    const client = sClient(context, server);
    const talk = await server.secured();
    talk.answer = () => {};
    talk.say('the last word\n');
    talk.transport.end();
    // It takes the end for the end of all, answers with its own and goes.
    expect(await client.exit).toBe(0);
    expect(client.output).toContain('the last word');
    expect(await talk.closed()).toMatchObject(CLEAN);
  });

  it('that is killed has not ended', async (context) => {
    const { credential } = await certificates.of(context);
    const server = await listen({ credentials: [credential] });
    const client = sClient(context, server);
    await converse(client);
    const talk = await server.secured();
    await client.kill();
    expect(await talk.closed()).toMatchObject({ cause: 'truncated', receivedCloseNotify: false });
    expect(talk.end).toBe('truncated');
  });

  it('of TLS 1.2 is refused with protocol_version', async (context) => {
    const { credential } = await certificates.of(context);
    const server = await listen({ credentials: [credential] });
    const client = sClient(context, server, '-tls1_2');
    await client.until(/alert protocol version/);
    expect(await server.failed()).toMatchObject({ alert: 'protocol_version' });
  });

  it('sends early data of another server, which is skipped', async (context) => {
    const own = await certificates.of(context);
    const [session, early] = [
      join(certificates.folder, 'session'),
      join(certificates.folder, 'early'),
    ];
    writeFileSync(early, 'nobody reads this early\n');
    const port = await freePort();
    const files = ['-cert', own.certificateFile, '-key', own.keyFile];
    const foreign = new Dialogue(need(context, 'openssl'), [
      ...['s_server', '-accept', String(port), '-early_data', ...files],
    ]);
    await foreign.until(/ACCEPT/);
    const saving = new Dialogue(need(context, 'openssl'), [
      ...['s_client', '-connect', `127.0.0.1:${port}`, '-sess_out', session],
    ]);
    // The server sends tickets once it has something to read: here the end.
    await saving.until(/Verify return code/);
    saving.type('Q\n');
    await saving.exit;
    await foreign.kill();
    expect(saving.output).toMatch(/Max Early Data: [1-9]/);
    for (const groups of [['x25519'], ['secp384r1']] as const) {
      const server = await listen({ credentials: [own.credential], groups });
      const client = sClient(context, server, '-sess_in', session, '-early_data', early);
      await client.until(/Early data was rejected/);
      await converse(client);
      expect((await server.secured()).text).toBe('how are you?\n');
    }
  });
});
