// The timers that are compared. Each subject keeps `count` callers' objects, numbered from 0, and one
// timer for each; a child process loads one subject only, so that none spoils another's inline caches.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';

const require = createRequire(import.meta.url);

function versionOf(name) {
  return require(`${name}/package.json`).version;
}

/** What a caller has for each connection in any case; memory is counted beside it. */
export class BareConnection {
  constructor(id) {
    this.id = id;
  }
}

/** What a caller has where the timer is an object of its own. */
class Connection {
  constructor(id) {
    this.id = id;
    this.timer = null;
  }
}

function connections(count) {
  return Array.from({ length: count }, (_, id) => new Connection(id));
}

let expiries = 0;
function onExpire() {
  expiries += 1;
}

/** The wheel itself: `now` is an argument, read once per turn of the loop by whoever drives it. */
async function wheel(count) {
  const { Timer, TimerWheel } = await import('@holdline/timer-wheel');
  class TimedConnection extends Timer {
    constructor(id) {
      super();
      this.id = id;
    }
  }
  let timers = [];
  let wheel = new TimerWheel({ now: 0 });
  let now = 0;
  return {
    tickMs: 1,
    /** Begins anew at 0, so that the same is done in the same polls. No timer may be pending. */
    renew: () => {
      wheel = new TimerWheel({ now: 0 });
      now = 0;
    },
    furnish: () => {
      timers = Array.from({ length: count }, () => null);
    },
    create(id, delay) {
      const timer = new TimedConnection(id);
      timers[id] = timer;
      wheel.schedule(timer, now + delay);
    },
    schedule: (id, delay) => wheel.schedule(timers[id], now + delay),
    again: (id, delay) => wheel.schedule(timers[id], now + delay),
    touch: (id, delay) => wheel.touch(timers[id], now + delay),
    cancel: (id) => wheel.cancel(timers[id]),
    /** Polls to the end of the instant; tells the recorder, if any, how long each poll took. */
    advance(durationMs, record) {
      now += durationMs;
      for (;;) {
        const before = record === null ? 0 : performance.now();
        const timer = wheel.poll(now);
        record?.(performance.now() - before);
        if (timer === null) return;
        expiries += 1;
      }
    },
  };
}

/** The wheel under its driver, with the clock read for every operation. */
async function driver(count) {
  const { Timer } = await import('@holdline/timer-wheel');
  const { TimerDriver } = await import('@holdline/timer-wheel/driver');
  class TimedConnection extends Timer {
    constructor(id) {
      super();
      this.id = id;
    }
  }
  let timers = [];
  const timerDriver = new TimerDriver({ onExpire });
  return {
    furnish: () => {
      timers = Array.from({ length: count }, () => null);
    },
    create(id, delay) {
      const timer = new TimedConnection(id);
      timers[id] = timer;
      timerDriver.schedule(timer, timerDriver.now() + delay);
    },
    schedule: (id, delay) => timerDriver.schedule(timers[id], timerDriver.now() + delay),
    again: (id, delay) => timerDriver.schedule(timers[id], timerDriver.now() + delay),
    touch: (id, delay) => timerDriver.touch(timers[id], timerDriver.now() + delay),
    cancel: (id) => timerDriver.cancel(timers[id]),
    close: () => timerDriver.close(),
  };
}

/** One runtime timer per connection, as every server does it that has no wheel. */
async function nodeTimers(count) {
  let owners = [];
  return {
    furnish: () => {
      owners = connections(count);
    },
    create(id, delay) {
      const owner = owners[id];
      owner.timer = setTimeout(onExpire, delay, owner);
    },
    schedule(id, delay) {
      const owner = owners[id];
      owner.timer = setTimeout(onExpire, delay, owner);
    },
    again(id, delay) {
      const owner = owners[id];
      clearTimeout(owner.timer);
      owner.timer = setTimeout(onExpire, delay, owner);
    },
    touch: (id) => owners[id].timer.refresh(),
    cancel: (id) => clearTimeout(owners[id].timer),
  };
}

/** undici's coarse timers; a private file, reached by its path. */
async function undiciTimers(count) {
  const folder = dirname(require.resolve('undici/package.json'));
  const timers = require(join(folder, 'lib', 'util', 'timers.js'));
  let owners = [];
  return {
    tickMs: 998,
    furnish: () => {
      owners = connections(count);
    },
    create(id, delay) {
      const owner = owners[id];
      owner.timer = timers.setFastTimeout(onExpire, delay, owner);
    },
    schedule(id, delay) {
      const owner = owners[id];
      owner.timer = timers.setFastTimeout(onExpire, delay, owner);
    },
    again(id, delay) {
      const owner = owners[id];
      timers.clearFastTimeout(owner.timer);
      owner.timer = timers.setFastTimeout(onExpire, delay, owner);
    },
    touch: (id) => owners[id].timer.refresh(),
    cancel: (id) => timers.clearFastTimeout(owners[id].timer),
    /** Its `tick(999)` is two turns of 499 ms each. */
    advance(_, record) {
      const before = performance.now();
      timers.tick(999);
      record?.((performance.now() - before) / 2);
    },
    turnsPerAdvance: 2,
    settle: () => timers.tick(999),
    close: () => timers.reset(),
  };
}

/** npm's timer-wheel, in the variant that can move and remove what it holds. */
async function npmWheel(count) {
  const { ReschedulingTimerWheel } = require('timer-wheel');
  const wheel = new ReschedulingTimerWheel();
  let owners = [];
  let now = 0;
  return {
    tickMs: 1024,
    /** Its deadlines come of the wall clock, unless that is replaced by ours. */
    useVirtualTime: () => Object.defineProperty(wheel, 'localTime', { get: () => now }),
    furnish: () => {
      owners = connections(count);
    },
    create: (id, delay) => wheel.schedule(owners[id], delay),
    schedule: (id, delay) => wheel.schedule(owners[id], delay),
    again: (id, delay) => wheel.schedule(owners[id], delay),
    touch: (id, delay) => wheel.schedule(owners[id], delay),
    cancel: (id) => wheel.unschedule(owners[id]),
    advance(durationMs, record) {
      now += durationMs;
      const before = performance.now();
      expiries += wheel.advance(now).length;
      record?.(performance.now() - before);
    },
  };
}

/** The subjects in the order of the table's columns. */
export const SUBJECTS = [
  { key: 'wheel', label: 'wheel', load: wheel },
  { key: 'driver', label: 'driver', load: driver },
  { key: 'node', label: 'node timers', load: nodeTimers },
  { key: 'undici', label: 'undici fast', load: undiciTimers },
  { key: 'npm', label: 'npm timer-wheel', load: npmWheel },
];

/** The versions of everything compared, for the head of the table. */
export function versions() {
  return `node ${process.versions.node}, undici ${versionOf('undici')}, timer-wheel ${versionOf('timer-wheel')}`;
}

/** How many timers have expired in this process. */
export function expiryCount() {
  return expiries;
}
