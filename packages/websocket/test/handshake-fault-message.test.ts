import { expect, test } from 'vitest';
import { handshakeFaultMessage } from '../src/handshake-fault-message.ts';
import { REQUEST_FAULTS } from '../src/request-faults.ts';
import { RESPONSE_FAULTS } from '../src/response-faults.ts';

const SECTION = /^RFC \d+ section \d+(\.\d+)*$/;

test('each fault has a section of an RFC, and one of a request an error status', () => {
  for (const [code, { section, status }] of Object.entries(REQUEST_FAULTS)) {
    expect(code).toMatch(/^WS_[A-Z_]+$/);
    expect(section).toMatch(SECTION);
    expect([400, 405, 426, 431]).toContain(status);
  }
  for (const [code, { section }] of Object.entries(RESPONSE_FAULTS)) {
    expect(code).toMatch(/^WS_[A-Z_]+$/);
    expect(REQUEST_FAULTS).not.toHaveProperty(code);
    expect(section).toMatch(SECTION);
  }
});

test('a message has the words of the code, the detail and the section', () => {
  expect(handshakeFaultMessage('WS_MISSING_KEY', 'RFC 6455 section 4.2.1')).toBe(
    'missing key (RFC 6455 section 4.2.1)',
  );
  expect(
    handshakeFaultMessage('WS_INVALID_EXTENSIONS', 'RFC 6455 section 9.1', 'expected token at 3'),
  ).toBe('invalid extensions: expected token at 3 (RFC 6455 section 9.1)');
});
