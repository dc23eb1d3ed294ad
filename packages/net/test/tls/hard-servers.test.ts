// A client over TCP whose server, or whose own decision, goes wrong: one outcome, one alert in front of
// FIN, and no socket left (RFC 9846 sections 6.1, 6.2).
import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { socketTransport } from '../../src/adapters/socket.ts';
import { connectTls, type TlsConnection, type TlsConnectOptions } from '../../src/tls/index.ts';
import { Ear, PINS, TlsBench } from './support.ts';
import { TappedServer } from './tapped-server.ts';

const faults: unknown[] = [];
let servers: TappedServer[] = [];

beforeEach(() => {
  faults.length = 0;
});
afterEach(() => {
  for (const server of servers) server.close();
  servers = [];
});

/** How an attempt went: the connection or the error. */
async function attempt(
  play: (socket: Socket) => void,
  options: TlsConnectOptions,
): Promise<{ server: TappedServer; outcome: unknown }> {
  const server = new TappedServer(play);
  servers.push(server);
  const target = await server.listen();
  let settled = 0;
  const outcome: unknown = await connectTls(target, {
    onFault: (fault) => faults.push(fault),
    ...options,
  }).then(
    (connection) => {
      settled += 1;
      return connection;
    },
    (error) => {
      settled += 1;
      return error;
    },
  );
  expect(settled).toBe(1);
  return { server, outcome };
}

const HELLO = '22';
/** change_cipher_spec in front of what a client's second flight would be. */
const REFUSAL = [HELLO, '20', 'sealed alert'];

describe('whom the caller does not trust', () => {
  const fault = new Error('no database');
  it.each<[string, TlsConnectOptions, object, number, unknown[]]>([
    ['false', { verifyPeer: () => false }, { alert: 'certificate_unknown' }, 46, []],
    ['an alert', { verifyPeer: () => 'bad_certificate' }, { alert: 'bad_certificate' }, 42, []],
    [
      'an alert, later',
      { verifyPeer: () => Promise.resolve('certificate_revoked' as const) },
      { alert: 'certificate_revoked' },
      44,
      [],
    ],
    [
      'a throw',
      {
        verifyPeer: () => {
          throw fault;
        },
      },
      { alert: 'internal_error' },
      80,
      [fault],
    ],
    [
      'a rejection',
      { verifyPeer: () => Promise.reject(fault) },
      { alert: 'internal_error' },
      80,
      [fault],
    ],
    [
      'nothing',
      { verifyPeer: (() => {}) as never },
      { alert: 'internal_error' },
      80,
      [expect.any(TypeError)],
    ],
    [
      'an alert of no error',
      { verifyPeer: () => Promise.resolve('close_notify' as const) },
      { alert: 'internal_error' },
      80,
      [expect.any(TypeError)],
    ],
    [
      'another pin',
      { pinnedCertificates: [Uint8Array.of(1)] },
      { alert: 'unknown_ca', code: 'TLS_CERTIFICATE_NOT_PINNED' },
      48,
      [],
    ],
  ])('%s', async (_, options, error, receivedAlert, thrown) => {
    const failures: unknown[] = [];
    const bench = new TlsBench({ onHandshakeFailure: (failure) => failures.push(failure) });
    const { server, outcome } = await attempt((socket) => {
      bench.listener.accept(socketTransport(socket));
    }, options);
    expect(outcome).toMatchObject({ name: 'TlsError', ...error });
    expect(faults).toEqual(thrown);
    const [tap] = server.taps;
    await tap?.closed;
    expect(tap?.records).toEqual(REFUSAL);
    expect(tap?.ends).not.toContain('error');
    expect(failures).toMatchObject([{ code: 'TLS_ALERT_RECEIVED', receivedAlert }]);
    expect(bench.listener.connections.size).toBe(0);
  });

  it('no answer at all', async () => {
    const bench = new TlsBench();
    let answer: (verdict: boolean) => void = () => {};
    const { server, outcome } = await attempt(
      (socket) => bench.listener.accept(socketTransport(socket)),
      {
        verifyPeer: () =>
          new Promise<boolean>((resolve) => {
            answer = resolve;
          }),
        connectMs: 100,
      },
    );
    expect(outcome).toMatchObject({ code: 'TLS_CONNECT_TIMEOUT' });
    const [tap] = server.taps;
    await tap?.closed;
    expect(tap?.records).toEqual([HELLO, '20']);
    // Whoever is late answers nobody.
    answer(true);
    await vi.waitFor(() => expect(bench.failures).toEqual(['TLS_HANDSHAKE_ENDED']));
    expect(faults).toEqual([]);
  });

  it('no answer within the handshake of the engine', async () => {
    const bench = new TlsBench();
    const { server, outcome } = await attempt(
      (socket) => bench.listener.accept(socketTransport(socket)),
      { verifyPeer: () => new Promise<boolean>(() => {}), timeouts: { handshakeMs: 50 } },
    );
    expect(outcome).toMatchObject({ code: 'TLS_HANDSHAKE_ENDED', closeCause: 'handshake-timeout' });
    await server.taps[0]?.closed;
  });
});

describe('a server that goes wrong in the handshake', () => {
  const options: TlsConnectOptions = { pinnedCertificates: PINS, timeouts: { lingerMs: 50 } };
  const quick: TlsConnectOptions = { ...options, connectMs: 100 };
  it('is told of at once, though it keeps the connection', async () => {
    const { server, outcome } = await attempt(
      (socket) => socket.once('data', () => socket.write('SSH-2.0-server\r\n')),
      { pinnedCertificates: PINS, connectMs: 2_000, timeouts: { lingerMs: 600_000 } },
    );
    expect(outcome).toMatchObject({ code: 'TLS_UNKNOWN_CONTENT_TYPE' });
    const [tap] = server.taps;
    // The alert and FIN; the rest is for the server to close.
    await vi.waitFor(() => expect(tap?.ends).toEqual(['end']));
    expect(tap?.records).toEqual([HELLO, 'clear alert 10']);
    tap?.socket.end();
    await tap?.closed;
    expect(tap?.ends).toEqual(['end', 'close']);
  });

  it.each<[string, (socket: Socket) => void, TlsConnectOptions, object, string[]]>([
    ['says nothing', () => {}, quick, { code: 'TLS_CONNECT_TIMEOUT' }, [HELLO]],
    ['does not read', (socket) => socket.pause(), quick, { code: 'TLS_CONNECT_TIMEOUT' }, []],
    [
      'resets',
      (socket) => socket.once('data', () => socket.resetAndDestroy()),
      options,
      { code: 'TLS_HANDSHAKE_ENDED', closeCause: 'reset' },
      [HELLO],
    ],
    [
      'ends',
      (socket) => socket.once('data', () => socket.end()),
      options,
      { code: 'TLS_HANDSHAKE_ENDED', closeCause: 'truncated' },
      [HELLO],
    ],
    [
      'ends within a record',
      (socket) => socket.once('data', () => socket.end(Buffer.from('160303', 'hex'))),
      options,
      { code: 'TLS_HANDSHAKE_ENDED', closeCause: 'truncated' },
      [HELLO],
    ],
    [
      'refuses by an alert',
      (socket) => socket.once('data', () => socket.end(Buffer.from('15030300020228', 'hex'))),
      options,
      { code: 'TLS_ALERT_RECEIVED', receivedAlert: 40, alert: null },
      [HELLO],
    ],
    [
      'refuses by an alert and keeps the connection',
      (socket) => socket.once('data', () => socket.write(Buffer.from('15030300020246', 'hex'))),
      options,
      { code: 'TLS_ALERT_RECEIVED', receivedAlert: 70, alert: null },
      [HELLO],
    ],
    [
      'says close_notify',
      (socket) => socket.once('data', () => socket.write(Buffer.from('15030300020100', 'hex'))),
      options,
      { code: 'TLS_HANDSHAKE_ENDED', closeCause: 'canceled' },
      [HELLO, 'clear alert 0'],
    ],
    [
      'speaks HTTP',
      (socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
      options,
      { code: 'TLS_UNKNOWN_CONTENT_TYPE', message: expect.stringContaining('HTTP in the clear') },
      [HELLO, 'clear alert 10'],
    ],
    [
      'speaks HTTP and keeps the connection',
      (socket) => socket.once('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')),
      options,
      { code: 'TLS_UNKNOWN_CONTENT_TYPE' },
      [HELLO, 'clear alert 10'],
    ],
    [
      'sends megabytes that are not TLS',
      (socket) => socket.once('data', () => socket.write(Buffer.alloc(8_000_000, 'x'))),
      options,
      { code: 'TLS_UNKNOWN_CONTENT_TYPE' },
      [HELLO, 'clear alert 10'],
    ],
  ])('%s', async (_, play, given, error, records) => {
    const { server, outcome } = await attempt(play, given);
    expect(outcome).toMatchObject({ name: 'TlsError', ...error });
    const [tap] = server.taps;
    // What does not read, or keeps the connection, sees its end by writing.
    tap?.socket.resume();
    await vi.waitFor(() => expect(tap?.ends.length).toBeGreaterThan(0));
    if (records.length > 0) expect(tap?.records).toEqual(records);
    expect(faults).toEqual([]);
  });
});

describe('a server that goes wrong behind the handshake', () => {
  async function secured(
    act: (connection: TlsConnection, socket: Socket) => void,
  ): Promise<{ ear: Ear; client: TlsConnection; server: TappedServer }> {
    const bench = new TlsBench();
    const { server, outcome } = await attempt(
      (socket) => bench.listener.accept(socketTransport(socket)),
      { pinnedCertificates: PINS },
    );
    const client = outcome as TlsConnection;
    const ear = new Ear(client.transport);
    await vi.waitFor(() => expect(bench.served.length).toBe(1));
    act(bench.served[0]!, server.taps[0]!.socket);
    return { ear, client, server };
  }

  it('resets', async () => {
    const { ear, client } = await secured((_, socket) => socket.resetAndDestroy());
    await ear.until(() => ear.ends.length > 0);
    expect(ear.ends).toEqual(['reset']);
    await vi.waitFor(() => expect(client.closed).toMatchObject({ cause: 'reset' }));
  });

  it('ends without close_notify, which leaves our direction open', async () => {
    const { ear, client, server } = await secured((_, socket) => socket.end());
    await ear.until(() => ear.ends.length > 0);
    expect(ear.ends).toEqual(['truncated']);
    expect(client.closed).toBeNull();
    client.transport.end();
    await vi.waitFor(() => expect(client.closed).toMatchObject({ cause: 'truncated' }));
    await server.taps[0]?.closed;
    expect(server.taps[0]?.records.at(-1)).toBe('sealed alert');
  });

  it('sends a megabyte behind its close_notify, which nobody hears', async () => {
    const { ear, client, server } = await secured((connection, socket) => {
      connection.transport.write(Buffer.from('last'));
      // Ends its direction by close_notify; TCP stays open until ours has come, too.
      connection.transport.end();
      const record = Buffer.concat([Buffer.from('1703034000', 'hex'), Buffer.alloc(16_384, 1)]);
      for (let count = 0; count < 64 && socket.writable; count += 1) socket.write(record);
    });
    await ear.until(() => ear.ends.length > 0);
    expect([ear.text, ear.ends]).toEqual(['last', ['finished']]);
    client.transport.write(Buffer.from('still'));
    client.transport.end();
    await vi.waitFor(() => expect(client.closed).not.toBeNull());
    expect(client.closed).toMatchObject({ cause: 'finished', receivedCloseNotify: true });
    expect(client.failure).toBeNull();
    await server.taps[0]?.closed;
  });

  it('sends what does not open', async () => {
    const { ear, client, server } = await secured((_, socket) => {
      socket.write(Buffer.concat([Buffer.from('1703030020', 'hex'), Buffer.alloc(32, 1)]));
    });
    await vi.waitFor(() => expect(client.failure).not.toBeNull());
    expect(client.failure).toMatchObject({ alert: 'bad_record_mac' });
    await server.taps[0]?.closed;
    const { records = [] } = server.taps[0] ?? {};
    expect(records.filter((name) => name.includes('alert'))).toEqual(['sealed alert']);
    expect(records.at(-1)).toBe('sealed alert');
    await ear.until(() => ear.ends.length > 0);
    expect(ear.ends).toEqual(['failed']);
  });
});
