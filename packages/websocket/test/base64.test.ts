import { expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../src/base64.ts';

test('RFC 4648 section 10: the test vectors', () => {
  const vectors = ['', 'Zg==', 'Zm8=', 'Zm9v', 'Zm9vYg==', 'Zm9vYmE=', 'Zm9vYmFy'];
  for (const [length, text] of vectors.entries()) {
    const bytes = new TextEncoder().encode('foobar'.slice(0, length));
    expect(encodeBase64(bytes)).toBe(text);
    expect(decodeBase64(text)).toEqual(bytes);
  }
});

test('every byte in every place, against the platform', () => {
  for (let length = 1; length <= 5; length++) {
    for (let byte = 0; byte < 256; byte++) {
      const bytes = Uint8Array.from({ length }, (_, index) => (byte * (index + 1) + index) & 0xff);
      const text = Buffer.from(bytes).toString('base64');
      expect(encodeBase64(bytes)).toBe(text);
      expect(decodeBase64(text)).toEqual(bytes);
    }
  }
});

test('RFC 6455 section 4.3: decodes what the grammar allows, and nothing else', () => {
  const grammar = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  const alphabet = ['A', '/', '=', '-', ' ', '\u0100', '\u2603'];
  let texts = [''];
  for (let length = 0; length <= 5; length++) {
    for (const text of texts) {
      const decoded = decodeBase64(text);
      expect(decoded !== null, JSON.stringify(text)).toBe(grammar.test(text));
      if (decoded !== null) expect([...decoded]).toEqual([...Buffer.from(text, 'base64')]);
    }
    texts = texts.flatMap((text) => alphabet.map((unit) => text + unit));
  }
});
