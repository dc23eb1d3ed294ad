// What the case files cannot show of the client: what is not handed out yet, and what is not pulled.
import { expect, test } from 'vitest';
import { clientSettings, Http1Client } from '../src/client.ts';
import { bytes } from './support/bytes.ts';

const NOW = 1_000_003;
const OK = 'HTTP/1.1 204 No Content\r\n\r\n';

function ask(machine: Http1Client, method = 'GET', target = '/'): void {
  machine.sendRequest({ method, target, fields: [{ name: 'Host', value: 'a' }] }, NOW);
  machine.endMessage([], NOW);
}

function clientWith(options: Parameters<typeof clientSettings>[0] = {}): Http1Client {
  return new Http1Client(clientSettings(options), NOW);
}

function events(machine: Http1Client, now = NOW): string[] {
  const types: string[] = [];
  for (;;) {
    const { type } = machine.nextEvent(now);
    if (type === 'need-data' || type === 'paused') return types;
    types.push(type);
  }
}

function flush(machine: Http1Client): void {
  for (let chunk = machine.nextOutput(); chunk !== null; chunk = machine.nextOutput()) {
    machine.outputAccepted(chunk.length, NOW);
  }
}

// RFC 9112 section 9.2: what comes while no request has left does not answer the one that is about to.
test('a response that was on its way before the request was handed out answers nothing', () => {
  const machine = clientWith();
  ask(machine);
  machine.receive(bytes('HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n'), NOW);
  expect(machine.nextEvent(NOW)).toMatchObject({
    type: 'failed',
    code: 'HTTP1_UNSOLICITED_RESPONSE',
  });
  flush(machine);
  const closed = machine.nextEvent(NOW);
  expect(closed).toMatchObject({ type: 'closed', cause: 'failed' });
});

// As above, with a caller who pipelines and has not read the response before.
test('a response that was unread when a pipelined request was handed out does not answer it', () => {
  const machine = clientWith();
  ask(machine);
  flush(machine);
  machine.receive(bytes(`${OK}${OK}`), NOW);
  ask(machine, 'GET', '/2');
  flush(machine);
  expect(events(machine)).toEqual(['response', 'end', 'failed', 'closed']);
});

test('bytes that came while idle forbid the next request', () => {
  const machine = clientWith();
  machine.receive(bytes('HTTP'), NOW);
  expect(machine.reuseVerdict(NOW)).toEqual({ reusable: false, reason: 'unread-bytes' });
  expect(() => ask(machine)).toThrow(/^HTTP1_CONNECTION_CLOSING/);
});

test('a FIN that came while idle forbids the next request, though nobody has pulled', () => {
  const machine = clientWith();
  machine.receiveEnd(NOW, 'finished');
  expect(machine.reuseVerdict(NOW).reusable).toBe(false);
  expect(events(machine)).toEqual(['closed']);
});

test('an idle deadline that has passed forbids the next request, though nobody was told', () => {
  const machine = clientWith({ timeouts: { idleMs: 1000 } });
  expect(machine.reuseVerdict(NOW + 999).reusable).toBe(true);
  expect(machine.reuseVerdict(NOW + 1000)).toEqual({ reusable: false, reason: 'idle-timeout' });
  expect(machine.transport).toBe('open');
});

test('requests that never left may all be sent again', () => {
  const machine = clientWith();
  ask(machine, 'POST');
  ask(machine, 'GET');
  machine.receiveEnd(NOW, 'reset');
  const closed = machine.nextEvent(NOW);
  expect(
    closed.type === 'closed' && closed.unanswered.map(({ verdict }) => verdict.reason),
  ).toEqual(['unsent', 'unsent']);
});

test('of two pipelined requests only what was handed out counts as sent', () => {
  const machine = clientWith();
  ask(machine, 'POST');
  flush(machine);
  ask(machine, 'POST', '/2');
  machine.receiveEnd(NOW, 'reset');
  const closed = machine.nextEvent(NOW);
  expect(closed.type === 'closed' && closed.unanswered).toEqual([
    { method: 'POST', target: '/', verdict: { retry: false, reason: 'not-idempotent' } },
    { method: 'POST', target: '/2', verdict: { retry: true, reason: 'unsent' } },
  ]);
});

// RFC 9112 section 9.6: «A client that receives a "close" connection option MUST cease sending requests
// on that connection».
test('what is said to be unsent does not leave afterwards', () => {
  const machine = clientWith();
  ask(machine);
  flush(machine);
  ask(machine, 'GET', '/2');
  machine.receive(bytes('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'), NOW);
  const closed = [machine.nextEvent(NOW), machine.nextEvent(NOW), machine.nextEvent(NOW)].at(-1);
  expect(closed).toMatchObject({
    cause: 'peer-close',
    ending: 'before-response',
    unanswered: [{ target: '/2', verdict: { reason: 'unsent' } }],
  });
  expect(machine.nextOutput()).toBe(null);
});

test('no deadline blames the server while its input lies here unread', () => {
  const machine = clientWith({ timeouts: { headMs: 1000, contentGraceMs: 1000 } });
  ask(machine);
  flush(machine);
  events(machine);
  expect(machine.deadline()).toBe(NOW + 1000);
  machine.receive(bytes('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc'), NOW + 1000);
  machine.onDeadline(NOW + 1000);
  expect(events(machine, NOW + 5000)).toEqual(['response', 'data']);
  expect(machine.deadline()).toBe(NOW + 6000);
});

test('the question of reuse changes nothing', () => {
  const machine = clientWith();
  for (let count = 0; count < 3; count++) machine.reuseVerdict(NOW + 1e9);
  expect(machine.deadline()).toBe(NOW + 30_000);
  ask(machine);
  flush(machine);
  machine.receive(bytes(OK), NOW);
  expect(events(machine)).toEqual(['response', 'end']);
});

test('unread input beyond the limit is refused, and so is what is no bytes', () => {
  const machine = clientWith({ limits: { inputBytesMax: 10 } });
  ask(machine);
  flush(machine);
  expect(() => machine.receive('text' as unknown as Uint8Array, NOW)).toThrow(TypeError);
  machine.receive(bytes(OK.slice(0, 20)), NOW);
  expect(machine.wantsData).toBe(false);
  expect(() => machine.receive(bytes('x'), NOW)).toThrow(RangeError);
  expect(events(machine)).toEqual([]);
  expect(machine.wantsData).toBe(true);
  machine.receive(bytes(OK.slice(20)), NOW);
  expect(events(machine)).toEqual(['response', 'end']);
});

test('responses that come in turns on several connections do not mix', () => {
  const machines = [1, 2, 3].map(() => clientWith());
  for (const machine of machines) {
    ask(machine);
    flush(machine);
  }
  for (let at = 0; at < 45; at++) {
    for (const [index, machine] of machines.entries()) {
      const head = `HTTP/1.1 20${index} ${'x'.repeat(index)}\r\nContent-Length: 0\r\n\r\n`;
      if (head[at] !== undefined) machine.receive(bytes(head[at]!), NOW);
      const event = machine.nextEvent(NOW);
      if (event.type === 'response') expect(event.status).toBe(200 + index);
    }
  }
  for (const machine of machines) expect(machine.reuseVerdict(NOW).reusable).toBe(true);
});
