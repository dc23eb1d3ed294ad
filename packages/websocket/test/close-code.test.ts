import { expect, test } from 'vitest';
import { CLOSE_CODE, isWireCloseCode } from '../src/close-code.ts';

/** RFC 6455 section 7.4 and the registry, as ranges. */
function oracle(code: number): boolean {
  const registered = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];
  return registered.includes(code) || (code >= 3000 && code < 5000);
}

test('each of the 65536 codes is allowed on the wire or not', () => {
  for (let code = 0; code < 65_536; code++)
    expect(isWireCloseCode(code), `${code}`).toBe(oracle(code));
});

test.each([999.5, 1000.5, Number.NaN, -1, Number.POSITIVE_INFINITY, 3000.1])(
  '%s is no code',
  (code) => {
    expect(isWireCloseCode(code)).toBe(false);
  },
);

test('«MUST NOT be set as a status code in a Close control frame», section 7.4.1', () => {
  const { noStatusReceived, abnormalClosure, tlsHandshake, ...others } = CLOSE_CODE;
  for (const code of [noStatusReceived, abnormalClosure, tlsHandshake]) {
    expect(isWireCloseCode(code)).toBe(false);
  }
  for (const code of Object.values(others)) expect(isWireCloseCode(code)).toBe(true);
});
