import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contextTag, DER_TAG, DerFault, DerReader } from '../../src/certificate/der-reader.ts';
import { der } from './der.ts';

const tags = fc.constantFrom(...Object.values(DER_TAG), contextTag(3, 'constructed'));

test('what was made is read again, one value after another', () => {
  const values = fc.array(fc.tuple(tags, fc.uint8Array({ maxLength: 300 })), { maxLength: 5 });
  fc.assert(
    fc.property(values, (made) => {
      const encodings = made.map(([tag, contents]) => der(tag, contents));
      const [reader, again] = [
        new DerReader(Buffer.concat(encodings)),
        new DerReader(Buffer.concat(encodings)),
      ];
      for (const [index, [tag, contents]] of made.entries()) {
        expect(reader.isNext(tag)).toBe(true);
        expect([...reader.contents(tag)]).toEqual([...contents]);
        expect([...again.encoding(tag)]).toEqual([...encodings[index]!]);
      }
      expect(reader.isAtEnd).toBe(true);
      expect(() => reader.finish()).not.toThrow();
      expect(() => reader.contents(DER_TAG.integer)).toThrow(DerFault);
    }),
  );
});

test('lengths of every number of octets', () => {
  for (const length of [0, 127, 128, 255, 256, 65_535, 65_536]) {
    const reader = new DerReader(der(0x04, new Uint8Array(length)));
    expect(reader.contents(0x04)).toHaveLength(length);
  }
});

describe('a length is refused', () => {
  const cases: readonly (readonly [string, readonly number[]])[] = [
    ['that is missing', [0x04]],
    ['that is indefinite', [0x04, 0x80, 0, 0]],
    ['in more than four octets', [0x04, 0x85, 0, 0, 0, 0, 1, 7]],
    ['that is reserved', [0x04, 0xff]],
    ['that is cut off', [0x04, 0x82, 1]],
    ['in the long form for what the short one says', [0x04, 0x81, 1, 7]],
    ['with a leading zero', [0x04, 0x82, 0, 0x81, ...new Array(0x81).fill(0)]],
    ['beyond the end', [0x04, 2, 7]],
    ['of 4 GiB', [0x04, 0x84, 0xff, 0xff, 0xff, 0xff, 7]],
  ];
  for (const [name, bytes] of cases) {
    test(name, () => {
      expect(() => new DerReader(Uint8Array.from(bytes)).contents(0x04)).toThrow(DerFault);
    });
  }
});

test('another tag, and bytes that are left over, are faults', () => {
  const reader = new DerReader(Uint8Array.of(0x04, 0, 0x05, 0));
  expect(() => reader.contents(0x05)).toThrow(DerFault);
  // A refusal has read nothing.
  expect(reader.contents(0x04)).toHaveLength(0);
  expect(() => reader.finish()).toThrow(DerFault);
});

test('context-specific tags', () => {
  expect(contextTag(0, 'constructed')).toBe(0xa0);
  expect(contextTag(2, 'primitive')).toBe(0x82);
});
