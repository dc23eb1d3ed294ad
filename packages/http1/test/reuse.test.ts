import { expect, test } from 'vitest';
import { isIdempotent, retryVerdicts } from '../src/reuse.ts';

// RFC 9110 section 9.2.2: «PUT, DELETE, and safe request methods are idempotent.»
test('idempotent methods, by exact spelling', () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE'])
    expect(isIdempotent(method)).toBe(true);
  for (const method of ['POST', 'PATCH', 'CONNECT', 'get', 'M-SEARCH', ''])
    expect(isIdempotent(method)).toBe(false);
});

test('each request of a pipeline has its verdict', () => {
  const fate = (method: string, sent: boolean, responseBegun = false) => ({
    method,
    sent,
    responseBegun,
  });
  const reasons = (...fates: ReturnType<typeof fate>[]) =>
    retryVerdicts(fates).map(({ reason }) => reason);
  expect(reasons()).toEqual([]);
  expect(reasons(fate('GET', true), fate('PUT', true))).toEqual(['idempotent', 'idempotent']);
  expect(reasons(fate('GET', true, true), fate('GET', true))).toEqual([
    'response-begun',
    'idempotent',
  ]);
  expect(
    reasons(fate('GET', true), fate('POST', true), fate('GET', true), fate('POST', false)),
  ).toEqual(['idempotent', 'not-idempotent', 'sequence-not-idempotent', 'unsent']);
  expect(retryVerdicts([fate('POST', false)])).toEqual([{ retry: true, reason: 'unsent' }]);
});
