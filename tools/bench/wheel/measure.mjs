// The child process: measures one subject with one number of timers and prints one line of JSON.
// Run as `node --expose-gc measure.mjs SUBJECT COUNT`.
import process from 'node:process';
import { BareConnection, expiryCount, SUBJECTS } from './subjects.mjs';

const [, , key, countText] = process.argv;
const count = Number(countText);
/** Small sets are gone through several times, so that a figure rests on about 10^6 operations. */
const passes = Math.max(1, Math.round(1e6 / count));
const warmUpCount = Math.min(count, 20_000);

/** Delays from 5 to 65 s: no two neighbours alike, as in a server whose connections differ. */
function spreadDelays() {
  let state = 1;
  return Int32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return 5000 + ((state >>> 8) % 60_000);
  });
}

function shuffledIds() {
  let state = 7;
  const ids = Uint32Array.from({ length: count }, (_, id) => id);
  for (let last = count - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    const other = (state >>> 4) % (last + 1);
    const kept = ids[last];
    ids[last] = ids[other];
    ids[other] = kept;
  }
  return ids;
}

/** CPU nanoseconds per operation, of all threads, so that garbage collection counts. */
function cpuOf(operations, work) {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / operations;
}

function heapBytes() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const delays = spreadDelays();
const shuffled = shuffledIds();
const subject = await SUBJECTS.find((candidate) => candidate.key === key).load(count);

function createAll(limit) {
  for (let id = 0; id < limit; id += 1) subject.create(id, delays[id]);
}

function scheduleAll(limit) {
  for (let id = 0; id < limit; id += 1) subject.schedule(id, delays[id]);
}

function againAll(limit) {
  for (let id = 0; id < limit; id += 1) subject.again(id, delays[limit - 1 - id]);
}

/** Every touch moves the deadline to 60 s and a little more than the last one did. */
function touchInOrder(limit, delay) {
  for (let id = 0; id < limit; id += 1) subject.touch(id, delay);
}

function touchShuffled(limit, delay) {
  for (let position = 0; position < limit; position += 1) {
    const id = shuffled[position];
    if (id < limit) subject.touch(id, delay);
  }
}

function cancelShuffled(limit) {
  for (let position = 0; position < count; position += 1) {
    const id = shuffled[position];
    if (id < limit) subject.cancel(id);
  }
}

function warmUp() {
  for (let round = 0; round < 5; round += 1) {
    createAll(warmUpCount);
    cancelShuffled(warmUpCount);
    subject.settle?.();
    scheduleAll(warmUpCount);
    againAll(warmUpCount);
    touchInOrder(warmUpCount, 70_000);
    touchShuffled(warmUpCount, 70_001);
    cancelShuffled(warmUpCount);
    subject.settle?.();
  }
}

function measureOperations() {
  const result = { create: 0, schedule: 0, again: 0, touchInOrder: 0, touchShuffled: 0, cancel: 0 };
  for (let pass = 0; pass < passes; pass += 1) {
    globalThis.gc();
    result.create += cpuOf(count, () => createAll(count));
    cancelShuffled(count);
    subject.settle?.();
    // The collector moves new objects once or twice; that is part of making them, not of the rest.
    globalThis.gc();
    result.schedule += cpuOf(count, () => scheduleAll(count));
    result.again += cpuOf(count, () => againAll(count));
    result.touchInOrder += cpuOf(count, () => touchInOrder(count, 70_000 + pass));
    result.touchShuffled += cpuOf(count, () => touchShuffled(count, 71_000 + pass));
    result.cancel += cpuOf(count, () => cancelShuffled(count));
    subject.settle?.();
  }
  for (const name of Object.keys(result)) result[name] /= passes;
  return result;
}

/** The heap with nothing but the callers' objects, which there are in any case. */
function heapBytesWithoutTimers() {
  const bare = Array.from({ length: count }, (_, id) => new BareConnection(id));
  const bytes = heapBytes();
  // Read after the measurement, so that the objects are alive in it.
  if (bare[count - 1].id !== count - 1) throw new Error('unreachable');
  return bytes;
}

/** What a timer costs beside the caller's object. */
function measureBytes() {
  const before = heapBytesWithoutTimers();
  subject.furnish();
  createAll(count);
  const bytes = (heapBytes() - before) / count;
  cancelShuffled(count);
  subject.settle?.();
  return bytes;
}

const FAR_MS = 3_600_000;
const IDLE_MS = 900_000;

/**
 * The cost of time in which no timer is due, ticking as the subject does: nanoseconds per tick, and
 * microseconds per second. Stops early where 0.3 s of CPU have been used.
 */
function measureIdle() {
  for (let id = 0; id < count; id += 1) subject.create(id, FAR_MS + delays[id]);
  const ticksMax = Math.floor(IDLE_MS / subject.tickMs);
  const batchMax = subject.tickMs === 1 ? 10_000 : 10;
  // Not counted: what the compiler makes of the first ticks.
  for (let tick = 0; tick < batchMax; tick += 1) subject.advance(subject.tickMs, false);
  let ticks = 0;
  let spentNs = 0;
  while (ticks < ticksMax && spentNs < 3e8) {
    const batch = Math.min(batchMax, ticksMax - ticks);
    spentNs += cpuOf(1, () => {
      for (let tick = 0; tick < batch; tick += 1) subject.advance(subject.tickMs, false);
    });
    ticks += batch;
  }
  cancelShuffled(count);
  subject.settle?.();
  const tickNs = spentNs / ticks / (subject.turnsPerAdvance ?? 1);
  return { tickNs, idleMicrosPerSecond: spentNs / ticks / subject.tickMs };
}

/** Lets all timers expire tick by tick: the cost of each, and the longest single call. */
function measureExpiry() {
  let worst = Infinity;
  let cost = 0;
  // The first round warms up; the last three are timed call by call, which costs, and the best of them
  // counts, because a call that the system interrupts spoils the longest.
  for (let round = 0; round <= passes + 3; round += 1) {
    createAll(count);
    const already = expiryCount();
    const isTimed = round > passes;
    let longest = 0;
    const spent = cpuOf(count, () => {
      for (let passed = 0; passed < 70_000; passed += subject.tickMs) {
        longest = Math.max(longest, subject.advance(subject.tickMs, isTimed));
      }
    });
    const lost = count - (expiryCount() - already);
    if (lost > 0) return { lost };
    if (isTimed) worst = Math.min(worst, longest);
    else if (round > 0) cost += spent / passes;
  }
  return { expire: cost, worstPollMs: worst };
}

const bytes = measureBytes();
warmUp();
const operations = measureOperations();
subject.useVirtualTime?.();
const virtual = subject.advance === undefined ? {} : { ...measureIdle(), ...measureExpiry() };
subject.close?.();
process.stdout.write(`${JSON.stringify({ ...operations, bytes, ...virtual })}\n`);
process.exit(0);
