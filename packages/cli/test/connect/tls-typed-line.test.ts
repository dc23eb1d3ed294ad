import { expect, test } from 'vitest';
import { readTlsTypedLine } from '../../src/connect/tls/tls-typed-line.ts';

test.each([
  ['', { type: 'text', text: '' }],
  ['hello', { type: 'text', text: 'hello' }],
  ['//close', { type: 'text', text: '/close' }],
  ['/heartbeat', { type: 'heartbeat' }],
  ['/keyupdate', { type: 'key-update', requestsPeer: false }],
  ['/keyupdate  request ', { type: 'key-update', requestsPeer: true }],
  ['/close', { type: 'close' }],
  ['/help', { type: 'help' }],
])('%j', (line, expected) => {
  expect(readTlsTypedLine(line)).toEqual(expected);
});

test.each(['/', '/close 1000', '/keyupdate now', '/Heartbeat'])('%j is a mistake', (line) => {
  expect(readTlsTypedLine(line)).toMatchObject({ type: 'mistake' });
});
