import { expect, test } from 'vitest';
import {
  formatMilliseconds,
  messageLine,
  pingLine,
  pongLine,
} from '../../src/connect/message-line.ts';

const TIME = new Date(2026, 0, 2, 3, 4, 5, 6);

test.each([
  ['hello', '03:04:05.006 < text 5 B  hello'],
  ['', '03:04:05.006 < text 0 B'],
  ['grüße 🎉', '03:04:05.006 < text 12 B  grüße 🎉'],
  [
    '\u001b]0;title\u0007\r\nb\u202ec\ufeff',
    '03:04:05.006 < text 20 B  \\x1b]0;title\\x07\\x0d\\x0ab\\u{202e}c\\u{feff}',
  ],
  [Uint8Array.of(0, 0x89, 0xff), '03:04:05.006 < binary 3 B  00 89 ff'],
  [new Uint8Array(0), '03:04:05.006 < binary 0 B'],
  [new Uint8Array(33), `03:04:05.006 < binary 33 B  ${'00 '.repeat(32)}...`],
])('%j', (message, line) => {
  expect(messageLine(message, TIME)).toBe(line);
});

test('control frames', () => {
  expect(pongLine(0.4249, TIME)).toBe('03:04:05.006 < pong 0.42 ms');
  expect(pingLine(Uint8Array.of(1, 2), TIME)).toBe('03:04:05.006 < ping 2 B  01 02');
  expect(pingLine(new Uint8Array(0), TIME)).toBe('03:04:05.006 < ping 0 B');
});

test.each([
  [0, '0.00 ms'],
  [9.994, '9.99 ms'],
  [12.34, '12.3 ms'],
  [1234.5, '1235 ms'],
])('%d', (milliseconds, text) => {
  expect(formatMilliseconds(milliseconds)).toBe(text);
});
