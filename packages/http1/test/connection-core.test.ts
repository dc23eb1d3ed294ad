import { expect, test } from 'vitest';
import { ConnectionCore } from '../src/connection-core.ts';
import { DEFAULT_LIMITS } from '../src/limits.ts';
import { bytes } from './support/bytes.ts';

const timeouts = {
  contentGraceMs: 1000,
  contentBytesPerSecondMin: 100,
  writeStallMs: 500,
};
const coreOf = () =>
  new ConnectionCore<{ type: string }, string>(
    { limits: { ...DEFAULT_LIMITS, lingerBytesMax: 3 }, timeouts },
    0,
  );

/** A core with output that was handed out, and not accepted. */
function coreWithOutput(): ConnectionCore<{ type: string }, string> {
  const core = coreOf();
  core.output.append(bytes('abc'));
  expect(core.nextOutput()).toEqual(bytes('abc'));
  return core;
}

test('an end in stages: output, half-close, the peer or its time, close', () => {
  const core = coreWithOutput();
  core.beginClose('drained', 50);
  core.beginClose('another', 70);
  expect([core.transport, core.cause, core.deadlines.next]).toEqual(['half-close', 'drained', 500]);
  core.outputAccepted(3, 10);
  expect([core.deadlines.phase, core.deadlines.next, core.closedIsDue]).toEqual([
    'linger',
    60,
    false,
  ]);
  core.receive(bytes('xyz'), 20, true);
  expect(core.transport).toBe('half-close');
  core.receive(bytes('!'), 30, true);
  expect([core.transport, core.closedIsDue, core.input.length]).toEqual(['close', true, 0]);
});

test('without output the wait begins at once, and the end of the peer ends it', () => {
  const core = coreOf();
  core.beginClose('drained', 50);
  expect(core.deadlines.next).toBe(50);
  expect(core.receiveEnd(5, 'finished')).toBe(false);
  expect([core.transport, core.deadlines.next]).toEqual(['close', Number.POSITIVE_INFINITY]);
});

test('a peer that has ended, and a role that does not linger, need no wait', () => {
  const ended = coreOf();
  ended.receiveEnd(0, 'truncated');
  ended.beginClose('drained', 50);
  expect(ended.transport).toBe('close');
  const client = coreOf();
  client.beginClose('drained', 0);
  expect(client.transport).toBe('close');
});

test('a cut gives up output; a connection that had ended well keeps its cause', () => {
  const cut = coreWithOutput();
  cut.beginClose('drained', 50);
  cut.cut('reset');
  cut.cut('again');
  expect([cut.transport, cut.cause, cut.output.pendingBytes]).toEqual(['abort', 'reset', 0]);
  cut.outputAccepted(99, 0);
  const well = coreOf();
  well.beginClose('drained', 50);
  well.cut('reset');
  expect([well.transport, well.cause, well.closedIsDue]).toEqual(['abort', 'drained', true]);
});

test('abrupt ends override others, and are told apart', () => {
  const core = coreOf();
  expect(core.receiveEnd(0, 'finished')).toBe(false);
  expect(core.receiveEnd(0, 'truncated')).toBe(false);
  expect(core.peerEnd).toBe('finished');
  expect(core.receiveEnd(0, 'failed')).toBe(true);
  expect(core.peerEnd).toBe('failed');
});

test('bytes queued and handed out are counted from the beginning', () => {
  const core = coreWithOutput();
  core.outputAccepted(2, 0);
  core.output.append(bytes('de'));
  expect([core.queuedBytes, core.handedOutBytes]).toEqual([5, 3]);
});
