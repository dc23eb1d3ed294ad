import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HANDSHAKE_LIMITS } from '../../src/messages/handshake-limits.ts';
import { HandshakeReassembler } from '../../src/messages/handshake-reassembler.ts';
import { HANDSHAKE_TYPE } from '../../src/messages/handshake-type.ts';
import { faultOf } from '../support/peer-fault.ts';
import { bytes, filled, hex, join, message, number } from '../support/wire.ts';

function header(type: number, length: number): Uint8Array {
  return join(number(1, type), number(3, length));
}

function reassembler(): HandshakeReassembler {
  return new HandshakeReassembler(HANDSHAKE_LIMITS);
}

/** Everything that comes out, after each fragment. */
function messagesOf(fragments: readonly Uint8Array[]): string[] {
  const all = reassembler();
  const messages: string[] = [];
  for (const fragment of fragments) {
    all.receive(fragment);
    for (let one = all.nextMessage(); one !== null; one = all.nextMessage())
      messages.push(hex(one));
  }
  expect(all.isAligned).toBe(true);
  return messages;
}

describe('fragments (RFC 9846 section 5.1)', () => {
  const first = message('server_hello', filled(70, 1));
  const second = message('end_of_early_data');
  const third = message('certificate', filled(300, 3));
  const stream = join(first, second, third);
  const expected = [first, second, third].map(hex);

  test('cut at every boundary', () => {
    for (let at = 1; at < stream.length; at += 1) {
      expect(messagesOf([stream.slice(0, at), stream.slice(at)])).toEqual(expected);
    }
  });

  test('of one byte each', () => {
    expect(messagesOf([...stream].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  test('of any sizes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 60 }), (sizes) => {
        const fragments: Uint8Array[] = [];
        let at = 0;
        for (const size of [...sizes, stream.length]) {
          if (at < stream.length) fragments.push(stream.slice(at, at + size));
          at += size;
        }
        expect(messagesOf(fragments)).toEqual(expected);
      }),
    );
  });

  test('a message in one record is a view of it', () => {
    const all = reassembler();
    const record = join(first, second);
    all.receive(record);
    expect(all.nextMessage()?.buffer).toBe(record.buffer);
  });

  test('what was handed out stays as it is', () => {
    const all = reassembler();
    all.receive(first.slice(0, 10));
    all.receive(first.slice(10));
    const taken = all.nextMessage();
    for (let count = 0; count < 5; count += 1) {
      all.receive(third.slice(0, 100));
      all.receive(third.slice(100));
      expect(hex(all.nextMessage() ?? bytes(''))).toBe(hex(third));
    }
    expect(hex(taken ?? bytes(''))).toBe(hex(first));
  });

  test('without content are refused', () => {
    expect(faultOf(() => reassembler().receive(bytes('')))).toBe('TLS_EMPTY_HANDSHAKE_FRAGMENT');
    const inside = reassembler();
    inside.receive(bytes('02'));
    expect(faultOf(() => inside.receive(bytes('')))).toBe('TLS_EMPTY_HANDSHAKE_FRAGMENT');
  });
});

describe('alignment', () => {
  test('holds at first, behind whole messages and nowhere else', () => {
    const all = reassembler();
    expect(all.isAligned).toBe(true);
    expect(faultOf(() => all.checkAligned())).toBe('nothing');
    all.receive(bytes('18'));
    expect(all.nextMessage()).toBeNull();
    expect(faultOf(() => all.checkNotInterleaved())).toBe('TLS_INTERLEAVED_HANDSHAKE');
    all.receive(bytes('000001 00 18'));
    expect(hex(all.nextMessage() ?? bytes(''))).toBe('1800000100');
    expect(faultOf(() => all.checkAligned())).toBe('TLS_KEY_CHANGE_IN_RECORD');
    all.receive(bytes('000001 01'));
    expect(faultOf(() => all.checkAligned())).toBe('TLS_KEY_CHANGE_IN_RECORD');
    expect(hex(all.nextMessage() ?? bytes(''))).toBe('1800000101');
    expect(faultOf(() => all.checkNotInterleaved())).toBe('nothing');
    expect(all.isAligned).toBe(true);
  });

  test('holds when all is let go', () => {
    const all = reassembler();
    all.receive(bytes('0b00'));
    all.clear();
    expect(all.isAligned).toBe(true);
  });
});

describe('headers are judged before the body has come', () => {
  const judge = (type: number, length: number) =>
    faultOf(() => {
      const all = reassembler();
      all.receive(header(type, length));
      all.nextMessage();
    });

  test('types that TLS 1.3 does not have', () => {
    const known = new Set<number>(Object.values(HANDSHAKE_TYPE).filter((type) => type !== 254));
    for (let type = 0; type < 256; type += 1) {
      expect(judge(type, 0)).toBe(known.has(type) ? 'nothing' : 'TLS_UNKNOWN_MESSAGE');
    }
  });

  test.each([
    ['client_hello', 131_396],
    ['server_hello', 65_607],
    ['new_session_ticket', 131_338],
    ['end_of_early_data', 0],
    ['encrypted_extensions', 65_537],
    ['certificate_request', 65_793],
    ['certificate_verify', 65_539],
    ['finished', 48],
    ['key_update', 1],
  ] as const)('%s is no longer than its format: %i', (name, max) => {
    expect(judge(HANDSHAKE_TYPE[name], max)).toBe('nothing');
    expect(judge(HANDSHAKE_TYPE[name], max + 1)).toBe('TLS_DECODE_ERROR');
  });

  test('certificate is no longer than its limit', () => {
    expect(judge(HANDSHAKE_TYPE.certificate, HANDSHAKE_LIMITS.certificateBytesMax)).toBe('nothing');
    expect(judge(HANDSHAKE_TYPE.certificate, HANDSHAKE_LIMITS.certificateBytesMax + 1)).toBe(
      'TLS_MESSAGE_TOO_LARGE',
    );
  });

  test('a limit of the caller holds', () => {
    const all = new HandshakeReassembler({ ...HANDSHAKE_LIMITS, clientHelloBytesMax: 500 });
    all.receive(header(HANDSHAKE_TYPE.client_hello, 500));
    expect(all.nextMessage()).toBeNull();
    const other = new HandshakeReassembler({ ...HANDSHAKE_LIMITS, clientHelloBytesMax: 500 });
    other.receive(header(HANDSHAKE_TYPE.client_hello, 501));
    expect(faultOf(() => other.nextMessage())).toBe('TLS_MESSAGE_TOO_LARGE');
  });
});

test('work is linear: bytes copied for fragments of one byte', () => {
  const copied = (byteCount: number): number => {
    const original = Uint8Array.prototype.set;
    let count = 0;
    Uint8Array.prototype.set = function (source: ArrayLike<number>, offset?: number): void {
      count += source.length;
      original.call(this, source, offset);
    };
    try {
      const whole = message('certificate', filled(byteCount));
      const all = reassembler();
      count = 0;
      for (const byte of whole) {
        all.receive(Uint8Array.of(byte));
        all.nextMessage();
      }
      expect(all.isAligned).toBe(true);
    } finally {
      Uint8Array.prototype.set = original;
    }
    return count / byteCount;
  };
  expect(copied(1_000)).toBeLessThan(4);
  expect(copied(100_000)).toBeLessThan(4);
});
