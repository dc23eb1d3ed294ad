// Is the peer there? Pings by themselves, with unread input, late deadlines, and round trips.
import { describe, expect, test } from 'vitest';
import { clientSettings, serverSettings, type WebSocketServerOptions } from '../src/settings.ts';
import { ClientWebSocket } from '../src/websocket-client.ts';
import { ServerWebSocket } from '../src/websocket-server.ts';
import { pureDeflate } from './support/compression.ts';
import { framesOf, frameTo } from './support/frames.ts';
import { client, DEFLATE, START, server } from './support/machines.ts';

describe('a silent peer', () => {
  test('is asked, and given up when nothing comes', () => {
    const bench = server();
    expect(bench.waits(29_999)).toEqual([]);
    expect(bench.watch.output).toHaveLength(0);
    bench.waits(1);
    expect(framesOf(bench.watch.output)).toMatchObject([{ opcode: 9 }]);
    expect(bench.waits(19_999)).toEqual([]);
    expect(bench.waits(1)).toMatchObject([
      {
        type: 'closed',
        code: 1006,
        observation: 'ping-unanswered',
        evidence: { idleMs: 50_000, pingUnansweredMs: 20_000, openMs: 50_000, stallMs: 0 },
      },
    ]);
    expect(bench.machine.transport).toBe('abort');
  });

  test('need only send a byte of anything', () => {
    const bench = client();
    bench.waits(45_000);
    bench.waits(19_999);
    bench.arrives(Uint8Array.of(0x82));
    expect(bench.waits(44_999)).toEqual([]);
    expect(bench.machine.isOpen).toBe(true);
  });

  test('is not given up while its bytes lie here unread', () => {
    const bench = server();
    bench.waits(30_000);
    bench.watch.receive(frameTo('server', 1, 'late reading'), bench.now);
    for (let count = 0; count < 20; count++) {
      bench.now = bench.machine.deadline();
      bench.watch.onDeadline(bench.now);
    }
    expect(bench.machine.transport).toBe('open');
    expect(bench.drains()).toEqual([{ type: 'text', text: 'late reading' }]);
    expect(bench.waits(50_001)).toMatchObject([{ observation: 'ping-unanswered' }]);
  });

  test('has its whole time again when this side slept', () => {
    const bench = server();
    bench.waits(30_000);
    expect(bench.sleeps(3_600_000)).toEqual([]);
    expect(framesOf(bench.watch.output)).toHaveLength(2);
    bench.gets(10, framesOf(bench.watch.output)[1]!.payload);
    expect(bench.machine.roundTrip?.latestMs).toBe(0);
    expect(bench.waits(29_999)).toEqual([]);
  });
});

test('the caller’s pings are matched, and the estimate is RFC 6298’s', () => {
  const bench = client();
  expect(bench.machine.roundTrip).toBeNull();
  for (const [index, delay] of [100, 180].entries()) {
    bench.machine.ping(Uint8Array.of(index), bench.now);
    bench.drains();
    bench.waits(delay);
    expect(bench.gets(10, Uint8Array.of(index))).toMatchObject([{ roundTripMs: delay }]);
  }
  expect(bench.machine.roundTrip).toEqual({
    latestMs: 180,
    smoothedMs: 110,
    variationMs: 57.5,
    samples: 2,
  });
  expect(bench.gets(10, 'unsolicited')).toMatchObject([{ type: 'pong', roundTripMs: null }]);
});

test('connections at rest share sessions, and nothing of one is seen in another', () => {
  const settings = serverSettings();
  const machines = Array.from({ length: 3 }, () => new ServerWebSocket(settings, START));
  for (const [index, machine] of machines.entries()) {
    machine.receive(frameTo('server', 1, `${index}`), START);
    expect(machine.nextEvent(START)).toEqual({ type: 'text', text: `${index}` });
    expect(machine.nextEvent(START).type).toBe('need-data');
  }
  // The first is within a message while the others come and go.
  const [first, second, third] = machines as [ServerWebSocket, ServerWebSocket, ServerWebSocket];
  first.receive(frameTo('server', 1, 'be', { isFinal: false }), START);
  expect(first.nextEvent(START).type).toBe('need-data');
  second.receive(frameTo('server', 0, 'x'), START);
  expect(second.nextEvent(START)).toMatchObject({ code: 'WS_UNEXPECTED_CONTINUATION', offset: 7 });
  third.receive(frameTo('server', 1, '!'), START);
  expect(third.nextEvent(START)).toEqual({ type: 'text', text: '!' });
  first.receive(frameTo('server', 0, 'gun'), START);
  expect(first.nextEvent(START)).toEqual({ type: 'text', text: 'begun' });
});

describe('settings', () => {
  const random = () => {};

  test('are validated once', () => {
    const wrong: WebSocketServerOptions[] = [
      { limits: { messageBytesMax: -1 } },
      { limits: { unknown: 1 } as object },
      { timeouts: { pingMs: Number.NaN } },
      { delivery: 'chunks' as 'whole' },
      { input: 'mine' as 'owned' },
      { closeAnswer: 'never' as 'held' },
      { compressBytesMin: -1 },
      { compressBytesMin: Number.NaN },
    ];
    for (const options of wrong) {
      expect(() => serverSettings(options)).toThrow(RangeError);
      expect(() => clientSettings({ ...options, random })).toThrow(RangeError);
    }
    expect(() => clientSettings({} as { random: () => void })).toThrow('random must be a function');
    expect(Object.isFrozen(serverSettings())).toBe(true);
  });

  test('that have no compression cannot serve a connection that agreed on it', () => {
    expect(() => new ServerWebSocket(serverSettings(), 0, DEFLATE)).toThrow(TypeError);
    expect(() => new ClientWebSocket(clientSettings({ random }), 0, DEFLATE)).toThrow(TypeError);
  });

  test('borrowed input is left as it is', () => {
    const bench = new ServerWebSocket(serverSettings({ input: 'borrowed' }), 0);
    const data = frameTo('server', 2, Uint8Array.of(1, 2, 3));
    const before = data.slice();
    bench.receive(data, 1);
    expect(bench.nextEvent(1)).toEqual({ type: 'binary', data: Uint8Array.of(1, 2, 3) });
    expect(data).toEqual(before);
  });
});

describe('calls when too much is queued', () => {
  test.each([
    'sendText',
    'sendBinary',
    'beginMessage',
    'sendPiece',
    'declareMessage',
    'sendDeclared',
  ] as const)('%s fails the connection, once', (name) => {
    const bench = server({
      limits: { outputBytesMax: 10 },
      compression: pureDeflate,
      deflate: DEFLATE,
    });
    const { machine, now } = bench;
    if (name === 'sendPiece') machine.beginMessage('binary', now, { compress: false });
    if (name === 'sendPiece') machine.sendPiece(new Uint8Array(20), false, now);
    else if (name === 'sendDeclared') {
      machine.declareMessage('binary', 100, now);
      machine.sendDeclared(new Uint8Array(20), now);
    } else machine.sendBinary(new Uint8Array(20), now);
    const calls = {
      sendText: () => machine.sendText('x', now),
      sendBinary: () => machine.sendBinary(new Uint8Array(1), now),
      beginMessage: () => machine.beginMessage('text', now),
      sendPiece: () => machine.sendPiece(new Uint8Array(1), false, now),
      declareMessage: () => machine.declareMessage('text', 1, now),
      sendDeclared: () => machine.sendDeclared(new Uint8Array(1), now),
    };
    calls[name]();
    expect(calls[name]).toThrow('WS_NOT_OPEN');
    bench.drains();
    bench.ends();
    expect(bench.types).toEqual(['failed', 'closed']);
    // Within a frame of declared length there is no place for a Close frame.
    if (name === 'sendDeclared') expect(bench.watch.output).toHaveLength(2 + 20);
    else expect(bench.closeCodes).toEqual([1008]);
  });
});
