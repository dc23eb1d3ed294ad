// Our client against openssl s_server.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsConnectOptions } from '@holdline/net/tls';
import { afterAll, afterEach, describe, expect, it, type TestContext } from 'vitest';
import { ALL_KEY_KINDS, Certificates, type KeyKind } from './support/certificates.ts';
import { Dialogue } from './support/dialogue.ts';
import { freePort, need, run } from './support/programs.ts';
import { type Talk, talkTo } from './support/tls-talk.ts';

const certificates = new Certificates();
afterEach(() => Dialogue.killAll());
afterAll(() => certificates.remove());

interface Peer {
  readonly server: Dialogue;
  readonly port: number;
  connect(options?: Partial<TlsConnectOptions>): Promise<Talk>;
}

/** Starts s_server with a certificate of a kind, which is all that our client trusts. */
async function sServer(context: TestContext, args: string[], kind?: KeyKind): Promise<Peer> {
  const { certificateFile, keyFile, pins } = await certificates.of(context, kind);
  const port = await freePort();
  const files = ['-cert', certificateFile, '-key', keyFile];
  const server = new Dialogue(need(context, 'openssl'), [
    ...['s_server', '-accept', String(port), ...files, ...args],
  ]);
  await server.until(/ACCEPT/);
  const connect = (options: Partial<TlsConnectOptions> = {}): Promise<Talk> =>
    talkTo(port, { pinnedCertificates: pins, ...options });
  return { server, port, connect };
}

/** Both are heard. */
async function converse(talk: Talk, { server }: Peer, word = 'hello'): Promise<void> {
  talk.say(`${word} from us\n`);
  await server.until(new RegExp(`${word} from us`));
  server.type(`${word} from it\n`);
  await talk.until(() => talk.text.includes(`${word} from it`));
}

const CLEAN = { cause: 'finished', sentCloseNotify: true, receivedCloseNotify: true };

describe('openssl s_server', () => {
  it.for(ALL_KEY_KINDS)('shows a certificate of %s', async (kind, context) => {
    const peer = await sServer(context, [], kind);
    const talk = await peer.connect();
    await converse(talk, peer);
    expect(talk.connection.peerCertificates).toHaveLength(1);
  });

  it('is not who it should be', async (context) => {
    const peer = await sServer(context, []);
    const { pins } = await certificates.of(context, 'RSA');
    const failure = { code: 'TLS_CERTIFICATE_NOT_PINNED', alert: 'unknown_ca' };
    await expect(peer.connect({ pinnedCertificates: pins })).rejects.toMatchObject(failure);
    await peer.server.until(/alert unknown ca/);
  });

  it.for([
    'TLS_AES_128_GCM_SHA256',
    'TLS_AES_256_GCM_SHA384',
    'TLS_CHACHA20_POLY1305_SHA256',
  ] as const)('speaks %s, and hears a megabyte', async (suite, context) => {
    const peer = await sServer(context, ['-ciphersuites', suite, '-rev']);
    const talk = await peer.connect();
    expect(talk.connection.cipherSuite).toBe(suite);
    const line = `${'0123456789abcde\n'.repeat(65_536)}`;
    talk.say(line);
    await talk.until(() => talk.text.length === line.length);
    expect(talk.text).toBe('edcba9876543210\n'.repeat(65_536));
  });

  it.for([
    ['P-256', 'secp256r1'],
    ['P-384', 'secp384r1'],
    ['P-521', 'secp521r1'],
    ['X25519', 'x25519'],
  ] as const)('exchanges keys by %s, asked for or not', async ([name, group], context) => {
    const peer = await sServer(context, ['-groups', name, '-rev']);
    for (const keyShareGroups of [[group], []]) {
      const talk = await peer.connect({ keyShareGroups });
      const wasRetried = keyShareGroups.length === 0;
      expect(talk.connection).toMatchObject({ group, handshake: { wasRetried } });
      talk.say('abc\n');
      await talk.until(() => talk.text === 'cba\n');
      talk.transport.end();
      expect(await talk.closed()).toMatchObject(CLEAN);
    }
  });

  it.for([
    ['psk_dhe_ke', []],
    ['psk_dhe_ke after a HelloRetryRequest', ['-groups', 'P-384']],
    ['psk_ke', ['-allow_no_dhe_kex']],
  ] as const)('shares a key: %s', async ([mode, args], context) => {
    const secret = Buffer.alloc(32, 0xa5);
    const peer = await sServer(context, ['-psk', secret.toString('hex'), ...args]);
    const identity = Buffer.from('Client_identity');
    const talk = await peer.connect({
      preSharedKeys: [{ identity, secret }],
      allowPskOnly: mode === 'psk_ke',
    });
    const { handshake } = talk.connection;
    expect(Buffer.from(handshake?.pskIdentity ?? []).toString()).toBe('Client_identity');
    expect(handshake).toMatchObject({ signatureScheme: null, wasRetried: mode.includes('Retry') });
    await converse(talk, peer);
  });

  it('updates keys when it likes and when it is asked to', async (context) => {
    const peer = await sServer(context, []);
    const talk = await peer.connect();
    const { connection } = talk;
    await converse(talk, peer, 'first');
    peer.server.type('k\n');
    await talk.until(() => connection.receivingEpoch === 1);
    await converse(talk, peer, 'after one update');
    expect(connection.sendingEpoch).toBe(0);
    peer.server.type('K\n');
    await talk.until(() => connection.receivingEpoch === 2);
    await converse(talk, peer, 'after a requested one');
    expect(connection.sendingEpoch).toBe(1);
    connection.updateKeys(true);
    await converse(talk, peer, 'after ours');
    await converse(talk, peer, 'and its answer');
    expect([connection.receivingEpoch, connection.sendingEpoch]).toEqual([3, 2]);
  });

  it('hears a conversation whose keys wear out', async (context) => {
    const peer = await sServer(context, ['-rev']);
    // It sleeps for a second when a record brings it no data.
    const talk = await peer.connect({ limits: { keyRecordsMax: 20 } });
    for (let line = 1; line <= 50; line += 1) {
      talk.say('abc\n');
      await talk.until(() => talk.text.length === 4 * line);
    }
    expect(talk.text).toBe('cba\n'.repeat(50));
    expect(talk.connection.sendingEpoch).toBe(2);
  });

  it.for(ALL_KEY_KINDS)('wants a certificate, and is shown one of %s', async (kind, context) => {
    const own = await certificates.of(context, kind);
    const peer = await sServer(context, [
      '-Verify',
      '1',
      '-verify_return_error',
      '-CAfile',
      own.certificateFile,
    ]);
    const talk = await peer.connect({ credential: own.credential });
    await converse(talk, peer);
    const sent = own.certificate.replace(/[\s\S]*BEGIN CERTIFICATE-+\n([^\n]+)[\s\S]*/, '$1');
    expect(peer.server.output).toContain(sent);
  });

  it('wants a certificate, and does not get one', async (context) => {
    const peer = await sServer(context, ['-Verify', '1']);
    // Our handshake is complete before it has said what it thinks of it.
    const talk = await peer.connect();
    expect(await talk.closed()).toMatchObject({ cause: 'failed', receivedCloseNotify: false });
    expect(talk.events('failed')).toMatchObject([{ receivedAlert: 116, alert: null }]);
  });

  it('asks for a certificate after the handshake', async (context) => {
    const own = await certificates.of(context, 'Ed25519');
    const peer = await sServer(context, ['-verify', '1']);
    const talk = await peer.connect({ credential: own.credential, postHandshakeAuth: true });
    await converse(talk, peer, 'before');
    peer.server.type('c\n');
    await peer.server.until(/SSL_do_handshake -> 1/);
    await converse(talk, peer, 'after');
    expect(talk.connection.failure).toBeNull();
  });

  it('agrees on a protocol, or refuses', async (context) => {
    const peer = await sServer(context, ['-alpn', 'b,a', '-rev']);
    const talk = await peer.connect({ protocols: ['x', 'a', 'b'] });
    expect(talk.connection.protocol).toBe('b');
    talk.transport.end();
    await talk.closed();
    const refusal = { receivedAlert: 120 };
    await expect(peer.connect({ protocols: ['x'] })).rejects.toMatchObject(refusal);
  });

  it('staples an OCSP status', async (context) => {
    const file = join(certificates.folder, 'ocsp');
    // Nobody looks inside but whoever is asked to judge it.
    const issuer = await certificates.of(context);
    const openssl = need(context, 'openssl');
    const index = join(certificates.folder, 'index');
    const serial = (
      await run(openssl, ['x509', '-in', issuer.certificateFile, '-noout', '-serial'])
    ).stdout
      .toString()
      .trim()
      .slice('serial='.length);
    writeFileSync(index, `V\t301231235959Z\t\t${serial}\tunknown\t/CN=localhost\n`);
    const request = join(certificates.folder, 'request');
    const about = ['-issuer', issuer.certificateFile, '-cert', issuer.certificateFile];
    await run(openssl, ['ocsp', ...about, '-reqout', request]);
    const signer = ['-rsigner', issuer.certificateFile, '-rkey', issuer.keyFile];
    const made = await run(openssl, [
      ...['ocsp', '-index', index, '-CA', issuer.certificateFile, ...signer],
      ...['-reqin', request, '-respout', file],
    ]);
    expect(made.stderr).not.toMatch(/rror/);
    const peer = await sServer(context, ['-status_file', file]);
    let stapled: Uint8Array | null = null;
    const talk = await talkTo(peer.port, {
      verifyPeer: ({ ocspResponse }) => {
        stapled = ocspResponse;
        return true;
      },
    });
    expect(Buffer.from(stapled ?? [])).toEqual(readFileSync(file));
    await converse(talk, peer);
  });

  it('exports the same keying material', async (context) => {
    const peer = await sServer(context, ['-keymatexport', 'a label', '-keymatexportlen', '42']);
    const talk = await peer.connect();
    const material = talk.connection.exportKeyingMaterial('a label', null, 42);
    await peer.server.until(new RegExp(Buffer.from(material).toString('hex'), 'i'));
  });

  it('hears the end, and can still speak', async (context) => {
    const peer = await sServer(context, ['-rev']);
    const talk = await peer.connect();
    talk.say('abc\n');
    await talk.until(() => talk.text === 'cba\n');
    talk.transport.end();
    expect(await talk.closed()).toMatchObject(CLEAN);
  });

  it('says itself that it has ended', async (context) => {
    const peer = await sServer(context, ['-www']);
    const talk = await peer.connect();
    talk.say('GET / HTTP/1.0\r\n\r\n');
    expect(await talk.closed()).toMatchObject(CLEAN);
    expect(talk.end).toBe('finished');
    expect(talk.text).toMatch(/^HTTP\/1.0 200 ok[\s\S]*<\/html>/i);
  });

  it('that goes without a word has not ended', async (context) => {
    const peer = await sServer(context, []);
    const talk = await peer.connect();
    await converse(talk, peer);
    // By this command it goes without close_notify.
    peer.server.type('Q\n');
    expect(await talk.closed()).toMatchObject({ cause: 'truncated', receivedCloseNotify: false });
    expect(talk.end).toBe('truncated');
  });

  it('of TLS 1.2 is refused', async (context) => {
    const peer = await sServer(context, ['-tls1_2']);
    await expect(peer.connect()).rejects.toMatchObject({ receivedAlert: 70 });
  });

  it.for([true, false])(
    'does not mind middlebox compatibility %s or GREASE',
    async (middleboxCompatibility, context) => {
      const peer = await sServer(context, middleboxCompatibility ? [] : ['-no_middlebox']);
      const talk = await peer.connect({ middleboxCompatibility, grease: true });
      await converse(talk, peer);
    },
  );
});
