import { expect, test } from 'vitest';
import {
  type NewSessionTicket,
  parseNewSessionTicket,
  serializeNewSessionTicket,
} from '../../src/messages/new-session-ticket.ts';
import { faultOf } from '../support/peer-fault.ts';
import { bytes, extension, filled } from '../support/wire.ts';

const TICKET: NewSessionTicket = {
  lifetime: 604_801,
  ageAdd: 0xffffffff,
  nonce: filled(255),
  ticket: filled(65_535),
  extensions: { earlyData: 0xffffffff },
};

test.each([
  TICKET,
  { ...TICKET, lifetime: 0, nonce: bytes(''), ticket: filled(1), extensions: {} },
])('comes back, a lifetime beyond the permitted as it stands', (ticket) => {
  expect(parseNewSessionTicket(serializeNewSessionTicket(ticket))).toEqual(ticket);
});

test('unknown extensions are ignored (RFC 9846 section 4.7.1)', () => {
  const whole = serializeNewSessionTicket(TICKET, [extension(0x5a5a, 'ff'), extension(0x7777)]);
  expect(parseNewSessionTicket(whole)).toEqual(TICKET);
});

const START = '00000001 00000002';
const decodes = (hexBody: string): string => {
  const body = bytes(hexBody);
  return faultOf(() => parseNewSessionTicket(new Uint8Array([4, 0, 0, body.length, ...body])));
};

test('a ticket has at least one byte, and nothing behind its extensions', () => {
  expect(decodes(`${START} 00 0001 61 0000`)).toBe('nothing');
  for (const body of [
    '',
    '00000001 000000',
    START,
    `${START} 01`,
    `${START} 00 0000 0000`,
    `${START} 00 0001 61`,
    `${START} 00 0001 61 00`,
    `${START} 00 0001 61 0000 00`,
    `${START} 00 0001 61 0001 00`,
  ]) {
    expect(decodes(body)).toBe('TLS_DECODE_ERROR');
  }
  expect(decodes(`${START} 00 0001 61 0008 5a5a 0000 5a5a 0000`)).toBe('TLS_DUPLICATE_EXTENSION');
});

test('what does not fit is not written', () => {
  for (const bad of [
    { ...TICKET, lifetime: 2 ** 32 },
    { ...TICKET, ageAdd: -1 },
    { ...TICKET, nonce: filled(256) },
    { ...TICKET, ticket: bytes('') },
    { ...TICKET, extensions: { earlyData: 2 ** 32 } },
  ]) {
    expect(() => serializeNewSessionTicket(bad)).toThrow(RangeError);
  }
});
