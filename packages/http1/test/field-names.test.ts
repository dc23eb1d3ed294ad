import { expect, test } from 'vitest';
import { fieldNamesAsReceived } from '../src/field-names.ts';

test('names as received, one for each field of the event', () => {
  expect(fieldNamesAsReceived('GET / HTTP/1.1\r\nHOST: a\r\nx-Y:b:c\r\n\r\n')).toEqual([
    'HOST',
    'x-Y',
  ]);
  expect(
    fieldNamesAsReceived('HTTP/1.1 200 OK\r\nA: b\r\n c: d\r\n\te: f\r\nG: h\r\n\r\n'),
  ).toEqual(['A', 'G']);
  expect(fieldNamesAsReceived('HTTP/1.1 200 OK\r\n\r\n')).toEqual([]);
});
