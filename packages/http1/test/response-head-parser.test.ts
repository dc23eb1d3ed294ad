import { expect, test } from 'vitest';
import { ReceiveBuffer } from '../src/bytes/receive-buffer.ts';
import { clientSettings } from '../src/client.ts';
import { ResponseHeadParser } from '../src/response-head-parser.ts';
import { bytes } from './support/bytes.ts';

function bufferOf(data: string): ReceiveBuffer {
  const buffer = new ReceiveBuffer();
  buffer.append(bytes(data));
  return buffer;
}

test('a head is complete at its end, whatever follows, and consumed by nobody', () => {
  const parser = new ResponseHeadParser();
  const buffer = bufferOf('HTTP/1.1 204 No Content\r\nA');
  expect(parser.parse(buffer, clientSettings(), 'GET')).toBe('need-data');
  expect(parser.scannedBytes).toBe(26);
  buffer.append(bytes(': b\r\n\r\nrest'));
  expect(parser.parse(buffer, clientSettings(), 'GET')).toMatchObject({
    status: 204,
    fields: [{ name: 'a', value: 'b' }],
  });
  expect(buffer.length).toBe(37);
  parser.reset();
  const faulty = bufferOf('HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n');
  expect(parser.parse(faulty, clientSettings(), 'GET')).toBe('HTTP1_INVALID_CONTENT_LENGTH');
  expect(faulty.length).toBe(38);
});

test('bytes above 127 in the reason phrase alone are decoded byte by byte', () => {
  const buffer = bufferOf(`HTTP/1.1 200 ${'x'.repeat(100)}\u0092\r\n\r\n`);
  expect(new ResponseHeadParser().parse(buffer, clientSettings(), 'GET')).toMatchObject({
    reason: `${'x'.repeat(100)}\u0092`,
  });
});

test('content above the limit is refused before the head is consumed', () => {
  const settings = clientSettings({ limits: { contentBytesMax: 5 } });
  const buffer = bufferOf('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n');
  expect(new ResponseHeadParser().parse(buffer, settings, 'GET')).toBe('HTTP1_CONTENT_TOO_LARGE');
  expect(new ResponseHeadParser().parse(buffer, settings, 'HEAD')).toMatchObject({
    framing: 'none',
  });
});
