import { describe, expect, test } from 'vitest';
import { ALERT, type AlertName } from '../../src/alert.ts';
import { parseAlert, serializeAlert } from '../../src/record/alert-message.ts';
import { alertOf } from '../support/peer-fault.ts';

describe('alerts', () => {
  test('come back as they were sent', () => {
    for (const name of Object.keys(ALERT) as AlertName[]) {
      const parsed = parseAlert(serializeAlert(name));
      const isClosure = name === 'close_notify' || name === 'user_canceled';
      expect(parsed).toEqual({ level: isClosure ? 1 : 2, description: ALERT[name], name });
    }
  });

  test('that are not known have no name, and any level (section 6)', () => {
    expect(parseAlert(Uint8Array.of(7, 255))).toEqual({ level: 7, description: 255, name: null });
  });

  test('have two bytes', () => {
    for (const length of [0, 1, 3]) {
      expect(alertOf(() => parseAlert(new Uint8Array(length)))).toBe('decode_error');
    }
  });
});
