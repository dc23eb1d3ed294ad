import { describe, expect, test } from 'vitest';
import { Heartbeat } from '../src/heartbeat.ts';
import { DEFAULT_SERVER_TIMEOUTS } from '../src/limits.ts';
import { isStall } from '../src/stall.ts';

const TIMES = { ...DEFAULT_SERVER_TIMEOUTS, pingMs: 30_000, pongMs: 20_000 };
const NEVER = { ...TIMES, pingMs: Number.POSITIVE_INFINITY };

function pongOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

describe('silence', () => {
  test('a ping is due after it, and a verdict after that', () => {
    const heartbeat = new Heartbeat(1000);
    expect(heartbeat.deadline(TIMES)).toBe(31_000);
    expect(heartbeat.due(TIMES, 30_999)).toBeNull();
    expect(heartbeat.due(TIMES, 31_000)).toBe('ping');
    heartbeat.ask(31_000);
    expect(heartbeat.deadline(TIMES)).toBe(51_000);
    expect(heartbeat.unansweredMs(41_000)).toBe(10_000);
    expect(heartbeat.due(TIMES, 50_999)).toBeNull();
    expect(heartbeat.due(TIMES, 51_000)).toBe('dead');
  });

  test('anything that comes ends it', () => {
    const heartbeat = new Heartbeat(0);
    heartbeat.ask(30_000);
    heartbeat.received(49_999.5);
    expect(heartbeat.unansweredMs(60_000)).toBeNull();
    expect(heartbeat.deadline(TIMES)).toBe(80_000);
  });

  test('no pings: nothing is ever due', () => {
    const heartbeat = new Heartbeat(0);
    expect(heartbeat.deadline(NEVER)).toBe(Number.POSITIVE_INFINITY);
    expect(heartbeat.due(NEVER, 1e12)).toBeNull();
    expect(heartbeat.stallMs(NEVER, 1e12)).toBe(0);
  });

  test('a verdict that is late by half of its time is put off: this side slept', () => {
    const heartbeat = new Heartbeat(0);
    heartbeat.ask(0);
    expect(heartbeat.due(TIMES, 29_999)).toBe('dead');
    expect(heartbeat.due(TIMES, 30_000)).toBe('stalled');
    expect(heartbeat.stallMs(TIMES, 29_999)).toBe(0);
    expect(heartbeat.stallMs(TIMES, 3_620_000)).toBe(3_600_000);
  });

  test('with a time of 0 for the pong there is a verdict, not ping after ping', () => {
    const times = { ...TIMES, pingMs: 0, pongMs: 0 };
    const heartbeat = new Heartbeat(5);
    expect(heartbeat.due(times, 5)).toBe('ping');
    heartbeat.ask(5);
    expect(heartbeat.due(times, 5)).toBeNull();
    expect(heartbeat.due(times, 6)).toBe('dead');
    heartbeat.postpone(5);
    expect(heartbeat.deadline(times)).toBeGreaterThan(5);
  });

  test('postponed, either deadline is later, by its whole time', () => {
    const heartbeat = new Heartbeat(0);
    heartbeat.postpone(30_000.5);
    expect(heartbeat.deadline(TIMES)).toBe(60_001);
    heartbeat.ask(60_001);
    heartbeat.postpone(80_001);
    expect(heartbeat.deadline(TIMES)).toBe(100_002);
  });
});

describe('pongs', () => {
  test('each ask has another payload', () => {
    const heartbeat = new Heartbeat(0);
    const seen = new Set(Array.from({ length: 1000 }, () => String(heartbeat.ask(0))));
    expect(seen.size).toBe(1000);
  });

  test('are matched by payload, once; «an unsolicited Pong frame [...] is not expected» to mean anything', () => {
    const heartbeat = new Heartbeat(0);
    expect(heartbeat.answered(pongOf('a'), 5)).toBeNull();
    heartbeat.pinged(pongOf('a'), 10);
    expect(heartbeat.answered(pongOf('b'), 20)).toBeNull();
    expect(heartbeat.answered(pongOf('ab'), 20)).toBeNull();
    expect(heartbeat.answered(pongOf('a'), 35)).toBe(25);
    expect(heartbeat.answered(pongOf('a'), 36)).toBeNull();
    expect(heartbeat.roundTrip).toEqual({
      latestMs: 25,
      smoothedMs: 25,
      variationMs: 12.5,
      samples: 1,
    });
  });

  test('a later one answers the pings before it, and leaves those behind it', () => {
    const heartbeat = new Heartbeat(0);
    for (const [at, name] of ['a', 'b', 'c'].entries()) heartbeat.pinged(pongOf(name), at);
    expect(heartbeat.answered(pongOf('b'), 10)).toBe(9);
    expect(heartbeat.answered(pongOf('a'), 11)).toBeNull();
    expect(heartbeat.answered(pongOf('c'), 12)).toBe(10);
  });

  test('of several with one payload it answers the newest, and with it the others', () => {
    const heartbeat = new Heartbeat(0);
    for (const at of [1, 3, 7]) heartbeat.pinged(pongOf('same'), at);
    expect(heartbeat.answered(pongOf('same'), 10)).toBe(3);
    expect(heartbeat.answered(pongOf('same'), 11)).toBeNull();
    expect(heartbeat.roundTrip?.samples).toBe(1);
  });

  test('64 pings are remembered, the newest', () => {
    const heartbeat = new Heartbeat(0);
    for (let at = 0; at < 65; at++) heartbeat.pinged(pongOf(`${at}`), at);
    expect(heartbeat.answered(pongOf('0'), 100)).toBeNull();
    expect(heartbeat.answered(pongOf('1'), 100)).toBe(99);
  });

  test('a clock that goes back makes no negative time', () => {
    const heartbeat = new Heartbeat(100);
    heartbeat.ask(200);
    expect(heartbeat.unansweredMs(100)).toBe(0);
    heartbeat.pinged(pongOf('x'), 200);
    expect(heartbeat.answered(pongOf('x'), 100)).toBe(0);
  });
});

test('a stall is half of the time and at least a second', () => {
  expect(isStall(999, 0)).toBe(false);
  expect(isStall(1000, 0)).toBe(true);
  expect(isStall(1000, 2001)).toBe(false);
  expect(isStall(10_000, 20_000)).toBe(true);
  expect(isStall(1e12, Number.POSITIVE_INFINITY)).toBe(false);
});
