import { expect, test } from 'vitest';
import { asksForWebSocket, isForeignOrigin } from '../../src/websocket/opening.ts';

type RequestHead = Parameters<typeof asksForWebSocket>[0];

const head = (...fields: [name: string, value: string][]): RequestHead =>
  ({ fields: fields.map(([name, value]) => ({ name, value })) }) as unknown as RequestHead;

test.each([
  [false, head()],
  [false, head(['upgrade', 'h2c'])],
  [false, head(['x-upgrade', 'websocket'])],
  [true, head(['upgrade', 'WebSocket'])],
  [true, head(['upgrade', 'h2c, websocket'])],
  // A proxy that does not pass on what is of one connection only.
  [true, head(['sec-websocket-version', '13'])],
])('%j', (asks, request) => {
  expect(asksForWebSocket(request)).toBe(asks);
});

test.each([
  [false, null, 'localhost:8080'],
  [false, 'http://localhost:8080', 'localhost:8080'],
  [false, 'http://localhost:8080', 'LOCALHOST:8080'],
  [false, 'http://[::1]:8080', '[::1]:8080'],
  [false, 'http://localhost', 'localhost:80'],
  // A proxy may have taken TLS off.
  [false, 'https://example.com', 'example.com'],
  [true, 'http://localhost:8081', 'localhost:8080'],
  [true, 'http://localhost', 'localhost:8080'],
  [true, 'http://127.0.0.1:8080', 'localhost:8080'],
  [true, 'http://localhost:8080.evil.example', 'localhost:8080'],
  [true, 'null', 'localhost:8080'],
  [true, '', 'localhost:8080'],
  [true, 'localhost:8080', 'localhost:8080'],
  [true, 'file://', ''],
])('%j for %s at %s', (isForeign, origin, authority) => {
  expect(isForeignOrigin(origin, authority)).toBe(isForeign);
});
