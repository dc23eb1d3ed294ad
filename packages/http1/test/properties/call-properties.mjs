// Properties of calls, memory and time, for both roles: transactional rejection, bounded, time.
import { equalDeep, mergeData } from '../../../testkit/dist/drain.js';
import { bytesOf, POLICIES, START, watchedClient, watchedServer } from './runs.mjs';
import { cut, cuts, requestText, responseText, streamOf } from './streams.mjs';

function show(value) {
  return JSON.stringify(
    value,
    (_key, part) => (part instanceof Uint8Array ? String.fromCharCode(...part) : part),
    1,
  );
}

function expectEqual(actual, expected, what) {
  if (!equalDeep(actual, expected))
    throw new Error(`${what}: ${show(actual)}\nexpected ${show(expected)}`);
}

const HOST = { name: 'Host', value: 'a' };
const CHUNKED = { name: 'Transfer-Encoding', value: 'chunked' };

/** Calls of both roles that may or may not be allowed at their moment. */
const COMMON_CALLS = {
  'data of 2': (machine, now) => machine.sendData(Uint8Array.of(1, 2), now),
  'data of 1': (machine, now) => machine.sendData(Uint8Array.of(3), now),
  'data of no kind': (machine, now) => machine.sendData('text', now),
  end: (machine, now) => machine.endMessage([], now),
  'end with trailer': (machine, now) => machine.endMessage([{ name: 'x', value: 'y' }], now),
  'end with forbidden trailer': (machine, now) =>
    machine.endMessage([{ name: 'Host', value: 'y' }], now),
  'end with bad trailer': (machine, now) =>
    machine.endMessage(
      [
        { name: 'x', value: 'y' },
        { name: 'x y', value: '' },
      ],
      now,
    ),
  accepted: (machine, now) => machine.outputAccepted(1e9, now),
  trailing: (machine) => machine.takeTrailingData(),
  'receive text': (machine, now) => machine.receive('text', now),
};

function respond(status, fields = []) {
  return (machine, now) => machine.sendResponse({ status, fields }, now);
}

const SERVER_CALLS = {
  ...COMMON_CALLS,
  informational: (machine, now) => machine.sendInformational({ status: 103, fields: [] }, now),
  'informational 101': (machine, now) =>
    machine.sendInformational({ status: 101, fields: [] }, now),
  response: respond(200),
  'response of 3': respond(200, [{ name: 'Content-Length', value: '3' }]),
  'response that splits': respond(200, [
    { name: 'A', value: 'b' },
    { name: 'X', value: 'a\r\nb' },
  ]),
  'response without status': respond(99),
  switch: respond(101, [{ name: 'Upgrade', value: 'toy' }]),
};

function request(method, target, fields) {
  return (machine, now) => machine.sendRequest({ method, target, fields: [HOST, ...fields] }, now);
}

const CLIENT_CALLS = {
  ...COMMON_CALLS,
  request: request('GET', '/', []),
  'request of 3': request('POST', '/', [{ name: 'Content-Length', value: '3' }]),
  'chunked request': request('POST', '/', [CHUNKED]),
  'request with expectation': request('POST', '/', [
    CHUNKED,
    { name: 'Expect', value: '100-continue' },
  ]),
  'last request': request('GET', '/', [{ name: 'Connection', value: 'close' }]),
  'request that splits': request('GET', '/', [
    { name: 'A', value: 'b' },
    { name: 'X', value: '\n' },
  ]),
  'request to nowhere': request('GET', 'a b', []),
  'request with two hosts': request('GET', '/', [HOST]),
  upgrade: request('GET', '/', [{ name: 'Upgrade', value: 'toy' }]),
  connect: request('CONNECT', 'a:443', []),
};
const EXPECTED_ERRORS = new Set(['LocalProtocolError', 'TypeError', 'RangeError']);

function visible(machine) {
  const { wantsData, outputBytes, transport, responseState } = machine;
  const reuse = machine.reuseVerdict?.(START);
  return { wantsData, outputBytes, transport, responseState, reuse, deadline: machine.deadline() };
}

/** Carries out a script; calls that throw must change nothing that can be seen. Returns those that did not throw. */
function runScript({ machine, watch }, calls, chunks, script) {
  let now = START;
  const carriedOut = [];
  for (const step of script) {
    now += 1;
    if (typeof step === 'number') {
      const chunk = chunks[step];
      const reads = machine.wantsData && machine.transport !== 'close';
      if (chunk !== undefined && reads) watch.receive(chunk, now);
      carriedOut.push(step);
    } else carriedOut.push(tryCall(machine, calls, step, now));
    watch.drain(now);
  }
  const state = visible(machine);
  return { carriedOut, events: mergeData(watch.events), output: watch.output, state };
}

/** The name of the call, or null when it was refused. */
function tryCall(machine, calls, name, now) {
  const before = visible(machine);
  try {
    calls[name](machine, now);
    return name;
  } catch (error) {
    if (!EXPECTED_ERRORS.has(error.name)) throw error;
    expectEqual(visible(machine), before, `after ${name} was refused`);
    return null;
  }
}

function checkTransactional(create, calls, text, where, names) {
  const chunks = cut(bytesOf(text), where);
  const script = names.flatMap((name, index) => [index, name]);
  const first = runScript(create(), calls, chunks, script);
  // The same without the refused calls: nothing of them may have stayed behind.
  const rest = script.map((step, index) =>
    first.carriedOut[index] === null ? 'receive text' : step,
  );
  const second = runScript(create(), calls, chunks, rest);
  expectEqual(second.output, first.output, 'output without the refused calls');
  expectEqual(second.events, first.events, 'events without the refused calls');
  expectEqual(second.state, first.state, 'state without the refused calls');
}

const BOUND = {
  inputBytesMax: 256,
  headBytesMax: 256,
  startLineBytesMax: 256,
  trailerBytesMax: 256,
};

function checkBounded({ machine, watch }, text, repeat, chunkBytes) {
  const data = bytesOf(text.repeat(repeat));
  for (let at = 0; at < data.length && machine.wantsData; at += chunkBytes) {
    watch.receive(data.subarray(at, at + chunkBytes), START);
    // A caller that pulls nothing, and one that pulls everything, are both held to the bound.
    if (repeat % 2 === 0) watch.drainEvents(START);
    // A server that is idle has no input to hold anything.
    const { length, bytes } = (machine.core ?? machine.cycle?.core)?.input ?? { length: 0 };
    if (length > BOUND.inputBytesMax + chunkBytes) throw new Error(`${length} bytes unread`);
    const held = length === 0 ? 0 : bytes.length;
    if (held > 2 * (BOUND.inputBytesMax + 2 * chunkBytes) + 512)
      throw new Error(`${held} bytes held`);
  }
}

const TIMEOUTS = {
  headMs: 5000,
  idleMs: 7000,
  contentGraceMs: 3000,
  contentBytesPerSecondMin: 100,
  ageMsMax: 60_000,
};

/** Lets time go on to `until`, telling the machine each deadline on the way; returns the last instant told. */
function passTime({ machine, watch, react }, from, until) {
  let now = from;
  for (
    let steps = 0;
    machine.deadline() <= until && machine.deadline() !== Number.POSITIVE_INFINITY;
    steps++
  ) {
    if (steps > 100) throw new Error('time does not bring it to rest');
    now = Math.max(now, machine.deadline());
    watch.onDeadline(now);
    watch.drain(now, react(now));
  }
  return until === Number.POSITIVE_INFINITY ? now : until;
}

function checkTime(run, text, where, waits) {
  const { machine, watch, react } = run;
  const pieces = cut(bytesOf(text), where);
  let now = START;
  watch.drain(now, react(now));
  for (const wait of waits) {
    now = passTime(run, now, now + wait);
    watch.spuriousDeadline(now);
    const piece = pieces.shift();
    if (piece === undefined || !machine.wantsData || machine.transport === 'close') continue;
    watch.receive(piece, now);
    watch.drain(now, react(now));
    watch.spuriousDeadline(now);
  }
  passTime(run, now, Number.POSITIVE_INFINITY);
  const isTheirs = watch.events.some((event) => event.type === 'switched');
  const isOurs = ['awaiting', 'content'].includes(machine.responseState);
  if (!watch.closed && !isTheirs && !isOurs) {
    throw new Error(`at rest but not closed: ${show(watch.events)}`);
  }
}

/** The properties: a name, arbitraries, and what must hold. */
export function callProperties(modules, fc) {
  const requests = streamOf(fc, requestText(fc));
  const responses = streamOf(fc, responseText(fc));
  const script = (calls) => fc.array(fc.constantFrom(...Object.keys(calls)), { maxLength: 25 });
  const waits = fc.array(fc.constantFrom(0, 1, 999, 2999, 3000, 5000, 7000, 8001, 60_000), {
    maxLength: 20,
  });
  const server = (policy, options) => watchedServer(modules, policy, options);
  const client = (methods, options) => watchedClient(modules, methods, options);
  const repeats = [fc.integer({ min: 1, max: 40 }), fc.constantFrom(1, 3, 100, 1000)];
  return [
    {
      name: 'transactional rejection: a call that a server refuses leaves no trace',
      arbitraries: [requests, cuts(fc), script(SERVER_CALLS)],
      check: (text, where, names) =>
        checkTransactional(() => server('by script', {}), SERVER_CALLS, text, where, names),
    },
    {
      name: 'transactional rejection: a call that a client refuses leaves no trace',
      arbitraries: [responses, cuts(fc), script(CLIENT_CALLS)],
      check: (text, where, names) =>
        checkTransactional(() => client([], {}), CLIENT_CALLS, text, where, names),
    },
    {
      name: 'bounded: bytes unread by a server stay below the limit and one chunk',
      arbitraries: [requestText(fc), ...repeats],
      check: (text, ...rest) => checkBounded(server('never', { limits: BOUND }), text, ...rest),
    },
    {
      name: 'bounded: bytes unread by a client stay below the limit and one chunk',
      arbitraries: [responseText(fc), ...repeats],
      check: (text, ...rest) =>
        checkBounded(client(['GET', 'HEAD'], { limits: BOUND }), text, ...rest),
    },
    {
      name: 'time: no deadline of a server stays in the past, early calls change nothing, all comes to rest',
      arbitraries: [requests, cuts(fc), fc.constantFrom(...POLICIES), waits],
      check: (text, where, policy, all) =>
        checkTime(server(policy, { timeouts: TIMEOUTS }), text, where, all),
    },
    {
      name: 'time: no deadline of a client stays in the past, early calls change nothing, all comes to rest',
      arbitraries: [
        responses,
        cuts(fc),
        fc.constantFrom(['GET'], ['HEAD', 'POST', 'GET'], ['CONNECT'], []),
        waits,
      ],
      check: (text, where, methods, all) =>
        checkTime(client(methods, { timeouts: TIMEOUTS }), text, where, all),
    },
  ];
}
