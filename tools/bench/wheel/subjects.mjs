// The timers that are compared. Each has one timer for each of the caller's objects, which are handed in
// and out: a server that touches a timer has the connection at hand. A child process loads one subject
// only, so that none spoils another's inline caches.
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

/** What a caller has where the timer is an object of its own; one that is the timer is made with it. */
class Connection {
  constructor(id) {
    this.id = id;
    this.timer = null;
  }
}

/** The callers' objects that there are before any timer. */
function connections(count) {
  return Array.from({ length: count }, (_, id) => new Connection(id));
}

/** None, where the object is made with its timer. */
function nothings(count) {
  return Array.from({ length: count }, () => null);
}

let expiries = 0;
function onExpire() {
  expiries += 1;
}

/** The wheel itself: `now` is an argument, read once per turn of the loop by whoever drives it. */
async function wheel() {
  const { Timer, TimerWheel } = await import('@holdline/timer-wheel');
  class TimedConnection extends Timer {
    constructor(id) {
      super();
      this.id = id;
    }
  }
  let wheel = new TimerWheel({ now: 0 });
  let now = 0;
  return {
    tickMs: 1,
    /** Begins anew at 0, so that the same is done in the same polls. No timer may be pending. */
    renew: () => {
      wheel = new TimerWheel({ now: 0 });
      now = 0;
    },
    furnish: nothings,
    create(id, delay) {
      const timer = new TimedConnection(id);
      wheel.schedule(timer, now + delay);
      return timer;
    },
    schedule: (timer, delay) => wheel.schedule(timer, now + delay),
    again: (timer, delay) => wheel.schedule(timer, now + delay),
    touch: (timer, delay) => wheel.touch(timer, now + delay),
    cancel: (timer) => wheel.cancel(timer),
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
async function driver() {
  const { Timer } = await import('@holdline/timer-wheel');
  const { TimerDriver } = await import('@holdline/timer-wheel/driver');
  class TimedConnection extends Timer {
    constructor(id) {
      super();
      this.id = id;
    }
  }
  const timerDriver = new TimerDriver({ onExpire });
  return {
    furnish: nothings,
    create(id, delay) {
      const timer = new TimedConnection(id);
      timerDriver.schedule(timer, timerDriver.now() + delay);
      return timer;
    },
    schedule: (timer, delay) => timerDriver.schedule(timer, timerDriver.now() + delay),
    again: (timer, delay) => timerDriver.schedule(timer, timerDriver.now() + delay),
    touch: (timer, delay) => timerDriver.touch(timer, timerDriver.now() + delay),
    cancel: (timer) => timerDriver.cancel(timer),
    close: () => timerDriver.close(),
  };
}

/** One runtime timer per connection, as every server does it that has no wheel. */
async function nodeTimers() {
  return {
    furnish: connections,
    create(_, delay, owner) {
      owner.timer = setTimeout(onExpire, delay, owner);
      return owner;
    },
    schedule(owner, delay) {
      owner.timer = setTimeout(onExpire, delay, owner);
    },
    again(owner, delay) {
      clearTimeout(owner.timer);
      owner.timer = setTimeout(onExpire, delay, owner);
    },
    touch: (owner) => owner.timer.refresh(),
    cancel: (owner) => clearTimeout(owner.timer),
  };
}

/** undici's coarse timers; a private file, reached by its path. */
async function undiciTimers() {
  const folder = dirname(require.resolve('undici/package.json'));
  const timers = require(join(folder, 'lib', 'util', 'timers.js'));
  return {
    tickMs: 998,
    furnish: connections,
    create(_, delay, owner) {
      owner.timer = timers.setFastTimeout(onExpire, delay, owner);
      return owner;
    },
    schedule(owner, delay) {
      owner.timer = timers.setFastTimeout(onExpire, delay, owner);
    },
    again(owner, delay) {
      timers.clearFastTimeout(owner.timer);
      owner.timer = timers.setFastTimeout(onExpire, delay, owner);
    },
    touch: (owner) => owner.timer.refresh(),
    cancel: (owner) => timers.clearFastTimeout(owner.timer),
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
async function npmWheel() {
  const { ReschedulingTimerWheel } = require('timer-wheel');
  const wheel = new ReschedulingTimerWheel();
  let now = 0;
  return {
    tickMs: 1024,
    /** Its deadlines come of the wall clock, unless that is replaced by ours. */
    useVirtualTime: () => Object.defineProperty(wheel, 'localTime', { get: () => now }),
    furnish: connections,
    create(_, delay, owner) {
      wheel.schedule(owner, delay);
      return owner;
    },
    schedule: (owner, delay) => wheel.schedule(owner, delay),
    again: (owner, delay) => wheel.schedule(owner, delay),
    touch: (owner, delay) => wheel.schedule(owner, delay),
    cancel: (owner) => wheel.unschedule(owner),
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
