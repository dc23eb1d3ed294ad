import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { selectByteRanges } from '../../src/semantics/byte-ranges.ts';
import { type FieldLine, fieldValue } from '../../src/semantics/field-values.ts';
import { formatHttpDate } from '../../src/semantics/http-date.ts';
import {
  planResponse,
  type ResponsePlan,
  type SelectedRepresentation,
} from '../../src/semantics/response-plan.ts';
import { parseMultipart } from '../support/multipart.ts';

const MODIFIED = Date.UTC(1994, 9, 29, 19, 43, 31);
const NOW = Date.UTC(2026, 10, 23, 13, 20, 11, 123);
const SAME = 'Sat, 29 Oct 1994 19:43:31 GMT';
const BYTES = Buffer.from('0123456789');

const selected: SelectedRepresentation = {
  mediaType: 'text/plain; charset=utf-8',
  coding: 'identity',
  sizeBytes: BYTES.length,
  validators: { entityTag: '"a"', lastModifiedMs: MODIFIED },
};

/** `Name: value` lines, as requests have them. */
function linesOf(...lines: string[]): FieldLine[] {
  return lines.map((line) => {
    const colon = line.indexOf(': ');
    return { name: line.slice(0, colon).toLowerCase(), value: line.slice(colon + 2) };
  });
}

const plan = (method: string, lines: readonly string[], of = selected): ResponsePlan =>
  planResponse({ method, fields: linesOf(...lines) }, of, NOW, () => 'boundary');

const namesOf = ({ fields }: ResponsePlan): string[] => fields.map(({ name }) => name).sort();

/** What is sent, of the representation's bytes. */
function contentOf({ parts }: ResponsePlan, bytes: Buffer = BYTES): Buffer {
  return Buffer.concat(
    parts.map((part) =>
      part instanceof Uint8Array ? part : bytes.subarray(part.first, part.last + 1),
    ),
  );
}

describe('the fields of each status', () => {
  const shared = ['cache-control', 'date', 'etag', 'vary'];
  const metadata = ['content-type', 'last-modified'];

  test('200', () => {
    const whole = plan('GET', []);
    expect(namesOf(whole)).toEqual(
      [...shared, ...metadata, 'accept-ranges', 'content-length'].sort(),
    );
    expect(whole.fields).toContainEqual({ name: 'date', value: 'Mon, 23 Nov 2026 13:20:11 GMT' });
    expect(whole.fields).toContainEqual({ name: 'last-modified', value: SAME });
    expect(whole.fields).toContainEqual({ name: 'accept-ranges', value: 'bytes' });
    expect(whole.fields).toContainEqual({ name: 'vary', value: 'Accept-Encoding' });
  });

  test('206 with one range', () => {
    const partial = plan('GET', ['Range: bytes=2-4']);
    expect(namesOf(partial)).toEqual(
      [...shared, ...metadata, 'content-length', 'content-range'].sort(),
    );
    expect(fieldValue(partial.fields, 'content-range')).toBe('bytes 2-4/10');
    expect(fieldValue(partial.fields, 'content-length')).toBe('3');
  });

  test('206 with several, which has no Content-Range of its own', () => {
    const partial = plan('GET', ['Range: bytes=0-0,-1']);
    expect(namesOf(partial)).toEqual([...shared, ...metadata, 'content-length'].sort());
    expect(fieldValue(partial.fields, 'content-type')).toBe(
      'multipart/byteranges; boundary=boundary',
    );
  });

  test('206 to If-Range, which says again only what it has to', () => {
    const one = plan('GET', ['Range: bytes=0-0', 'If-Range: "a"']);
    expect(namesOf(one)).toEqual([...shared, 'content-length', 'content-range'].sort());
    const several = plan('GET', ['Range: bytes=0-0,-1', `If-Range: ${SAME}`]);
    expect(namesOf(several)).toEqual([...shared, 'content-length', 'content-type'].sort());
  });

  test('304', () => {
    expect(namesOf(plan('GET', ['If-None-Match: *']))).toEqual(shared);
  });

  test('412 and 416', () => {
    expect(namesOf(plan('GET', ['If-Match: "b"']))).toEqual(['date', 'vary']);
    const unsatisfiable = plan('GET', ['Range: bytes=10-']);
    expect(namesOf(unsatisfiable)).toEqual(['content-range', 'date', 'vary']);
    expect(fieldValue(unsatisfiable.fields, 'content-range')).toBe('bytes */10');
  });

  test('of an encoded representation', () => {
    const encoded = { ...selected, coding: 'gzip' };
    for (const lines of [[], ['Range: bytes=0-1'], ['Range: bytes=0-1,4-5']]) {
      expect(plan('GET', lines, encoded).fields).toContainEqual({
        name: 'content-encoding',
        value: 'gzip',
      });
    }
    expect(namesOf(plan('GET', ['If-None-Match: "a"'], encoded))).toEqual(shared);
  });

  test('of one without validators', () => {
    const validators = { entityTag: null, lastModifiedMs: null };
    const names = namesOf(plan('GET', [], { ...selected, validators }));
    expect(names).not.toContain('etag');
    expect(names).not.toContain('last-modified');
  });
});

/** Section 13.2.2 and what follows it, where several fields meet. */
describe('the order of evaluation', () => {
  test.each([
    [412, 'GET', ['If-Match: "b"', 'If-None-Match: "a"', 'Range: bytes=0-1']],
    [412, 'GET', ['If-Match: "b"', `If-Unmodified-Since: ${SAME}`]],
    [412, 'GET', ['If-Match: W/"a"', 'Range: bytes=10-']],
    [304, 'GET', ['If-Match: "a"', 'If-None-Match: "a"', 'Range: bytes=0-1']],
    // «Range is ignored when a conditional GET would result in a 304».
    [304, 'GET', ['If-None-Match: "a"', 'Range: bytes=10-']],
    [304, 'GET', [`If-Modified-Since: ${SAME}`, 'Range: bytes=0-1', 'If-Range: "a"']],
    [200, 'GET', ['If-None-Match: "b"', `If-Modified-Since: ${SAME}`]],
    [206, 'GET', ['If-None-Match: "b"', `If-Modified-Since: ${SAME}`, 'Range: bytes=0-1']],
    [206, 'GET', ['If-Match: "a"', 'Range: bytes=0-1']],
    [206, 'GET', ['Range: bytes=0-1', 'If-Range: "a"']],
    [206, 'GET', ['Range: bytes=0-1', `If-Range: ${SAME}`]],
    [200, 'GET', ['Range: bytes=0-1', 'If-Range: "b"']],
    [200, 'GET', ['Range: bytes=0-1', 'If-Range: W/"a"']],
    [200, 'GET', ['Range: bytes=0-1', 'If-Range: "a"', 'If-Range: "a"']],
    [200, 'GET', ['Range: bytes=10-', 'If-Range: "b"']],
    // Step 5: «if true and the Range is applicable», else 200.
    [200, 'GET', ['Range: bytes=10-', 'If-Range: "a"']],
    [416, 'GET', ['Range: bytes=10-']],
    [416, 'GET', ['Range: bytes=10-', 'If-Match: "a"']],
    [200, 'GET', ['If-Range: "b"']],
    [200, 'GET', ['Range: items=0-1']],
    [200, 'GET', ['Range: bytes=1-0']],
    [200, 'GET', ['Range: bytes=0-0', 'Range: bytes=2-2']],
    // «GET is the only method for which range handling is defined.»
    [200, 'HEAD', ['Range: bytes=0-1']],
    [200, 'HEAD', ['Range: bytes=10-']],
    [200, 'HEAD', ['Range: bytes=0-1', 'If-Range: "b"']],
    [304, 'HEAD', ['If-None-Match: "a"']],
    [412, 'HEAD', ['If-Match: "b"']],
  ])('%i for %s with %j', (status, method, lines) => {
    expect(plan(method, lines).status).toBe(status);
  });
});

test('an empty representation', () => {
  const empty = { ...selected, sizeBytes: 0 };
  expect(plan('GET', [], empty)).toMatchObject({ status: 200, parts: [] });
  expect(plan('GET', ['Range: bytes=0-'], empty).status).toBe(416);
  expect(plan('GET', ['Range: bytes=-1'], empty)).toMatchObject({ status: 200, parts: [] });
});

/** Puts the parts of a 206 in their places; the rest stays as the client had it. */
function combine({ status, fields }: ResponsePlan, content: Buffer, old: Buffer): Buffer {
  if (status === 200) return content;
  const type = fieldValue(fields, 'content-type') ?? '';
  const single = fieldValue(fields, 'content-range');
  const parts =
    single === null ? parseMultipart(type, content) : [{ contentRange: single, content }];
  const combined = Buffer.from(old);
  for (const part of parts) {
    const [, first, last, complete] = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(part.contentRange) ?? [];
    expect(Number(complete)).toBe(combined.length);
    expect(Number(last) - Number(first) + 1).toBe(part.content.length);
    part.content.copy(combined, Number(first));
  }
  return combined;
}

test('a client that continues with If-Range has the representation, whatever it asks for', () => {
  const tag = fc.constantFrom('"a"', '"b"', 'W/"a"');
  const seconds = fc.integer({ min: MODIFIED / 1000 - 2, max: MODIFIED / 1000 + 2 });
  const date = seconds.map((second) => formatHttpDate(second * 1000) as string);
  const position = fc.nat(40).map(String);
  const specifier = fc.oneof(
    fc.tuple(position, position).map((positions) => positions.join('-')),
    position.map((first) => `${first}-`),
    position.map((suffix) => `-${suffix}`),
  );
  const request = fc.record({
    method: fc.constantFrom('GET', 'GET', 'GET', 'HEAD'),
    ranges: fc.array(specifier, { minLength: 1, maxLength: 5 }),
    ifRange: fc.option(fc.oneof(tag, date), { nil: null }),
  });
  const content = fc.uint8Array({ maxLength: 32 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(request, content, tag, ({ method, ranges, ifRange }, bytes, entityTag) => {
      const validators = { entityTag, lastModifiedMs: MODIFIED };
      const range = `bytes=${ranges.join(',')}`;
      const lines = [`Range: ${range}`, ...(ifRange === null ? [] : [`If-Range: ${ifRange}`])];
      const made = plan(method, lines, { ...selected, sizeBytes: bytes.length, validators });
      const sent = contentOf(made, bytes);
      const isSame = ifRange === SAME || (ifRange === entityTag && !entityTag.startsWith('W/'));

      if (made.status === 416) {
        expect([method, ifRange]).toEqual(['GET', null]);
        expect(selectByteRanges(range, bytes.length)).toBe('unsatisfiable');
        expect(fieldValue(made.fields, 'content-range')).toBe(`bytes */${bytes.length}`);
        return;
      }
      expect(fieldValue(made.fields, 'content-length')).toBe(String(sent.length));
      if (made.status === 206) expect([method, ifRange === null || isSame]).toEqual(['GET', true]);
      // A 206 comes only to who has what it continues, but for the ranges, which are garbage here.
      const old = Buffer.from(bytes);
      const asked = selectByteRanges(range, bytes.length);
      if (Array.isArray(asked))
        for (const { first, last } of asked) old.fill(0xee, first, last + 1);
      expect(combine(made, sent, made.status === 206 ? old : Buffer.alloc(0))).toEqual(bytes);
    }),
    { numRuns: 5000 },
  );
});
