import { expect, test } from 'vitest';
import { outgoingFields, withOption } from '../src/outgoing-fields.ts';

const fields = (...lines: [string, string][]) => lines.map(([name, value]) => ({ name, value }));

test('what a head says about framing and connection', () => {
  expect(outgoingFields([])).toEqual({
    contentLength: -1,
    chunked: false,
    close: false,
    keepAlive: false,
    options: '',
    upgrade: '',
    hosts: 0,
    date: false,
  });
  const head = fields(
    ['HOST', 'a'],
    ['date', 'x'],
    ['Upgrade', 'toy'],
    ['refresh', 'x'],
    ['Connection', 'X-Hop, Close, keep-alive'],
    ['Connection', 'y'],
    ['user-agent', 'x'],
    ['Content-Length', '007'],
    ['accept-charset', 'x'],
    ['content-location1', 'x'],
  );
  expect(outgoingFields(head)).toEqual({
    contentLength: 7,
    chunked: false,
    close: true,
    keepAlive: true,
    options: 'X-Hop, y',
    upgrade: 'toy',
    hosts: 1,
    date: true,
  });
  expect(outgoingFields(fields(['transfer-encoding', 'CHUNKED'])).chunked).toBe(true);
});

test.each([
  [fields(['Content-Length', '5'], ['Transfer-Encoding', 'chunked'])],
  [fields(['Content-Length', '5'], ['content-length', '5'])],
  [fields(['Content-Length', '5, 5'])],
  [fields(['Content-Length', ''])],
  [fields(['Content-Length', '9007199254740992'])],
  [fields(['Transfer-Encoding', 'gzip, chunked'])],
  [fields(['Transfer-Encoding', 'chunked'], ['Transfer-Encoding', 'chunked'])],
  [fields(['Transfer-Encoding', ''])],
  [fields(['Keep-Alive', 'timeout=1'])],
])('%j is refused', (head) => {
  expect(() => outgoingFields(head)).toThrow(/^HTTP1_FRAMING_NOT_ALLOWED/);
});

test.each(['a b', 'a"b', '"close"', 'a;b'])('the connection option %j is refused', (value) => {
  expect(() => outgoingFields(fields(['Connection', value]))).toThrow(TypeError);
});

test('an option is added once', () => {
  expect(withOption('', 'close')).toBe('close');
  expect(withOption('a, b', 'close')).toBe('close, a, b');
  expect(withOption('a, CLOSE', 'close')).toBe('a, CLOSE');
});
