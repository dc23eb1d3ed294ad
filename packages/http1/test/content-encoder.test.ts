import { expect, test } from 'vitest';
import { OutputQueue } from '../src/bytes/output-queue.ts';
import { ContentEncoder } from '../src/content-encoder.ts';
import type { Framing } from '../src/events.ts';
import { bytes, text } from './support/bytes.ts';

function encoderOf(
  framing: Framing,
  contentLength = -1,
): { encoder: ContentEncoder; queue: OutputQueue } {
  const encoder = new ContentEncoder();
  encoder.begin(framing, contentLength);
  return { encoder, queue: new OutputQueue() };
}

function written(queue: OutputQueue): string {
  let all = '';
  for (let chunk = queue.next(); chunk !== null; chunk = queue.next()) all += text(chunk);
  return all;
}

test('content-length: as many bytes as declared, no more, no less', () => {
  const { encoder, queue } = encoderOf('content-length', 3);
  expect(() => encoder.send(queue, bytes('abcd'))).toThrow(/^HTTP1_CONTENT_LENGTH_MISMATCH/);
  encoder.send(queue, bytes('ab'));
  expect(() => encoder.end(queue, [])).toThrow(/^HTTP1_CONTENT_LENGTH_MISMATCH/);
  encoder.send(queue, bytes('c'));
  expect(() => encoder.end(queue, [{ name: 'a', value: 'b' }])).toThrow(
    /^HTTP1_TRAILERS_NOT_ALLOWED/,
  );
  encoder.end(queue, []);
  expect(written(queue)).toBe('abc');
});

test('chunked: one chunk for each piece, none for an empty one, which would end the content', () => {
  const { encoder, queue } = encoderOf('chunked');
  encoder.send(queue, bytes('a'.repeat(16)));
  encoder.send(queue, bytes(''));
  encoder.send(queue, bytes('b'));
  expect(() => encoder.end(queue, [{ name: 'Content-Length', value: '1' }])).toThrow(
    /^HTTP1_TRAILERS_NOT_ALLOWED/,
  );
  encoder.end(queue, [{ name: 'X', value: 'y' }]);
  expect(written(queue)).toBe(`10\r\n${'a'.repeat(16)}\r\n1\r\nb\r\n0\r\nX: y\r\n\r\n`);
});

test('large pieces pass by reference', () => {
  const { encoder, queue } = encoderOf('chunked');
  const data = new Uint8Array(100_000);
  encoder.send(queue, data);
  const chunks = [queue.next(), queue.next(), queue.next()];
  expect(chunks[1]).toBe(data);
  expect(text(chunks[0]!)).toBe('186a0\r\n');
  expect(text(chunks[2]!)).toBe('\r\n');
});

test('close-delimited: as it is; none: nothing', () => {
  const { encoder, queue } = encoderOf('close-delimited');
  encoder.send(queue, bytes('abc'));
  encoder.end(queue, []);
  expect(written(queue)).toBe('abc');
  const none = encoderOf('none', 0);
  expect(() => none.encoder.send(none.queue, bytes('a'))).toThrow(/^HTTP1_CONTENT_NOT_ALLOWED/);
  none.encoder.send(none.queue, bytes(''));
  none.encoder.end(none.queue, []);
  expect(none.queue.next()).toBeNull();
});

test('content is bytes', () => {
  const { encoder, queue } = encoderOf('chunked');
  expect(() => encoder.send(queue, 'text' as unknown as Uint8Array)).toThrow(TypeError);
  expect(() => encoder.send(queue, [1] as unknown as Uint8Array)).toThrow(TypeError);
});
