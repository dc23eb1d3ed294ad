// The opening handshake of RFC 6455 section 1.2, and its pieces.
import type { HandshakeField, HandshakeRequestHead } from '../../src/handshake-head.ts';

/** Fields from an object, in its order. */
export function fieldsOf(values: Readonly<Record<string, string>>): HandshakeField[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** The fields of the example. */
export function sampleFields(): HandshakeField[] {
  return fieldsOf({
    Host: 'server.example.com',
    Upgrade: 'websocket',
    Connection: 'Upgrade',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    Origin: 'http://example.com',
    'Sec-WebSocket-Protocol': 'chat, superchat',
    'Sec-WebSocket-Version': '13',
  });
}

/** The example's request. */
export const SAMPLE_REQUEST: HandshakeRequestHead = {
  method: 'GET',
  target: '/chat',
  fields: sampleFields(),
};
