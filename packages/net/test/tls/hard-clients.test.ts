// A server over TCP whose client, or whose own decision, goes wrong: one outcome each, the alert under the
// keys of the moment, and no socket left (RFC 9846 sections 6.1, 6.2).
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectNodeTls } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TlsError, TlsServeOptions } from '../../src/tls/index.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../support/test-certificate.ts';
import { CREDENTIAL, TlsBench } from './support.ts';
import { recordNames } from './tapped-server.ts';

const clients: Socket[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});

/** A listener on TCP that notes why handshakes failed. */
async function serving(options: Partial<TlsServeOptions> = {}) {
  const failures: TlsError[] = [];
  const bench = new TlsBench({
    onHandshakeFailure: (error) => failures.push(error),
    timeouts: { lingerMs: 50 },
    ...options,
  });
  const { port } = await bench.listener.listen({ host: '127.0.0.1', port: 0 });
  return { bench, failures, port: port! };
}

async function raw(port: number): Promise<{ socket: Socket; answer: () => string[] }> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  clients.push(socket);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', () => {});
  await once(socket, 'connect');
  return { socket, answer: () => recordNames(Buffer.concat(chunks)) };
}

describe('a client that never says a whole hello', () => {
  const HELLO_START = Buffer.from('160301020001', 'hex');
  it.each<[string, (socket: Socket) => void, object, string[]]>([
    ['ends at once', (socket) => socket.end(), { closeCause: 'truncated' }, []],
    ['ends within it', (socket) => socket.end(HELLO_START), { closeCause: 'truncated' }, []],
    ['resets', (socket) => socket.resetAndDestroy(), { closeCause: 'reset' }, []],
    [
      'speaks HTTP',
      (socket) => socket.write('GET / HTTP/1.1\r\nHost: a.example\r\n\r\n'),
      { code: 'TLS_UNKNOWN_CONTENT_TYPE', message: expect.stringContaining('text in the clear') },
      ['clear alert 10'],
    ],
    [
      'sends megabytes that are not TLS',
      (socket) => socket.write(Buffer.alloc(8_000_000, 'x')),
      { code: 'TLS_UNKNOWN_CONTENT_TYPE' },
      // What is not read when the server closes may take the alert with it.
      [],
    ],
    [
      'says a hello of SSL 2.0',
      (socket) => socket.write(Buffer.from('802e0100020015000000100100', 'hex')),
      { code: 'TLS_UNKNOWN_CONTENT_TYPE' },
      ['clear alert 10'],
    ],
    [
      'is refused by itself',
      (socket) => socket.write(Buffer.from('15030100020230', 'hex')),
      { code: 'TLS_ALERT_RECEIVED', receivedAlert: 48 },
      [],
    ],
  ])('%s', async (_, act, error, records) => {
    const { bench, failures, port } = await serving();
    const { socket, answer } = await raw(port);
    act(socket);
    await vi.waitFor(() => expect(failures).toMatchObject([error]));
    await vi.waitFor(() => expect(bench.listener.connections.size).toBe(0));
    expect(failures.length).toBe(1);
    if (records.length > 0) expect(answer()).toEqual(records);
    expect(bench.faults).toEqual([]);
  });

  it('says nothing until the time is over', async () => {
    const { bench, failures, port } = await serving({ timeouts: { handshakeMs: 50 } });
    const { socket } = await raw(port);
    socket.write(HELLO_START);
    await vi.waitFor(() => expect(failures).toMatchObject([{ closeCause: 'handshake-timeout' }]));
    expect(bench.listener.connections.size).toBe(0);
  });
});

describe('a server that has to decide', () => {
  /** node:tls as a client that shows a certificate; resolves with its first error. */
  function node(port: number): { carrier: Socket; error: Promise<Error & { code?: string }> } {
    const carrier = connect({ host: '127.0.0.1', port });
    const socket = connectNodeTls({
      socket: carrier,
      rejectUnauthorized: false,
      cert: TEST_CERTIFICATE,
      key: TEST_KEY,
    });
    clients.push(carrier, socket);
    return { carrier, error: new Promise((resolve) => socket.on('error', resolve)) };
  }

  it.each<[string, TlsServeOptions['verifyPeer'], string, number]>([
    ['false', () => false, 'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN', 0],
    [
      'an alert, later',
      () => Promise.resolve('access_denied' as const),
      'ERR_SSL_TLSV1_ALERT_ACCESS_DENIED',
      0,
    ],
    [
      'a throw',
      () => {
        throw new Error('no database');
      },
      'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR',
      1,
    ],
    [
      'a rejection',
      () => Promise.reject(new Error('no database')),
      'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR',
      1,
    ],
    ['no answer of sense', (() => 7) as never, 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR', 1],
  ])('refuses a certificate: %s', async (_, verifyPeer, code, faultCount) => {
    const { bench, failures, port } = await serving({
      clientCertificate: 'require',
      verifyPeer: verifyPeer!,
    });
    expect((await node(port).error).code).toBe(code);
    await vi.waitFor(() => expect(failures).toMatchObject([{ code: 'TLS_REFUSED' }]));
    expect(bench.faults.length).toBe(faultCount);
    await vi.waitFor(() => expect(bench.listener.connections.size).toBe(0));
  });

  it.each<[string, (carrier: Socket) => void]>([
    ['ended', (carrier) => carrier.end()],
    ['reset', (carrier) => carrier.resetAndDestroy()],
  ])('decides for nobody when the client has %s meanwhile', async (end, leave) => {
    let decide: (value: typeof CREDENTIAL) => void = () => {};
    const asked = vi.fn(
      () =>
        new Promise<typeof CREDENTIAL>((resolve) => {
          decide = resolve;
        }),
    );
    const { bench, failures, port } = await serving({
      credentials: 'ask',
      chooseCertificate: asked,
    });
    const { carrier } = node(port);
    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(1));
    leave(carrier);
    // A reset is told at once; what a FIN stands behind is read once the decision is made.
    if (end === 'reset') await vi.waitFor(() => expect(failures.length).toBe(1));
    decide(CREDENTIAL);
    await vi.waitFor(() => expect(failures).toMatchObject([{ code: 'TLS_HANDSHAKE_ENDED' }]));
    await vi.waitFor(() => expect(bench.listener.connections.size).toBe(0));
    expect(bench.faults).toEqual([]);
  });

  it('waits for a decision no longer than for the handshake', async () => {
    const { bench, failures, port } = await serving({
      credentials: 'ask',
      chooseCertificate: () => new Promise(() => {}),
      timeouts: { handshakeMs: 50 },
    });
    node(port);
    await vi.waitFor(() => expect(failures).toMatchObject([{ closeCause: 'handshake-timeout' }]));
    expect(bench.listener.connections.size).toBe(0);
  });
});
