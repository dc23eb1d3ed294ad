import { expect, test } from 'vitest';
import { makeOpeningRequest, type OpeningOptions } from '../src/client-handshake.ts';
import { parseWebSocketUrl } from '../src/websocket-url.ts';
import { fieldsOf } from './support/handshakes.ts';

const NONCE = new TextEncoder().encode('the sample nonce');
const URL_OF_EXAMPLE = parseWebSocketUrl('ws://server.example.com/chat');

function requestOf(options: OpeningOptions): unknown {
  return makeOpeningRequest(URL_OF_EXAMPLE, NONCE, options).request;
}

test('RFC 6455 section 1.2: the example', () => {
  const options = {
    subprotocols: ['chat', 'superchat'],
    origin: 'http://example.com',
    deflate: [],
  };
  expect(makeOpeningRequest(URL_OF_EXAMPLE, NONCE, options)).toEqual({
    request: {
      method: 'GET',
      target: '/chat',
      fields: fieldsOf({
        Host: 'server.example.com',
        Upgrade: 'websocket',
        Connection: 'Upgrade',
        'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Protocol': 'chat, superchat',
        Origin: 'http://example.com',
      }),
    },
    accept: 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    subprotocols: ['chat', 'superchat'],
    subprotocolRequired: false,
    deflate: [],
  });
});

test('by default it offers compression as browsers do, and no subprotocol', () => {
  const { request } = makeOpeningRequest(URL_OF_EXAMPLE, NONCE);
  expect(request.fields.slice(5)).toEqual([
    { name: 'Sec-WebSocket-Extensions', value: 'permessage-deflate; client_max_window_bits' },
  ]);
});

test('several offers are one field', () => {
  const deflate = [{ serverMaxWindowBits: 9, serverNoContextTakeover: true }, {}];
  expect(requestOf({ deflate })).toMatchObject({
    fields: expect.arrayContaining([
      {
        name: 'Sec-WebSocket-Extensions',
        value:
          'permessage-deflate; server_no_context_takeover; server_max_window_bits=9, permessage-deflate',
      },
    ]),
  });
});

test('a nonce has 16 bytes', () => {
  for (const length of [0, 15, 17]) {
    expect(() => makeOpeningRequest(URL_OF_EXAMPLE, new Uint8Array(length))).toThrow(RangeError);
  }
});

test('what a client cannot ask for', () => {
  expect(() => requestOf({ subprotocols: ['a', 'a'] })).toThrow(TypeError);
  expect(() => requestOf({ subprotocols: ['a b'] })).toThrow(TypeError);
  expect(() => requestOf({ deflate: [{ serverMaxWindowBits: 7 }] })).toThrow(RangeError);
  expect(() => requestOf({ origin: 'a\r\nb' })).toThrow(TypeError);
});

test('further fields go behind, each once, and cannot be those of the handshake', () => {
  const fields = fieldsOf({ Cookie: 'a=b', Authorization: 'Basic eDp5' });
  expect(requestOf({ fields, deflate: [] })).toMatchObject({
    fields: expect.arrayContaining(fields),
  });
  const own = ['Host', 'UPGRADE', 'Connection', 'Sec-WebSocket-Key', 'sec-websocket-protocol'];
  const framing = ['Content-Length', 'Transfer-Encoding', 'Expect', 'TE', 'Trailer', 'Keep-Alive'];
  for (const name of [...own, ...framing, 'Proxy-Connection', 'a:b']) {
    expect(() => requestOf({ fields: [{ name, value: '1' }] }), name).toThrow(TypeError);
  }
  const twice = [
    { name: 'Cookie', value: 'a=b' },
    { name: 'cookie', value: 'c=d' },
  ];
  expect(() => requestOf({ fields: twice })).toThrow(TypeError);
  const origin = fieldsOf({ Origin: 'http://a' });
  expect(() => requestOf({ fields: origin, origin: 'http://b' })).toThrow(TypeError);
  expect(() => requestOf({ fields: origin })).not.toThrow();
});
