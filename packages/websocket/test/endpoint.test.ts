import { describe, expect, test } from 'vitest';
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
