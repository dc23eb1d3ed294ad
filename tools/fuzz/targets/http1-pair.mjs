// A client and a server with a network between them that cuts, delays, loses and changes what it
// carries, under a clock that jumps.
import { Pair, VirtualClock } from '@holdline/testkit';
import { coverage } from '../coverage.mjs';
import { attempt } from './http1/attempt.mjs';
import { loadHttp1 } from './http1/build.mjs';
import { Answering } from './pair/answering.mjs';
import { Asking } from './pair/asking.mjs';
import { HEADER_BYTES, Plan } from './pair/plan.mjs';
import { checkCompleteness, checkContents, checkEnding, checkRetries } from './pair/verdict.mjs';

/** Twenty requests of up to 4 KB and their responses, at the worst in segments of one byte. */
const STEPS_MAX = 400_000;
const EDGES_MAX = 100_000_000;
/** Moves by their first byte: most are requests. */
const ENDINGS = {
  250: ({ client }, now) => client.drain(now),
  251: ({ server }, now) => server.drain(now),
  252: ({ client }, now) => client.abort(now),
  253: ({ server }, now) => server.abort(now),
};

/** One conversation, from its first request until nothing is left to wait for. */
function converse(plan, { client, server }) {
  const clock = new VirtualClock();
  const machines = {
    client: new client.Http1Client(client.clientSettings(plan.clientOptions), clock.now),
    server: new server.Http1Server(server.serverSettings(plan.serverOptions), clock.now),
  };
  const asking = new Asking(machines.client);
  const answering = new Answering(machines.server, clock, plan.answerSeed);
  const pair = new Pair({
    clock,
    left: { machine: machines.client, onEvent: (event) => asking.onEvent(event, clock.now) },
    right: { machine: machines.server, onEvent: (event) => answering.onEvent(event, clock.now) },
    toRight: plan.toServer,
    toLeft: plan.toClient,
  });
  let at = clock.now;
  for (const { kind, size, afterMs } of plan.moves) {
    at += afterMs;
    const end = ENDINGS[kind];
    clock.schedule(at, (now) => (end ? end(machines, now) : asking.ask(kind, size, now)));
  }
  pair.driveBounded(STEPS_MAX);
  // Whoever waits for a peer that is gone without a word has only this way out.
  for (const machine of Object.values(machines)) attempt(machine, () => machine.abort(clock.now));
  pair.driveBounded(STEPS_MAX);
  return { asking, answering, clientEvents: pair.left.events, serverEvents: pair.right.events };
}

function execute(input, modules) {
  coverage.limit(EDGES_MAX, Number.POSITIVE_INFINITY);
  const plan = new Plan(input);
  const outcome = converse(plan, modules);
  checkEnding('client', outcome.clientEvents);
  checkEnding('server', outcome.serverEvents);
  if (!plan.isHonest) return;
  checkContents(outcome);
  checkRetries(outcome);
  if (plan.isSound) checkCompleteness(outcome);
}

function describe(input) {
  const { faults, moves, clientOptions, serverOptions, toServer, toClient } = new Plan(input);
  const shown = { faults, clientOptions, serverOptions, toServer, toClient, moves };
  return JSON.stringify(shown, null, 1)
    .split('\n')
    .map((line) => `    ${line}`);
}

export default {
  name: 'http1-pair',
  headerBytes: HEADER_BYTES,
  smokeExecutions: 500,
  async load(instrument) {
    const modules = await loadHttp1(instrument);
    return {
      seeds: [
        Uint8Array.from([1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 8, 1, 0, 200]),
        Uint8Array.from([2, 0, 129, 130, 0, 0, 4, 9, 0, 3, 40, 0, 2, 9, 99]),
      ],
      tokens: [Uint8Array.of(0, 0, 0), Uint8Array.of(3, 60, 0), Uint8Array.of(251, 0, 30)],
      make: (random) =>
        Uint8Array.from(
          { length: HEADER_BYTES + 3 * (1 + random.below(10)) },
          () => random.next() & 255,
        ),
      execute: (input) => execute(input, modules),
      describe,
    };
  },
};
