// What one role has accepted, the other may send if it allows that; then it arrives as it was.
import { equalDeep, joinBytes } from '@holdline/testkit';
import { START } from '../../session.mjs';
import { attempt } from './attempt.mjs';

/** Fields that the sending machine writes by itself, or merges. */
const OF_THE_MACHINE = new Set(['connection', 'transfer-encoding', 'keep-alive', 'content-length']);
const HOST = { name: 'Host', value: 'a' };

function ownFields(fields) {
  return fields.filter(({ name }) => !OF_THE_MACHINE.has(name));
}

function outputOf(machine) {
  const chunks = [];
  for (let chunk = machine.nextOutput(); chunk !== null; chunk = machine.nextOutput()) {
    chunks.push(chunk);
    machine.outputAccepted(chunk.length, START);
  }
  return joinBytes(chunks);
}

function expectSame(kind, sent, received, keys) {
  const pick = (head) => ({
    ...Object.fromEntries(keys.map((key) => [key, head[key]])),
    fields: ownFields(head.fields),
  });
  if (received.type === kind && equalDeep(pick(sent), pick(received))) return;
  const text = JSON.stringify([pick(sent), received]);
  throw new Error(`a ${kind} that was accepted and sent again arrives as another: ${text}`);
}

/** Sends an accepted request through a client to another server. */
export function mirrorRequest({ client, server }, request, settings) {
  const options = { allowUrlTargets: true };
  const sender = new client.Http1Client(client.clientSettings(options), START);
  const { method, target, fields } = request;
  if (!attempt(sender, () => sender.sendRequest({ method, target, fields }, START))) return;
  const receiver = new server.Http1Server(settings, START);
  receiver.receive(outputOf(sender), START);
  const received = receiver.nextEvent(START);
  // What the client adds may be more than a small limit leaves room for.
  const isTooLarge = received.type === 'failed' && /TOO_(LARGE|LONG|MANY)/.test(received.code);
  if (isTooLarge) return;
  const keys = ['method', 'target', 'form'];
  if (request.minorVersion === 1) keys.push('authority');
  // Without the option in Connection no protocol was offered; the client offers what it sends.
  if (request.upgrade.length > 0) keys.push('upgrade');
  expectSame('request', request, received, keys);
}

/** Sends an accepted response through a server to another client that asked with the same method. */
export function mirrorResponse({ client, server }, response, method) {
  const sender = new server.Http1Server(server.serverSettings(), START);
  const asker = new client.Http1Client(client.clientSettings(), START);
  const target = method === 'CONNECT' ? 'a:443' : '/';
  const head = {
    method,
    target,
    fields: [method === 'CONNECT' ? { ...HOST, value: 'a:443' } : HOST],
  };
  asker.sendRequest(head, START);
  asker.endMessage([], START);
  sender.receive(outputOf(asker), START);
  while (sender.nextEvent(START).type !== 'paused');
  const { status, reason, fields } = response;
  if (!attempt(sender, () => sender.sendResponse({ status, reason, fields }, START))) return;
  asker.receive(outputOf(sender), START);
  expectSame('response', response, asker.nextEvent(START), ['status', 'reason']);
}

/**
 * A client reads all that a server has sent: as many responses as there were questions, whatever the
 * application has put into them. `events` are the server's.
 */
export function checkResponses({ Http1Client, clientSettings }, events, output) {
  const requests = events.filter(({ type }) => type === 'request');
  // Behind these the bytes may be another protocol's.
  if (requests.some(({ method, upgrade }) => method === 'CONNECT' || upgrade.length > 0)) return;
  // A faulty head is answered too, but does not say which method it has.
  if (events.some((event) => event.type === 'failed' && event.canRespond)) return;
  const asker = new Http1Client(clientSettings(), START);
  for (const { method } of requests) {
    asker.sendRequest({ method, target: '/', fields: [HOST] }, START);
    asker.endMessage([], START);
  }
  // No response is taken before its question has left.
  outputOf(asker);
  asker.receive(output, START);
  asker.receiveEnd(START, 'finished');
  const { responseIncomplete = true } = events.find(({ type }) => type === 'closed') ?? {};
  for (let event = asker.nextEvent(START); event.type !== 'closed'; ) {
    if (event.type === 'need-data') throw new Error('a client still waits for the response');
    if (event.type === 'failed' && !responseIncomplete) {
      throw new Error(`a client fails to read the responses: ${event.message}`);
    }
    event = asker.nextEvent(START);
    if (event.type === 'closed' && event.unanswered.length > 0 && !responseIncomplete) {
      throw new Error('a client misses a response');
    }
  }
}

/** A server reads all that a client has sent, unless that was cut off, whatever the application has put into it. */
export function checkRequests({ Http1Server, serverSettings }, output) {
  const machine = new Http1Server(serverSettings({ acceptUrlTargets: true }), START);
  machine.receive(output, START);
  machine.receiveEnd(START, 'finished');
  for (let event = machine.nextEvent(START); event.type !== 'closed'; ) {
    if (event.type === 'failed' && event.code !== 'HTTP1_UNEXPECTED_END') {
      throw new Error(`a server fails to read the requests: ${event.message}`);
    }
    if (event.type === 'paused') {
      machine.sendResponse({ status: 404, fields: [] }, START);
      machine.endMessage([], START);
    }
    outputOf(machine);
    event = machine.nextEvent(START);
  }
}
