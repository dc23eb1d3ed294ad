import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FIN,
  type FrameHeader,
  frameHeaderBytes,
  HEADER_INCOMPLETE,
  LENGTH_NOT_MINIMAL,
  LENGTH_TOO_LARGE,
  parseFrameHeader,
  serializeFrameHeader,
} from '../src/frame-header.ts';

function header(): FrameHeader {
  return { bits: 0, payloadBytes: 0, isMasked: false, maskingKey: 0 };
}

function parse(bytes: readonly number[]): { result: number; header: FrameHeader } {
  const into = header();
  return { result: parseFrameHeader(Uint8Array.from(bytes), 0, bytes.length, into), header: into };
}

const payloadLengths = fc.oneof(
  fc.integer({ min: 0, max: 130 }),
  fc.integer({ min: 65_530, max: 65_540 }),
  fc.constantFrom(2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1),
  fc.maxSafeNat(),
);

describe('the examples of RFC 6455 section 5.7', () => {
  test.each([
    ['a single-frame unmasked text message', [0x81, 0x05], 2, { bits: 0x81, payloadBytes: 5 }],
    ['the first fragment', [0x01, 0x03], 2, { bits: 0x01, payloadBytes: 3 }],
    ['the last fragment', [0x80, 0x02], 2, { bits: 0x80, payloadBytes: 2 }],
    ['256 bytes binary', [0x82, 0x7e, 0x01, 0x00], 4, { bits: 0x82, payloadBytes: 256 }],
    [
      '64 KiB binary',
      [0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0],
      10,
      { bits: 0x82, payloadBytes: 65_536 },
    ],
    [
      'a masked text message',
      [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d],
      6,
      { bits: 0x81, payloadBytes: 5, isMasked: true, maskingKey: 0x37fa213d },
    ],
  ])('%s', (_, bytes, headerBytes, expected) => {
    const { result, header } = parse(bytes);
    expect(result).toBe(headerBytes);
    expect(header).toEqual({ isMasked: false, maskingKey: 0, ...expected });
  });
});

describe('«the minimal number of bytes MUST be used to encode the length», section 5.2', () => {
  test.each([
    ['125 in 16 bits', [0x82, 126, 0, 125], LENGTH_NOT_MINIMAL],
    ['126 in 16 bits', [0x82, 126, 0, 126], 4],
    ['65535 in 16 bits', [0x82, 126, 255, 255], 4],
    ['0 in 64 bits', [0x82, 127, 0, 0, 0, 0, 0, 0, 0, 0], LENGTH_NOT_MINIMAL],
    ['65535 in 64 bits', [0x82, 127, 0, 0, 0, 0, 0, 0, 255, 255], LENGTH_NOT_MINIMAL],
    ['65536 in 64 bits', [0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0], 10],
    ['2^53-1', [0x82, 127, 0, 0x1f, 255, 255, 255, 255, 255, 255], 10],
    ['2^53', [0x82, 127, 0, 0x20, 0, 0, 0, 0, 0, 0], LENGTH_TOO_LARGE],
    ['the most significant bit', [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], LENGTH_TOO_LARGE],
  ])('%s', (_, bytes, result) => {
    expect(parse(bytes).result).toBe(result);
  });
});

test('what is written is read again, at any place, and nothing beside it is touched', () => {
  const keys = fc.oneof(fc.constant(-1), fc.nat({ max: 0xffff_ffff }));
  const property = fc.property(
    payloadLengths,
    keys,
    fc.nat({ max: 255 }),
    fc.nat({ max: 9 }),
    (payloadBytes, maskingKey, bits, at) => {
      const target = new Uint8Array(at + 24).fill(0xa5);
      const end = serializeFrameHeader(target, at, bits, payloadBytes, maskingKey);
      const isMasked = maskingKey >= 0;
      expect(end - at).toBe(frameHeaderBytes(payloadBytes, isMasked));
      expect(target.subarray(0, at).every((byte) => byte === 0xa5)).toBe(true);
      expect(target.subarray(end).every((byte) => byte === 0xa5)).toBe(true);
      const into = header();
      expect(parseFrameHeader(target, at, end, into)).toBe(end - at);
      expect(into).toEqual({ bits, payloadBytes, isMasked, maskingKey: isMasked ? maskingKey : 0 });
      for (let cut = at; cut < end; cut++) {
        expect(parseFrameHeader(target, at, cut, header())).toBe(HEADER_INCOMPLETE);
      }
    },
  );
  fc.assert(property, { numRuns: 500 });
});

test('every pair of first bytes has a header of the length that they say', () => {
  const bytes = new Uint8Array(14);
  for (let first = 0; first < 256; first++) {
    for (let second = 0; second < 256; second++) {
      bytes.fill(0);
      bytes[0] = first;
      bytes[1] = second;
      // The least that is minimal: 126 and 65536.
      const short = second & 0x7f;
      if (short === 126) bytes[3] = 126;
      if (short === 127) bytes[7] = 1;
      const into = header();
      const extended = short === 126 ? 2 : short === 127 ? 8 : 0;
      const keyBytes = second > 127 ? 4 : 0;
      expect(parseFrameHeader(bytes, 0, 14, into)).toBe(2 + extended + keyBytes);
      expect(into.bits).toBe(first);
      expect(into.isMasked).toBe(second > 127);
    }
  }
  expect(FIN).toBe(0x80);
});
