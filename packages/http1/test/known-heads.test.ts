// Heads that are sent again and again are copied: what comes out must be what would be written anew.
import { expect, test } from 'vitest';
import { type Field, Http1Server, type ResponseHead, serverSettings } from '../src/server.ts';
import { bytes, text } from './support/bytes.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const second = (now: number): string =>
  `Thu, 01 Jan 1970 00:00:${String(now % 60).padStart(2, '0')} GMT`;
const settings = [
  serverSettings({ date: second }),
  serverSettings({ date: second, timeouts: { idleMs: 7000 } }),
  serverSettings({ date: second, announceKeepAlive: false }),
  serverSettings({}),
];

/** What a machine sends in answer to one request. */
function sent(machine: Http1Server, head: ResponseHead, now: number, request = GET): string {
  machine.receive(bytes(request), now);
  for (
    let event = machine.nextEvent(now);
    event.type !== 'paused';
    event = machine.nextEvent(now)
  ) {
    if (event.type === 'need-data') throw new Error('the request is not complete');
  }
  machine.sendResponse(head, now);
  if (
    (head.contentLength ?? 0) > 0 &&
    machine.responseState === 'content' &&
    !/^HEAD/.test(request)
  ) {
    machine.sendText('x'.repeat(head.contentLength!), now);
  }
  machine.endMessage([], now);
  let all = '';
  for (let chunk = machine.nextOutput(); chunk !== null; chunk = machine.nextOutput()) {
    all += text(chunk);
    machine.outputAccepted(chunk.length, now);
  }
  return all.slice(0, all.indexOf('\r\n\r\n') + 4);
}

/** The head as it must be. */
function expected(head: ResponseHead, which: number, now: number): string {
  const lines = head.fields.map(({ name, value }) => `${name}: ${value}`);
  if (which < 2)
    lines.push('Connection: keep-alive', `Keep-Alive: timeout=${which === 0 ? 65 : 7}`);
  if (which === 3) lines.push('Connection: keep-alive', 'Keep-Alive: timeout=65');
  if (which < 3) lines.push(`Date: ${second(now)}`);
  lines.push(`Content-Length: ${head.contentLength}`);
  return `HTTP/1.1 ${head.status} ${head.reason ?? 'OK'}\r\n${lines.join('\r\n')}\r\n\r\n`;
}

const text1 = { name: 'content-type', value: 'text/plain' };
const heads: readonly (readonly Field[])[] = [
  [],
  [text1],
  [{ name: 'content-type', value: 'text/other' }],
  [{ name: 'Content-Type', value: 'text/plain' }],
  [text1, { name: 'etag', value: '"1"' }],
  [{ name: 'etag', value: '"1"' }, text1],
  Array.from({ length: 20 }, (_, index) => ({ name: `x-${index}`, value: 'y' })),
  [{ name: 'x', value: 'y'.repeat(2000) }],
];

test('every head comes out as if it were the first', () => {
  let now = 0;
  for (let round = 0; round < 300; round++) {
    for (const [which, own] of settings.entries()) {
      const fields = heads[(round * 7 + which) % 8]!.map((field) => ({ ...field }));
      const contentLength = [0, 1, 9, 10, 99, 100, 12_345][round % 7]!;
      const reason = round % 5 === 0 ? 'Fine' : undefined;
      const head: ResponseHead = { status: 200, reason, fields, contentLength };
      const machine = new Http1Server(own, now);
      // Twice on one connection, and in a second that may be another.
      expect(sent(machine, head, now)).toBe(expected(head, which, now));
      now += round % 3;
      expect(sent(machine, head, now)).toBe(expected(head, which, now));
    }
  }
});

test('what the connection or the request makes different is different', () => {
  const own = settings[0]!;
  const head: ResponseHead = { status: 200, fields: [text1], contentLength: 5 };
  const machine = new Http1Server(own, 0);
  for (let count = 0; count < 20; count++) sent(machine, head, 0);
  expect(sent(machine, head, 0)).toBe(expected(head, 0, 0));
  expect(sent(machine, head, 0, GET.replace('GET', 'HEAD'))).toBe(expected(head, 0, 0));
  const old = 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n';
  expect(sent(machine, head, 0, old)).toContain('Connection: keep-alive\r\nKeep-Alive:');
  expect(sent(machine, { ...head, status: 404 }, 0)).toContain('HTTP/1.1 404 Not Found\r\n');
  const dated = { ...head, fields: [{ name: 'date', value: 'x' }] };
  for (let count = 0; count < 9; count++) expect(sent(machine, dated, 0)).not.toContain('Date');
  const framed = {
    status: 200,
    fields: [{ name: 'content-length', value: '5' }],
    contentLength: 5,
  };
  for (let count = 0; count < 9; count++) {
    expect(sent(machine, framed, 0).match(/content-length/gi)).toHaveLength(1);
  }
  const upgraded = { ...head, fields: [{ name: 'Upgrade', value: 'toy' }] };
  for (let count = 0; count < 9; count++) {
    expect(sent(machine, upgraded, 0)).toContain('Connection: keep-alive, upgrade\r\n');
  }
  machine.receive(bytes(GET), 0);
  machine.drain(0);
  machine.nextEvent(0);
  machine.nextEvent(0);
  machine.sendResponse(head, 0);
  expect(text(machine.nextOutput()!)).toContain('Connection: close\r\nDate');
});

test('a caller may change its fields between two responses', () => {
  const machine = new Http1Server(settings[0]!, 0);
  const field = { name: 'x', value: '0' };
  const fields = [field];
  const head: ResponseHead = { status: 200, fields, contentLength: 0 };
  for (let count = 0; count < 40; count++) {
    if (count % 8 === 7) field.value = String(count);
    expect(sent(machine, head, 0)).toBe(expected(head, 0, 0));
  }
  field.value = 'a\r\nb';
  machine.receive(bytes(GET), 0);
  machine.nextEvent(0);
  machine.nextEvent(0);
  expect(() => machine.sendResponse(head, 0)).toThrow(TypeError);
});

test('a length is an integer, and no contradiction', () => {
  const machine = new Http1Server(settings[0]!, 0);
  const head: ResponseHead = { status: 200, fields: [text1], contentLength: 5 };
  for (let count = 0; count < 9; count++) sent(machine, head, 0);
  machine.receive(bytes(GET), 0);
  machine.nextEvent(0);
  machine.nextEvent(0);
  for (const contentLength of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
    expect(() => machine.sendResponse({ ...head, contentLength }, 0)).toThrow(RangeError);
  }
  const six = { name: 'Content-Length', value: '6' };
  const chunked = { name: 'Transfer-Encoding', value: 'chunked' };
  for (const field of [six, chunked]) {
    expect(() => machine.sendResponse({ ...head, fields: [field] }, 0)).toThrow(
      'HTTP1_FRAMING_NOT_ALLOWED',
    );
  }
  for (const status of [103, 101]) {
    const send = status === 103 ? 'sendInformational' : 'sendResponse';
    expect(() => machine[send]({ ...head, status, fields: [] }, 0)).toThrow(/^HTTP1_/);
  }
  expect(() => machine.sendResponse({ ...head, status: 204, fields: [] }, 0)).toThrow(
    'HTTP1_FRAMING_NOT_ALLOWED',
  );
  expect(machine.outputBytes).toBe(0);
  machine.sendResponse({ status: 200, fields: [], contentLength: -1 }, 0);
  expect(text(machine.nextOutput()!)).toContain('Transfer-Encoding: chunked\r\nDate: ');
});
