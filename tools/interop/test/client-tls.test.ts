// https to nginx: what is negotiated, what is refused, and what an end without close_notify looks like.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpClient, type HttpClientError, type HttpClientOptions } from '@holdline/net';
import { createFetch } from '@holdline/net/fetch';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { nginx, RunningPeer, type TlsSettings } from './support/peers.ts';
import { freePort, need, run } from './support/programs.ts';
import { type Told, Upstream } from './support/upstream.ts';

const closers: (() => unknown)[] = [];
let upstream: Upstream;

beforeEach(async () => {
  upstream = await new Upstream().listen();
  closers.push(() => upstream.close());
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A certificate for localhost that signs itself. */
async function certify(context: TestContext): Promise<Pick<TlsSettings, 'certificate' | 'key'>> {
  const openssl = need(context, 'openssl');
  const folder = mkdtempSync(join(tmpdir(), 'holdline-certificate-'));
  const [key, certificate] = [join(folder, 'key'), join(folder, 'certificate')];
  const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const name = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  const files = ['-keyout', key, '-out', certificate];
  const { code, stderr } = await run(openssl, [...kind, ...name, ...files]);
  if (code !== 0) throw new Error(stderr);
  const pair = { certificate: readFileSync(certificate, 'utf8'), key: readFileSync(key, 'utf8') };
  rmSync(folder, { recursive: true });
  return pair;
}

async function start(context: TestContext, protocol: TlsSettings['protocol'] = 'TLSv1.3') {
  const tls = { ...(await certify(context)), port: await freePort(), protocol };
  const running = await RunningPeer.start(context, nginx, upstream, { tls });
  closers.push(() => running.remove());
  return { ...tls, origin: `https://localhost:${tls.port}`, plainOrigin: running.url };
}

function makeClient(ca: string | null, options: HttpClientOptions = {}): HttpClient {
  const client = new HttpClient({ ...(ca === null ? {} : { tls: { ca } }), ...options });
  closers.push(() => client.abort());
  return client;
}

/** Passes connections on to a port, and cuts them between two bytes of the same record layer. */
async function relayTo(port: number): Promise<{ port: number; cut: (how: 'FIN' | 'RST') => void }> {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const onward = connect({ port, host: '127.0.0.1' });
    sockets.push(socket);
    closers.push(() => onward.destroy());
    socket.on('data', (data) => onward.write(data)).on('error', () => {});
    onward.on('data', (data) => socket.writable && socket.write(data)).on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => server.close());
  const cut = (how: 'FIN' | 'RST'): void => {
    for (const socket of sockets) how === 'FIN' ? socket.end() : socket.resetAndDestroy();
  };
  return { port: (server.address() as AddressInfo).port, cut };
}

const failed = (promise: Promise<unknown>): Promise<HttpClientError> =>
  promise.then(
    () => Promise.reject(new Error('there was no error')),
    (error: HttpClientError) => error,
  );

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('%s', (protocol) => {
  it('is negotiated with http/1.1, and its sessions are resumed', async (context) => {
    const { origin, certificate } = await start(context, protocol);
    const client = makeClient(certificate);
    const seen: string[] = [];
    for (let round = 0; round < 3; round += 1) {
      const response = await client.request({ url: `${origin}/${round}` });
      const { headers } = (await response.content.json()) as Told;
      seen.push(headers['x-tls'] ?? '');
      response.connection.abort();
    }
    // nginx says `.` of a full handshake and `r` of one that resumes a session.
    const how = `${protocol} http/1.1 localhost`;
    expect(seen).toEqual([`${how} .`, `${how} r`, `${how} r`]);
  });

  it('carries contents both ways, on one connection', async (context) => {
    const { origin, certificate } = await start(context, protocol);
    const client = makeClient(certificate, { connectionsPerOriginMax: 1, pipelining: 4 });
    const fetch = createFetch(client);
    const content = Buffer.alloc(5_000_000, 'content ');
    for (let round = 0; round < 3; round += 1) {
      const told = (await (await fetch(origin, { method: 'POST', body: content })).json()) as Told;
      expect(told.byteCount).toBe(content.length);
      const response = await fetch(`${origin}/large?bytes=5000000`);
      expect((await response.arrayBuffer()).byteLength).toBe(5_000_000);
    }
    expect(client.connections.map(({ requests }) => requests)).toEqual([6]);
    await client.close();
  });

  it('that is cut fails what has a length, and not what only an end completes', async (context) => {
    const { port, certificate } = await start(context, protocol);
    const outcomes: Record<string, string> = {};
    for (const target of ['/slow', '/open-ended/slow']) {
      for (const how of ['FIN', 'RST'] as const) {
        const relay = await relayTo(port);
        const client = makeClient(certificate);
        const response = await client.request({ url: `https://localhost:${relay.port}${target}` });
        const { value } = await response.content.next();
        const reading = response.content.text();
        relay.cut(how);
        const rest = await reading.catch((error) => error.code);
        outcomes[`${target} ${how}`] = `${Buffer.from(value ?? [])}${rest}`;
      }
    }
    const begun = 'the beginning;';
    // Node tells no one whether close_notify came before FIN. A length, or chunks, tell the truth.
    expect(outcomes).toEqual({
      '/slow FIN': `${begun}HTTP_CLIENT_RESPONSE_INCOMPLETE`,
      '/slow RST': `${begun}HTTP_CLIENT_RESPONSE_INCOMPLETE`,
      '/open-ended/slow FIN': begun,
      '/open-ended/slow RST': `${begun}HTTP_CLIENT_RESPONSE_INCOMPLETE`,
    });
  });
});

it('fails where there is no trust, no such name, or no TLS', async (context) => {
  const { origin, plainOrigin, port, certificate } = await start(context);
  const causes: unknown[] = [];
  for (const [client, url] of [
    [makeClient(null), origin],
    [makeClient(certificate), `https://127.0.0.1:${port}`],
    [makeClient(certificate), plainOrigin.replace('http:', 'https:')],
  ] as const) {
    const { code, cause, bytesSent, safeToRetry } = await failed(client.request({ url }));
    expect([code, bytesSent, safeToRetry]).toEqual(['HTTP_CLIENT_CONNECT_FAILED', 0, true]);
    causes.push((cause as NodeJS.ErrnoException).code);
    expect(client.connections).toEqual([]);
  }
  expect(causes.slice(0, 2)).toEqual([
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ]);
  expect(causes[2]).toMatch(/^(ERR_SSL_|EPROTO)/);
  const answer = await makeClient(null).request({ url: `http://localhost:${port}` });
  expect(answer.status).toBe(400);
  expect(upstream.counts.size).toBe(0);
});
