import { expect, test } from 'vitest';
import {
  connectionOptions,
  controlFields,
  parseKeepAlive,
  upgradeProtocols,
} from '../src/control-fields.ts';

test('the fields that steer a connection are found, joined in order, and nothing else is', () => {
  const lines = [
    ['host', 'a'],
    ['host', 'b'],
    ['connection', 'x'],
    ['connection', 'close'],
    ['content-length', '1'],
    ['content-length', '2'],
    ['transfer-encoding', 'a'],
    ['transfer-encoding', 'b'],
    ['expect', 'e'],
    ['expect', 'f'],
    ['upgrade', 'u'],
    ['upgrade', 'v'],
    ['keep-alive', 'k'],
    ['keep-alive', 'l'],
    ['cookies', 'no'],
    ['accept', 'no'],
    ['date', 'no'],
    ['user-agent', 'no'],
    ['content-lengtx', 'no'],
    ['transfer-encodinx', 'no'],
    ['vary', 'no'],
  ];
  const fields = lines.map(([name, value]) => ({ name: name!, value: value! }));
  expect(controlFields(fields)).toEqual({
    host: 'b',
    hostCount: 2,
    connection: 'x,close',
    contentLength: '1,2',
    transferEncoding: 'a,b',
    expect: 'e,f',
    upgrade: 'u,v',
    keepAlive: 'k,l',
  });
  expect(controlFields([]).connection).toBeNull();
});

// RFC 9110 section 7.6.1: case-insensitive.
test.each([
  [null, [false, false, false]],
  ['keep-alive', [false, true, false]],
  ['Close', [true, false, false]],
  ['KEEP-ALIVE, upgrade', [false, true, true]],
  ['close-not, xclose, "close"', [false, false, false]],
  ['x", close', [true, false, false]],
])('Connection: %s', (value, [close, keepAlive, upgrade]) => {
  expect(connectionOptions(value)).toEqual({ close, keepAlive, upgrade });
});

test('protocols are names with a version or without', () => {
  expect(upgradeProtocols(null)).toEqual([]);
  expect(upgradeProtocols('websocket, h2c , x/1.0, , a b, /1, c/, d/e/f, "q"')).toEqual([
    'websocket',
    'h2c',
    'x/1.0',
    'd/e/f',
  ]);
});

// RFC 2068 section 19.7.1.1
test.each([
  [null, null],
  ['', null],
  ['x=1', null],
  ['timeout', null],
  ['timeout=', null],
  ['timeout=-1', null],
  ['timeout=1.5', null],
  ['timeout=1234567890', null],
  ['timeout=5', { timeoutMs: 5000, requestsMax: null }],
  ['MAX=0', { timeoutMs: null, requestsMax: 0 }],
  ['max=1, timeout=2', { timeoutMs: 2000, requestsMax: 1 }],
  ['timeout = "3" , x="timeout=9"', { timeoutMs: 3000, requestsMax: null }],
])('Keep-Alive: %s', (value, hint) => expect(parseKeepAlive(value)).toEqual(hint));
