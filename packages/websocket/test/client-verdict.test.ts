import { expect, test } from 'vitest';
import { makeOpeningRequest, type OpeningOptions } from '../src/client-handshake.ts';
import { checkOpeningResponse } from '../src/client-verdict.ts';
import type { HandshakeField } from '../src/handshake-head.ts';
import { RESPONSE_FAULTS } from '../src/response-faults.ts';
import { parseWebSocketUrl } from '../src/websocket-url.ts';
import { fieldsOf } from './support/handshakes.ts';

const NONCE = new TextEncoder().encode('the sample nonce');
const URL_OF_EXAMPLE = parseWebSocketUrl('ws://server.example.com/chat');
const SWITCH = {
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
};
const ESTABLISHED = { type: 'established', subprotocol: null, deflate: null };

function check(fields: readonly HandshakeField[], options: OpeningOptions = {}): unknown {
  const handshake = makeOpeningRequest(URL_OF_EXAMPLE, NONCE, options);
  const verdict = checkOpeningResponse(handshake, { status: 101, fields });
  if (verdict.type !== 'failed') return verdict;
  expect(verdict.message).toContain(RESPONSE_FAULTS[verdict.code].section);
  return verdict.code;
}

/** The right response with other fields, each given as one line. */
function changed(change: Readonly<Record<string, string>>, options?: OpeningOptions): unknown {
  return check(fieldsOf({ ...SWITCH, ...change }), options);
}

/** The right response with further lines. */
function added(name: string, values: readonly string[], options?: OpeningOptions): unknown {
  const lines = values.map((value) => ({ name, value }));
  return check([...fieldsOf(SWITCH), ...lines], options);
}

function without(name: string): unknown {
  return check(fieldsOf(SWITCH).filter((field) => field.name !== name));
}

test('RFC 6455 section 1.2: the example', () => {
  const options = { subprotocols: ['chat', 'superchat'] };
  expect(changed({ 'Sec-WebSocket-Protocol': 'chat' }, options)).toEqual({
    ...ESTABLISHED,
    subprotocol: 'chat',
  });
});

test('section 4.1 step 1: another status is no fault', () => {
  const handshake = makeOpeningRequest(URL_OF_EXAMPLE, NONCE);
  for (const status of [100, 200, 301, 401, 426, 503]) {
    const response = { status, reason: 'x', fields: fieldsOf(SWITCH) };
    expect(checkOpeningResponse(handshake, response)).toEqual({ type: 'refused', response });
  }
});

test('section 4.1 step 2: Upgrade is websocket, in any case', () => {
  expect(changed({ Upgrade: ' WebSocket ' })).toEqual(ESTABLISHED);
  expect(without('Upgrade')).toBe('WS_WRONG_UPGRADE');
  for (const value of ['', 'websockets', 'websocket, h2c', 'websocket, websocket', 'web socket']) {
    expect(changed({ Upgrade: value })).toBe('WS_WRONG_UPGRADE');
  }
  expect(added('Upgrade', ['websocket'])).toBe('WS_WRONG_UPGRADE');
});

test('section 4.1 step 3: Connection lists upgrade, in any case', () => {
  expect(changed({ Connection: 'keep-alive, UPGRADE' })).toEqual(ESTABLISHED);
  expect(added('Connection', ['close'])).toEqual(ESTABLISHED);
  expect(without('Connection')).toBe('WS_WRONG_CONNECTION');
  expect(changed({ Connection: 'keep-alive' })).toBe('WS_WRONG_CONNECTION');
});

test('section 4.1 step 4: the accept value but for white space around it', () => {
  const name = 'Sec-WebSocket-Accept';
  const accept = SWITCH[name];
  expect(changed({ [name]: `\t ${accept} ` })).toEqual(ESTABLISHED);
  expect(without(name)).toBe('WS_MISSING_ACCEPT');
  expect(added(name, [accept])).toBe('WS_DUPLICATE_ACCEPT');
  for (const wrong of [
    '',
    accept.toLowerCase(),
    accept.slice(0, -1),
    `${accept}, ${accept}`,
    'x',
  ]) {
    expect(changed({ [name]: wrong })).toBe('WS_WRONG_ACCEPT');
  }
});

test('section 4.1 step 5: extensions are some of those offered', () => {
  const name = 'Sec-WebSocket-Extensions';
  const agreed = {
    ...ESTABLISHED,
    deflate: {
      serverNoContextTakeover: false,
      clientNoContextTakeover: true,
      serverMaxWindowBits: 15,
      clientMaxWindowBits: 11,
    },
  };
  const right = 'permessage-deflate; client_no_context_takeover; client_max_window_bits=11';
  expect(added(name, [right])).toEqual(agreed);
  const wrong: [string[], string][] = [
    [[''], 'WS_INVALID_EXTENSION_RESPONSE'],
    [['permessage-deflate;'], 'WS_INVALID_EXTENSION_RESPONSE'],
    [['a'.repeat(5_000)], 'WS_INVALID_EXTENSION_RESPONSE'],
    [['mux'], 'WS_EXTENSION_NOT_OFFERED'],
    [[right, 'mux'], 'WS_EXTENSION_NOT_OFFERED'],
    [['mux', right], 'WS_EXTENSION_NOT_OFFERED'],
    [[right, right], 'WS_DUPLICATE_EXTENSION'],
    [[`${right}, ${right}`], 'WS_DUPLICATE_EXTENSION'],
    [['permessage-deflate; unknown'], 'WS_INVALID_DEFLATE_PARAMETERS'],
    [['permessage-deflate; client_max_window_bits'], 'WS_INVALID_DEFLATE_PARAMETERS'],
  ];
  for (const [lines, code] of wrong) expect(added(name, lines), lines.join()).toBe(code);
  expect(added(name, ['permessage-deflate'], { deflate: [] })).toBe('WS_EXTENSION_NOT_OFFERED');
  const demand = { deflate: [{ serverNoContextTakeover: true }] };
  expect(added(name, ['permessage-deflate'], demand)).toBe('WS_DEFLATE_NOT_OFFERED');
  // Section 4.2.2: «or split between multiple instances», where an empty one adds nothing.
  expect(added(name, ['', right])).toEqual(agreed);
});

test('section 4.1 step 6: the subprotocol is one of those asked for', () => {
  const name = 'Sec-WebSocket-Protocol';
  const options = { subprotocols: ['chat', 'superchat'] };
  expect(added(name, [' superchat '], options)).toEqual({
    ...ESTABLISHED,
    subprotocol: 'superchat',
  });
  expect(added(name, [], options)).toEqual(ESTABLISHED);
  for (const wrong of ['', 'Chat', 'chat, superchat', 'other', '"chat"']) {
    expect(added(name, [wrong], options)).toBe('WS_SUBPROTOCOL_NOT_OFFERED');
    expect(added(name, [wrong])).toBe('WS_SUBPROTOCOL_NOT_OFFERED');
  }
  expect(added(name, ['chat', 'chat'], options)).toBe('WS_DUPLICATE_SUBPROTOCOL');
});

test('a caller may insist on a subprotocol', () => {
  const subprotocolRequired = true;
  expect(added('x', [], { subprotocols: ['chat'], subprotocolRequired })).toBe('WS_NO_SUBPROTOCOL');
  expect(added('x', [], { subprotocolRequired })).toEqual(ESTABLISHED);
});
