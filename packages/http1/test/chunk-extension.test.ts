import { expect, test } from 'vitest';
import { ChunkExtensionScanner } from '../src/chunk-extension.ts';
import { bytes } from './support/bytes.ts';

/** RFC 9112 section 7.1.1 as a regular expression: the naive version of the scanner. */
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const QUOTED = '"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*"';
const EXTENSIONS = new RegExp(
  `^(?:[ \\t]*;[ \\t]*${TOKEN}(?:[ \\t]*=[ \\t]*(?:${TOKEN}|${QUOTED}))?)*\\r$`,
);

/** Whether the scanner takes the text up to its CR, at once and byte by byte alike. */
function scans(extension: string): boolean {
  const data = bytes(extension);
  const whole = new ChunkExtensionScanner();
  const end = whole.scan(data, 0, data.length);
  const slow = new ChunkExtensionScanner();
  let at = 0;
  for (let limit = 1; limit <= data.length; limit++) at = slow.scan(data, at, limit);
  expect([slow.complete, slow.fault, at]).toEqual([whole.complete, whole.fault, end]);
  return whole.complete && end === data.length;
}

test('agrees with the naive version on every short text of the characters that matter', () => {
  // The bare size has no extension; the scanner is asked only where one begins.
  const alphabet = ['a', ';', '=', '"', '\\', ' ', '\t', '\r', '\0', '\u00e9'];
  let texts = [''];
  for (let length = 1; length <= 5; length++) {
    texts = texts.flatMap((text) =>
      text.includes('\r') ? [] : alphabet.map((unit) => text + unit),
    );
    for (const text of texts) {
      if (!text.endsWith('\r') || text === '\r') continue;
      expect(scans(text), JSON.stringify(text)).toBe(EXTENSIONS.test(text));
    }
  }
});

test('LF has a fault of its own, wherever it is', () => {
  for (const text of ['\n', ';\n', ';a\n', ';a=\n', ';a=b\n', ';a="\n', ';a="b"\n', ';a="\\\n']) {
    const scanner = new ChunkExtensionScanner();
    expect(scanner.scan(bytes(text), 0, text.length)).toBe(text.length - 1);
    expect(scanner.fault).toBe('HTTP1_BARE_LF');
  }
});
