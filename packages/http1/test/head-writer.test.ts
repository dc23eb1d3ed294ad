import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OutputQueue } from '../src/bytes/output-queue.ts';
import { fieldsBytesMax, writeChunk, writeLastChunk, writeNewHead } from '../src/head-writer.ts';
import { bytes, text } from './support/bytes.ts';

test('a head is queued at its end', () => {
  const queue = new OutputQueue();
  const fields = [
    { name: 'N', value: 'v \u00ff' },
    { name: 'E', value: '' },
  ];
  expect(writeNewHead(queue, 'A B\r\n', fields, [])).toBe(20);
  expect(queue.pendingBytes).toBe(20);
  expect(text(queue.next()!)).toBe('A B\r\nN: v \u00ff\r\nE: \r\n\r\n');
});

test('what the machine writes itself is left out, and its own fields come last', () => {
  const queue = new OutputQueue();
  const fields = [
    { name: 'Connection', value: 'x' },
    { name: 'a', value: '1' },
    { name: 'TRANSFER-encoding', value: 'chunked' },
    { name: 'b', value: '2' },
  ];
  writeNewHead(queue, '', fields, [{ name: 'Connection', value: 'close' }]);
  expect(text(queue.next()!)).toBe('a: 1\r\nb: 2\r\nConnection: close\r\n\r\n');
});

test('a throw leaves the queue as it was, and the next head is whole', () => {
  const queue = new OutputQueue();
  writeNewHead(queue, '1\r\n', [], []);
  const split = [{ name: 'N', value: 'a\r\nb' }];
  expect(() => writeNewHead(queue, 'broken\r\n', split, [])).toThrow(TypeError);
  writeNewHead(queue, '2\r\n', [], []);
  expect(text(queue.next()!)).toBe('1\r\n\r\n2\r\n\r\n');
  expect(queue.next()).toBeNull();
});

// RFC 9112 section 11.1: nothing that ends a line, or has no byte of its own, gets through.
test('a field goes out exactly when it is one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, value) => {
      const queue = new OutputQueue();
      const isName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name);
      const isValue = /^(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?$/.test(value);
      if (isName && isValue) {
        writeNewHead(queue, '', [{ name, value }], []);
        expect(text(queue.next()!)).toBe(`${name}: ${value}\r\n\r\n`);
      } else {
        expect(() => writeNewHead(queue, '', [{ name, value }], [])).toThrow(TypeError);
        expect(queue.pendingBytes).toBe(0);
      }
    }),
    { numRuns: 2000 },
  );
});

test.each(['', 'a b', 'a:', 'a\r\nb', 'a\u0100', 'ä'])('the name %j is refused', (name) => {
  expect(() => writeNewHead(new OutputQueue(), '', [{ name, value: 'v' }], [])).toThrow(TypeError);
});

test.each([
  'a\rb',
  'a\nb',
  'a\0b',
  'a\u007fb',
  'a\u0100b',
  'a\u010db',
  'a\ud83d\ude00',
  ' a',
  'a\t',
])('the value %j is refused', (value) => {
  expect(() => writeNewHead(new OutputQueue(), '', [{ name: 'N', value }], [])).toThrow(TypeError);
});

test('the room that fields need is an upper bound', () => {
  expect(fieldsBytesMax([])).toBe(2);
  expect(fieldsBytesMax([{ name: 'ab', value: 'cde' }])).toBe('ab: cde\r\n\r\n'.length);
});

test('chunks, the last of which has the trailers', () => {
  const queue = new OutputQueue();
  writeChunk(queue, bytes('x'.repeat(26)));
  writeLastChunk(queue, [{ name: 'a', value: '1' }]);
  expect(text(queue.next()!)).toBe(`1a\r\n${'x'.repeat(26)}\r\n0\r\na: 1\r\n\r\n`);
});
