// The driver between a machine and a transport that do whatever their contracts allow: after each
// stimulus the law of the drain must hold.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { coverage } from '../coverage.mjs';
import { Desk } from './net/desk.mjs';

const dist = join(import.meta.dirname, '..', '..', '..', 'packages', 'net', 'dist');
/** The seed of all that is left to chance. */
const HEADER_BYTES = 4;
const STEPS_MAX = 200;
const EDGES_AT_FIRST = 50_000;
const EDGES_PER_STEP = 5_000;
const ENDS = ['finished', 'truncated', 'reset', 'failed'];

/** What may happen next, by two bytes of an input. */
const STEPS = [
  (desk, byte) => desk.transport.deliver(1 + byte),
  (desk) => desk.transport.take(),
  (desk) => desk.transport.take(),
  (desk, byte) => desk.pass(byte % 2 === 0 ? byte : byte * 20),
  (desk, byte) => desk.stall(byte * 20),
  (desk) => desk.act(),
  (desk) => desk.driver.wake(),
  (desk) => desk.hold(),
  (desk) => desk.resume(),
  (desk, byte) => desk.driver.wantWritable(byte * 8),
  (desk) => desk.runTasks(),
  (desk, byte) => desk.transport.endPeer(ENDS[byte & 3]),
  (desk, byte) => byte > 250 && desk.close(),
  (desk, byte) => byte > 250 && desk.driver.abort(),
];

function stepsOf(input) {
  const steps = [];
  for (let at = HEADER_BYTES; at + 1 < input.length && steps.length < STEPS_MAX; at += 2) {
    steps.push([input[at] % STEPS.length, input[at + 1]]);
  }
  return steps;
}

function seedOf(input) {
  const [first = 0, second = 0, third = 0, fourth = 0] = input;
  return first | (second << 8) | (third << 16) | (fourth << 24);
}

/** Runs one input at a desk of its own; what would wait for the event loop waits for a step. */
function execute(input, Driver) {
  const steps = stepsOf(input);
  coverage.limit(EDGES_AT_FIRST + EDGES_PER_STEP * steps.length, Number.POSITIVE_INFINITY);
  const { setImmediate } = globalThis;
  const desk = new Desk(Driver, seedOf(input));
  globalThis.setImmediate = (task) => desk.tasks.push(task);
  try {
    desk.begin();
    for (const [kind, byte] of steps) desk.step(() => STEPS[kind](desk, byte));
    desk.finish();
  } finally {
    globalThis.setImmediate = setImmediate;
  }
}

export default {
  name: 'net-driver',
  headerBytes: HEADER_BYTES,
  smokeExecutions: 3_000,
  async load(instrument) {
    const folder = await instrument(dist);
    const { Driver } = await import(pathToFileURL(join(folder, 'driver.js')));
    return {
      seeds: [1, 2, 3, 4].map((seed) => Uint8Array.from([seed, 0, 0, 0, 0, 9, 1, 0, 6, 0, 0, 40])),
      tokens: STEPS.map((_, kind) => Uint8Array.of(kind, 251)),
      make: (random) =>
        Uint8Array.from({ length: HEADER_BYTES + 2 * random.below(60) }, () => random.next() & 255),
      execute: (input) => execute(input, Driver),
      describe: (input) => [
        `Seed ${seedOf(input)}, then the steps of \`net-driver.mjs\` by number, with a byte each:`,
        '',
        `    ${stepsOf(input)
          .map((step) => step.join(':'))
          .join(' ')}`,
      ],
    };
  },
};
