import { expect, test } from 'vitest';
import { DEFAULT_CLIENT_TIMEOUTS, DEFAULT_LIMITS, DEFAULT_SERVER_TIMEOUTS } from '../src/limits.ts';

test('the defaults cannot be changed, and are numbers of 0 or more', () => {
  for (const defaults of [DEFAULT_LIMITS, DEFAULT_SERVER_TIMEOUTS, DEFAULT_CLIENT_TIMEOUTS]) {
    expect(Object.isFrozen(defaults)).toBe(true);
    for (const [name, value] of Object.entries(defaults)) {
      expect(value, name).toBeGreaterThanOrEqual(0);
      expect(name).toMatch(/(BytesMax|Max|Ms|MsMax|Min)$/);
    }
  }
});

test('the request-line may have at least the RECOMMENDED 8000 bytes (RFC 9112 section 3)', () => {
  expect(DEFAULT_LIMITS.startLineBytesMax).toBeGreaterThanOrEqual(8000);
});

test('a client leaves before the server of the same defaults does', () => {
  expect(DEFAULT_CLIENT_TIMEOUTS.idleMs).toBeLessThan(DEFAULT_SERVER_TIMEOUTS.idleMs);
});
