import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentRange, multipartByteranges } from '../../src/semantics/multipart-byteranges.ts';
import { parseMultipart } from '../support/multipart.ts';

/** The content, of the representation's bytes. */
function contentOf(parts: ReturnType<typeof multipartByteranges>['parts'], bytes: Buffer): Buffer {
  return Buffer.concat(
    parts.map((part) =>
      part instanceof Uint8Array ? part : bytes.subarray(part.first, part.last + 1),
    ),
  );
}

test('two ranges, byte for byte', () => {
  const ranges = [
    { first: 0, last: 1 },
    { first: 8, last: 9 },
  ];
  const { mediaType, parts, lengthBytes } = multipartByteranges(ranges, 10, 'text/plain', 'b-1');
  const content = contentOf(parts, Buffer.from('0123456789')).toString();
  expect(mediaType).toBe('multipart/byteranges; boundary=b-1');
  expect(content).toBe(
    '--b-1\r\nContent-Type: text/plain\r\nContent-Range: bytes 0-1/10\r\n\r\n01\r\n' +
      '--b-1\r\nContent-Type: text/plain\r\nContent-Range: bytes 8-9/10\r\n\r\n89\r\n--b-1--\r\n',
  );
  expect(lengthBytes).toBe(content.length);
});

test('any ranges of any bytes come back', () => {
  const cases = fc.uint8Array({ minLength: 1, maxLength: 300 }).chain((bytes) => {
    const position = fc.nat(bytes.length - 1);
    const range = fc
      .tuple(position, position)
      .map(([one, other]) => ({ first: Math.min(one, other), last: Math.max(one, other) }));
    return fc.tuple(fc.constant(Buffer.from(bytes)), fc.array(range, { minLength: 2 }));
  });
  fc.assert(
    fc.property(cases, ([bytes, ranges]) => {
      const made = multipartByteranges(ranges, bytes.length, 'image/png', 'boundary');
      const content = contentOf(made.parts, bytes);
      expect(made.lengthBytes).toBe(content.length);
      expect(parseMultipart(made.mediaType, content)).toEqual(
        ranges.map((range) => ({
          contentType: 'image/png',
          contentRange: contentRange(range, bytes.length),
          content: bytes.subarray(range.first, range.last + 1),
        })),
      );
    }),
  );
});
