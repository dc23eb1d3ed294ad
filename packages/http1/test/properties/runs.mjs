// One machine fed with chunks, acted upon by a simple policy, until all is over.
import { mergeData, Watch } from '../../../testkit/dist/drain.js';
import { joinBytes } from '../../../testkit/dist/guard-bytes.js';

/** The instant at which runs begin: odd, so that nothing can take 0 for "never". */
export const START = 1_000_003;
const STEPS_MAX = 200;

const NO_CONTENT = { status: 204, fields: [] };
const SMALL_LIMITS = { discardBytesMax: 8, chunkExtensionBytesMax: 64, trailerBytesMax: 200 };

/** How a server's application behaves. */
export const POLICIES = ['at the end', 'at the head', 'stream', 'switch'];

/** Answers by policy; called for each event. */
export function answerRequest(machine, event, policy, now) {
  const awaiting = machine.responseState === 'awaiting';
  if (event.type === 'failed') {
    if (event.canRespond) respond(machine, { status: event.status, fields: [] }, now);
  } else if (event.type === 'request') {
    // A switch has to wait for the end of the request.
    if (event.method === 'CONNECT') return;
    if (policy === 'at the head') respond(machine, NO_CONTENT, now);
    else if (policy === 'stream') machine.sendResponse({ status: 200, fields: [] }, now);
  } else if (event.type === 'data' && policy === 'stream') {
    // The number of pieces depends on the cuts, so each byte goes out by itself.
    for (const byte of event.data) trySend(machine, Uint8Array.of(byte), now);
  } else if (event.type === 'end') {
    if (machine.responseState === 'content') machine.endMessage([], now);
    else if (policy === 'switch' && awaiting) trySwitch(machine, now);
    else if (awaiting) respond(machine, NO_CONTENT, now);
  }
}

function respond(machine, head, now) {
  machine.sendResponse(head, now);
  // A 2xx answer to CONNECT has switched the protocol.
  if (machine.responseState === 'content') machine.endMessage([], now);
}

/** Content where there may be some: not in a response to HEAD. */
function trySend(machine, data, now) {
  if (machine.responseState !== 'content') return;
  try {
    machine.sendData(data, now);
  } catch (error) {
    if (error.code !== 'HTTP1_CONTENT_NOT_ALLOWED') throw error;
  }
}

function trySwitch(machine, now) {
  try {
    machine.sendResponse({ status: 101, fields: [{ name: 'Upgrade', value: 'toy' }] }, now);
  } catch (error) {
    if (error.name !== 'LocalProtocolError') throw error;
    respond(machine, NO_CONTENT, now);
  }
}

/** A server machine that answers by policy. */
export function watchedServer({ server }, policy, options = {}) {
  const settings = server.serverSettings({ limits: SMALL_LIMITS, ...options });
  const machine = new server.Http1Server(settings, START);
  const watch = new Watch(machine);
  return { machine, watch, react: (now) => (event) => answerRequest(machine, event, policy, now) };
}

/** A client machine that has sent some requests. */
export function watchedClient({ client }, methods, options = {}) {
  const machine = new client.Http1Client(client.clientSettings(options), START);
  for (const method of methods) sendPlainRequest(machine, method);
  const watch = new Watch(machine);
  return { machine, watch, react: () => () => {} };
}

function sendPlainRequest(machine, method) {
  const target = method === 'CONNECT' ? 'a:443' : '/';
  const upgrade = method === 'UPGRADE' ? [{ name: 'Upgrade', value: 'toy' }] : [];
  const head = {
    method: method === 'UPGRADE' ? 'GET' : method,
    target,
    fields: [{ name: 'Host', value: 'a' }, ...upgrade],
  };
  try {
    machine.sendRequest(head, START);
    machine.endMessage([], START);
  } catch (error) {
    // Nothing may be pipelined behind CONNECT and Upgrade.
    if (error.name !== 'LocalProtocolError') throw error;
  }
}

/** The transport would still deliver. */
function delivers({ transport, outputBytes }) {
  return transport !== 'abort' && !(transport === 'close' && outputBytes === 0);
}

/** Feeds chunks as far as the machine wants them, then the end, then time until all is quiet. */
export function runToTheEnd({ machine, watch, react }, chunks, end = 'finished', spurious = false) {
  let now = START;
  watch.drain(now, react(now));
  for (const chunk of chunks) {
    if (!machine.wantsData || !delivers(machine)) break;
    if (spurious) watch.spuriousDeadline(now);
    watch.receive(chunk, now);
    watch.drain(now, react(now));
  }
  if (delivers(machine)) machine.receiveEnd(now, end);
  watch.drain(now, react(now));
  for (let steps = 0; machine.deadline() !== Number.POSITIVE_INFINITY; steps++) {
    if (steps > STEPS_MAX) throw new Error('time does not bring it to rest');
    now = Math.max(now, machine.deadline());
    watch.onDeadline(now);
    watch.drain(now, react(now));
  }
  watch.verifyBytes();
  return outcomeOf(machine, watch);
}

/** What can be told from outside. A switched machine's trailing bytes belong to it. */
function outcomeOf(machine, watch) {
  const switched = watch.events.some((event) => event.type === 'switched');
  const trailing = switched ? machine.takeTrailingData() : null;
  return {
    events: mergeData(watch.events),
    output: watch.output,
    transport: machine.transport,
    trailing: trailing === null ? null : { data: joinBytes([trailing.data]), end: trailing.end },
    switched,
  };
}

/** The bytes of a text with one code unit per byte. */
export function bytesOf(text) {
  return Uint8Array.from(text, (unit) => unit.charCodeAt(0));
}
