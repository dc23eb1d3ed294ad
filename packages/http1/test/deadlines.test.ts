import { expect, test } from 'vitest';
import { Deadlines } from '../src/deadlines.ts';

const NEVER = Number.POSITIVE_INFINITY;

test('nothing is due at first, one phase at a time afterwards', () => {
  const deadlines = new Deadlines();
  expect([deadlines.phase, deadlines.next]).toEqual(['none', NEVER]);
  deadlines.start('idle', 10);
  deadlines.startOnce('idle', 99);
  expect(deadlines.next).toBe(10);
  deadlines.startOnce('head', 20);
  expect([deadlines.phase, deadlines.next]).toEqual(['head', 20]);
  expect([deadlines.phaseIsOver(19), deadlines.phaseIsOver(20)]).toEqual([false, true]);
  deadlines.stop();
  expect([deadlines.phase, deadlines.next, deadlines.phaseIsOver(1e9)]).toEqual([
    'none',
    NEVER,
    false,
  ]);
});

test('the write stall runs beside, from the last byte that moved', () => {
  const deadlines = new Deadlines();
  deadlines.start('idle', 100);
  deadlines.writeMoved(5, 50, 10);
  expect(deadlines.next).toBe(60);
  expect([deadlines.writeIsStalled(59), deadlines.writeIsStalled(60)]).toEqual([false, true]);
  deadlines.writeMoved(1, 50, 30);
  expect(deadlines.next).toBe(80);
  deadlines.writeMoved(0, 50, 40);
  expect(deadlines.next).toBe(100);
  deadlines.writeMoved(1, 50, 40);
  deadlines.stop();
  expect(deadlines.next).toBe(90);
  deadlines.stopAll();
  expect(deadlines.next).toBe(NEVER);
});

test('content: only waiting costs, bytes earn their time, no more than the grace is saved', () => {
  const deadlines = new Deadlines();
  deadlines.startContent(1000);
  expect(deadlines.next).toBe(NEVER);
  deadlines.contentIsAwaited(0);
  deadlines.contentIsAwaited(100);
  expect(deadlines.next).toBe(1000);
  // 400 ms waited, 50 bytes at 500 a second earn 100 ms.
  deadlines.contentArrived(50, 500, 1000, 400);
  expect(deadlines.next).toBe(NEVER);
  deadlines.contentArrived(0, 500, 1000, 5000);
  deadlines.contentIsAwaited(5000);
  expect(deadlines.next).toBe(5700);
  deadlines.contentArrived(1_000_000, 500, 1000, 5001);
  deadlines.contentIsAwaited(5001);
  expect(deadlines.next).toBe(6001);
});

test('a clock that goes back earns nothing', () => {
  const deadlines = new Deadlines();
  deadlines.startContent(1000);
  deadlines.contentIsAwaited(500);
  deadlines.contentArrived(0, 500, 1000, 100);
  deadlines.contentIsAwaited(600);
  expect(deadlines.next).toBe(1600);
});
