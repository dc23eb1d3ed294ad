import fc from 'fast-check';
import { expect, test } from 'vitest';
import { equalInConstantTime, wipe } from '../src/secret-bytes.ts';

test('bytes are equal when all of them are', () => {
  const bytes = () => fc.uint8Array({ minLength: 1, maxLength: 64 });
  fc.assert(
    fc.property(bytes(), fc.nat(), fc.integer({ min: 1, max: 255 }), (left, at, difference) => {
      expect(equalInConstantTime(left, new Uint8Array(left))).toBe(true);
      const right = new Uint8Array(left);
      right[at % right.length]! ^= difference;
      expect(equalInConstantTime(left, right)).toBe(false);
    }),
  );
});

test('bytes of another length are not equal', () => {
  expect(equalInConstantTime(Uint8Array.of(0), Uint8Array.of(0, 0))).toBe(false);
  expect(equalInConstantTime(Uint8Array.of(), Uint8Array.of(0))).toBe(false);
  expect(equalInConstantTime(Uint8Array.of(), Uint8Array.of())).toBe(true);
});

test('every byte is looked at, wherever the first difference is', () => {
  const looked: string[] = [];
  const watch = (name: string, bytes: Uint8Array) =>
    new Proxy(bytes, {
      get(target, key) {
        if (typeof key === 'string' && /^\d+$/.test(key)) looked.push(name + key);
        return Reflect.get(target, key, target);
      },
    });
  const right = watch('right', Uint8Array.of(9, 2, 3));
  expect(equalInConstantTime(watch('left', Uint8Array.of(1, 2, 3)), right)).toBe(false);
  expect(looked.sort()).toEqual(['left0', 'left1', 'left2', 'right0', 'right1', 'right2']);
});

test('wiping leaves zeros in the view and nothing else', () => {
  const whole = Uint8Array.of(1, 2, 3, 4);
  wipe(whole.subarray(1, 3));
  expect(whole).toEqual(Uint8Array.of(1, 0, 0, 4));
});
