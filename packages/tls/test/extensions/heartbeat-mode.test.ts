import { expect, test } from 'vitest';
import { parseHeartbeatMode, writeHeartbeatMode } from '../../src/extensions/heartbeat-mode.ts';
import { readBody, writeBody } from '../support/extension-body.ts';
import { alertOf } from '../support/peer-fault.ts';
import { hex, number } from '../support/wire.ts';

test.each([
  [1, 'peer_allowed_to_send'],
  [2, 'peer_not_allowed_to_send'],
] as const)('%i is %s (RFC 6520 section 2)', (code, mode) => {
  expect(readBody(parseHeartbeatMode, number(1, code))).toBe(mode);
  expect(hex(writeBody(writeHeartbeatMode, mode))).toBe(`0${code}`);
});

test('any other is illegal_parameter', () => {
  for (let code = 0; code < 256; code += 1) {
    if (code === 1 || code === 2) continue;
    expect(alertOf(() => readBody(parseHeartbeatMode, number(1, code)))).toBe('illegal_parameter');
  }
});
