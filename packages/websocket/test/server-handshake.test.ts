import { expect, test } from 'vitest';
import type { HandshakeRequestHead } from '../src/handshake-head.ts';
import { DEFAULT_HANDSHAKE_LIMITS } from '../src/handshake-limits.ts';
import { REQUEST_FAULTS, type RequestFaultCode } from '../src/request-faults.ts';
import { readOpeningRequest } from '../src/server-handshake.ts';
import { fieldsOf, SAMPLE_REQUEST, sampleFields } from './support/handshakes.ts';

type Change = Readonly<Record<string, string | readonly string[] | null>>;

/** The sample request with other fields: null takes one away, a list gives it several lines. */
function changed(change: Change, head: Partial<HandshakeRequestHead> = {}): HandshakeRequestHead {
  const names = Object.keys(change).map((name) => name.toLowerCase());
  const kept = SAMPLE_REQUEST.fields.filter(({ name }) => !names.includes(name.toLowerCase()));
  const added = Object.entries(change).flatMap(([name, value]) =>
    (value === null ? [] : [value].flat()).map((line) => ({ name, value: line })),
  );
  return { ...SAMPLE_REQUEST, ...head, fields: [...kept, ...added] };
}

function codeOf(head: HandshakeRequestHead): [string, RequestFaultCode | null] {
  const result = readOpeningRequest(head);
  return [result.type, result.type === 'opening' ? null : result.code];
}

const ACCEPTED = ['opening', null];

function refusedAs(code: RequestFaultCode): [string, RequestFaultCode] {
  return ['refused', code];
}

test('RFC 6455 section 1.2: the example', () => {
  expect(readOpeningRequest(SAMPLE_REQUEST)).toEqual({
    type: 'opening',
    resourceName: '/chat',
    authority: 'server.example.com',
    origin: 'http://example.com',
    subprotocols: ['chat', 'superchat'],
    extensions: [],
    key: 'dGhlIHNhbXBsZSBub25jZQ==',
  });
});

test('the order and the case of field names do not matter', () => {
  const fields = sampleFields().reverse();
  const upper = fields.map(({ name, value }) => ({ name: name.toUpperCase(), value }));
  const expected = readOpeningRequest(SAMPLE_REQUEST);
  expect(readOpeningRequest({ ...SAMPLE_REQUEST, fields: upper })).toEqual(expected);
  const lower = fields.map(({ name, value }) => ({
    name: name.toLowerCase(),
    value: ` ${value}\t`,
  }));
  expect(readOpeningRequest({ ...SAMPLE_REQUEST, fields: lower })).toEqual(expected);
});

test('RFC 9110 section 7.8: without an upgrade to websocket it is another request', () => {
  const others: [HandshakeRequestHead, RequestFaultCode][] = [
    [changed({ Upgrade: null }), 'WS_NO_UPGRADE'],
    [changed({ Upgrade: 'h2c' }), 'WS_NO_UPGRADE'],
    [changed({ Upgrade: 'websocket/13' }), 'WS_NO_UPGRADE'],
    [changed({ Upgrade: 'websockets' }), 'WS_NO_UPGRADE'],
    [changed({ Upgrade: null }, { method: 'POST' }), 'WS_NO_UPGRADE'],
    [changed({ Connection: null }), 'WS_NO_UPGRADE_OPTION'],
    [changed({ Connection: 'keep-alive' }), 'WS_NO_UPGRADE_OPTION'],
    [changed({ Connection: 'Upgrades' }), 'WS_NO_UPGRADE_OPTION'],
    [changed({}, { minorVersion: 0 }), 'WS_HTTP_VERSION_TOO_LOW'],
  ];
  for (const [head, code] of others) {
    const result = readOpeningRequest(head);
    expect(result).toMatchObject({ type: 'not-websocket', code, wasAttempted: true });
    expect('message' in result && result.message).toContain(': a proxy may not have passed it on');
    // «A server MUST send an Upgrade header field in a 426 response», which Connection has to list.
    expect('response' in result && result.response).toEqual({
      status: 426,
      fields: fieldsOf({
        Upgrade: 'websocket',
        Connection: 'Upgrade',
        'Sec-WebSocket-Version': '13',
      }),
    });
  }
  const page = { method: 'GET', target: '/', fields: fieldsOf({ Host: 'a' }), minorVersion: 1 };
  const message = 'no upgrade (RFC 6455 section 4.2.1)';
  const expected = { type: 'not-websocket', wasAttempted: false, message };
  expect(readOpeningRequest(page)).toMatchObject(expected);
});

test('Upgrade and Connection are lists without case', () => {
  const same: Change[] = [
    { Upgrade: 'WebSocket' },
    { Upgrade: 'h2c, WEBSOCKET' },
    { Upgrade: ['h2c', 'websocket'] },
    { Connection: 'keep-alive, Upgrade' },
    { Connection: ['keep-alive', 'UPGRADE,'] },
  ];
  for (const change of same)
    expect(codeOf(changed(change)), JSON.stringify(change)).toEqual(ACCEPTED);
  expect(codeOf(changed({}, { minorVersion: 1 }))).toEqual(ACCEPTED);
  expect(codeOf(changed({}, { minorVersion: 2 }))).toEqual(ACCEPTED);
});

test('another method than GET is refused, with the one that is allowed', () => {
  for (const method of ['POST', 'HEAD', 'get', 'CONNECT', '']) {
    expect(readOpeningRequest(changed({}, { method }))).toMatchObject({
      type: 'refused',
      code: 'WS_METHOD_NOT_GET',
      response: { status: 405, fields: [{ name: 'Allow', value: 'GET' }] },
    });
  }
});

test('a resource name, or an absolute http or https URI that has one', () => {
  const targets: [string, string, string][] = [
    ['/', '/', 'server.example.com'],
    ['/a?b=c?', '/a?b=c?', 'server.example.com'],
    ['http://other.example/chat?x', '/chat?x', 'other.example'],
    ['HTTPS://other.example:81', '/', 'other.example:81'],
    ['http://other.example?x', '/?x', 'other.example'],
  ];
  for (const [target, resourceName, authority] of targets) {
    expect(readOpeningRequest(changed({}, { target }))).toMatchObject({ resourceName, authority });
  }
  for (const target of [
    '*',
    '',
    'a',
    'h:80',
    'ws://h/',
    'http:///a',
    'http://u@h/',
    '/a#b',
    'http:/a',
  ]) {
    expect(codeOf(changed({}, { target })), target).toEqual(refusedAs('WS_INVALID_TARGET'));
  }
});

test('one valid Host', () => {
  expect(codeOf(changed({ Host: '[::1]:8080' }))).toEqual(ACCEPTED);
  expect(codeOf(changed({ Host: null }))).toEqual(refusedAs('WS_MISSING_HOST'));
  expect(codeOf(changed({ Host: ['a', 'a'] }))).toEqual(refusedAs('WS_DUPLICATE_HOST'));
  for (const host of ['', 'a b', 'a/b', 'a:x', 'a, b:1/', 'u@h']) {
    expect(codeOf(changed({ Host: host })), host).toEqual(refusedAs('WS_INVALID_HOST'));
  }
});

test('RFC 6455 section 4.4: version 13, and which one it is in the response', () => {
  const versions: [Change, RequestFaultCode][] = [
    [{ 'Sec-WebSocket-Version': null }, 'WS_MISSING_VERSION'],
    [{ 'Sec-WebSocket-Version': ['13', '13'] }, 'WS_DUPLICATE_VERSION'],
    [{ 'Sec-WebSocket-Version': '13, 8' }, 'WS_INVALID_VERSION'],
    [{ 'Sec-WebSocket-Version': '013' }, 'WS_INVALID_VERSION'],
    [{ 'Sec-WebSocket-Version': '256' }, 'WS_INVALID_VERSION'],
    [{ 'Sec-WebSocket-Version': '' }, 'WS_INVALID_VERSION'],
    [{ 'Sec-WebSocket-Version': '13.0' }, 'WS_INVALID_VERSION'],
    ...['0', '8', '12', '14', '25', '255'].map((version): [Change, RequestFaultCode] => [
      { 'Sec-WebSocket-Version': version },
      'WS_UNSUPPORTED_VERSION',
    ]),
  ];
  for (const [change, code] of versions) {
    const result = readOpeningRequest(changed(change));
    expect(result, JSON.stringify(change)).toMatchObject({ type: 'refused', code });
    const fields = 'response' in result ? result.response.fields : [];
    expect(fields).toContainEqual({ name: 'Sec-WebSocket-Version', value: '13' });
    const names = fields.map(({ name }) => name);
    expect(names.includes('Upgrade')).toBe(REQUEST_FAULTS[code].status === 426);
  }
});

test('another version goes before what it may have otherwise', () => {
  const old = changed({ 'Sec-WebSocket-Version': '8', 'Sec-WebSocket-Key': null });
  expect(codeOf(old)).toEqual(refusedAs('WS_UNSUPPORTED_VERSION'));
});

test('one key of 16 bytes', () => {
  const key = (value: string | string[] | null) => codeOf(changed({ 'Sec-WebSocket-Key': value }));
  expect(key('AQIDBAUGBwgJCgsMDQ4PEC==')).toEqual(ACCEPTED);
  expect(key(null)).toEqual(refusedAs('WS_MISSING_KEY'));
  const sample = 'dGhlIHNhbXBsZSBub25jZQ==';
  expect(key([sample, sample])).toEqual(refusedAs('WS_DUPLICATE_KEY'));
  for (const invalid of [
    '',
    'dGhlIHNhbXBsZSBub25jZQ',
    `${sample}, ${sample}`,
    'dGhlIHNhbXBsZSBub25jZQ=a',
  ]) {
    expect(key(invalid), invalid).toEqual(refusedAs('WS_INVALID_KEY'));
  }
});

test('content would be taken for frames', () => {
  expect(codeOf(changed({ 'Content-Length': '0' }))).toEqual(ACCEPTED);
  const content: Change[] = [
    { 'Content-Length': '1' },
    { 'Content-Length': '' },
    { 'Content-Length': ['0', '5'] },
    { 'Transfer-Encoding': 'chunked' },
  ];
  for (const change of content) {
    expect(codeOf(changed(change))).toEqual(refusedAs('WS_REQUEST_CONTENT'));
  }
});

test('Origin is told in lower case; a second one is refused', () => {
  const origin = (value: string | string[] | null) => {
    const result = readOpeningRequest(changed({ Origin: value }));
    return result.type === 'opening' ? result.origin : result.code;
  };
  expect(origin(null)).toBe(null);
  expect(origin('null')).toBe('null');
  expect(origin('HTTPS://Example.com:8443')).toBe('https://example.com:8443');
  expect(origin(['http://a', 'http://b'])).toBe('WS_DUPLICATE_ORIGIN');
});

test('lists of subprotocols and extensions over several lines', () => {
  const change = {
    'Sec-WebSocket-Protocol': ['a, b', 'c'],
    'Sec-WebSocket-Extensions': ['x; y=1', 'permessage-deflate'],
  };
  expect(readOpeningRequest(changed(change))).toMatchObject({
    subprotocols: ['a', 'b', 'c'],
    extensions: [
      { name: 'x', parameters: [{ name: 'y', value: '1' }] },
      { name: 'permessage-deflate', parameters: [] },
    ],
  });
});

test('lists that are none, with what is wrong and where', () => {
  const results: [Change, RequestFaultCode, string][] = [
    [{ 'Sec-WebSocket-Protocol': 'a, a' }, 'WS_INVALID_SUBPROTOCOLS', 'duplicate at 3'],
    [{ 'Sec-WebSocket-Protocol': '' }, 'WS_INVALID_SUBPROTOCOLS', 'empty list at 0'],
    [{ 'Sec-WebSocket-Extensions': 'a; b="c' }, 'WS_INVALID_EXTENSIONS', 'unterminated quote at 5'],
    [
      { 'Sec-WebSocket-Extensions': 'a'.repeat(DEFAULT_HANDSHAKE_LIMITS.listBytesMax + 1) },
      'WS_HANDSHAKE_TOO_LARGE',
      'too large at 4096',
    ],
    [
      { 'Sec-WebSocket-Protocol': 'a'.repeat(DEFAULT_HANDSHAKE_LIMITS.listBytesMax + 1) },
      'WS_HANDSHAKE_TOO_LARGE',
      'too large at 4096',
    ],
  ];
  for (const [change, code, detail] of results) {
    const result = readOpeningRequest(changed(change));
    const { status } = REQUEST_FAULTS[code];
    expect(result).toMatchObject({ type: 'refused', code, response: { status, fields: [] } });
    expect('message' in result && result.message).toContain(detail);
  }
});
