import { expect, test } from 'vitest';
import { acceptOpening, acceptWebSocket, refuseOpening } from '../src/server-answer.ts';
import { type OpeningRequest, readOpeningRequest } from '../src/server-handshake.ts';
import { fieldsOf, SAMPLE_REQUEST } from './support/handshakes.ts';

function sampleOpening(extensions?: string): OpeningRequest {
  const further = extensions === undefined ? {} : { 'Sec-WebSocket-Extensions': extensions };
  const fields = [...SAMPLE_REQUEST.fields, ...fieldsOf(further)];
  const request = readOpeningRequest({ ...SAMPLE_REQUEST, fields });
  if (request.type !== 'opening') throw new Error(request.message);
  return request;
}

test('RFC 6455 section 1.2: the example', () => {
  expect(acceptOpening(sampleOpening(), { subprotocols: ['chat'] })).toEqual({
    type: 'accepted',
    response: {
      status: 101,
      reason: 'Switching Protocols',
      fields: fieldsOf({
        Upgrade: 'websocket',
        Connection: 'Upgrade',
        'Sec-WebSocket-Accept': 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
        'Sec-WebSocket-Protocol': 'chat',
      }),
    },
    subprotocol: 'chat',
    deflate: null,
  });
});

test('without a choice there are no subprotocol and no compression', () => {
  const accepted = acceptOpening(sampleOpening('permessage-deflate'));
  expect(accepted).toMatchObject({ subprotocol: null, deflate: null });
  expect(accepted.response.fields.map(({ name }) => name)).toEqual([
    'Upgrade',
    'Connection',
    'Sec-WebSocket-Accept',
  ]);
});

test('compression is agreed on where it is offered', () => {
  const offered = sampleOpening('foo, permessage-deflate; client_max_window_bits');
  const accepted = acceptOpening(offered, { deflate: { clientMaxWindowBits: 10 } });
  expect(accepted.response.fields).toContainEqual({
    name: 'Sec-WebSocket-Extensions',
    value: 'permessage-deflate; client_no_context_takeover; client_max_window_bits=10',
  });
  expect(accepted.deflate).toEqual({
    serverNoContextTakeover: false,
    clientNoContextTakeover: true,
    serverMaxWindowBits: 15,
    clientMaxWindowBits: 10,
  });
  // «Extensions not listed by the client MUST NOT be listed», section 4.2.2.
  expect(acceptOpening(sampleOpening('foo'), { deflate: {} }).deflate).toBe(null);
  expect(acceptOpening(sampleOpening(), { deflate: {} }).response.fields).toHaveLength(3);
});

test('further fields go behind, and cannot be those of the handshake', () => {
  const cookies = [
    { name: 'Set-Cookie', value: 'a=1' },
    { name: 'Set-Cookie', value: 'b=2' },
  ];
  const accepted = acceptOpening(sampleOpening(), { fields: cookies });
  expect(accepted.response.fields.slice(-2)).toEqual(cookies);
  for (const name of ['Upgrade', 'connection', 'Content-Length', 'Sec-WebSocket-Accept', 'a b']) {
    const fields = [{ name, value: '1' }];
    expect(() => acceptOpening(sampleOpening(), { fields })).toThrow(TypeError);
  }
});

test('what a caller cannot choose', () => {
  expect(() => acceptOpening(sampleOpening(), { subprotocols: () => 'other' })).toThrow(TypeError);
  expect(() => acceptOpening(sampleOpening(), { subprotocols: ['a b'] })).toThrow(TypeError);
  const deflate = { serverMaxWindowBits: 16 };
  expect(() => acceptOpening(sampleOpening(), { deflate })).toThrow(RangeError);
});

test('reading and accepting at once', () => {
  expect(acceptWebSocket(SAMPLE_REQUEST)).toMatchObject({ type: 'accepted' });
  expect(acceptWebSocket({ ...SAMPLE_REQUEST, method: 'PUT' })).toMatchObject({ type: 'refused' });
  expect(acceptWebSocket({ ...SAMPLE_REQUEST, fields: [] })).toMatchObject({
    type: 'not-websocket',
  });
  const limits = {
    listBytesMax: 4,
    listElementsMax: 1,
    emptyElementsMax: 1,
    extensionParametersMax: 1,
  };
  expect(acceptWebSocket(SAMPLE_REQUEST, {}, limits)).toMatchObject({
    code: 'WS_HANDSHAKE_TOO_LARGE',
  });
});

test('RFC 6455 section 4.2.2: a server can refuse with another status', () => {
  expect(refuseOpening(403)).toEqual({ status: 403, fields: [] });
  const redirect = fieldsOf({ Location: 'wss://other.example/' });
  expect(refuseOpening(307, redirect)).toEqual({ status: 307, fields: redirect });
  const challenge = fieldsOf({ 'WWW-Authenticate': 'Basic realm="x"' });
  expect(refuseOpening(401, challenge)).toEqual({ status: 401, fields: challenge });
});

test('what is no refusal', () => {
  for (const status of [100, 101, 200, 204, 299, 600, 403.5, Number.NaN]) {
    expect(() => refuseOpening(status)).toThrow(RangeError);
  }
  for (const status of [401, 405, 426]) expect(() => refuseOpening(status)).toThrow(TypeError);
  expect(() => refuseOpening(403, fieldsOf({ a: 'b\r\nc: d' }))).toThrow(TypeError);
  expect(() => refuseOpening(403, fieldsOf({ 'Sec-WebSocket-Accept': 'a' }))).toThrow(TypeError);
});
