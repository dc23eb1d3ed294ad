import { describe, expect, test } from 'vitest';
import { ServerClock } from '../../../src/live/page/server-clock.ts';

describe('the server’s time', () => {
  test('is that of the event that came fastest', () => {
    const clock = new ServerClock();
    // The server is 5000 ahead; events take 40, 3 and 90 ms.
    clock.sync(6000, 1040);
    expect(clock.serverNow(1040)).toBe(6000);
    clock.sync(7000, 2003);
    clock.sync(8000, 3090);
    expect(clock.serverNow(3090)).toBe(8087);
  });

  test('follows a clock that runs at another rate', () => {
    const clock = new ServerClock();
    for (let second = 0; second < 100; second += 1) clock.sync(second * 1000, second * 1010);
    // Of the last eight events, the first one says most.
    expect(clock.serverNow(99_990)).toBe(99_990 - 92 * 10);
  });

  test('jumps when one of the clocks has stood still', () => {
    const clock = new ServerClock();
    clock.sync(1000, 1000);
    clock.sync(60_000, 2000);
    expect(clock.serverNow(2000)).toBe(60_000);
    clock.sync(61_000, 900_000);
    expect(clock.serverNow(900_000)).toBe(61_000);
  });
});
