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

/** The head that a machine sends in answer to one request, before `length` bytes of content. */
function sent(
  machine: Http1Server,
  head: ResponseHead,
  length: number,
  now: number,
  request = GET,
): string {
  machine.receive(bytes(request), now);
  for (
    let event = machine.nextEvent(now);
    event.type !== 'paused';
    event = machine.nextEvent(now)
  ) {
    if (event.type === 'need-data') throw new Error('the request is not complete');
  }
  const content = 'x'.repeat(length);
  const isBytes = (length + now) % 2 === 0;
  const byteCount = machine.respond(head, isBytes ? bytes(content) : content, now);
  expect(byteCount).toBe(request.startsWith('HEAD') ? 0 : length);
  let all = '';
  for (let chunk = machine.nextOutput(); chunk !== null; chunk = machine.nextOutput()) {
    all += text(chunk);
    machine.outputAccepted(chunk.length, now);
  }
  const headEnd = all.indexOf('\r\n\r\n') + 4;
  expect(all.slice(headEnd)).toBe('x'.repeat(byteCount));
  return all.slice(0, headEnd);
}

/** The head as it must be. */
function expected(head: ResponseHead, length: number, which: number, now: number): string {
  const lines = head.fields.map(({ name, value }) => `${name}: ${value}`);
  if (which < 2)
    lines.push('Connection: keep-alive', `Keep-Alive: timeout=${which === 0 ? 65 : 7}`);
  if (which === 3) lines.push('Connection: keep-alive', 'Keep-Alive: timeout=65');
  if (which < 3) lines.push(`Date: ${second(now)}`);
  lines.push(`Content-Length: ${length}`);
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
      const length = [0, 1, 9, 10, 99, 256, 257, 4096, 4097, 12_345][round % 10]!;
      const reason = round % 5 === 0 ? 'Fine' : undefined;
      const head: ResponseHead = { status: 200, reason, fields };
      const machine = new Http1Server(own, now);
      // Twice on one connection, and in a second that may be another.
      expect(sent(machine, head, length, now)).toBe(expected(head, length, which, now));
      now += round % 3;
      expect(sent(machine, head, length, now)).toBe(expected(head, length, which, now));
    }
  }
});

test('what the connection or the request makes different is different', () => {
  const own = settings[0]!;
  const head: ResponseHead = { status: 200, fields: [text1] };
  const machine = new Http1Server(own, 0);
  for (let count = 0; count < 20; count++) sent(machine, head, 5, 0);
  expect(sent(machine, head, 5, 0)).toBe(expected(head, 5, 0, 0));
  expect(sent(machine, head, 5, 0, GET.replace('GET', 'HEAD'))).toBe(expected(head, 5, 0, 0));
  const old = 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n';
  expect(sent(machine, head, 5, 0, old)).toContain('Connection: keep-alive\r\nKeep-Alive:');
  expect(sent(machine, { ...head, status: 404 }, 5, 0)).toContain('HTTP/1.1 404 Not Found\r\n');
  const dated = { ...head, fields: [{ name: 'date', value: 'x' }] };
  for (let count = 0; count < 9; count++) expect(sent(machine, dated, 5, 0)).not.toContain('Date');
  const framed = { status: 200, fields: [{ name: 'content-length', value: '5' }] };
  for (let count = 0; count < 9; count++) {
    expect(sent(machine, framed, 5, 0).match(/content-length/gi)).toHaveLength(1);
  }
  const upgraded = { ...head, fields: [{ name: 'Upgrade', value: 'toy' }] };
  for (let count = 0; count < 9; count++) {
    expect(sent(machine, upgraded, 5, 0)).toContain('Connection: keep-alive, upgrade\r\n');
  }
  const closing = { ...head, fields: [{ name: 'connection', value: 'close' }] };
  expect(sent(machine, closing, 5, 0)).toContain('Connection: close\r\nDate');
  const draining = new Http1Server(own, 0);
  awaiting(draining);
  draining.drain(0);
  draining.respond(head, '', 0);
  expect(output(draining)).toContain('Connection: close\r\nDate');
});

/** The machine has a request that is to be answered. */
function awaiting(machine: Http1Server, request = GET): void {
  machine.receive(bytes(request), 0);
  machine.nextEvent(0);
  machine.nextEvent(0);
}

/** Everything that goes out. */
function output(machine: Http1Server): string {
  let all = '';
  for (let chunk = machine.nextOutput(); chunk !== null; chunk = machine.nextOutput()) {
    all += text(chunk);
    machine.outputAccepted(chunk.length, 0);
  }
  return all;
}

test('a caller may change its fields between two responses', () => {
  const machine = new Http1Server(settings[0]!, 0);
  const field = { name: 'x', value: '0' };
  const fields = [field];
  const head: ResponseHead = { status: 200, fields };
  for (let count = 0; count < 40; count++) {
    if (count % 8 === 7) field.value = String(count);
    expect(sent(machine, head, 0, 0)).toBe(expected(head, 0, 0, 0));
  }
  field.value = 'a\r\nb';
  awaiting(machine);
  expect(() => machine.respond(head, '', 0)).toThrow(TypeError);
});

test.each([
  '',
  'hello',
  'x'.repeat(256),
  'x'.repeat(257),
  'grüße',
  '\u{1f600}',
  '\ud800',
  'é'.repeat(200),
  'x'.repeat(5000),
])('text %# goes out as UTF-8, whether its head is known or not', (content) => {
  const encoded = new TextEncoder().encode(content);
  for (let count = 0; count < 9; count++) {
    const machine = new Http1Server(settings[0]!, 0);
    awaiting(machine);
    expect(machine.respond({ status: 200, fields: [text1] }, content, 0)).toBe(encoded.length);
    const all = output(machine);
    expect(all).toContain(`Content-Length: ${encoded.length}\r\n\r\n`);
    expect(all.slice(all.indexOf('\r\n\r\n') + 4)).toBe(text(encoded));
  }
});

test('what is refused changes nothing', () => {
  const machine = new Http1Server(settings[0]!, 0);
  const head: ResponseHead = { status: 200, fields: [text1] };
  for (let count = 0; count < 9; count++) sent(machine, head, 5, 0);
  awaiting(machine);
  const field = (name: string, value: string) => ({ ...head, fields: [{ name, value }] });
  expect(() => machine.respond(field('Content-Length', '6'), '', 0)).toThrow(/^HTTP1_FRAMING/);
  const chunked = field('Transfer-Encoding', 'chunked');
  expect(() => machine.respond(chunked, 'a', 0)).toThrow(/^HTTP1_FRAMING/);
  expect(() => machine.respond({ ...head, status: 204 }, 'a', 0)).toThrow(/^HTTP1_FRAMING/);
  expect(() => machine.respond({ ...head, status: 205 }, 'a', 0)).toThrow(/^HTTP1_FRAMING/);
  expect(() => machine.respond({ ...head, status: 101 }, '', 0)).toThrow(RangeError);
  expect(() => machine.respond(field('x', '\n'), 'a', 0)).toThrow(TypeError);
  for (const wrong of [5, undefined, {}, [1]]) {
    const content = wrong as unknown as string;
    expect(() => machine.respond(head, content, 0)).toThrow(TypeError);
    expect(() => machine.respond({ ...head, status: 404 }, content, 0)).toThrow(TypeError);
  }
  expect([machine.outputBytes, machine.responseState]).toEqual([0, 'awaiting']);
  machine.respond(head, 'a', 0);
  expect(() => machine.respond(head, 'a', 0)).toThrow(/^HTTP1_NO_REQUEST/);
  const tunnel = new Http1Server(settings[0]!, 0);
  awaiting(tunnel, 'CONNECT b:1 HTTP/1.1\r\nHost: b:1\r\n\r\n');
  expect(() => tunnel.respond(head, '', 0)).toThrow(/^HTTP1_SWITCH_NOT_ALLOWED/);
});

test.each([
  [GET, 200, null, 'Transfer-Encoding: chunked', '0\r\n\r\n'],
  [GET, 204, null, 'No Content', ''],
  [GET, 204, '', 'No Content', ''],
  [GET, 205, '', 'Content-Length: 0', ''],
  [GET, 304, '', 'Not Modified', ''],
  [GET, 304, 'measured', 'Content-Length: 8', ''],
  [GET.replace('GET', 'HEAD'), 200, null, 'OK', ''],
  [GET.replace('GET', 'HEAD'), 200, 'measured', 'Content-Length: 8', ''],
])('%j with %i and %j', (request, status, content, line, behind) => {
  const machine = new Http1Server(settings[0]!, 0);
  awaiting(machine, request);
  machine.respond({ status, fields: [] }, content, 0);
  expect(machine.responseState).toBe('idle');
  const all = output(machine);
  const headEnd = all.indexOf('\r\n\r\n') + 4;
  expect(all.slice(0, headEnd)).toContain(line);
  if (!line.startsWith('Content-Length')) expect(all).not.toContain('Content-Length');
  expect(all.slice(headEnd)).toBe(behind);
});
