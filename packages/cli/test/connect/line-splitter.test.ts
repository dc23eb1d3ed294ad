import { describe, expect, test } from 'vitest';
import { LINE_BYTES_MAX, LineSplitter, LineTooLongError } from '../../src/connect/line-splitter.ts';

/** The lines of a text that comes in pieces of so many bytes. */
function linesOf(text: string, pieceBytes: number): string[] {
  const splitter = new LineSplitter();
  const bytes = Buffer.from(text);
  const lines: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += pieceBytes) {
    lines.push(...splitter.push(bytes.subarray(start, start + pieceBytes)));
  }
  const last = splitter.end();
  if (last !== null) lines.push(last);
  expect(splitter.lineNumber).toBe(lines.length);
  return lines.map((line) => Buffer.from(line).toString());
}

describe.each([[1], [2], [3], [100]])('in pieces of %i', (pieceBytes) => {
  test.each([
    ['', []],
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\nb', ['a', 'b']],
    ['\n\n', ['', '']],
    ['a\r\n\rb\r\r\n', ['a', '\rb\r']],
    ['\r\n', ['']],
    ['ü\nß', ['ü', 'ß']],
  ])('%j', (text, lines) => {
    expect(linesOf(text, pieceBytes)).toEqual(lines);
  });
});

test('a line has a limit, which holds before its end has come', () => {
  const splitter = new LineSplitter();
  const half = new Uint8Array(LINE_BYTES_MAX / 2);
  expect([...splitter.push(half), ...splitter.push(half)]).toEqual([]);
  expect(() => [...splitter.push(Uint8Array.of(1))]).toThrow(LineTooLongError);
  expect(() => [...splitter.push(Uint8Array.of(1))]).toThrow('line 1 has more than');
});
