import { expect, test } from 'vitest';
import { ReceiveBuffer } from '../src/bytes/receive-buffer.ts';
import { CloseDecoder, LengthDecoder } from '../src/content-decoder.ts';
import { bytes } from './support/bytes.ts';

function bufferOf(data: string): ReceiveBuffer {
  const buffer = new ReceiveBuffer();
  buffer.append(bytes(data));
  return buffer;
}

test('a length takes exactly its bytes', () => {
  const decoder = new LengthDecoder(5);
  const buffer = bufferOf('abc');
  expect(decoder.next(buffer)).toEqual(bytes('abc'));
  expect(decoder.remainingBytes).toBe(2);
  expect(decoder.next(buffer)).toBe('need-data');
  buffer.append(bytes('defg'));
  expect(decoder.next(buffer)).toEqual(bytes('de'));
  expect(decoder.next(buffer)).toBe('complete');
  expect(buffer.length).toBe(2);
  expect(decoder.trailers).toEqual([]);
  expect(new LengthDecoder(0).next(buffer)).toBe('complete');
});

test('until the end: everything, up to the limit', () => {
  const decoder = new CloseDecoder(4);
  const buffer = bufferOf('abc');
  expect(decoder.next(buffer)).toEqual(bytes('abc'));
  expect(decoder.next(buffer)).toBe('need-data');
  buffer.append(bytes('de'));
  expect(decoder.next(buffer)).toEqual(bytes('d'));
  expect(decoder.next(buffer)).toBe('HTTP1_CONTENT_TOO_LARGE');
  expect(decoder.remainingBytes).toBe(Number.POSITIVE_INFINITY);
  expect(decoder.trailers).toEqual([]);
});
