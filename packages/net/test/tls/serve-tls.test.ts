// The orderly end of a TLS listener: what is said to whom, and when patience is over.
import { connect as connectSocket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectNodeTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { memoryPair } from '../../src/index.ts';
import { type AnyTlsEvent, connectTls, type TlsConnection } from '../../src/tls/index.ts';
import { FakeTime } from '../support/fake-time.ts';
import { TEST_CERTIFICATE } from '../support/test-certificate.ts';
import { Ear, PINS, TlsBench } from './support.ts';

const NEVER = Number.POSITIVE_INFINITY;

/** Ends its own direction as soon as the server has ended its. */
function endsWithServer({ transport }: TlsConnection): Ear {
  const ear = new Ear(transport);
  const { onEnd } = ear;
  ear.onEnd = (end) => {
    onEnd.call(ear, end);
    transport.end();
  };
  return ear;
}

describe('drain', () => {
  it('says close_notify behind what is queued, and waits for the peer’s', async () => {
    const bench = new TlsBench();
    const client = await bench.connect();
    const ear = endsWithServer(client);
    const text = 'x'.repeat(300_000);
    bench.ears[0]?.write(text);
    const report = await bench.listener.drain({ timeoutMs: NEVER });
    expect(report).toEqual({
      handshakesCanceled: 0,
      connectionsClosed: 1,
      connectionsCut: 0,
      durationMs: expect.any(Number),
    });
    await ear.until(() => client.closed !== null);
    expect([ear.text.length, ear.ends]).toEqual([text.length, ['finished']]);
    const isClean = { cause: 'finished', sentCloseNotify: true, receivedCloseNotify: true };
    expect([client.closed, bench.served[0]?.closed]).toMatchObject([isClean, isClean]);
    expect(bench.listener.connections.size).toBe(0);
  });

  it('still hears what the peer has to say, and drops what a handler answers', async () => {
    const bench = new TlsBench({}, true);
    const client = await bench.connect();
    const ear = new Ear(client.transport);
    const report = bench.listener.drain({ timeoutMs: NEVER });
    await ear.until(() => ear.ends.length === 1);
    ear.write('one thing more');
    client.transport.end();
    expect(await report).toMatchObject({ connectionsClosed: 1, connectionsCut: 0 });
    expect([ear.text, bench.faults]).toEqual(['', []]);
  });

  it('cuts who has not ended in time', async () => {
    const clock = new FakeTime();
    const bench = new TlsBench({ clock, timeouts: { closingMs: NEVER } });
    const client = await bench.connect();
    const ear = new Ear(client.transport);
    const report = bench.listener.drain({ timeoutMs: 3000 });
    await ear.until(() => ear.ends.length === 1);
    clock.advance(2999);
    expect(bench.listener.connections.size).toBe(1);
    clock.advance(1);
    expect(await report).toEqual({
      handshakesCanceled: 0,
      connectionsClosed: 0,
      connectionsCut: 1,
      durationMs: 3000,
    });
    expect(clock.size).toBe(0);
  });

  it('counts an end without close_notify as cut', async () => {
    const bench = new TlsBench();
    const [clientLower, serverLower] = memoryPair();
    bench.listener.accept(serverLower);
    const client = await connectTls({ transport: clientLower }, { pinnedCertificates: PINS });
    const ear = new Ear(client.transport);
    const report = bench.listener.drain({ timeoutMs: NEVER });
    await ear.until(() => ear.ends.length === 1);
    // FIN below.
    clientLower.end();
    expect(await report).toMatchObject({ connectionsClosed: 0, connectionsCut: 1 });
    expect(bench.served[0]?.closed?.cause).toBe('truncated');
  });

  it('gives handshakes under way up by user_canceled and close_notify', async () => {
    const clock = new FakeTime();
    const bench = new TlsBench({ clock, timeouts: { lingerMs: NEVER } });
    const [silent, server] = memoryPair();
    let said = '';
    silent.attach({
      onData: (data) => {
        said += Buffer.from(data).toString('hex');
      },
      onEnd: () => {},
      onDrain() {},
    });
    bench.listener.accept(server);
    const report = bench.listener.drain({ timeoutMs: 3000 });
    await sleep(1);
    // Warnings 90 and 0, of which the second is followed by the end.
    expect(said).toBe('1503030002015a15030300020100');
    clock.advance(3000);
    expect(await report).toMatchObject({ handshakesCanceled: 1, connectionsCut: 0 });
    expect(bench.failures).toEqual(['TLS_HANDSHAKE_ENDED']);
    expect(clock.size).toBe(0);
  });

  it('tells a client within its handshake, which may go elsewhere', async () => {
    let drained: unknown = null;
    const bench = new TlsBench({
      clientCertificate: 'request',
      async verifyPeer() {
        return true;
      },
      credentials: 'ask',
      chooseCertificate: () => {
        drained = bench.listener.drain({ timeoutMs: NEVER });
        return null;
      },
    });
    const events: AnyTlsEvent['type'][] = [];
    const attempt = bench.connect({
      pinnedCertificates: PINS,
      onEvent: ({ type }) => events.push(type),
    });
    await expect(attempt).rejects.toMatchObject({ closeCause: 'canceled' });
    expect(events).toContain('user-canceled');
    expect(await drained).toMatchObject({ handshakesCanceled: 1, connectionsClosed: 0 });
    expect([bench.served, bench.faults]).toEqual([[], []]);
  });

  it('ends a connection that its handler gets while the drain begins', async () => {
    const bench = new TlsBench({
      onEvent({ type }) {
        if (type === 'handshake-complete') void bench.listener.drain({ timeoutMs: NEVER });
      },
    });
    const client = await bench.connect();
    endsWithServer(client);
    expect(await bench.listener.drain()).toMatchObject({ connectionsClosed: 1 });
    expect([bench.served.length, bench.faults]).toEqual([1, []]);
  });

  it('takes nobody any more, and is the same when asked again', async () => {
    const bench = new TlsBench();
    await bench.listener.listen();
    const first = bench.listener.drain();
    expect(bench.listener.address).toBe(null);
    expect(await bench.listener.drain()).toBe(await first);
    await expect(bench.connect()).rejects.toMatchObject({ closeCause: 'canceled' });
  });

  it('does not begin with a faulty time', async () => {
    const bench = new TlsBench();
    expect(() => bench.listener.drain({ timeoutMs: -1 })).toThrow(RangeError);
    expect(() => bench.listener.drain({ timeoutMs: Number.NaN })).toThrow(RangeError);
    await bench.connect();
    expect(bench.served.length).toBe(1);
  });

  it('is ended by close', async () => {
    const bench = new TlsBench();
    await bench.connect();
    const report = bench.listener.drain({ timeoutMs: NEVER });
    await bench.listener.close();
    expect(await report).toMatchObject({ connectionsClosed: 0, connectionsCut: 1 });
  });

  it('ends connections of node:tls over TCP, those within their handshake included', async () => {
    const bench = new TlsBench();
    const { port } = await bench.listener.listen();
    const silent = connectSocket({ port, host: '127.0.0.1' });
    let said = '';
    silent.on('data', (data) => {
      said += data.toString('hex');
    });
    const silentEnds = new Promise((resolve) => silent.on('end', resolve));
    await new Promise((resolve) => silent.on('connect', resolve));
    const options = { port, ca: TEST_CERTIFICATE, servername: 'localhost' };
    const client = connectNodeTls(options);
    let text = '';
    client.on('data', (data) => {
      text += String(data);
    });
    const ends = new Promise((resolve) => client.on('end', resolve));
    while (bench.served.length === 0) await sleep(1);
    bench.ears[0]?.write('farewell');
    const report = await bench.listener.drain();
    expect(report).toMatchObject({
      handshakesCanceled: 1,
      connectionsClosed: 1,
      connectionsCut: 0,
    });
    await Promise.all([ends, silentEnds]);
    expect([text, said]).toEqual(['farewell', '1503030002015a15030300020100']);
  });
});
