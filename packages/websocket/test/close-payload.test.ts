// RFC 6455 sections 5.5.1, 7.4.1 and 7.4.2.
import { describe, expect, test } from 'vitest';
import { closeFaultAt, parseClosePayload, serializeClosePayload } from '../src/close-payload.ts';
import { closePayload, hex, latin1 } from './support/frames.ts';

/** 0-999 unused; 1004, 1005, 1006, 1015 reserved; 1016-2999 for the protocol's future; above 4999 nobody's. */
function mayBeOnWire(code: number): boolean {
  const isRegistered = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014];
  return isRegistered.includes(code) || (code >= 3000 && code <= 4999);
}

describe('a payload that was received', () => {
  test('nothing: «1005 [...] no status code was actually present»', () => {
    expect(parseClosePayload(new Uint8Array(0))).toEqual({ code: 1005, reason: '' });
  });

  test('a single byte is no code', () => {
    for (let byte = 0; byte < 256; byte++) {
      expect(parseClosePayload(Uint8Array.of(byte))).toBe('WS_INVALID_CLOSE_PAYLOAD');
    }
    expect(closeFaultAt(Uint8Array.of(3))).toBe(0);
  });

  test('each of the 65536 codes', () => {
    for (let code = 0; code < 65_536; code++) {
      const expected = mayBeOnWire(code) ? { code, reason: 'x' } : 'WS_INVALID_CLOSE_CODE';
      expect(parseClosePayload(closePayload(code, 'x'))).toEqual(expected);
    }
    expect(closeFaultAt(closePayload(1005, 'x'))).toBe(0);
  });

  test('a reason of 123 bytes, and one with a byte order mark', () => {
    const long = `${'é'.repeat(61)}!`;
    expect(parseClosePayload(closePayload(1000, long))).toEqual({ code: 1000, reason: long });
    expect(parseClosePayload(closePayload(1000, '\ufeffx'))).toMatchObject({ reason: '\ufeffx' });
  });

  test.each([
    ['ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80 65', 13],
    ['ff', 2],
    ['61 62 c3', 5],
    ['c0 80', 2],
  ])('a reason that is not UTF-8: %s', (reason, at) => {
    const payload = closePayload(1000, hex(reason));
    expect(parseClosePayload(payload)).toBe('WS_INVALID_CLOSE_REASON');
    expect(closeFaultAt(payload)).toBe(at === 13 ? 14 : at);
  });
});

describe('a payload to send', () => {
  test('1005 stands for none, and has no reason', () => {
    expect(serializeClosePayload(1005, '')).toEqual(new Uint8Array(0));
    expect(() => serializeClosePayload(1005, 'x')).toThrow('WS_CLOSE_NOT_ALLOWED');
  });

  test('«1006 [...] MUST NOT be set as a status code in a Close control frame», and all that have no meaning', () => {
    for (let code = -1; code <= 65_537; code++) {
      if (code === 1005) continue;
      if (mayBeOnWire(code)) expect(serializeClosePayload(code, '')).toEqual(closePayload(code));
      else expect(() => serializeClosePayload(code, '')).toThrow('WS_CLOSE_NOT_ALLOWED');
    }
    for (const code of [1000.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => serializeClosePayload(code, '')).toThrow('WS_CLOSE_NOT_ALLOWED');
    }
  });

  test('123 bytes of reason fit in a control frame, 124 do not', () => {
    expect(serializeClosePayload(1000, 'x'.repeat(123))).toHaveLength(125);
    expect(() => serializeClosePayload(1000, 'x'.repeat(124))).toThrow('124 bytes');
    expect(() => serializeClosePayload(1000, 'é'.repeat(62))).toThrow('124 bytes');
  });

  test('what is sent is read as it was, lone surrogates aside', () => {
    expect(parseClosePayload(serializeClosePayload(4000, 'grüß €😀'))).toEqual({
      code: 4000,
      reason: 'grüß €😀',
    });
    expect(parseClosePayload(serializeClosePayload(1001, '\ud800'))).toMatchObject({
      reason: '\ufffd',
    });
    expect(serializeClosePayload(1000, 'bye')).toEqual(latin1('\x03\xe8bye'));
  });
});
