import { describe, expect, test } from 'vitest';
import { COMMANDS_HELP, readTypedLine } from '../../src/connect/typed-line.ts';

describe('a line is', () => {
  test.each([
    ['hello', { type: 'message', text: 'hello' }],
    ['', { type: 'message', text: '' }],
    [' /help', { type: 'message', text: ' /help' }],
    ['//help', { type: 'message', text: '/help' }],
    ['///', { type: 'message', text: '//' }],
    ['/help', { type: 'help' }],
    ['/ping', { type: 'ping', text: '' }],
    ['/ping are you there', { type: 'ping', text: 'are you there' }],
    [`/ping ${'x'.repeat(125)}`, { type: 'ping', text: 'x'.repeat(125) }],
    ['/close', { type: 'close', code: 1000, reason: '' }],
    ['/close 1001', { type: 'close', code: 1001, reason: '' }],
    ['/close 4999 so long ', { type: 'close', code: 4999, reason: 'so long ' }],
    [`/close 3000 ${'x'.repeat(123)}`, { type: 'close', code: 3000, reason: 'x'.repeat(123) }],
  ])('%j', (line, typed) => {
    expect(readTypedLine(line)).toEqual(typed);
  });

  test.each([
    ['/', 'no command /'],
    ['/quit', 'no command /quit'],
    ['/Ping', 'no command /Ping'],
    [`/ping ${'x'.repeat(126)}`, '125 bytes'],
    [`/ping ${'ü'.repeat(63)}`, '125 bytes'],
    ['/close bye', 'needs a code'],
    ['/close 999', 'codes'],
    ['/close 1004', 'codes'],
    ['/close 1005', 'codes'],
    ['/close 1006', 'codes'],
    ['/close 1015', 'codes'],
    ['/close 2999', 'codes'],
    ['/close 5000', 'codes'],
    [`/close 1000 ${'ü'.repeat(62)}`, '123 bytes'],
  ])('a mistake: %j', (line, text) => {
    expect(readTypedLine(line)).toEqual({ type: 'mistake', text: expect.stringContaining(text) });
  });
});

test('the help names every command', () => {
  for (const command of ['/ping', '/close', '/help', '//']) {
    expect(COMMANDS_HELP.some((line) => line.startsWith(command))).toBe(true);
  }
});
