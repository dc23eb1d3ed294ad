// Both machines over a virtual transport: days pass in milliseconds, every byte has its latency, and
// a socket that is closed with bytes on their way answers with a reset.
import { type AnyEvent, Pair, ToyUpgrade, VirtualClock } from '@holdline/testkit';
import { expect, test } from 'vitest';
import { clientSettings, Http1Client } from '../src/client.ts';
import { Http1Server, serverSettings } from '../src/server.ts';
import { bytes } from './support/bytes.ts';

const HOST = { name: 'Host', value: 'a' };
const HOUR_MS = 3_600_000;

interface Setting {
  readonly clock: VirtualClock;
  readonly client: Http1Client;
  readonly server: Http1Server;
}

function setting(
  server: Parameters<typeof serverSettings>[0] = {},
  client: Parameters<typeof clientSettings>[0] = {},
): Setting {
  const clock = new VirtualClock();
  return {
    clock,
    client: new Http1Client(clientSettings(client), clock.now),
    server: new Http1Server(serverSettings(server), clock.now),
  };
}

function types(events: readonly AnyEvent[]): string[] {
  return events.map((event) => event.type);
}

/** Answers each request with 204 when it is complete. */
function answerAll({ server, clock }: Setting): (event: AnyEvent) => void {
  return (event) => {
    if (event.type !== 'end') return;
    server.sendResponse({ status: 204, fields: [] }, clock.now);
    server.endMessage([], clock.now);
  };
}

function ask({ client, clock }: Setting, target = '/'): void {
  client.sendRequest({ method: 'GET', target, fields: [HOST] }, clock.now);
  client.endMessage([], clock.now);
}

test('a month of one request an hour on one connection', () => {
  const patient = { timeouts: { idleMs: 2 * HOUR_MS } };
  const all = setting(patient, patient);
  const pair = new Pair<AnyEvent, AnyEvent>({
    clock: all.clock,
    left: { machine: all.client },
    right: { machine: all.server, onEvent: answerAll(all) },
    toRight: { latencyMs: 80 },
    toLeft: { latencyMs: 80 },
  });
  const start = all.clock.now;
  for (let hour = 0; hour < 30 * 24; hour++)
    all.clock.schedule(start + hour * HOUR_MS, () => ask(all));
  expect(pair.driveBounded(10_000)).toBeLessThan(5000);
  expect(types(pair.left.events).filter((type) => type === 'response')).toHaveLength(720);
  expect(pair.left.events.at(-1)).toMatchObject({
    type: 'closed',
    cause: 'idle-timeout',
    ending: 'idle',
  });
  expect(pair.right.events.at(-1)).toMatchObject({
    type: 'closed',
    cause: 'peer-end',
    requests: 720,
  });
});

test('an upgrade to the toy: what the client says at once behind the 101 is not lost', () => {
  const all = setting();
  const { client, server, clock } = all;
  const pair: Pair<AnyEvent, AnyEvent> = new Pair<AnyEvent, AnyEvent>({
    clock,
    left: {
      machine: client,
      onEvent(event, peer) {
        if (event.type !== 'switched') return;
        const toy = new ToyUpgrade(clock.now, false);
        toy.sendMessage(bytes('hello'));
        toy.sendGoodbye();
        peer.switchTo(toy);
      },
    },
    right: {
      machine: server,
      onEvent(event, peer) {
        if (event.type === 'end') {
          server.sendResponse(
            { status: 101, fields: [{ name: 'Upgrade', value: 'toy' }] },
            clock.now,
          );
        } else if (event.type === 'switched') peer.switchTo(new ToyUpgrade(clock.now, true));
      },
    },
    toRight: { latencyMs: 20, segmentBytes: () => 3 },
    toLeft: { latencyMs: 20, segmentBytes: () => 5 },
  });
  client.sendRequest(
    { method: 'GET', target: '/', fields: [HOST, { name: 'Upgrade', value: 'toy' }] },
    clock.now,
  );
  client.endMessage([], clock.now);
  pair.driveBounded(200);
  expect(types(pair.right.events)).toEqual(['request', 'end', 'switched', 'message', 'closed']);
  expect(types(pair.left.events)).toEqual(['response', 'switched', 'message', 'closed']);
  expect(pair.left.events[2]).toMatchObject({ data: bytes('hello') });
});

/** A client that sends far more than the server wants, which answers at once and closes. */
function refuseUpload(lingerMs: number): Pair<AnyEvent, AnyEvent> {
  const { client, server, clock } = setting({
    limits: { contentBytesMax: 10 },
    timeouts: { lingerMs },
  });
  const pair = new Pair<AnyEvent, AnyEvent>({
    clock,
    left: { machine: client },
    right: {
      machine: server,
      onEvent(event) {
        if (event.type !== 'failed') return;
        server.sendResponse({ status: 413, fields: [] }, clock.now);
        server.sendData(bytes('too much'), clock.now);
        server.endMessage([], clock.now);
      },
    },
    toRight: { latencyMs: 50, bytesPerMs: 100 },
    toLeft: { latencyMs: 50, bytesPerMs: 100 },
  });
  const content = new Uint8Array(200_000);
  const length = { name: 'Content-Length', value: String(content.length) };
  client.sendRequest({ method: 'POST', target: '/', fields: [HOST, length] }, clock.now);
  client.sendData(content, clock.now);
  client.endMessage([], clock.now);
  pair.driveBounded(2000);
  return pair;
}

test('the last response survives a client that goes on sending', () => {
  const pair = refuseUpload(5000);
  expect(types(pair.left.events)).toEqual(['response', 'data', 'end', 'closed']);
  expect(pair.left.events[0]).toMatchObject({ status: 413, persistent: false });
  expect(pair.right.events.at(-1)).toMatchObject({
    type: 'closed',
    cause: 'failed',
    responseIncomplete: false,
  });
});

// RFC 9112 section 9.6: the reset takes with it what the client has not read.
test('without lingering that response would be lost', () => {
  expect(refuseUpload(0).left.events).toMatchObject([
    { type: 'closed', cause: 'reset', ending: 'before-response' },
  ]);
});

test('drain in the middle of a pipeline: what was answered counts, the rest may be sent again', () => {
  const all = setting();
  const answer = answerAll(all);
  let requests = 0;
  const pair = new Pair<AnyEvent, AnyEvent>({
    clock: all.clock,
    left: { machine: all.client },
    right: {
      machine: all.server,
      onEvent(event) {
        if (event.type === 'request' && ++requests === 3) all.server.drain(all.clock.now);
        answer(event);
      },
    },
  });
  for (let count = 0; count < 10; count++) ask(all, `/${count}`);
  pair.driveBounded(200);
  expect(types(pair.left.events).filter((type) => type === 'response')).toHaveLength(3);
  expect(pair.right.events.at(-1)).toMatchObject({
    cause: 'drained',
    requests: 3,
    responseIncomplete: false,
  });
  const closed = pair.left.events.at(-1) as AnyEvent & {
    unanswered: { target: string; verdict: { retry: boolean } }[];
  };
  expect(closed.unanswered.map(({ target }) => target)).toEqual([
    '/3',
    '/4',
    '/5',
    '/6',
    '/7',
    '/8',
    '/9',
  ]);
  expect(closed.unanswered.every(({ verdict }) => verdict.retry)).toBe(true);
});

/** A response of 50 bytes over a link that carries `bytesPerMs`. */
function readSlowly(bytesPerMs: number): Pair<AnyEvent, AnyEvent> {
  const all = setting(
    { timeouts: { writeStallMs: 5000 } },
    { timeouts: { contentGraceMs: 10_000, contentBytesPerSecondMin: 20 } },
  );
  const { server, clock } = all;
  const pair = new Pair<AnyEvent, AnyEvent>({
    clock,
    left: { machine: all.client },
    right: {
      machine: server,
      onEvent(event) {
        if (event.type !== 'end') return;
        server.sendResponse(
          { status: 200, fields: [{ name: 'Content-Length', value: '50' }] },
          clock.now,
        );
        server.sendData(new Uint8Array(50), clock.now);
        server.endMessage([], clock.now);
      },
    },
    toLeft: { bytesPerMs, segmentBytes: () => 1, windowBytes: 1 },
  });
  ask(all);
  pair.driveBounded(2000);
  return pair;
}

test('a slow link is no stall', () => {
  const pair = readSlowly(0.03);
  expect(types(pair.left.events)).toContain('end');
  expect(pair.right.events.at(-1)).toMatchObject({ type: 'closed', responseIncomplete: false });
});

test('a link slower than the minimum rate ends in a timeout of the client, not in a stall', () => {
  const pair = readSlowly(0.003);
  expect(pair.left.events.at(-2)).toMatchObject({ type: 'failed', code: 'HTTP1_CONTENT_TIMEOUT' });
  expect(pair.right.events.at(-1)).toMatchObject({
    type: 'closed',
    cause: 'reset',
    responseIncomplete: true,
  });
});

test('a link that carries nothing more is a stall', () => {
  const pair = readSlowly(0.000_01);
  expect(pair.right.events.at(-1)).toMatchObject({
    type: 'closed',
    cause: 'write-stall',
    responseIncomplete: true,
  });
});
