import { expect, test } from 'vitest';
import { acceptKey, isKey, NONCE_BYTES } from '../src/accept-key.ts';
import { decodeBase64, encodeBase64 } from '../src/base64.ts';
import { sha1 } from '../src/sha1.ts';

test('RFC 6455 section 1.3: the example', () => {
  const key = 'dGhlIHNhbXBsZSBub25jZQ==';
  expect(decodeBase64(key)).toEqual(new TextEncoder().encode('the sample nonce'));
  const message = new TextEncoder().encode(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`);
  const digest = [
    0xb3, 0x7a, 0x4f, 0x2c, 0xc0, 0x62, 0x4f, 0x16, 0x90, 0xf6, 0x46, 0x06, 0xcf, 0x38, 0x59, 0x45,
    0xb2, 0xbe, 0xc4, 0xea,
  ];
  expect([...sha1(message)]).toEqual(digest);
  expect(acceptKey(key)).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
});

test('RFC 6455 section 4.1: the example of a key, whose last character has bits to spare', () => {
  const nonce = Uint8Array.from({ length: NONCE_BYTES }, (_, index) => index + 1);
  expect(decodeBase64('AQIDBAUGBwgJCgsMDQ4PEC==')).toEqual(nonce);
  expect(isKey('AQIDBAUGBwgJCgsMDQ4PEC==')).toBe(true);
  expect(encodeBase64(nonce)).toBe('AQIDBAUGBwgJCgsMDQ4PEA==');
});

test('a key is the base64 of 16 bytes, not fewer and not more', () => {
  for (let length = 0; length <= 20; length++) {
    expect(isKey(encodeBase64(new Uint8Array(length)))).toBe(length === 16);
  }
  for (const text of ['dGhlIHNhbXBsZSBub25jZQ', 'dGhlIHNhbXBsZSBub25jZQ= =', ' '.repeat(24)]) {
    expect(isKey(text)).toBe(false);
  }
});
