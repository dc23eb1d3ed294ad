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
const subject = await SUBJECTS.find((candidate) => candidate.key === key).load();
/** The caller's objects in the order in which they were made, and in another. */
let owners = [];
let mixed = [];

function createAll(limit) {
  for (let id = 0; id < limit; id += 1) owners[id] = subject.create(id, delays[id], owners[id]);
}

function mixAll(limit) {
  mixed = Array.from(
    shuffled.filter((id) => id < limit),
    (id) => owners[id],
  );
}

function scheduleAll(limit) {
  for (let id = 0; id < limit; id += 1) subject.schedule(owners[id], delays[id]);
}

function scheduleAllAlike(limit) {
  for (let id = 0; id < limit; id += 1) subject.schedule(owners[id], SAME_MS);
}

function againAll(limit) {
  for (let id = 0; id < limit; id += 1) subject.again(owners[id], delays[limit - 1 - id]);
}

/** Every touch moves the deadline to 70 s and a little more than the last one did. */
function touchInOrder(limit, delay) {
  for (let id = 0; id < limit; id += 1) subject.touch(owners[id], delay);
}

function touchShuffled(delay) {
  for (const owner of mixed) subject.touch(owner, delay);
}

function cancelShuffled() {
  for (const owner of mixed) subject.cancel(owner);
  subject.settle?.();
}

/** The same functions that are measured, so that they are compiled for what they will see. */
function warmUp() {
  for (let round = 0; round < 5; round += 1) {
    createAll(warmUpCount);
    mixAll(warmUpCount);
    cancelShuffled();
    scheduleAllAlike(warmUpCount);
    cancelShuffled();
    scheduleAll(warmUpCount);
    againAll(warmUpCount);
    touchInOrder(warmUpCount, 70_000);
    touchShuffled(70_001);
    cancelShuffled();
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
    mixAll(count);
    cancelShuffled();
    globalThis.gc();
    add('scheduleAlike', () => scheduleAllAlike(count));
    cancelShuffled();
    // The collector moves new objects once or twice; that is part of making them, not of the rest.
    globalThis.gc();
    add('schedule', () => scheduleAll(count));
    add('again', () => againAll(count));
    add('touchInOrder', () => touchInOrder(count, 70_000 + pass));
    add('touchShuffled', () => touchShuffled(71_000 + pass));
    add('cancel', () => cancelShuffled());
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
  owners = subject.furnish(count);
  createAll(count);
  const bytes = (heapBytes() - before) / count;
  mixAll(count);
  cancelShuffled();
  return bytes;
}

/** The wheel alone is also asked what it does with fewer timers pending, and with worse delays. */
function measureSpecials() {
  if (subject.renew === undefined) return {};
  const result = {};
  for (const pending of [1e3, 1e4, 1e5, 1e6]) {
    if (pending > count) continue;
    result[`idleNsPerMs${pending}`] = measureIdle(
      subject,
      owners,
      delays.subarray(0, pending),
    ).idleNsPerMs;
  }
  // All in one slot of the second level above level 0, and all at one tick.
  result.worstCallSlotMs = measureWorstCall(subject, owners, spreadDelays(count, 32_768, 16_384));
  result.worstCallAlikeMs = measureWorstCall(subject, owners, spreadDelays(count, 60_000, 1));
  return result;
}

function measureVirtualTime() {
  if (subject.advance === undefined) return {};
  subject.useVirtualTime?.();
  const idle = measureIdle(subject, owners, delays);
  const expiry = measureExpiry(subject, owners, delays, passes);
  if (expiry.lost > 0) return { ...idle, ...expiry };
  return {
    ...idle,
    ...expiry,
    worstCallMs: measureWorstCall(subject, owners, delays),
    ...measureSpecials(),
  };
}

const bytes = measureBytes();
warmUp();
const operations = measureOperations();
const virtual = measureVirtualTime();
subject.close?.();
/** CPU per second that passed: below 1, others had their share, and of the caches too. */
const { user, system } = process.cpuUsage();
const share = (user + system) / 1000 / performance.now();
process.stdout.write(`${JSON.stringify({ ...operations, bytes, ...virtual, share })}\n`);
process.exit(0);
