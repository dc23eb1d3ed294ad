// What the case files cannot show of the server: who owns bytes, what is thrown, what a caller that
// does not pull holds up.
import { expect, test } from 'vitest';
import { Http1Server, serverSettings } from '../src/server.ts';
import { bytes, text } from './support/bytes.ts';

const NOW = 1_000_003;
const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

function serverWith(options: Parameters<typeof serverSettings>[0] = {}): Http1Server {
  return new Http1Server(serverSettings(options), NOW);
}

/** Pulls events until there are none. */
function events(machine: Http1Server, now = NOW): string[] {
  const types: string[] = [];
  for (;;) {
    const { type } = machine.nextEvent(now);
    if (type === 'need-data' || type === 'paused') return [...types, type];
    types.push(type);
  }
}

function answer(machine: Http1Server, now = NOW): void {
  machine.sendResponse({ status: 204, fields: [] }, now);
  machine.endMessage([], now);
}

test('input must be a Uint8Array of unshared memory', () => {
  const machine = serverWith();
  for (const wrong of ['text', [1], new ArrayBuffer(1), null, new DataView(new ArrayBuffer(1))]) {
    expect(() => machine.receive(wrong as unknown as Uint8Array, NOW)).toThrow(TypeError);
  }
  expect(() => machine.receive(new Uint8Array(new SharedArrayBuffer(1)), NOW)).toThrow(TypeError);
  expect(events(machine)).toEqual(['need-data']);
});

test('unread input beyond the limit is refused, and what was stored stays', () => {
  const machine = serverWith({ limits: { inputBytesMax: 10 } });
  machine.receive(bytes(GET.slice(0, 20)), NOW);
  expect(machine.wantsData).toBe(false);
  expect(() => machine.receive(bytes('x'), NOW)).toThrow(RangeError);
  expect(events(machine)).toEqual(['need-data']);
  expect(machine.wantsData).toBe(true);
  machine.receive(bytes(GET.slice(20)), NOW);
  expect(events(machine)).toEqual(['request', 'end', 'paused']);
});

test('content is a view of what was received, without a copy', () => {
  const machine = serverWith();
  const chunk = bytes('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc');
  machine.receive(chunk, NOW);
  machine.nextEvent(NOW);
  const first = machine.nextEvent(NOW);
  expect(first.type === 'data' && first.data.buffer).toBe(chunk.buffer);
  const second = bytes('def');
  machine.receive(second, NOW);
  expect(machine.nextEvent(NOW)).toEqual({ type: 'data', data: second });
});

test('heads that come in turns on several connections do not mix', () => {
  const machines = ['a', 'b', 'c'].map((name) => ({ name, machine: serverWith() }));
  const heads = machines.map(
    ({ name }, index) => `${GET.slice(0, -2)}X-${name}: ${name.repeat(index + 1)}\r\n\r\n`,
  );
  for (let at = 0; at < 60; at++) {
    for (const [index, { name, machine }] of machines.entries()) {
      const byte = heads[index]![at];
      if (byte === undefined) continue;
      machine.receive(bytes(byte), NOW);
      const event = machine.nextEvent(NOW);
      if (event.type !== 'request') continue;
      expect(event.fields[1]).toEqual({ name: `x-${name}`, value: name.repeat(index + 1) });
    }
  }
  expect(machines.map(({ machine }) => machine.responseState)).toEqual(Array(3).fill('awaiting'));
});

test('a connection that is cut in the middle of a head leaves nothing to the next one', () => {
  const first = serverWith();
  first.receive(bytes('POST /first HTTP/1.0\r\nA: b\r\n'), NOW);
  events(first);
  first.abort(NOW);
  const second = serverWith();
  second.receive(bytes(GET), NOW);
  expect(second.nextEvent(NOW)).toMatchObject({
    type: 'request',
    method: 'GET',
    minorVersion: 1,
    fields: [{ name: 'host' }],
  });
});

test('no deadline blames the client while its input lies here unread', () => {
  const machine = serverWith({
    timeouts: { contentGraceMs: 1000, headMs: 1000, idleMs: 1000, idleGraceMs: 0 },
  });
  machine.receive(bytes('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n'), NOW);
  expect(events(machine)).toEqual(['request', 'need-data']);
  machine.receive(bytes('hel'), NOW + 500);
  // Nobody pulls: the application is slow, not the client.
  expect(machine.deadline()).toBe(Number.POSITIVE_INFINITY);
  machine.onDeadline(NOW + 1_000_000);
  expect(events(machine, NOW + 1_000_000)).toEqual(['data', 'need-data']);
  // 500 ms of waiting were charged; three bytes at 500 a second earned six.
  expect(machine.deadline()).toBe(NOW + 1_000_000 + 506);
});

test('an idle deadline that comes together with a request does not close it', () => {
  const machine = serverWith({ timeouts: { idleMs: 1000, idleGraceMs: 0 } });
  events(machine);
  machine.receive(bytes(GET), NOW + 1000);
  machine.onDeadline(NOW + 1000);
  expect(machine.transport).toBe('open');
  expect(events(machine, NOW + 1000)).toEqual(['request', 'end', 'paused']);
});

test('the first end counts, unless a reset follows', () => {
  const machine = serverWith();
  machine.receive(bytes(GET), NOW);
  machine.receiveEnd(NOW, 'finished');
  machine.receiveEnd(NOW, 'truncated');
  expect(events(machine)).toEqual(['request', 'end', 'paused']);
  expect(machine.wantsData).toBe(false);
  machine.receiveEnd(NOW, 'reset');
  expect(machine.nextEvent(NOW)).toMatchObject({
    type: 'closed',
    cause: 'reset',
    responseIncomplete: true,
  });
  expect(machine.transport).toBe('abort');
});

test('a reset is seen at once, before input that was not read yet', () => {
  const machine = serverWith();
  machine.receive(bytes(GET), NOW);
  machine.receiveEnd(NOW, 'failed');
  expect(events(machine)).toEqual(['closed', 'need-data']);
});

test('more bytes than were handed out cannot be accepted', () => {
  const machine = serverWith();
  machine.receive(bytes(GET), NOW);
  events(machine);
  answer(machine);
  expect(() => machine.outputAccepted(1, NOW)).toThrow(RangeError);
  const chunk = machine.nextOutput()!;
  for (const wrong of [chunk.length + 1, -1, Number.NaN]) {
    expect(() => machine.outputAccepted(wrong, NOW)).toThrow(RangeError);
  }
  machine.outputAccepted(0, NOW);
  expect(machine.outputBytes).toBe(chunk.length);
  machine.outputAccepted(chunk.length, NOW);
  expect([machine.outputBytes, machine.nextOutput()]).toEqual([0, null]);
});

test('pipelined responses leave as one chunk; what was handed out is not written again', () => {
  const machine = serverWith({ announceKeepAlive: false });
  machine.receive(bytes(GET.repeat(3)), NOW);
  for (let count = 0; count < 3; count++) {
    events(machine);
    answer(machine);
  }
  const chunk = machine.nextOutput()!;
  const before = text(chunk);
  expect(before).toBe('HTTP/1.1 204 No Content\r\n\r\n'.repeat(3));
  expect(machine.nextOutput()).toBeNull();
  machine.receive(bytes(GET), NOW);
  events(machine);
  answer(machine);
  expect(text(chunk)).toBe(before);
  expect(machine.nextOutput()).not.toBeNull();
});

test('content that is sent is borrowed, never written', () => {
  const machine = serverWith();
  machine.receive(bytes(GET), NOW);
  events(machine);
  machine.sendResponse({ status: 200, fields: [] }, NOW);
  const data = Object.freeze(new Array(5000).fill(7)) as number[];
  const content = Uint8Array.from(data);
  machine.sendData(content, NOW);
  machine.endMessage([], NOW);
  while (machine.nextOutput() !== null);
  expect([...content]).toEqual(data);
});

test('the events of one connection can be told apart by reference: nothing is used twice', () => {
  const machine = serverWith();
  machine.receive(bytes(GET), NOW);
  const first = machine.nextEvent(NOW);
  events(machine);
  answer(machine);
  machine.receive(bytes(GET), NOW);
  const second = machine.nextEvent(NOW);
  expect(first).not.toBe(second);
  expect(first).toEqual(second);
});

test('a switch without content may be answered before its end was pulled', () => {
  const machine = serverWith();
  machine.receive(bytes('CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\n\r\ntunnel'), NOW);
  expect(machine.nextEvent(NOW).type).toBe('request');
  machine.sendResponse({ status: 200, fields: [] }, NOW);
  expect(text(machine.nextOutput()!)).toBe('HTTP/1.1 200 OK\r\n\r\n');
  expect(events(machine)).toEqual(['end', 'switched', 'need-data']);
  expect(text(machine.takeTrailingData().data)).toBe('tunnel');
});

test('a tunnel has a status code as any other response', () => {
  const machine = serverWith();
  machine.receive(bytes('CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\n\r\n'), NOW);
  events(machine);
  expect(() => machine.sendResponse({ status: 200.5, fields: [] }, NOW)).toThrow(RangeError);
  expect(machine.responseState).toBe('awaiting');
  expect(machine.nextOutput()).toBeNull();
});

test('a cut between the answer to a switch and the end of its request leaves no switch', () => {
  const machine = serverWith();
  machine.receive(bytes('CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\n\r\n'), NOW);
  machine.nextEvent(NOW);
  machine.sendResponse({ status: 200, fields: [] }, NOW);
  machine.receiveEnd(NOW, 'reset');
  expect(events(machine)).toEqual(['closed', 'need-data']);
  expect(() => machine.takeTrailingData()).toThrow('HTTP1_SWITCH_NOT_ALLOWED');
});

/** One whole exchange, with everything accepted. */
function exchange(machine: Http1Server, request: string, now = NOW): void {
  machine.receive(bytes(request), now);
  expect(events(machine, now)).toEqual(['request', 'end', 'paused']);
  answer(machine, now);
  machine.outputAccepted(machine.nextOutput()!.length, now);
}

test('what a connection rests on it remembers', () => {
  const machine = serverWith({ requestsMax: 3, timeouts: { idleMs: 7000, idleGraceMs: 500 } });
  exchange(machine, GET, NOW + 0.25);
  // Whole milliseconds, and never too early.
  expect(machine.deadline()).toBe(NOW + 1 + 7500);
  exchange(machine, GET, NOW + 100);
  expect(machine.deadline()).toBe(NOW + 7600);
  machine.receive(bytes('GET / HTTP/1.1\r\n bad'), NOW + 200);
  const failed = machine.nextEvent(NOW + 200);
  expect(failed).toMatchObject({ type: 'failed', offset: 2 * GET.length + 16 });
  answer(machine, NOW + 200);
  expect(text(machine.nextOutput()!)).toContain('Connection: close');
  expect(machine.nextEvent(NOW + 200)).toMatchObject({ type: 'need-data' });
  machine.onDeadline(NOW + 200 + 5000);
  machine.outputAccepted(machine.outputBytes, NOW + 5200);
  machine.onDeadline(machine.deadline());
  expect(machine.nextEvent(NOW + 20_000)).toMatchObject({ type: 'closed', requests: 2 });
});

test('what one connection was asked does not concern the next', () => {
  const first = serverWith();
  exchange(first, 'HEAD / HTTP/1.0\r\n\r\n'.replace('\r\n', '\r\nConnection: keep-alive\r\n'));
  expect(events(first)).toEqual(['need-data']);
  const second = serverWith({ timeouts: { headMs: 10 } });
  second.receive(bytes('GET / HTTP/1.1\r\n'), NOW);
  expect(events(second)).toEqual(['need-data']);
  second.onDeadline(NOW + 10);
  expect(second.nextEvent(NOW + 10)).toMatchObject({ code: 'HTTP1_HEAD_TIMEOUT' });
  second.sendResponse({ status: 408, fields: [] }, NOW + 10);
  // Not in HTTP/1.0's way, nor without content as for HEAD.
  expect(text(second.nextOutput()!)).toContain('Transfer-Encoding: chunked');
});
