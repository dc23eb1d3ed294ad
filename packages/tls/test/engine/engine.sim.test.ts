// A client and a server over a virtual transport with latency, small segments and faults.
import { type LinkOptions, Pair, VirtualClock } from '@holdline/testkit';
import { expect, test } from 'vitest';
import { clientSettings, serverSettings, TlsClient, TlsServer } from '../../src/index.ts';
import { nodeCrypto, nodeRandom } from '../../src/node/index.ts';
import { credential } from '../support/engine-pair.ts';

const DATA_BYTES = 200_000;

interface Outcome {
  readonly client: readonly string[];
  readonly server: readonly string[];
  readonly received: number;
  /** When the server had the request, in milliseconds from the beginning. */
  readonly requestMs: number;
  readonly elapsedMs: number;
}

/** The server answers a request with much data, and both close. */
function run(link: LinkOptions, timeouts: { handshakeMs?: number } = {}): Outcome {
  const common = { crypto: nodeCrypto, random: nodeRandom, timeouts };
  const clock = new VirtualClock();
  const begin = clock.now;
  const client = new TlsClient(clientSettings(common), begin, 'localhost');
  const server = new TlsServer(
    serverSettings({ ...common, credentials: [credential('p256')], sendsCookie: true }),
    begin,
  );
  const heard: Record<'client' | 'server', string[]> = { client: [], server: [] };
  let received = 0;
  let requestMs = -1;
  const pair = new Pair({
    left: {
      machine: client,
      onEvent: (event, { now }) => {
        if (event.type === 'data') received += event.data.length;
        else heard.client.push(event.type);
        if (event.type === 'verify-peer') client.acceptPeer(event.id, now);
        if (event.type === 'handshake-complete') client.sendData(Uint8Array.of(1), now);
        if (event.type === 'end') client.closeNotify(now);
      },
    },
    right: {
      machine: server,
      onEvent: (event, { now }) => {
        heard.server.push(event.type);
        if (event.type !== 'data') return;
        requestMs = now - begin;
        server.sendData(new Uint8Array(DATA_BYTES), now);
        server.closeNotify(now);
      },
    },
    toLeft: link,
    toRight: link,
    clock,
  });
  pair.driveBounded(100_000);
  return { ...heard, received, requestMs, elapsedMs: clock.now - begin };
}

test('whatever the segments, all arrives and both end', () => {
  for (const link of [
    { latencyMs: 40 },
    { latencyMs: 1, segmentBytes: () => 1 + (DATA_BYTES % 7) },
    { latencyMs: 20, bytesPerMs: 100, highWaterBytes: 4096, windowBytes: 8192 },
  ]) {
    const { client, server, received } = run(link);
    expect(received).toBe(DATA_BYTES);
    expect(client).toEqual(['verify-peer', 'handshake-complete', 'end', 'closed']);
    expect(server).toEqual(['handshake-complete', 'data', 'end', 'closed']);
  }
});

test('two round trips with a cookie, and the request with the second', () => {
  // Hello, retry, hello, flight, Finished with data.
  expect(run({ latencyMs: 100 }).requestMs).toBe(500);
});

test('a handshake that takes too long is given up by both', () => {
  const { client, server, elapsedMs } = run({ latencyMs: 1000 }, { handshakeMs: 1500 });
  expect(client).toContain('closed');
  expect(server).toContain('closed');
  expect(elapsedMs).toBeLessThan(10_000);
});
