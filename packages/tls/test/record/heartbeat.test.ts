import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LocalProtocolError } from '../../src/local-error.ts';
import { Heartbeat, type HeartbeatOptions } from '../../src/record/heartbeat.ts';
import { parseHeartbeat, serializeHeartbeat } from '../../src/record/heartbeat-message.ts';
import { bytesOf } from './support/directions.ts';

const random = (target: Uint8Array) => {
  target.set(bytesOf('random', target.length));
};

function heartbeat(options: Partial<HeartbeatOptions> = {}, now = 0): Heartbeat {
  const all: HeartbeatOptions = {
    local: 'peer_allowed_to_send',
    peer: 'peer_allowed_to_send',
    random,
    idleMs: Number.POSITIVE_INFINITY,
    answerMs: 5_000,
    ...options,
  };
  return new Heartbeat(all, now);
}

/** A message with its lengths as they are given, true or not. */
function message(type: number, payloadLength: number, byteCount: number): Uint8Array {
  const content = new Uint8Array(byteCount).fill(0x70);
  content.set([type, payloadLength >> 8, payloadLength].slice(0, byteCount));
  return content;
}

/** The response to a request. */
function responseTo(request: Uint8Array): Uint8Array {
  return serializeHeartbeat('response', parseHeartbeat(request)!.payload, 16, random);
}

describe('heartbeat messages (RFC 6520 section 4)', () => {
  test('come back as they were sent, without their padding', () => {
    const types = fc.constantFrom('request' as const, 'response' as const);
    const payloads = fc.uint8Array({ maxLength: 300 });
    fc.assert(
      fc.property(types, payloads, fc.integer({ min: 16, max: 60 }), (type, payload, padding) => {
        const content = serializeHeartbeat(type, payload, padding, random);
        expect(content.length).toBe(3 + payload.length + padding);
        expect(content.subarray(-padding)).toEqual(bytesOf('random', padding));
        expect(parseHeartbeat(content)).toEqual({ type, payload });
      }),
    );
  });

  test('of the shape of Heartbleed, 3 bytes that say 16384, show nothing', () => {
    const whole = new Uint8Array(32_768).fill(0x53);
    whole.set([1, 0x40, 0], 100);
    expect(parseHeartbeat(whole.subarray(100, 103))).toBeNull();
    expect(heartbeat().receive(whole.subarray(100, 103), 0)).toEqual({ type: 'discarded' });
  });

  test('show a payload just when 16 bytes of padding are behind it', () => {
    for (let byteCount = 0; byteCount < 40; byteCount += 1) {
      for (let payloadLength = 0; payloadLength < 40; payloadLength += 1) {
        const parsed = parseHeartbeat(message(1, payloadLength, byteCount));
        if (byteCount >= 3 + payloadLength + 16) expect(parsed?.payload.length).toBe(payloadLength);
        else expect(parsed).toBeNull();
      }
    }
  });

  test('of an unknown type are discarded', () => {
    for (const type of [0, 3, 255]) expect(parseHeartbeat(message(type, 0, 19))).toBeNull();
  });
});

describe('a request of the peer', () => {
  test('is answered with an exact copy of its payload and 16 random bytes', () => {
    const payload = bytesOf('payload', 100);
    const request = serializeHeartbeat('request', payload, 40, random);
    const outcome = heartbeat().receive(request, 0);
    if (outcome.type !== 'request') throw new Error(outcome.type);
    expect(outcome.payloadBytes).toBe(100);
    expect(outcome.response.length).toBe(3 + 100 + 16);
    expect(parseHeartbeat(outcome.response)).toEqual({ type: 'response', payload });
  });

  test('is dropped silently by a side that said peer_not_allowed_to_send (section 2)', () => {
    const refusing = heartbeat({ local: 'peer_not_allowed_to_send' });
    expect(refusing.receive(message(1, 1, 20), 0)).toEqual({ type: 'discarded' });
  });

  test('is dropped when its answer would be larger than the peer takes', () => {
    const small = heartbeat();
    small.messageBytesMax = 100;
    expect(small.receive(message(1, 81, 100), 0).type).toBe('request');
    expect(small.receive(message(1, 82, 101), 0).type).toBe('discarded');
  });
});

describe('a request of ours', () => {
  test('brings the time of its round trip', () => {
    const machine = heartbeat();
    const request = machine.request(1_000);
    expect([machine.isWaiting, machine.deadline()]).toEqual([true, 6_000]);
    expect(parseHeartbeat(request)?.payload.length).toBe(16);
    expect(machine.receive(responseTo(request), 1_030)).toEqual({
      type: 'response',
      roundTripMs: 30,
    });
    expect([machine.isWaiting, machine.deadline()]).toEqual([false, Number.POSITIVE_INFINITY]);
  });

  test('has the payload and padding that it is given', () => {
    const machine = heartbeat();
    const payload = Uint8Array.of(1, 2, 3);
    const request = machine.request(0, { payload, paddingBytes: 50 });
    payload.fill(9);
    expect(request.length).toBe(3 + 3 + 50);
    expect(parseHeartbeat(request)?.payload).toEqual(Uint8Array.of(1, 2, 3));
    expect(machine.receive(responseTo(request), 0).type).toBe('response');
  });

  test('is the only one in flight (section 3)', () => {
    const machine = heartbeat();
    const first = machine.request(0);
    expect(() => machine.request(1)).toThrow(LocalProtocolError);
    expect(() => machine.request(1)).toThrow('TLS_OUTSTANDING');
    expect(machine.deadline()).toBe(5_000);
    machine.receive(responseTo(first), 2);
    expect(machine.request(3)).toBeInstanceOf(Uint8Array);
  });

  test('is not sent to a peer that said peer_not_allowed_to_send (section 2)', () => {
    const machine = heartbeat({ peer: 'peer_not_allowed_to_send', idleMs: 1_000 });
    expect(machine.mayRequest).toBe(false);
    expect(() => machine.request(0)).toThrow('TLS_NOT_AGREED');
    expect(machine.deadline()).toBe(Number.POSITIVE_INFINITY);
  });

  test('keeps to 2^14 bytes, or less where that was agreed, and to 16 of padding', () => {
    const machine = heartbeat();
    for (const paddingBytes of [15, -1, 16.5, Number.NaN]) {
      expect(() => machine.request(0, { paddingBytes })).toThrow(RangeError);
    }
    expect(() => machine.request(0, { payload: new Uint8Array(16_366) })).toThrow(RangeError);
    expect(machine.isWaiting).toBe(false);
    machine.messageBytesMax = 512;
    expect(() => machine.request(0, { payload: new Uint8Array(494) })).toThrow(RangeError);
    expect(machine.request(0, { payload: new Uint8Array(493) }).length).toBe(512);
  });
});

describe('a response', () => {
  test('that nobody waits for is discarded', () => {
    const machine = heartbeat();
    expect(machine.receive(message(2, 4, 30), 0)).toEqual({ type: 'discarded' });
    const request = machine.request(0);
    expect(machine.receive(responseTo(request), 1).type).toBe('response');
    expect(machine.receive(responseTo(request), 2)).toEqual({ type: 'discarded' });
  });

  test('with another payload is discarded, and the right one still waited for', () => {
    const machine = heartbeat();
    const request = machine.request(0);
    const wrong = responseTo(request);
    wrong[5]! ^= 1;
    expect(machine.receive(wrong, 1)).toEqual({ type: 'discarded' });
    expect(machine.receive(responseTo(request).subarray(0, 30), 1)).toEqual({ type: 'discarded' });
    expect(machine.deadline()).toBe(5_000);
    expect(machine.receive(responseTo(request), 2).type).toBe('response');
  });

  test('that is late is discarded, once the request was given up', () => {
    const machine = heartbeat();
    const request = machine.request(0);
    expect(machine.due(4_999)).toBeNull();
    expect(machine.due(5_000)).toBe('unanswered');
    machine.giveUp(5_000);
    expect(machine.due(9_000)).toBeNull();
    expect(machine.receive(responseTo(request), 5_001)).toEqual({ type: 'discarded' });
  });
});

describe('a heartbeat of its own accord', () => {
  test('is due after an idle period', () => {
    const machine = heartbeat({ idleMs: 1_000 }, 500);
    expect(machine.deadline()).toBe(1_500);
    machine.received(1_200);
    expect(machine.due(2_199)).toBeNull();
    expect(machine.due(2_200)).toBe('request');
    const request = machine.request(2_200);
    machine.received(2_300);
    expect(machine.deadline()).toBe(7_200);
    machine.receive(responseTo(request), 2_400);
    expect(machine.deadline()).toBe(3_400);
  });

  test('waits for several round trips (section 5.2)', () => {
    const machine = heartbeat({ idleMs: 1_000 });
    machine.receive(responseTo(machine.request(0)), 400);
    expect(machine.deadline()).toBe(400 + 1_600);
  });
});
