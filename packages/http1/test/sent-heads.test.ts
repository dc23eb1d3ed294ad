// Heads that were sent before are copied: what comes out must be what would be written anew.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OutputQueue } from '../src/bytes/output-queue.ts';
import type { Field } from '../src/events.ts';
import { writeNewHead } from '../src/head-writer.ts';
import { writeHead } from '../src/sent-heads.ts';
import { text } from './support/bytes.ts';

type Head = [start: string, fields: Field[], machineFields: Field[]];

/** What goes out, or the message of what is thrown. */
function written(write: typeof writeHead, head: Head): string {
  const queue = new OutputQueue();
  let byteCount = 0;
  try {
    byteCount = write(queue, ...head);
  } catch (error) {
    expect(queue.pendingBytes).toBe(0);
    return String(error);
  }
  expect(queue.pendingBytes).toBe(byteCount);
  return text(queue.next()!);
}

const name = fc.constantFrom('A', 'B', 'a', 'Ab', 'aB', 'Connection', 'Vary', 'Date', 'b:', '');
const value = fc.constantFrom('', 'a', 'b', 'ab', 'ba', '\u00ff', 'a ', 'a\r\nb', 'x'.repeat(600));
const fields = fc.array(fc.record({ name, value }), { maxLength: 3 });
const head = fc.tuple(fc.constantFrom('1\r\n', '2\r\n', '12\r\n'), fields, fields);

test('a head goes out as if it were new, whatever was sent before', () => {
  fc.assert(
    fc.property(fc.array(head, { minLength: 2, maxLength: 8 }), (heads) => {
      const expected = heads.map((each) => written(writeNewHead, each));
      for (let round = 0; round < 3; round++) {
        expect(heads.map((each) => written(writeHead, structuredClone(each)))).toEqual(expected);
      }
    }),
    { numRuns: 500 },
  );
});

/** All that differ from each other in one text only. */
function variants(): Head[] {
  const texts = ['k', 'v', 'K', 'V'];
  const made = texts.map((_, at): Head => {
    const [a, b, c, d] = texts.map((each, index) => (index === at ? 'z' : each));
    return ['s\r\n', [{ name: a!, value: b! }], [{ name: c!, value: d! }]];
  });
  return [...made, ['t\r\n', [{ name: 'k', value: 'v' }], [{ name: 'K', value: 'V' }]]];
}

test('one text that differs makes another head', () => {
  const first: Head = ['s\r\n', [{ name: 'k', value: 'v' }], [{ name: 'K', value: 'V' }]];
  for (let round = 0; round < 200; round++) {
    expect(written(writeHead, first)).toBe('s\r\nk: v\r\nK: V\r\n\r\n');
    for (const each of variants()) {
      expect(written(writeHead, each)).toBe(written(writeNewHead, each));
    }
  }
});

test('fields that are changed after they were sent are sent as they are then', () => {
  const own = { name: 'k', value: 'before' };
  expect(written(writeHead, ['u\r\n', [own], []])).toBe('u\r\nk: before\r\n\r\n');
  own.value = 'behind';
  for (let round = 0; round < 100; round++) {
    expect(written(writeHead, ['u\r\n', [own], []])).toBe('u\r\nk: behind\r\n\r\n');
  }
  own.value = 'be\nind';
  expect(written(writeHead, ['u\r\n', [own], []])).toContain('TypeError');
});

test('large heads, also those of fields that are left out, are not kept', () => {
  const large: Head = ['l\r\n', [{ name: 'Connection', value: 'x'.repeat(2000) }], []];
  for (let round = 0; round < 100; round++) expect(written(writeHead, large)).toBe('l\r\n\r\n');
  const long: Head = ['l\r\n', [{ name: 'k', value: 'x'.repeat(2000) }], []];
  for (let round = 0; round < 100; round++) {
    expect(written(writeHead, long)).toBe(written(writeNewHead, long));
  }
});
