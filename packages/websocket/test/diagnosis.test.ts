// The confusion matrix: what a server makes of causes that are known here and not to it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Evidence, Observation } from '../src/closed-event.ts';
import { diagnose } from '../src/diagnosis.ts';
import { CAUSES, closedBy, matrixTable } from './support/causes.ts';

describe('what happened is told by what was seen', () => {
  test.each(CAUSES)('$cause: $observation, $likely', (cause) => {
    const closed = closedBy(cause);
    expect([closed.observation, closed.likely.cause]).toEqual([cause.observation, cause.likely]);
    expect(closed.wasClean).toBe(cause.observation === 'closing-handshake');
    expect(closed.likely.why).toMatch(/^[A-Z].*\.$/);
  });

  test('every observation but none of two has a cause', () => {
    const all: Record<Observation, true> = {
      'closing-handshake': true,
      'fin-without-close': true,
      'ended-in-message': true,
      'tls-truncated': true,
      reset: true,
      'local-error': true,
      'ping-unanswered': true,
      'local-stall': true,
      'write-stall': true,
      'close-unanswered': true,
      'protocol-error': true,
      limit: true,
      aborted: true,
    };
    expect(new Set(CAUSES.map(({ observation }) => observation))).toEqual(
      new Set(Object.keys(all)),
    );
  });

  test('the page shows this table', () => {
    const file = join(import.meta.dirname, '../../../docs/explain/close-diagnosis.md');
    expect(readFileSync(file, 'utf8')).toContain(matrixTable());
  });
});

const EVIDENCE: Evidence = {
  idleMs: 0,
  openMs: 1e6,
  unacceptedBytes: 0,
  withinMessage: false,
  pingUnansweredMs: null,
  stallMs: 0,
  sentCode: null,
  receivedCode: null,
};

describe('an idle timeout on the way', () => {
  test.each([
    [59_749, 'peer-or-path'],
    [59_750, 'idle-timeout-on-path'],
    [61_500, 'idle-timeout-on-path'],
    [61_501, 'peer-or-path'],
    [350_000, 'idle-timeout-on-path'],
    [0, 'peer-or-path'],
  ])('after %i ms: %s', (idleMs, cause) => {
    for (const observation of ['reset', 'fin-without-close'] as const) {
      expect(diagnose(observation, { ...EVIDENCE, idleMs }).cause).toBe(cause);
    }
  });

  test('has no message cut', () => {
    const evidence = { ...EVIDENCE, idleMs: 60_000, withinMessage: true };
    expect(diagnose('ended-in-message', evidence)).toEqual({
      cause: 'peer-or-path',
      why: "There was the end of the stream within a message and no Close frame: the peer's process ended, or something on the way closed.",
    });
  });
});

test('what is not accepted is told', () => {
  const evidence = { ...EVIDENCE, idleMs: 50_000, unacceptedBytes: 17 };
  expect(diagnose('ping-unanswered', evidence).why).toContain('17 bytes');
  expect(diagnose('write-stall', evidence).why).toContain('50.0 s');
});
