import { expect, test } from 'vitest';
import {
  CONTROL_NAMES,
  ControlFields,
  connectionOptions,
  controlNameIndex,
  HOST_INDEX,
  parseKeepAlive,
  upgradeProtocols,
} from '../src/control-fields.ts';
import { isToken } from '../src/grammar.ts';
import { bytes } from './support/bytes.ts';

const NAMES = [
  'host',
  'expect',
  'upgrade',
  'connection',
  'keep-alive',
  'content-length',
  'transfer-encoding',
];

test('a name that steers the connection is found in its bytes, in any case, and nothing else is', () => {
  const indexOf = (name: string) => controlNameIndex(bytes(`:${name}:`), 1, name.length + 1);
  for (const name of NAMES) {
    for (const spelling of [name, name.toUpperCase(), name[0]!.toUpperCase() + name.slice(1)]) {
      expect(CONTROL_NAMES[indexOf(spelling)]).toBe(name);
    }
    for (let at = 0; at < name.length; at++) {
      for (let code = 0x21; code < 0x7f; code++) {
        const other = name.slice(0, at) + String.fromCharCode(code) + name.slice(at + 1);
        const isIt = other.toLowerCase() === name;
        if (isToken(other)) expect(CONTROL_NAMES[indexOf(other)] === name, other).toBe(isIt);
      }
    }
    expect(indexOf(name.slice(1))).toBe(-1);
    expect(indexOf(name.slice(0, -1))).toBe(-1);
    expect(indexOf(`${name}s`)).toBe(-1);
  }
  for (let length = 1; length < 80; length++) {
    for (const letter of 'achiktuz_|~') expect(indexOf(letter.repeat(length))).toBe(-1);
  }
  expect(CONTROL_NAMES[HOST_INDEX]).toBe('host');
  expect(CONTROL_NAMES.filter((name) => name !== '').sort()).toEqual([...NAMES].sort());
});

test('the fields that steer a connection are found, joined in order, and nothing else is', () => {
  const control = new ControlFields();
  control.add('host', 'a');
  control.add('host', 'b');
  for (const name of NAMES.slice(1)) {
    control.add(name, '1');
    control.add(name, '2');
  }
  for (const name of ['cookies', 'accept', 'vary', 'content-lengtx', '']) control.add(name, 'no');
  expect({ ...control }).toEqual({
    host: 'b',
    hostCount: 2,
    connection: '1,2',
    contentLength: '1,2',
    transferEncoding: '1,2',
    expect: '1,2',
    upgrade: '1,2',
    keepAlive: '1,2',
  });
  expect(new ControlFields().connection).toBeNull();
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
