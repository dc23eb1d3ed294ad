import { expect, test } from 'vitest';
import { CloseEvent } from '../../src/websocket-api/index.ts';

test('a CloseEvent has what it was given, as Web IDL converts it, and else nothing', () => {
  const { type, bubbles, cancelable, wasClean, code, reason } = new CloseEvent('close');
  expect([type, bubbles, cancelable, wasClean, code, reason]).toEqual([
    'close',
    false,
    false,
    false,
    0,
    '',
  ]);
  const full = new CloseEvent('x', {
    bubbles: true,
    cancelable: true,
    wasClean: 'yes' as unknown as boolean,
    code: 65_536 + 1000,
    reason: 'a\ud800',
  });
  expect(full).toBeInstanceOf(Event);
  expect([full.bubbles, full.cancelable]).toEqual([true, true]);
  expect([full.wasClean, full.code, full.reason]).toEqual([true, 1000, 'a\ufffd']);
});
