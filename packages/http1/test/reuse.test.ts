import { expect, test } from 'vitest';
import { isIdempotent, retryVerdicts, reuseVerdict } from '../src/reuse.ts';

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

/** A connection that could take a request, but for what is given. */
function situation(change: object = {}): Parameters<typeof reuseVerdict>[0] {
  const usual = {
    core: {
      transport: 'open' as const,
      peerEnd: null,
      input: { length: 0 },
      deadlines: { phase: 'idle', phaseIsOver: () => false },
    },
    states: { send: 'ready' as const },
    pipeline: { length: 0, lastWasSent: false, mayEndHttp: false },
    draining: false,
    closeReceived: false,
    isTooOld: false,
    isFull: false,
  };
  return { ...usual, ...change };
}

test('each reason by itself', () => {
  const { core, pipeline } = situation();
  const reasonOf = (change: object) => reuseVerdict(situation(change), 0).reason;
  expect(reuseVerdict(situation(), 0)).toEqual({ reusable: true, reason: 'ready' });
  expect(reasonOf({ states: { send: 'switched' } })).toBe('switching');
  expect(reasonOf({ states: { send: 'ended' } })).toBe('closing');
  expect(reasonOf({ core: { ...core, transport: 'close' } })).toBe('closing');
  expect(reasonOf({ core: { ...core, peerEnd: 'finished' } })).toBe('closing');
  expect(reasonOf({ draining: true })).toBe('closing');
  expect(reasonOf({ closeReceived: true })).toBe('close-announced');
  expect(reasonOf({ pipeline: { ...pipeline, lastWasSent: true } })).toBe('close-announced');
  expect(reasonOf({ pipeline: { ...pipeline, mayEndHttp: true } })).toBe('switching');
  expect(reasonOf({ states: { send: 'content' } })).toBe('request-under-way');
  expect(reasonOf({ isFull: true })).toBe('max-requests');
  expect(reasonOf({ isTooOld: true })).toBe('max-age');
  expect(reasonOf({ pipeline: { ...pipeline, length: 1 } })).toBe('response-outstanding');
  expect(reasonOf({ core: { ...core, input: { length: 1 } } })).toBe('unread-bytes');
  expect(
    reasonOf({ core: { ...core, deadlines: { phase: 'idle', phaseIsOver: () => true } } }),
  ).toBe('idle-timeout');
  expect(
    reasonOf({ core: { ...core, deadlines: { phase: 'none', phaseIsOver: () => true } } }),
  ).toBe('ready');
});
