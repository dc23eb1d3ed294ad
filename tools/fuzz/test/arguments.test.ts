import { expect, test } from 'vitest';
import { parseArguments } from '../arguments.mjs';

const NAMES = ['one', 'two'];
const parse = (...args: string[]) => parseArguments(args, NAMES);

test('without arguments: all targets for a minute', () => {
  expect(parse()).toEqual({
    isSmoke: false,
    names: NAMES,
    executionsMax: Number.POSITIVE_INFINITY,
    seconds: 60,
    seed: 9112,
    corpus: null,
    isMinimising: false,
    input: null,
  });
});

test('a smoke run and a number of executions are not limited by time', () => {
  expect(parse('--smoke').seconds).toBe(Number.POSITIVE_INFINITY);
  expect(parse('--executions', '5')).toMatchObject({
    executionsMax: 5,
    seconds: Number.POSITIVE_INFINITY,
  });
  expect(parse('--executions', '5', '--seconds', '3')).toMatchObject({
    executionsMax: 5,
    seconds: 3,
  });
});

test('one target, a seed, a corpus', () => {
  expect(parse('--target', 'two', '--seed', '0', '--corpus', 'x')).toMatchObject({
    names: ['two'],
    seed: 0,
    corpus: 'x',
  });
});

test('one input, in hexadecimal', () => {
  expect(parse('--target', 'two', '--input', '00fF').input).toEqual(Uint8Array.of(0, 255));
  expect(parse('--minimise').isMinimising).toBe(true);
});

test.each([
  [['--input', '00'], /--target/],
  [['--target', 'one', '--input', '0'], /hexadecimal/],
  [['--smoke', '--minimise'], /--minimise/],
  [['--target', 'three'], /one of one, two/],
  [['--seconds', '1.5'], /--seconds 1.5: a whole number/],
  [['--seed', ''], /--seed/],
  [['--seed', '99999999999999999999'], /--seed/],
  [['--executions', '0'], /1 at least/],
  [['--smoke', '--seconds', '5'], /--smoke/],
  [['--other'], /--other/],
  [['word'], /word/],
])('%j makes no sense', (args, message) => {
  expect(() => parse(...args)).toThrow(message);
});
