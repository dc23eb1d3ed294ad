import { expect, test } from 'vitest';
import {
  formatAge,
  formatBytes,
  formatCount,
  formatCountdown,
  formatTime,
} from '../../../src/live/page/format.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 KiB'],
  [1434, '1.4 KiB'],
  [999 * 1024, '999 KiB'],
  [1000 * 1024, '1.0 MiB'],
  [5 * 1024 ** 3, '5.0 GiB'],
])('%i bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0, '0 s', '0 s'],
  [1, '1 s', '0 s'],
  [1000, '1 s', '1 s'],
  [-5, '0 s', '0 s'],
  [59_999, '1 min 00 s', '59 s'],
  [65_000, '1 min 05 s', '1 min 05 s'],
  [7_621_000, '2 h 07 min', '2 h 07 min'],
])('%i ms are to come for %s, and have passed for %s', (milliseconds, left, passed) => {
  expect(formatCountdown(milliseconds)).toBe(left);
  expect(formatAge(milliseconds)).toBe(passed);
});

test('one is not two', () => {
  expect([0, 1, 2].map((count) => formatCount(count, 'request'))).toEqual([
    '0 requests',
    '1 request',
    '2 requests',
  ]);
});

test('a time of day has one width', () => {
  expect(formatTime(new Date(2026, 0, 1, 9, 5, 3))).toBe('09:05:03');
  expect(formatTime(new Date(2026, 0, 1, 23, 59, 0))).toBe('23:59:00');
});
