// Early data, which nobody here accepts yet: a server has to skip what others send (RFC 9846 section 4.3.10).
import { expect, test, vi } from 'vitest';
import { EnginePair, type PairOptions } from '../support/engine-pair.ts';

// A client that has early data says so in its first hello alone.
vi.mock('../../src/messages/client-hello.ts', async (original) => {
  const own = await original<typeof import('../../src/messages/client-hello.ts')>();
  const serializeClientHello: typeof own.serializeClientHello = (content) => {
    const isFirst = content.extensions.cookie === undefined;
    const extensions = { ...content.extensions, ...(isFirst ? { earlyData: true as const } : {}) };
    return own.serializeClientHello({ ...content, extensions });
  };
  return { ...own, serializeClientHello };
});

const PSK = { identity: Uint8Array.of(1), secret: new Uint8Array(32).fill(1) };

/** A pair whose client sends records of this many bytes, which nobody can open, behind its hello. */
function pairWithEarlyData(recordBytes: readonly number[], options: PairOptions = {}): EnginePair {
  const pair = new EnginePair({
    client: { preSharedKeys: [PSK] },
    ...options,
  });
  const { client, server } = pair;
  const hello = client.machine.nextOutput()!;
  client.machine.outputAccepted(hello.length, 0);
  server.machine.receive(hello.slice(), 0);
  for (const bytes of recordBytes) {
    const record = new Uint8Array(5 + bytes).fill(0x55);
    record.set([23, 3, 3, bytes >> 8, bytes & 0xff]);
    server.machine.receive(record, 0);
    pair.pull(server);
  }
  pair.exchange();
  return pair;
}

test('it is skipped up to the flight that the server can open', () => {
  for (const records of [[], [17], [16_000, 16_640, 300]]) {
    const pair = pairWithEarlyData(records);
    expect(pair.server.failure).toBeNull();
    expect(pair.talk()).toBe(true);
  }
});

test('a limit of records that its sender could not know holds for what comes behind it', () => {
  const pair = pairWithEarlyData([16_000], { server: { recordSizeLimit: 100 } });
  expect(pair.talk()).toBe(true);
  pair.client.engine.channel.output.plaintextBytesMax = 101;
  pair.client.machine.sendData(new Uint8Array(101), 0);
  pair.exchange();
  expect(pair.server.failure?.alert).toBe('record_overflow');
});

test('it is skipped up to the second hello', () => {
  const pair = pairWithEarlyData([500, 500], { server: { sendsCookie: true } });
  expect(pair.server.only('handshake-complete').wasRetried).toBe(true);
  expect(pair.talk()).toBe(true);
});

test('there may be so much of it', () => {
  const limits = { earlyDataBytesMax: 1000 };
  for (const sendsCookie of [false, true]) {
    const pair = pairWithEarlyData([500, 600], { server: { limits, sendsCookie } });
    expect(pair.server.failure?.code).toBe('TLS_TOO_MUCH_EARLY_DATA');
  }
});

test('a record that does not open behind one that did is a fault', () => {
  const pair = pairWithEarlyData([100]);
  const record = new Uint8Array(105).fill(0x55);
  record.set([23, 3, 3, 0, 100]);
  pair.server.machine.receive(record, 0);
  pair.exchange();
  expect(pair.server.failure).toEqual({ code: 'TLS_BAD_RECORD_MAC', alert: 'bad_record_mac' });
});
