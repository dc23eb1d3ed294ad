import { expect, test } from 'vitest';
import { handshakeFaultMessage, REQUEST_FAULTS, RESPONSE_FAULTS } from '../src/handshake-faults.ts';

test('each fault has a section of an RFC, and a server an error status', () => {
  for (const [code, { section, status }] of Object.entries(REQUEST_FAULTS)) {
    expect(code).toMatch(/^WS_[A-Z_]+$/);
    expect(section).toMatch(/^RFC \d+ section \d+(\.\d+)*$/);
    expect([400, 405, 426, 431]).toContain(status);
  }
  for (const [code, { section, status }] of Object.entries(RESPONSE_FAULTS)) {
    expect(code).toMatch(/^WS_[A-Z_]+$/);
    expect(REQUEST_FAULTS).not.toHaveProperty(code);
    expect(section).toMatch(/^RFC \d+ section \d+(\.\d+)*$/);
    expect(status).toBe(0);
  }
});

test('a message has the words of the code, the detail and the section', () => {
  expect(handshakeFaultMessage('WS_MISSING_KEY')).toBe('missing key (RFC 6455 section 4.2.1)');
  expect(handshakeFaultMessage('WS_INVALID_EXTENSIONS', 'expected token at 3')).toBe(
    'invalid extensions: expected token at 3 (RFC 6455 section 9.1)',
  );
  expect(handshakeFaultMessage('WS_WRONG_ACCEPT')).toBe('wrong accept (RFC 6455 section 4.1)');
});
