import { describe, expect, test } from 'vitest';
import { escapeHtml, escapeInvisible, escapePeerHtml, escapePeerText } from '../src/escape.ts';

describe('what a client sent, in a log', () => {
  test.each([
    ['/plain?a=b', '/plain?a=b'],
    ['\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
    ['line\r\nbreak\ttab\0', 'line\\x0d\\x0abreak\\x09tab\\x00'],
    ['" 200 "', '\\" 200 \\"'],
    ['back\\slash', 'back\\\\slash'],
    ['\x7f\x80\x9b\xff', '\\x7f\\x80\\x9b\\xff'],
    ['\u{202e}\u{1f600}', '\\u{202e}\\u{1f600}'],
    ['\ud800', '\\u{d800}'],
  ])('%j', (text, escaped) => {
    expect(escapePeerText(text)).toBe(escaped);
  });

  test('every byte becomes printable ASCII, and no two the same', () => {
    const all = Array.from({ length: 256 }, (_, code) => escapePeerText(String.fromCharCode(code)));
    expect(all.join('')).toMatch(/^[\x20-\x7e]*$/);
    expect(new Set(all).size).toBe(256);
  });
});

describe('what the user wrote, in a terminal', () => {
  test.each([
    ['/home/grüße/日本', '/home/grüße/日本'],
    ['a\nb\x1b]0;title\x07', 'a\\x0ab\\x1b]0;title\\x07'],
    ['\u202egnp.exe', '\\u{202e}gnp.exe'],
    ['\u2028\u2029\u200b', '\\u{2028}\\u{2029}\\u{200b}'],
  ])('%j', (text, escaped) => {
    expect(escapeInvisible(text)).toBe(escaped);
  });
});

describe('in a page', () => {
  test('nothing is left that HTML would act on', () => {
    expect(escapeHtml(`<a href='x' title="y">&amp;</a>`)).toBe(
      '&lt;a href=&#39;x&#39; title=&quot;y&quot;&gt;&amp;amp;&lt;/a&gt;',
    );
  });

  test('what is invisible shows, letters of any script stay', () => {
    expect(escapeHtml('ü\u202e\n')).toBe('ü\\u{202e}\\x0a');
  });

  test('bytes of a client show as bytes', () => {
    expect(escapePeerHtml('<\xfc\x1b>')).toBe('&lt;\\xfc\\x1b&gt;');
  });
});
