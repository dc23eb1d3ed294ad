import { execFileSync } from 'node:child_process';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type Disturbance,
  FakeClock,
  runtimeClock,
  TimerDriver,
  type TimerDriverOptions,
} from '../src/driver.ts';
import { Timer } from '../src/timer.ts';

class Named extends Timer {
  readonly name: string;
  constructor(name: string) {
    super();
    this.name = name;
  }
}

/** A driver on a fake clock, with what it called back: `name@now`, and disturbances. */
function drive(options: Partial<TimerDriverOptions<Named>> = {}) {
  const clock = new FakeClock({ wallMs: 1.7e12 });
  const expired: string[] = [];
  const disturbances: Disturbance[] = [];
  const driver = new TimerDriver<Named>({
    clock,
    onExpire: (timer, now) => expired.push(`${timer.name}@${now}`),
    onDisturbance: (disturbance) => disturbances.push(disturbance),
    ...options,
  });
  return { clock, driver, expired, disturbances };
}

describe('expiry', () => {
  test('each timer at its instant', () => {
    const { clock, driver, expired } = drive();
    driver.schedule(new Named('b'), 2000);
    driver.schedule(new Named('a'), 30.5);
    driver.schedule(new Named('c'), 60_000);
    expect(driver.size).toBe(3);
    clock.advance(120_000);
    expect(expired).toEqual(['a@31', 'b@2000', 'c@60000']);
    expect(driver.size).toBe(0);
    expect(clock.timersPending).toBe(0);
    expect(driver.now()).toBe(120_000);
  });

  test('a timer can be scheduled again from its own expiry', () => {
    const { clock, driver, expired } = drive({
      onExpire: (timer, now) => {
        expired.push(`${timer.name}@${now}`);
        if (expired.length < 4) driver.schedule(timer, timer.deadline + 25);
      },
    });
    driver.schedule(new Named('p'), 25);
    clock.advance(1000);
    expect(expired).toEqual(['p@25', 'p@50', 'p@75', 'p@100']);
  });

  test('a deadline in the past expires in the next turn, not at once', () => {
    const { clock, driver, expired } = drive();
    driver.schedule(new Named('a'), -5);
    expect(expired).toEqual([]);
    clock.advance(1);
    expect(expired).toEqual(['a@1']);
  });

  test('a runtime that calls too early is called again', () => {
    const { clock, driver, expired } = drive();
    const setTimer = clock.setTimer.bind(clock);
    let early = 0.5;
    clock.setTimer = (callback, delayMs) => {
      const handle = setTimer(callback, delayMs - early);
      early = 0;
      return handle;
    };
    driver.schedule(new Named('a'), 10);
    clock.advance(100);
    expect(expired).toEqual(['a@10.5']);
    expect(driver.lateness.maxMs).toBe(0);
  });

  test('delays beyond what runtimes take are split', () => {
    const { clock, driver, expired } = drive();
    const delays: number[] = [];
    const setTimer = clock.setTimer.bind(clock);
    clock.setTimer = (callback, delayMs) => {
      delays.push(delayMs);
      return setTimer(callback, delayMs);
    };
    const deadline = 2 ** 31 + 12_345;
    driver.schedule(new Named('a'), deadline);
    clock.advance(2 ** 32);
    expect(expired).toEqual([`a@${deadline}`]);
    expect(Math.max(...delays)).toBe(2 ** 31 - 1);
    expect(delays.length).toBeLessThan(10);
  });
});

describe('a window', () => {
  test('lets timers share a turn', () => {
    const { clock, driver, expired } = drive();
    driver.schedule(new Named('a'), 1000, 1100);
    driver.schedule(new Named('b'), 1020, 1030);
    driver.schedule(new Named('c'), 990.5, 1089.5);
    clock.advance(2000);
    expect(expired).toEqual(['a@1024', 'b@1024', 'c@1024']);
    expect(driver.lateness.turns).toBe(1);
  });

  test('is moved by touch, and the runtime timer stays where it is', () => {
    const { clock, driver, expired } = drive();
    const timer = new Named('a');
    driver.touch(timer, 1000, 1100);
    driver.touch(timer, 1030, 1130);
    expect([timer.deadline, clock.timersSet]).toEqual([1088, 1]);
    driver.touch(timer, 500, 600);
    expect([timer.deadline, clock.timersSet]).toEqual([512, 2]);
    clock.advance(2000);
    expect(expired).toEqual(['a@512']);
  });

  test('that began in the past expires in the next turn', () => {
    const { clock, driver, expired } = drive();
    clock.advance(70);
    driver.schedule(new Named('a'), 60, 100);
    clock.advance(1);
    expect(expired).toEqual(['a@71']);
  });
});

test('a slot of thousands of timers is spread in turns before it, and none is late', () => {
  const { clock, driver, expired } = drive({ batchMax: Infinity });
  for (let count = 0; count < 9000; count += 1) driver.schedule(new Named('x'), 20_000 + count);
  clock.advance(16_383);
  expect(driver.lateness.turns).toBe(4);
  clock.advance(20_000);
  expect(expired).toEqual(Array.from({ length: 9000 }, (_, count) => `x@${20_000 + count}`));
});

describe('the runtime timer', () => {
  test('is one, and set anew only for an earlier deadline', () => {
    const { clock, driver } = drive();
    const timers = [new Named('a'), new Named('b'), new Named('c')] as const;
    driver.schedule(timers[0], 1000);
    expect(clock.timersSet).toBe(1);
    driver.schedule(timers[1], 5000);
    driver.schedule(timers[2], 999.5);
    expect(clock.timersSet).toBe(1);
    driver.touch(timers[0], 7000);
    driver.cancel(timers[2]);
    expect([clock.timersSet, clock.timersPending]).toEqual([1, 1]);
    driver.schedule(timers[2], 500);
    driver.touch(timers[1], 400);
    expect([clock.timersSet, clock.timersPending]).toEqual([3, 1]);
  });

  test('is not touched by touches, between turns or in one', () => {
    const { clock, driver } = drive();
    const timer = new Named('idle');
    driver.schedule(timer, 30_000);
    for (let count = 0; count < 1000; count += 1) {
      clock.advance(100);
      driver.touch(timer, driver.now() + 30_000);
    }
    // 100 s of touches every 100 ms: some turns to place the timer anew, none per touch.
    expect(clock.timersSet).toBeLessThan(20);
    expect(driver.size).toBe(1);
  });

  test('is hardly needed for many timers that are touched in time', () => {
    const { clock, driver, expired } = drive();
    const timers = Array.from({ length: 100 }, () => new Named('idle'));
    for (let count = 0; count < 10_000; count += 1) {
      clock.advance(1);
      driver.touch(timers[count % timers.length]!, driver.now() + 500);
    }
    // 10 s in which every timer is touched every 100 ms: about two turns a second, not a thousand.
    expect(expired).toEqual([]);
    expect(driver.lateness.turns).toBeLessThan(30);
  });

  test('is gone for good after close', () => {
    const { clock, driver, expired } = drive();
    driver.close();
    driver.close();
    driver.schedule(new Named('a'), 5);
    expect(clock.timersPending).toBe(0);
    const other = drive();
    other.driver.schedule(new Named('a'), 5);
    other.driver.close();
    other.clock.advance(100);
    expect([...expired, ...other.expired]).toEqual([]);
  });

  test('is gone for good after close from an expiry, and so is the rest of the batch', () => {
    const { clock, driver, expired } = drive({
      onExpire: (timer) => {
        expired.push(timer.name);
        driver.close();
      },
    });
    driver.schedule(new Named('a'), 5);
    driver.schedule(new Named('b'), 5);
    clock.advance(100);
    expect(expired).toEqual(['a']);
    expect(clock.timersPending).toBe(0);
  });
});

describe('a turn', () => {
  test('expires no more than a batch', () => {
    const { clock, driver, expired } = drive({ batchMax: 2 });
    for (const name of 'abcde') driver.schedule(new Named(name), 10);
    clock.advance(100);
    expect(expired).toEqual(['a@10', 'b@10', 'c@11', 'd@11', 'e@12']);
  });

  test('ends although a timer is rescheduled into the past for ever', () => {
    const { clock, driver, expired } = drive({
      batchMax: 3,
      onExpire: (timer) => {
        expired.push(timer.name);
        driver.schedule(timer, 0);
      },
    });
    driver.schedule(new Named('a'), 10);
    clock.advance(12);
    expect(expired).toHaveLength(9);
  });

  test('loses no timer to an error of the caller', () => {
    const { clock, driver, expired } = drive({
      onExpire: (timer, now) => {
        expired.push(`${timer.name}@${now}`);
        if (timer.name === 'b') throw new Error("the caller's own");
      },
    });
    for (const name of 'abc') driver.schedule(new Named(name), 10);
    driver.schedule(new Named('d'), 500);
    expect(() => clock.advance(10)).toThrow("the caller's own");
    expect(driver.size).toBe(2);
    clock.advance(1000);
    expect(expired).toEqual(['a@10', 'b@10', 'c@11', 'd@500']);
  });
});

describe('lateness', () => {
  test('is measured from the instant asked for', () => {
    const { clock, driver } = drive();
    expect(driver.lateness).toEqual({ turns: 0, lastMs: 0, maxMs: 0, smoothedMs: 0 });
    driver.schedule(new Named('a'), 10);
    clock.stall(26);
    expect(driver.lateness).toEqual({ turns: 1, lastMs: 16, maxMs: 16, smoothedMs: 16 });
    driver.schedule(new Named('b'), 100);
    clock.advance(100);
    expect(driver.lateness).toEqual({ turns: 2, lastMs: 0, maxMs: 16, smoothedMs: 14 });
  });

  test('of a stall is reported, before the timers that expire by it', () => {
    const order: string[] = [];
    const { clock, driver } = drive({
      onExpire: (timer) => order.push(timer.name),
      onDisturbance: (disturbance) => order.push(disturbance.kind),
    });
    driver.schedule(new Named('a'), 10);
    clock.stall(109);
    driver.schedule(new Named('b'), 200);
    clock.stall(200);
    expect(order).toEqual(['a', 'stall', 'b']);
  });

  test('a stall and a suspend in the same sleep are two reports', () => {
    const { clock, driver, disturbances } = drive();
    driver.schedule(new Named('a'), 1000);
    clock.suspend(60_000);
    clock.stall(1500);
    expect(disturbances).toEqual([
      { kind: 'stall', lateMs: 500 },
      { kind: 'suspend', forMs: 60_000 },
    ]);
  });

  test('a suspend does not make timers late by the monotonic clock', () => {
    const { clock, driver, disturbances, expired } = drive();
    driver.schedule(new Named('a'), 1000);
    clock.advance(400);
    clock.suspend(60_000);
    clock.advance(600);
    expect(expired).toEqual(['a@1000']);
    expect(disturbances).toEqual([{ kind: 'suspend', forMs: 60_000 }]);
    expect(driver.lateness.maxMs).toBe(0);
  });

  test('an error of the observer loses no timer either', () => {
    const { clock, driver, expired } = drive({
      onDisturbance: () => {
        throw new Error("the observer's own");
      },
    });
    driver.schedule(new Named('a'), 10);
    expect(() => clock.stall(500)).toThrow("the observer's own");
    clock.advance(1);
    expect(expired).toEqual(['a@501']);
  });

  test('nobody needs to listen', () => {
    const clock = new FakeClock();
    let expiries = 0;
    const onExpire = () => {
      expiries += 1;
    };
    const driver = new TimerDriver({ clock, onExpire });
    driver.schedule(new Timer(), 10);
    clock.stall(500);
    expect(expiries).toBe(1);
  });
});

test('options out of range', () => {
  const onExpire = () => {};
  const clock = new FakeClock();
  for (const wrong of [{ batchMax: 0 }, { stallMs: 0 }, { clockGapMs: NaN }, { tickMs: -1 }]) {
    expect(() => new TimerDriver({ clock, onExpire, ...wrong })).toThrow(RangeError);
  }
  expect(() => new TimerDriver({ clock } as unknown as TimerDriverOptions<Timer>)).toThrow(
    TypeError,
  );
});

describe("the runtime's own clock", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test('drives timers in real time, none early', async () => {
    const instants = await new Promise<number[]>((resolve) => {
      // The driver's timer does not keep the process alive, so this one does.
      const keepAlive = setTimeout(() => resolve([]), 30_000);
      const seen: number[] = [];
      const driver: TimerDriver<Named> = new TimerDriver({
        onExpire: (timer, now) => {
          seen.push(now - timer.deadline);
          if (timer.name !== 'last') return;
          clearTimeout(keepAlive);
          resolve(seen);
        },
      });
      driver.schedule(new Named('last'), driver.now() + 20);
      driver.schedule(new Named('first'), driver.now() + 3.5);
      driver.schedule(new Named('none'), driver.now() + 5);
    });
    expect(instants).toHaveLength(3);
    expect(Math.min(...instants)).toBeGreaterThanOrEqual(0);
  });

  test('does not keep the process alive', () => {
    const driver = new URL('../dist/driver.js', import.meta.url);
    const index = new URL('../dist/index.js', import.meta.url);
    const program = `
      import { TimerDriver } from ${JSON.stringify(driver.href)};
      import { Timer } from ${JSON.stringify(index.href)};
      const driver = new TimerDriver({ onExpire() {} });
      driver.schedule(new Timer(), driver.now() + 3_600_000);
      console.log('scheduled', driver.size);
    `;
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      encoding: 'utf8',
      timeout: 30_000,
    });
    expect(output).toBe('scheduled 1\n');
  });

  test('clears what it set', async () => {
    const clock = runtimeClock();
    let calls = 0;
    const handle = clock.setTimer(() => {
      calls += 1;
    }, 1);
    clock.clearTimer(handle);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(calls).toBe(0);
    expect(clock.wallNow()).toBeGreaterThan(1.6e12);
    expect(clock.bootNow?.()).toBeGreaterThan(0);
  });

  test('on Deno, whose timers are numbers, and whose uptime needs a permission', () => {
    const unrefTimer = vi.fn();
    vi.stubGlobal('Deno', { unrefTimer });
    vi.stubGlobal('setTimeout', () => 42);
    const clock = runtimeClock();
    expect(clock.setTimer(() => {}, 5)).toBe(42);
    expect(unrefTimer).toHaveBeenCalledWith(42);
    expect(clock.bootNow).toBe(undefined);
  });

  test('in a browser, without anything to unref', () => {
    vi.stubGlobal('process', undefined);
    vi.stubGlobal('setTimeout', () => 7);
    expect(runtimeClock().setTimer(() => {}, 5)).toBe(7);
    expect(runtimeClock().bootNow).toBe(undefined);
    vi.stubGlobal('process', { getBuiltinModule: () => undefined });
    expect(runtimeClock().bootNow).toBe(undefined);
    vi.stubGlobal('process', {});
    vi.stubGlobal('setTimeout', () => ({}));
    expect(runtimeClock().bootNow).toBe(undefined);
    expect(runtimeClock().setTimer(() => {}, 5)).toEqual({});
  });
});
