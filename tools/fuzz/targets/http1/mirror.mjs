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
