import { describe, expect, test } from 'vitest';
import { clientSettings } from '../src/client.ts';
import { DEFAULT_CLIENT_TIMEOUTS, DEFAULT_LIMITS, DEFAULT_SERVER_TIMEOUTS } from '../src/limits.ts';
import { serverSettings } from '../src/server.ts';

const roles = [
  ['server', serverSettings, DEFAULT_SERVER_TIMEOUTS],
  ['client', clientSettings, DEFAULT_CLIENT_TIMEOUTS],
] as const;

for (const [role, settingsOf, timeouts] of roles) {
  describe(role, () => {
    const make = settingsOf as (options?: object) => ReturnType<typeof settingsOf>;
    test('has defaults for everything', () => {
      const settings = make();
      expect(settings.limits).toEqual(DEFAULT_LIMITS);
      expect(settings.timeouts).toEqual(timeouts);
      expect(settings.requestsMax).toBe(Number.POSITIVE_INFINITY);
    });

    test('takes what is given, and cannot be changed afterwards', () => {
      const settings = make({ limits: { fieldsMax: 3 }, timeouts: { idleMs: 0 }, requestsMax: 1 });
      expect(settings.limits).toEqual({ ...DEFAULT_LIMITS, fieldsMax: 3 });
      expect(settings.timeouts).toEqual({ ...timeouts, idleMs: 0 });
      expect(settings.requestsMax).toBe(1);
      expect(Object.isFrozen(settings.limits) && Object.isFrozen(settings.timeouts)).toBe(true);
    });

    test.each([
      [{ limits: { fieldsMax: -1 } }, /limits\.fieldsMax/],
      [{ limits: { fieldsMax: Number.NaN } }, /limits\.fieldsMax/],
      [{ limits: { fieldsMax: '3' } }, /limits\.fieldsMax/],
      [{ limits: { fieldMax: 3 } }, /limits\.fieldMax is unknown/],
      [{ timeouts: { idleMs: -1 } }, /timeouts\.idleMs/],
      [{ timeouts: { idle: 1 } }, /timeouts\.idle is unknown/],
      [{ requestsMax: 0 }, /requestsMax/],
      [{ requestsMax: Number.NaN }, /requestsMax/],
    ])('refuses %j', (options, message) => {
      expect(() => make(options)).toThrow(RangeError);
      expect(() => make(options)).toThrow(message);
    });
  });
}
