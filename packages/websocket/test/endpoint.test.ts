import { describe, expect, test } from 'vitest';
import { serverSettings } from '../src/settings.ts';
import { ServerWebSocket } from '../src/websocket-server.ts';
import { frameTo } from './support/frames.ts';
import { type Event, webSocketPair } from './support/pair.ts';

const NO_PINGS = { timeouts: { pingMs: Number.POSITIVE_INFINITY } };

function types(events: readonly Event[]): string[] {
  return events.map(({ type }) => type);
}

describe('a conversation', () => {
  test('messages go both ways, and the close is clean', () => {
    const { client, server, pair, now } = webSocketPair({
      onServer: (event, peer, at) => {
        if (event.type === 'text') peer.sendText(`${event.text}!`, at);
        if (event.type === 'binary') peer.sendBinary(event.data, at);
      },
    });
    client.sendText('hello', now);
    client.sendText('héllo wörld', now);
    client.sendText('x'.repeat(100_000), now);
    client.sendBinary(new Uint8Array(70_000).fill(7), now);
    pair.pump();
    client.close(now, 1000, 'bye');
    pair.driveBounded(1000);
    expect(types(pair.right.events)).toEqual(['text', 'text', 'text', 'binary', 'close', 'closed']);
    expect(types(pair.left.events)).toEqual(['text', 'text', 'text', 'binary', 'close', 'closed']);
    expect(pair.left.events[1]).toEqual({ type: 'text', text: 'héllo wörld!' });
    expect(pair.left.events.at(-1)).toMatchObject({
      type: 'closed',
      code: 1000,
      reason: 'bye',
      wasClean: true,
      startedBy: 'us',
      observation: 'closing-handshake',
    });
    expect(pair.right.events.at(-1)).toMatchObject({
      code: 1000,
      wasClean: true,
      startedBy: 'peer',
    });
    expect(server.isOpen).toBe(false);
  });

  test('an idle connection is asked for, and answers', () => {
    const { client, server, pair, now } = webSocketPair();
    for (let steps = 0; steps < 40; steps++) pair.step(now + 200_000);
    expect(types(pair.left.events)).toContain('ping');
    expect(types(pair.right.events)).toContain('pong');
    expect(server.roundTrip?.latestMs).toBeGreaterThan(0);
    expect(client.isOpen).toBe(true);
  });

  test('a client that has gone silent is given up', () => {
    const { pair } = webSocketPair({
      client: NO_PINGS,
      toServer: { faults: [{ kind: 'stall', atByte: 0, durationMs: Number.POSITIVE_INFINITY }] },
    });
    pair.driveBounded(1000);
    expect(pair.right.events.at(-1)).toMatchObject({
      type: 'closed',
      code: 1006,
      observation: 'ping-unanswered',
      likely: { cause: 'path-lost-or-peer-hung' },
    });
  });

  test('messages in pieces, with a ping between', () => {
    const { client, pair, now } = webSocketPair({ server: { delivery: 'pieces' } });
    client.beginMessage('text', now);
    client.sendPiece('Hel', false, now);
    client.ping(Uint8Array.of(1), now);
    client.sendPiece('lo', true, now);
    pair.pump();
    client.close(now);
    pair.driveBounded(1000);
    expect(types(pair.right.events).filter((type) => type !== 'ping')).toEqual([
      'message',
      'data',
      'data',
      'end',
      'close',
      'closed',
    ]);
  });
});

describe('an idle connection', () => {
  const pong = () => frameTo('server', 10, 'unasked');

  test('stays at rest when it is told of a time that has not come', () => {
    const settings = serverSettings();
    const machine = new ServerWebSocket(settings, 0);
    machine.receive(pong(), 1);
    while (machine.nextEvent(1).type !== 'need-data');
    expect(settings.spares).toHaveLength(1);
    machine.onDeadline(machine.deadline() - 1);
    expect(settings.spares).toHaveLength(1);
  });

  test('leaves what it needs no more to others, of whom few keep it', () => {
    const settings = serverSettings();
    const machines = Array.from({ length: 100 }, () => new ServerWebSocket(settings, 0));
    for (const machine of machines) machine.receive(pong(), 1);
    for (const machine of machines) while (machine.nextEvent(1).type !== 'need-data');
    expect(settings.spares).toHaveLength(64);
    for (const machine of machines) machine.receive(pong(), 2);
    expect(settings.spares).toHaveLength(0);
  });
});
