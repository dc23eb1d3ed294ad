// A client and a server with a network between them that cuts, delays, loses and changes what it
// carries, under a clock that jumps.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Pair, VirtualClock } from '@holdline/testkit';
import { coverage } from '../coverage.mjs';
import { HEADER_BYTES } from './pair/plan.mjs';
import { checkEnding } from './pair/verdict.mjs';
import { Plan } from './websocket/plan.mjs';
import { Talking } from './websocket/talking.mjs';
import {
  checkBlameless,
  checkClean,
  checkClosed,
  checkComplete,
  checkHeard,
  heardIn,
} from './websocket/verdict.mjs';

const dist = join(import.meta.dirname, '../../../packages/websocket/dist');
/** Forty messages of some KB, at the worst in segments of one byte. */
const STEPS_MAX = 400_000;
const EDGES_MAX = 100_000_000;
/** Where an input says what goes wrong on the way, what was agreed on, and what is too much. */
const TO_SERVER = 2;
const FLAGS = 4;
const LIMITS = 5;
/** When whoever is still there closes, and when whoever waits even then gives up. */
const CLOSE_AFTER_MS = 3_600_000;
const CUT_AFTER_MS = 4e9;

/** Masking keys that are the same in each run. */
function keysFrom(seed) {
  let state = seed + 1;
  return (target) => {
    for (let index = 0; index < target.length; index++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      target[index] = state >>> 24;
    }
  };
}

/** One conversation, until nothing is left to wait for. */
function converse(plan, { index, deflate }) {
  const clock = new VirtualClock();
  const compression = deflate.pureCompression;
  const random = keysFrom(plan.moves.length);
  const clientSettings = index.clientSettings({ ...plan.clientOptions, compression, random });
  const serverSettings = index.serverSettings({ ...plan.serverOptions, compression });
  const machines = {
    client: new index.ClientWebSocket(clientSettings, clock.now, plan.deflate),
    server: new index.ServerWebSocket(serverSettings, clock.now, plan.deflate),
  };
  const client = new Talking(machines.client, null);
  const server = new Talking(machines.server, (kind, content) =>
    index.prepareMessage(serverSettings, kind, content),
  );
  const pair = new Pair({
    clock,
    left: { machine: machines.client },
    right: { machine: machines.server },
    toRight: plan.toServer,
    toLeft: plan.toClient,
  });
  let at = clock.now;
  for (const { kind, size, afterMs } of plan.moves) {
    at += afterMs;
    const who = (kind & 1) === 0 ? client : server;
    clock.schedule(at, (now) => who.act(kind >> 1, size, now));
  }
  const [first, second] = plan.moves.length % 2 === 0 ? [client, server] : [server, client];
  clock.schedule(at + CLOSE_AFTER_MS, (now) => first.finish(now));
  clock.schedule(at + 2 * CLOSE_AFTER_MS, (now) => second.finish(now));
  pair.driveBounded(STEPS_MAX);
  const isStuck = [pair.left, pair.right].some(({ events }) => events.at(-1)?.type !== 'closed');
  // Whoever waits for a peer that is gone without a word has only this way out.
  if (isStuck) {
    for (const who of [client, server]) {
      clock.schedule(clock.now + CUT_AFTER_MS, (now) => who.cut(now));
    }
    pair.driveBounded(STEPS_MAX);
  }
  return { client, server, clientEvents: pair.left.events, serverEvents: pair.right.events };
}

function execute(input, modules) {
  coverage.limit(EDGES_MAX, Number.POSITIVE_INFINITY);
  const plan = new Plan(input);
  const { client, server, clientEvents, serverEvents } = converse(plan, modules);
  const sides = [
    ['client', clientEvents, serverEvents, server],
    ['server', serverEvents, clientEvents, client],
  ];
  for (const [who, events] of sides) checkEnding(who, events);
  if (!plan.isHonest) return;
  const isSound = plan.isSound && !client.hasCut && !server.hasCut;
  for (const [who, events, others, { said }] of sides) {
    const heard = heardIn(events);
    checkHeard(who, heard, said);
    checkClosed(who, events.at(-1), others.at(-1));
    if (plan.isGenerous) checkBlameless(who, events);
    if (!isSound) continue;
    checkClean(who, events);
    checkComplete(who, heard, said);
  }
}

function describe(input) {
  return JSON.stringify(new Plan(input), null, 1)
    .split('\n')
    .map((line) => `    ${line}`);
}

/** A conversation from nothing; half of the lines are good ones, and half of the peers generous. */
function make(random) {
  const byteCount = HEADER_BYTES + 3 * (1 + random.below(10));
  const input = Uint8Array.from({ length: byteCount }, () => random.next() & 255);
  if (random.oneIn(2)) input.fill(0, TO_SERVER, FLAGS);
  if (random.oneIn(2)) input[LIMITS] = 0;
  return input;
}

export default {
  name: 'websocket-pair',
  headerBytes: HEADER_BYTES,
  smokeExecutions: 100,
  async load(instrument) {
    const copies = await instrument(dist);
    const load = (name) => import(pathToFileURL(join(copies, name)));
    const modules = { index: await load('index.js'), deflate: await load('deflate/index.js') };
    return {
      seeds: [
        Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 3, 8, 2, 9, 0, 4, 20, 9, 6, 7, 0, 12, 3, 1]),
        Uint8Array.from([2, 0, 129, 130, 1, 0, 1, 90, 0, 0, 200, 9, 9, 30, 0, 11, 80, 3]),
        Uint8Array.from([2, 2, 0, 0, 1, 0, 1, 20, 0, 11, 10, 0, 1, 10, 0, 1, 20, 9]),
        Uint8Array.from([3, 1, 0, 0, 0xcf, 16, 5, 60, 0, 7, 2, 0, 7, 0, 8, 4, 99, 0, 6, 5, 0]),
      ],
      tokens: [Uint8Array.of(0, 9, 0), Uint8Array.of(4, 60, 0), Uint8Array.of(6, 5, 30)],
      make,
      execute: (input) => execute(input, modules),
      describe,
    };
  },
};
