// Properties of the two machines together: round trip and mirror.
import { equalDeep, mergeData, Watch } from '../../../testkit/dist/drain.js';
import { linkFaults } from '../../../testkit/dist/faults.js';
import { joinBytes } from '../../../testkit/dist/guard-bytes.js';
import { Pair } from '../../../testkit/dist/pair.js';
import { VirtualClock } from '../../../testkit/dist/virtual-clock.js';
import { answerRequest, START } from './runs.mjs';
import { cut, cuts } from './streams.mjs';

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

/** The properties: a name, arbitraries, and what must hold. */
export function exchangeProperties(modules, fc) {
  const contents = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), {
    minLength: 1,
    maxLength: 4,
  });
  const plain = link(fc, fc.constant([]));
  const faulty = link(fc, linkFaults(600));
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
  ];
}
