import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InvariantViolation } from '../../src/bytes/assert.ts';
import { nodeCrypto } from '../../src/node/index.ts';
import { Transcript } from '../../src/schedule/transcript.ts';
import { toHex } from '../rfc8448/trace.ts';

const hashOf = (name: string, ...parts: Uint8Array[]) =>
  createHash(name).update(Buffer.concat(parts)).digest('hex');

test('messages in any number of parts, before and after the choice, are one text', () => {
  const parts = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 });
  const name = fc.constantFrom('sha256' as const, 'sha384' as const);
  fc.assert(
    fc.property(parts, parts, name, (before, after, hash) => {
      const transcript = new Transcript(nodeCrypto);
      for (const part of before) transcript.add(part);
      transcript.choose(hash);
      for (const part of after) {
        transcript.add(part);
        transcript.hash();
      }
      expect(toHex(transcript.hash())).toBe(hashOf(hash, ...before, ...after));
    }),
  );
});

test('the first hello gives way to a message with its hash', () => {
  const [hello, retry] = [Uint8Array.of(1, 0, 0, 0), Uint8Array.of(2, 0, 0, 0)];
  for (const [hash, length] of [['sha256', 32] as const, ['sha384', 48] as const]) {
    const transcript = new Transcript(nodeCrypto);
    transcript.add(hello);
    transcript.choose(hash);
    transcript.replaceFirstHello();
    transcript.add(retry);
    const synthetic = Buffer.from(hashOf(hash, hello), 'hex');
    expect(toHex(transcript.hash())).toBe(
      hashOf(hash, Uint8Array.of(254, 0, 0, length), synthetic, retry),
    );
  }
});

test('no view of a message is kept', () => {
  const message = Uint8Array.of(1, 2, 3);
  const transcript = new Transcript(nodeCrypto);
  transcript.add(message);
  message.fill(9);
  transcript.choose('sha256');
  expect(toHex(transcript.hash())).toBe(hashOf('sha256', Uint8Array.of(1, 2, 3)));
});

test('a copy goes on by itself', () => {
  const transcript = new Transcript(nodeCrypto);
  transcript.choose('sha256');
  transcript.add(Uint8Array.of(1));
  const copy = transcript.copy();
  expect(copy.hashName).toBe('sha256');
  copy.add(Uint8Array.of(2));
  transcript.add(Uint8Array.of(3));
  expect(toHex(copy.hash())).toBe(hashOf('sha256', Uint8Array.of(1, 2)));
  expect(toHex(transcript.hash())).toBe(hashOf('sha256', Uint8Array.of(1, 3)));
});

test('a transcript has one hash, and without it tells nothing', () => {
  const transcript = new Transcript(nodeCrypto);
  expect(transcript.hashName).toBeNull();
  expect(() => transcript.hash()).toThrow(InvariantViolation);
  expect(() => transcript.copy()).toThrow(InvariantViolation);
  expect(() => transcript.replaceFirstHello()).toThrow(InvariantViolation);
  transcript.choose('sha384');
  transcript.choose('sha384');
  expect(() => transcript.choose('sha256')).toThrow(InvariantViolation);
  expect(transcript.hashName).toBe('sha384');
});
