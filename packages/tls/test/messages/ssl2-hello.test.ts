import { expect, test } from 'vitest';
import { isSsl2Hello } from '../../src/messages/ssl2-hello.ts';
import { bytes } from '../support/wire.ts';

test.each([
  ['of SSL 2.0', '80 2e 01 0002 0015 0000 0010', true],
  ['of SSL 3.0', '80 2e 01 0300', true],
  ['of TLS 1.2, longer', 'ff ff 01 0303', true],
  ['of a version that is none', '80 2e 01 0003', false],
  ['of a version that is none either', '80 2e 01 0203', false],
  ['another message', '80 2e 04 0002', false],
  ['a length of three bytes', '00 2e 03 01 0002', false],
  ['too little to tell', '80 2e 01 00', false],
  ['nothing', '', false],
  ['a record of TLS', '16 0301 0040 01', false],
  ['an HTTP request', '47455420 2f', false],
])('%s', (_what, first, expected) => {
  expect(isSsl2Hello(bytes(first))).toBe(expected);
});
