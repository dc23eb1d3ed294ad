// node:tls of every supported release on either side.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TlsConnectOptions, TlsServeOptions } from '@holdline/net/tls';
import { afterAll, afterEach, describe, expect, it, type TestContext } from 'vitest';
import { launchers } from '../../platforms/launchers.mjs';
import { Certificates } from './support/certificates.ts';
import { Dialogue } from './support/dialogue.ts';
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

const peerFile = fileURLToPath(new URL('support/node-tls-peer.mjs', import.meta.url));
const CLEAN = { cause: 'finished', sentCloseNotify: true, receivedCloseNotify: true };

/** What a peer has told. */
type Told = Readonly<Record<string, unknown>>;

function start(context: TestContext, name: string, args: string[], options: object): Dialogue {
  const known = launchers as readonly { readonly name: string; readonly words: string[] }[];
  const [file = '', ...words] = known.find((launcher) => launcher.name === name)?.words ?? [];
  if (!existsSync(file)) context.skip(`needs ${name} from tools/platforms`);
  return new Dialogue(file, [...words, peerFile, ...args, JSON.stringify(options)]);
}

async function told(peer: Dialogue, type: string): Promise<Told> {
  const pattern = new RegExp(`^\\{"type":"${type}".*\\}$`, 'm');
  await peer.until(pattern);
  return JSON.parse(pattern.exec(peer.output)?.[0] ?? '') as Told;
}

describe.each(['Node 20', 'Node 22', 'Node 24', 'Node 26'])('node:tls of %s', (name) => {
  async function asClient(context: TestContext, mine: Partial<TlsServeOptions>, its: object = {}) {
    const { credential, certificateFile } = await certificates.of(context);
    const server = await new EchoServer({ credentials: [credential], ...mine }).listen();
    servers.push(server);
    const peer = start(context, name, ['client', String(server.port), certificateFile], its);
    return { server, peer };
  }

  async function asServer(context: TestContext, its: object = {}) {
    const { certificateFile, keyFile, pins } = await certificates.of(context);
    const peer = start(context, name, ['server', certificateFile, keyFile], its);
    const { port } = await told(peer, 'listening');
    const connect = (mine: Partial<TlsConnectOptions> = {}): Promise<Talk> =>
      talkTo(Number(port), { pinnedCertificates: pins, ...mine });
    return { peer, connect };
  }

  const exported = ({ connection }: Talk): string =>
    Buffer.from(connection.exportKeyingMaterial('a label', null, 32)).toString('hex');

  it('as a client talks, and ends', async (context) => {
    const { server, peer } = await asClient(
      context,
      { protocols: ['echo'] },
      { ALPNProtocols: ['x', 'echo'] },
    );
    const secured = await told(peer, 'secured');
    const talk = await server.secured();
    const { cipherSuite: cipher, protocol } = talk.connection;
    expect(secured).toMatchObject({ cipher, protocol, exported: exported(talk) });
    peer.type('hello');
    expect(await told(peer, 'data')).toMatchObject({ text: 'hello' });
    talk.connection.updateKeys(true);
    peer.type('again');
    await talk.until(() => talk.text === 'helloagain');
    await peer.until(/"text":"again"/);
    peer.endInput();
    expect(await talk.closed()).toMatchObject(CLEAN);
    expect(await told(peer, 'close')).toMatchObject({ hadError: false });
  });

  it('as a server talks, and ends when we do', async (context) => {
    const { peer, connect } = await asServer(context, { ALPNProtocols: ['echo'] });
    const talk = await connect({ protocols: ['x', 'echo'] });
    const { cipherSuite: cipher } = talk.connection;
    const secured = await told(peer, 'secured');
    expect(secured).toMatchObject({ cipher, protocol: 'echo', exported: exported(talk) });
    const large = 'x'.repeat(1_000_000);
    talk.say(large);
    await talk.until(() => talk.text.length === large.length);
    talk.connection.updateKeys(true);
    talk.say('!');
    await talk.until(() => talk.text.endsWith('!'));
    talk.transport.end();
    expect(await talk.closed()).toMatchObject(CLEAN);
    await told(peer, 'end');
    expect(await told(peer, 'close')).toMatchObject({ hadError: false });
  });

  it('says hello twice, and is told to', async (context) => {
    const { server, peer } = await asClient(
      context,
      { groups: ['secp384r1'], sendsCookie: true },
      { ecdhCurve: 'X25519:P-384' },
    );
    await told(peer, 'secured');
    expect((await server.secured()).connection.handshake).toMatchObject({ wasRetried: true });
    const { connect } = await asServer(context, { ecdhCurve: 'P-521' });
    const talk = await connect();
    expect(talk.connection).toMatchObject({ group: 'secp521r1', handshake: { wasRetried: true } });
  });

  it('wants certificates, and shows them', async (context) => {
    const own = await certificates.of(context, 'RSA');
    const required = { clientCertificate: 'require', pinnedCertificates: own.pins } as const;
    const shown = { cert: own.certificate, key: own.key };
    const { server, peer } = await asClient(context, required, shown);
    await told(peer, 'secured');
    expect((await server.secured()).connection.peerCertificates).toEqual(own.pins);
    const wanting = { requestCert: true, ca: own.certificate };
    const { peer: other, connect } = await asServer(context, wanting);
    const talk = await connect({ credential: own.credential });
    await told(other, 'secured');
    talk.say('hello');
    await talk.until(() => talk.text === 'hello');
    const bare = await connect();
    expect(await bare.closed()).toMatchObject({ cause: 'failed' });
    expect(bare.connection.failure).toMatchObject({ receivedAlert: 116 });
  });

  it('sees that we are cut off', async (context) => {
    const { server, peer } = await asClient(context, {});
    await told(peer, 'secured');
    (await server.secured()).transport.abort();
    expect(await told(peer, 'error')).toMatchObject({ code: 'ECONNRESET' });
  });
});

/** X25519MLKEM768 came with OpenSSL 3.5. */
it('agrees on X25519MLKEM768 with Node 26, where we have it', async (context) => {
  const { nodeCrypto } = await import('@holdline/tls/node');
  const has = nodeCrypto.groups.includes('X25519MLKEM768');
  context.skip(!has, `needs ML-KEM, which node:crypto of ${process.version} has not`);
  const { certificateFile, keyFile, pins } = await certificates.of(context);
  const peer = start(context, 'Node 26', ['server', certificateFile, keyFile], {});
  const { port } = await told(peer, 'listening');
  const talk = await talkTo(Number(port), { pinnedCertificates: pins });
  expect(talk.connection.group).toBe('X25519MLKEM768');
});
