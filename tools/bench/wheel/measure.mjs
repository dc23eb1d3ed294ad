// The child process: measures one subject with one number of timers and prints one line of JSON.
// Run as `node --expose-gc measure.mjs SUBJECT COUNT`.
import process from 'node:process';
import { cpuOf, heapBytes, shuffledOf, spreadDelays } from './cost.mjs';
import { measureExpiry, measureIdle, measureWorstCall } from './expiry.mjs';
import { BareConnection, SUBJECTS } from './subjects.mjs';

const [, , key, countText] = process.argv;
const count = Number(countText);
/** Small sets are gone through several times, so that a figure rests on about 10^6 operations. */
const passes = Math.max(1, Math.round(1e6 / count));
const warmUpCount = Math.min(count, 20_000);
const SAME_MS = 30_000;

const delays = spreadDelays(count, 5000, 60_000);
const shuffled = shuffledOf(count);
const subject = await SUBJECTS.find((candidate) => candidate.key === key).load(count);

function createAll(limit) {
  for (let id = 0; id < limit; id += 1) subject.create(id, delays[id]);
}

function scheduleAll(limit) {
  for (let id = 0; id < limit; id += 1) subject.schedule(id, delays[id]);
}

function scheduleAllAlike(limit) {
  for (let id = 0; id < limit; id += 1) subject.schedule(id, SAME_MS);
}

function againAll(limit) {
  for (let id = 0; id < limit; id += 1) subject.again(id, delays[limit - 1 - id]);
}

/** Every touch moves the deadline to 70 s and a little more than the last one did. */
function touchInOrder(limit, delay) {
  for (let id = 0; id < limit; id += 1) subject.touch(id, delay);
}

function touchShuffled(limit, delay) {
  for (let position = 0; position < count; position += 1) {
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

/** The same functions that are measured, so that they are compiled for what they will see. */
function warmUp() {
  for (let round = 0; round < 5; round += 1) {
    createAll(warmUpCount);
    cancelShuffled(warmUpCount);
    subject.settle?.();
    scheduleAllAlike(warmUpCount);
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
  const result = {
    create: 0,
    schedule: 0,
    scheduleAlike: 0,
    again: 0,
    touchInOrder: 0,
    touchShuffled: 0,
    cancel: 0,
  };
  const add = (name, work) => {
    result[name] += cpuOf(count * passes, work);
  };
  for (let pass = 0; pass < passes; pass += 1) {
    globalThis.gc();
    add('create', () => createAll(count));
    cancelShuffled(count);
    subject.settle?.();
    globalThis.gc();
    add('scheduleAlike', () => scheduleAllAlike(count));
    cancelShuffled(count);
    subject.settle?.();
    // The collector moves new objects once or twice; that is part of making them, not of the rest.
    globalThis.gc();
    add('schedule', () => scheduleAll(count));
    add('again', () => againAll(count));
    add('touchInOrder', () => touchInOrder(count, 70_000 + pass));
    add('touchShuffled', () => touchShuffled(count, 71_000 + pass));
    add('cancel', () => cancelShuffled(count));
    subject.settle?.();
  }
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

/** The wheel alone is also asked what it does with fewer timers pending, and with worse delays. */
function measureSpecials() {
  if (subject.renew === undefined) return {};
  const result = {};
  for (const pending of [1e3, 1e4, 1e5, 1e6]) {
    if (pending > count) continue;
    result[`idleNsPerMs${pending}`] = measureIdle(subject, delays, pending).idleNsPerMs;
  }
  // All in one slot of the second level above level 0, and all at one tick.
  result.worstCallSlotMs = measureWorstCall(subject, spreadDelays(count, 32_768, 16_384));
  result.worstCallAlikeMs = measureWorstCall(subject, spreadDelays(count, 60_000, 1));
  return result;
}

function measureVirtualTime() {
  if (subject.advance === undefined) return {};
  subject.useVirtualTime?.();
  const idle = measureIdle(subject, delays, count);
  const expiry = measureExpiry(subject, delays, passes);
  if (expiry.lost > 0) return { ...idle, ...expiry };
  return {
    ...idle,
    ...expiry,
    worstCallMs: measureWorstCall(subject, delays),
    ...measureSpecials(),
  };
}

const bytes = measureBytes();
warmUp();
const operations = measureOperations();
const virtual = measureVirtualTime();
subject.close?.();
process.stdout.write(`${JSON.stringify({ ...operations, bytes, ...virtual })}\n`);
process.exit(0);
