// Properties of the two machines together, and of calls and time: round trip, mirror, transactional
// rejection, bounded memory, time.
import { equalDeep, mergeData, Watch } from '../../../testkit/dist/drain.js';
import { linkFaults } from '../../../testkit/dist/faults.js';
import { joinBytes } from '../../../testkit/dist/guard-bytes.js';
import { Pair } from '../../../testkit/dist/pair.js';
import { VirtualClock } from '../../../testkit/dist/virtual-clock.js';
import { answerRequest, bytesOf, POLICIES, START, watchedServer } from './runs.mjs';
import { cut, cuts, requestText, streamOf } from './streams.mjs';

const STEPS_MAX = 5000;

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

/** Field values that arrive as they were sent: no white space at the ends. */
function values(fc) {
  const unit = fc
    .integer({ min: 0x20, max: 0xff })
    .filter((code) => code !== 0x7f)
    .map((code) => String.fromCharCode(code));
  return fc.oneof(
    fc.string({ unit, maxLength: 20 }).map((text) => text.replace(/^[ \t]+|[ \t]+$/g, '')),
    fc.constantFrom('', 'a\tb', '"q, \\""'),
  );
}

function fieldsOf(fc, prefix) {
  const name = fc.string({
    unit: fc.constantFrom(...'abcXYZ09!#$%&*+-.^_`|~'.split('')),
    minLength: 1,
    maxLength: 10,
  });
  const field = fc.record({ name: name.map((text) => prefix + text), value: values(fc) });
  return fc.array(field, { maxLength: 4 });
}

/** A message: its own fields, content in pieces, trailers when it is chunked. */
function message(fc) {
  return fc.record({
    fields: fieldsOf(fc, 'x-'),
    pieces: fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 4 }),
    framing: fc.constantFrom('chunked', 'content-length', 'none'),
    trailers: fieldsOf(fc, 'y-'),
  });
}

function exchange(fc) {
  return fc.record({
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'M-SEARCH'),
    target: fc.constantFrom('/', '/a?b=c', 'http://a/x', '/%20'),
    request: message(fc),
    status: fc.constantFrom(200, 201, 204, 205, 304, 404, 503),
    response: message(fc),
  });
}

function contentOf(one) {
  return one.framing === 'none' ? new Uint8Array(0) : joinBytes(one.pieces);
}

function framingFields(one) {
  if (one.framing === 'chunked') return [{ name: 'Transfer-Encoding', value: 'chunked' }];
  if (one.framing === 'none') return [];
  return [{ name: 'Content-Length', value: String(contentOf(one).length) }];
}

/** No content and no framing where the status, or the method, allows none. */
function bareIf(bare, one) {
  return bare ? { ...one, framing: 'none', pieces: [], trailers: [] } : one;
}

function sendContent(machine, one, now) {
  if (one.framing !== 'none') for (const piece of one.pieces) machine.sendData(piece, now);
  machine.endMessage(one.framing === 'chunked' ? one.trailers : [], now);
}

function sendRequest(machine, { method, target, request }, now) {
  const fields = [{ name: 'Host', value: 'a' }, ...request.fields, ...framingFields(request)];
  machine.sendRequest({ method, target, fields }, now);
  sendContent(machine, request, now);
}

function sendResponse(machine, { method, status, response }, now) {
  const one = bareIf(
    method === 'HEAD' || status === 204 || status === 205 || status === 304,
    response,
  );
  machine.sendResponse({ status, fields: [...one.fields, ...framingFields(one)] }, now);
  if (machine.responseState === 'content') sendContent(machine, one, now);
}

/** What arrives of a message: fields of its own, content, trailers; names in lower case. */
function received(events) {
  const lower = (fields, prefix) => fields.filter((field) => field.name.startsWith(prefix));
  const messages = [];
  for (const event of mergeData(events)) {
    if (event.type === 'request' || event.type === 'response') {
      const { method, target, status } = event;
      messages.push({
        method,
        target,
        status,
        fields: lower(event.fields, 'x-'),
        content: new Uint8Array(0),
        trailers: null,
      });
    } else if (event.type === 'data') messages.at(-1).content = event.data;
    else if (event.type === 'end') messages.at(-1).trailers = lower(event.trailers, 'y-');
  }
  return messages;
}

function asReceived(fields) {
  return fields.map(({ name, value }) => ({ name: name.toLowerCase(), value }));
}

function expectedRequest({ method, target, request }) {
  const trailers = request.framing === 'chunked' ? asReceived(request.trailers) : [];
  return {
    method,
    target,
    status: undefined,
    fields: asReceived(request.fields),
    content: contentOf(request),
    trailers,
  };
}

function expectedResponse({ method, status, response }) {
  const one = bareIf(
    method === 'HEAD' || status === 204 || status === 205 || status === 304,
    response,
  );
  const trailers = one.framing === 'chunked' ? asReceived(one.trailers) : [];
  return {
    method: undefined,
    target: undefined,
    status,
    fields: asReceived(one.fields),
    content: contentOf(one),
    trailers,
  };
}

/** Hands one machine's output to the other, in pieces, until both are at rest. */
function shuttle(from, to, where, now, react) {
  const data = joinBytes(from.drainOutput(now));
  for (const piece of cut(data, where)) {
    to.receive(piece, now);
    to.drainEvents(now, react);
  }
}

function pairOf({ client, server }, serverOptions) {
  return {
    client: new client.Http1Client(client.clientSettings({}), START),
    server: new server.Http1Server(server.serverSettings(serverOptions), START),
  };
}

function checkRoundTrip(modules, exchanges, requestCuts, responseCuts) {
  const { client, server } = pairOf(modules, {});
  const clientWatch = new Watch(client);
  const serverWatch = new Watch(server);
  for (const one of exchanges) sendRequest(client, one, START);
  const answers = [...exchanges];
  const react = (event) => {
    if (event.type === 'end') sendResponse(server, answers.shift(), START);
  };
  shuttle(clientWatch, serverWatch, requestCuts, START, react);
  serverWatch.drainEvents(START, react);
  expectEqual(received(serverWatch.events), exchanges.map(expectedRequest), 'requests');
  shuttle(serverWatch, clientWatch, responseCuts, START);
  expectEqual(
    received(clientWatch.events).slice(0, exchanges.length),
    exchanges.map(expectedResponse),
    'responses',
  );
}

/** Both machines over a link with faults; the server echoes, the client asks one after the other. */
function runPair(modules, contents, links, options) {
  const clock = new VirtualClock(START);
  const { client, server } = pairOf(modules, options);
  const waiting = [...contents];
  const ask = () => {
    if (!client.reuseVerdict(clock.now).reusable) return;
    const content = waiting.shift();
    if (content === undefined) return client.drain(clock.now);
    const fields = [
      { name: 'Host', value: 'a' },
      { name: 'Content-Length', value: String(content.length) },
    ];
    client.sendRequest({ method: 'PUT', target: '/', fields }, clock.now);
    client.sendData(content, clock.now);
    client.endMessage([], clock.now);
  };
  const pair = new Pair({
    clock,
    left: { machine: client, onEvent: (event) => event.type === 'end' && ask() },
    right: {
      machine: server,
      onEvent: (event) => answerRequest(server, event, 'stream', clock.now),
    },
    toRight: links[0],
    toLeft: links[1],
  });
  ask();
  pair.driveBounded(STEPS_MAX);
  return pair;
}

function checkMirror(modules, contents, links, faulty) {
  const pair = runPair(modules, contents, links, {});
  for (const [side, events] of [
    ['client', pair.left.events],
    ['server', pair.right.events],
  ]) {
    const count = (type) => events.filter((event) => event.type === type).length;
    if (count('closed') !== 1 || count('failed') > 1) throw new Error(`${side}: ${show(events)}`);
  }
  const corrupt = links.some(({ faults }) => faults.some((fault) => fault.kind === 'corrupt'));
  if (corrupt) return;
  // A cut request is answered 400 or 408, which echoes nothing.
  const isEcho = (one) => one.trailers !== null && one.status === 200;
  const responses = received(pair.left.events).filter(isEcho);
  expectEqual(
    responses.map((one) => one.content),
    contents.slice(0, responses.length),
    'echoes',
  );
  const requests = received(pair.right.events).filter((one) => one.trailers !== null);
  if (requests.length < responses.length) throw new Error('more answers than questions');
  if (faulty) return;
  expectEqual(responses.length, contents.length, 'answered requests');
  expectEqual(pair.right.events.at(-1).responseIncomplete, false, 'responseIncomplete');
  expectEqual(pair.left.events.at(-1).ending, 'idle', 'ending');
}

/** Links with every kind of delay, and faults or none. */
function link(fc, faults) {
  return fc.record({
    latencyMs: fc.constantFrom(0, 1, 40),
    bytesPerMs: fc.constantFrom(0.5, 10, Number.POSITIVE_INFINITY),
    segmentBytes: fc.constantFrom(1, 7, 1460).map((size) => () => size),
    highWaterBytes: fc.constantFrom(1, 64, 16_384),
    windowBytes: fc.constantFrom(1, 100, 65_536),
    faults,
  });
}

/** Calls that may or may not be allowed at their moment. */
const CALLS = {
  informational: (machine, now) => machine.sendInformational({ status: 103, fields: [] }, now),
  'informational 101': (machine, now) =>
    machine.sendInformational({ status: 101, fields: [] }, now),
  response: (machine, now) => machine.sendResponse({ status: 200, fields: [] }, now),
  'response of 3': (machine, now) =>
    machine.sendResponse({ status: 200, fields: [{ name: 'Content-Length', value: '3' }] }, now),
  'response that splits': (machine, now) =>
    machine.sendResponse(
      {
        status: 200,
        fields: [
          { name: 'A', value: 'b' },
          { name: 'X', value: 'a\r\nb' },
        ],
      },
      now,
    ),
  'response without status': (machine, now) =>
    machine.sendResponse({ status: 99, fields: [] }, now),
  switch: (machine, now) =>
    machine.sendResponse({ status: 101, fields: [{ name: 'Upgrade', value: 'toy' }] }, now),
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
const EXPECTED_ERRORS = new Set(['LocalProtocolError', 'TypeError', 'RangeError']);

function visible(machine) {
  const { wantsData, outputBytes, transport, responseState } = machine;
  return { wantsData, outputBytes, transport, responseState, deadline: machine.deadline() };
}

/** Carries out a script; calls that throw must change nothing that can be seen. Returns those that did not throw. */
function runScript(modules, chunks, script) {
  const { machine, watch } = watchedServer(modules, 'by script');
  let now = START;
  const carriedOut = [];
  for (const step of script) {
    now += 1;
    if (typeof step === 'number') {
      const chunk = chunks[step];
      if (chunk !== undefined && machine.wantsData && machine.transport !== 'close')
        watch.receive(chunk, now);
      carriedOut.push(step);
    } else {
      const before = visible(machine);
      try {
        CALLS[step](machine, now);
        carriedOut.push(step);
      } catch (error) {
        if (!EXPECTED_ERRORS.has(error.name)) throw error;
        expectEqual(visible(machine), before, `after ${step} was refused`);
        carriedOut.push(null);
      }
    }
    watch.drain(now);
  }
  return {
    carriedOut,
    events: mergeData(watch.events),
    output: watch.output,
    state: visible(machine),
  };
}

function checkTransactional(modules, text, where, calls) {
  const chunks = cut(bytesOf(text), where);
  const script = calls.flatMap((call, index) => [index, call]);
  const first = runScript(modules, chunks, script);
  // The same without the refused calls: nothing of them may have stayed behind.
  const rest = script.map((step, index) =>
    first.carriedOut[index] === null ? 'receive text' : step,
  );
  const second = runScript(modules, chunks, rest);
  expectEqual(second.output, first.output, 'output without the refused calls');
  expectEqual(second.events, first.events, 'events without the refused calls');
  expectEqual(second.state, first.state, 'state without the refused calls');
}

/** The unread bytes a machine holds, and the buffer it holds them in. */
function heldBytes(machine) {
  const { input } = machine.core;
  return { unread: input.length, capacity: input.length === 0 ? 0 : input.bytes.length };
}

function checkBounded(modules, text, repeat, chunkBytes) {
  const limits = {
    inputBytesMax: 256,
    headBytesMax: 256,
    startLineBytesMax: 256,
    trailerBytesMax: 256,
  };
  const { machine, watch } = watchedServer(modules, 'never', { limits });
  const data = bytesOf(text.repeat(repeat));
  for (let at = 0; at < data.length && machine.wantsData; at += chunkBytes) {
    watch.receive(data.subarray(at, at + chunkBytes), START);
    // A caller that pulls nothing, and one that pulls everything, are both held to the bound.
    if (repeat % 2 === 0) watch.drainEvents(START);
    const { unread, capacity } = heldBytes(machine);
    if (unread > limits.inputBytesMax + chunkBytes) throw new Error(`${unread} bytes unread`);
    if (capacity > 2 * (limits.inputBytesMax + 2 * chunkBytes) + 512)
      throw new Error(`${capacity} bytes held`);
  }
}

function checkTime(modules, text, where, policy, waits) {
  const { machine, watch, react } = watchedServer(modules, policy, {
    timeouts: {
      headMs: 5000,
      idleMs: 7000,
      contentGraceMs: 3000,
      contentBytesPerSecondMin: 100,
      ageMsMax: 60_000,
    },
  });
  let now = START;
  const pieces = cut(bytesOf(text), where);
  for (const wait of waits) {
    const until = now + wait;
    for (let steps = 0; machine.deadline() <= until; steps++) {
      if (steps > 100) throw new Error('too many deadlines');
      now = Math.max(now, machine.deadline());
      watch.onDeadline(now);
      watch.drain(now, react(now));
    }
    now = until;
    watch.spuriousDeadline(now);
    const piece = pieces.shift();
    if (piece === undefined || !machine.wantsData || machine.transport === 'close') continue;
    watch.receive(piece, now);
    watch.drain(now, react(now));
    watch.spuriousDeadline(now);
  }
  for (let steps = 0; machine.deadline() !== Number.POSITIVE_INFINITY; steps++) {
    if (steps > 100) throw new Error('time does not bring it to rest');
    now = Math.max(now, machine.deadline());
    watch.onDeadline(now);
    watch.drain(now, react(now));
  }
  const open =
    machine.responseState === 'awaiting' ||
    machine.responseState === 'content' ||
    machine.responseState === 'switched';
  if (!watch.closed && !open) throw new Error(`at rest but not closed: ${show(watch.events)}`);
}

/** The properties: a name, arbitraries, and what must hold. */
export function exchangeProperties(modules, fc) {
  const contents = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), {
    minLength: 1,
    maxLength: 4,
  });
  const plain = link(fc, fc.constant([]));
  const faulty = link(fc, linkFaults(600));
  const waits = fc.array(fc.constantFrom(0, 1, 999, 2999, 3000, 5000, 7000, 8001, 60_000), {
    maxLength: 20,
  });
  return [
    {
      name: 'round trip: what one machine serializes, the other parses to the same',
      arbitraries: [fc.array(exchange(fc), { minLength: 1, maxLength: 4 }), cuts(fc), cuts(fc)],
      check: (exchanges, requestCuts, responseCuts) =>
        checkRoundTrip(modules, exchanges, requestCuts, responseCuts),
    },
    {
      name: 'mirror: over any link without faults every request is answered, and both end well',
      arbitraries: [contents, plain, plain],
      check: (all, toRight, toLeft) => checkMirror(modules, all, [toRight, toLeft], false),
    },
    {
      name: 'mirror: over a faulty link both sides go quiet, and no answer is another one',
      arbitraries: [contents, faulty, faulty],
      check: (all, toRight, toLeft) => checkMirror(modules, all, [toRight, toLeft], true),
    },
    {
      name: 'transactional rejection: a refused call leaves no trace',
      arbitraries: [
        streamOf(fc, requestText(fc)),
        cuts(fc),
        fc.array(fc.constantFrom(...Object.keys(CALLS)), { maxLength: 25 }),
      ],
      check: (text, where, calls) => checkTransactional(modules, text, where, calls),
    },
    {
      name: 'bounded: unread bytes stay below the limit and one chunk',
      arbitraries: [
        requestText(fc),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom(1, 3, 100, 1000),
      ],
      check: (text, repeat, chunkBytes) => checkBounded(modules, text, repeat, chunkBytes),
    },
    {
      name: 'time: no deadline stays in the past, early calls change nothing, all comes to rest',
      arbitraries: [streamOf(fc, requestText(fc)), cuts(fc), fc.constantFrom(...POLICIES), waits],
      check: (text, where, policy, all) => checkTime(modules, text, where, policy, all),
    },
  ];
}
