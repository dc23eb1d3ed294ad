import { expect, test } from 'vitest';
import { guardBytes, HandedOut, joinBytes } from '../src/guard-bytes.ts';

test('a write inside the view is allowed, one outside is found', () => {
  const guarded = guardBytes(Uint8Array.of(1, 2, 3));
  guarded.view[1] = 9;
  expect(() => guarded.verify()).not.toThrow();
  new Uint8Array(guarded.view.buffer)[guarded.view.byteOffset - 1] = 0;
  expect(() => guarded.verify()).toThrow(/outside/);
  const other = guardBytes(new Uint8Array(0));
  new Uint8Array(other.view.buffer)[other.view.byteOffset] = 0;
  expect(() => other.verify()).toThrow(/outside/);
});

test('a later change of bytes that were handed out is found', () => {
  const handedOut = new HandedOut();
  const view = Uint8Array.of(1, 2, 3);
  handedOut.remember(view);
  expect(() => handedOut.verify()).not.toThrow();
  view[0] = 7;
  expect(() => handedOut.verify()).toThrow(/changed/);
});

test('joined bytes are a new array', () => {
  const one = Uint8Array.of(1);
  const joined = joinBytes([one, Uint8Array.of(2, 3)]);
  expect([...joined]).toEqual([1, 2, 3]);
  expect(joined.buffer).not.toBe(one.buffer);
});
