import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OutputQueue } from '../src/bytes/output-queue.ts';
import { fieldsBytesMax, HeadWriter } from '../src/head-writer.ts';
import { text } from './support/bytes.ts';

test('a head is queued at its end', () => {
  const queue = new OutputQueue();
  const writer = new HeadWriter(queue, 100);
  writer.constant('A B\r\n');
  writer.field({ name: 'N', value: 'v \u00ff' });
  writer.field({ name: 'E', value: '' });
  expect(queue.pendingBytes).toBe(0);
  writer.end();
  expect(text(queue.next()!)).toBe('A B\r\nN: v \u00ff\r\nE: \r\n\r\n');
});

test('a throw in between leaves the queue as it was, and the next head is whole', () => {
  const queue = new OutputQueue();
  const first = new HeadWriter(queue, 100);
  first.constant('1');
  first.end();
  const broken = new HeadWriter(queue, 100);
  broken.constant('broken');
  expect(() => broken.field({ name: 'N', value: 'a\r\nb' })).toThrow(TypeError);
  const second = new HeadWriter(queue, 100);
  second.constant('2');
  second.end();
  expect(text(queue.next()!)).toBe('1\r\n2\r\n');
  expect(queue.next()).toBeNull();
});

// RFC 9112 section 11.1: nothing that ends a line, or has no byte of its own, gets through.
test('a field goes out exactly when it is one', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, value) => {
      const queue = new OutputQueue();
      const writer = new HeadWriter(queue, fieldsBytesMax([{ name, value }]));
      const isName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name);
      const isValue = /^(?:[!-~\x80-\xff](?:[\t -~\x80-\xff]*[!-~\x80-\xff])?)?$/.test(value);
      if (isName && isValue) {
        writer.field({ name, value });
        writer.end();
        expect(text(queue.next()!)).toBe(`${name}: ${value}\r\n\r\n`);
      } else {
        expect(() => writer.field({ name, value })).toThrow(TypeError);
        expect(queue.pendingBytes).toBe(0);
      }
    }),
    { numRuns: 2000 },
  );
});

test('a line that was sent before goes out as it is said now', () => {
  const name = fc.constantFrom('A', 'B', 'a', 'Ab', 'aB', 'Vary', 'Date');
  const value = fc.constantFrom('', 'a', 'b', 'ab', 'ba', '\u00ff', 'x'.repeat(300));
  const fields = fc.array(fc.record({ name, value }), { minLength: 40, maxLength: 80 });
  fc.assert(
    fc.property(fields, (lines) => {
      const queue = new OutputQueue();
      const writer = new HeadWriter(queue, fieldsBytesMax(lines));
      for (const line of lines) writer.field(line);
      writer.end();
      const expected = lines.map((line) => `${line.name}: ${line.value}\r\n`).join('');
      expect(text(queue.next()!)).toBe(`${expected}\r\n`);
    }),
  );
});

test('what is no field is none, however often it is tried', () => {
  for (let turn = 0; turn < 100; turn++) {
    const writer = new HeadWriter(new OutputQueue(), 100);
    writer.field({ name: 'N', value: 'v' });
    expect(() => writer.field({ name: 'N', value: 'v ' })).toThrow(TypeError);
    expect(() => writer.field({ name: 'N:', value: 'v' })).toThrow(TypeError);
    expect(() => writer.field({ name: '', value: '' })).toThrow(TypeError);
  }
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
  const writer = new HeadWriter(new OutputQueue(), 100);
  expect(() => writer.field({ name: 'N', value })).toThrow(TypeError);
});

test('the room that fields need is an upper bound', () => {
  expect(fieldsBytesMax([])).toBe(2);
  expect(fieldsBytesMax([{ name: 'ab', value: 'cde' }])).toBe('ab: cde\r\n\r\n'.length);
});
