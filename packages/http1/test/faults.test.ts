import { expect, test } from 'vitest';
import { FAULTS, faultMessage, type Http1FaultCode, LocalProtocolError } from '../src/faults.ts';

test('each fault has a section of an RFC, an error status and a message that says where', () => {
  for (const [code, { section, status }] of Object.entries(FAULTS)) {
    expect(code).toMatch(/^HTTP1_[A-Z0-9_]+$/);
    expect(section).toMatch(/^RFC \d+ section \d+(\.\d+)*$/);
    expect([400, 408, 413, 414, 431, 501, 502, 505]).toContain(status);
    expect(faultMessage(code as Http1FaultCode, 7)).toContain(section);
    expect(faultMessage(code as Http1FaultCode, 7)).toContain('7');
  }
});

test('a local error has its code in front', () => {
  const error = new LocalProtocolError('HTTP1_NO_REQUEST', 'there is none');
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe('LocalProtocolError');
  expect(error.code).toBe('HTTP1_NO_REQUEST');
  expect(error.message).toBe('HTTP1_NO_REQUEST: there is none');
});
