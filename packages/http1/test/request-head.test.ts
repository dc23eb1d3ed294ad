import { expect, test } from 'vitest';
import { ReceiveBuffer } from '../src/bytes/receive-buffer.ts';
import { RequestHeadParser } from '../src/request-head.ts';
import { serverSettings } from '../src/server.ts';
import { bytes } from './support/bytes.ts';

function bufferOf(data: string): ReceiveBuffer {
  const buffer = new ReceiveBuffer();
  buffer.append(bytes(data));
  return buffer;
}

test('a head is complete at its end, whatever follows, and consumed by nobody', () => {
  const parser = new RequestHeadParser();
  const buffer = bufferOf('GET / HTTP/1.1\r\nHost: a\r\n');
  expect(parser.parse(buffer, serverSettings())).toBe('need-data');
  buffer.append(bytes('\r\nrest'));
  expect(parser.parse(buffer, serverSettings())).toMatchObject({
    type: 'request',
    rawHead: 'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  });
  expect(buffer.length).toBe(31);
  parser.reset();
  const faulty = bufferOf('GET / HTTP/1.1\r\n\r\n');
  expect(parser.parse(faulty, serverSettings())).toBe('HTTP1_MISSING_HOST');
  expect(faulty.length).toBe(18);
});

test('method and version are known as soon as their line is, even if the head proves faulty', () => {
  const parser = new RequestHeadParser();
  const buffer = bufferOf('HEAD / HTTP/1.0\r');
  parser.parse(buffer, serverSettings());
  expect([parser.method(buffer), parser.minorVersion, parser.scannedBytes]).toEqual(['', 1, 16]);
  buffer.append(bytes('\nA B: c'));
  expect(parser.parse(buffer, serverSettings())).toBe('HTTP1_SPACE_BEFORE_COLON');
  expect([parser.method(buffer), parser.minorVersion, parser.scannedBytes]).toEqual([
    'HEAD',
    0,
    18,
  ]);
});

test('a long head with one byte above 127 is decoded byte by byte', () => {
  const value = `${'x'.repeat(9000)}\u0092\u00e9`;
  const buffer = bufferOf(`GET / HTTP/1.1\r\nHost: a\r\nX: ${value}\r\n\r\n`);
  const event = new RequestHeadParser().parse(buffer, serverSettings());
  expect(typeof event === 'object' && event.fields[1]?.value).toBe(value);
});
