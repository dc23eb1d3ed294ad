// RFC 6455 sections 5.1, 5.2, 5.4, 5.5; RFC 7692 section 6: all first two bytes of a frame.
import { describe, expect, test } from 'vitest';
import { pureDeflate } from './support/compression.ts';
import { frameTo } from './support/frames.ts';
import { benchOf, DEFLATE, ROLES, type Role } from './support/machines.ts';

/** What the sentences say of two bytes, one after the other; null when the frame may be read on. */
function naiveFault(
  first: number,
  second: number,
  role: Role,
  isInMessage: boolean,
  mayCompress: boolean,
): string | null {
  const fin = first >= 128;
  const [rsv1, rsv2, rsv3] = [first & 64, first & 32, first & 16].map((bit) => bit !== 0);
  const opcode = first % 16;
  const isData = [0, 1, 2].includes(opcode);
  const isControl = [8, 9, 10].includes(opcode);
  // «MUST be 0 unless an extension is negotiated that defines meanings for non-zero values.»
  if (rsv2 || rsv3) return 'WS_RESERVED_BITS';
  // RFC 7692: «MUST NOT set the "Per-Message Compressed" bit of [...] non-first fragments» and control frames.
  if (rsv1 && !(mayCompress && (opcode === 1 || opcode === 2))) return 'WS_RESERVED_BITS';
  // «If an unknown opcode is received, the receiving endpoint MUST _Fail the WebSocket Connection_.»
  if (!isData && !isControl) return 'WS_RESERVED_OPCODE';
  // «All control frames [...] MUST NOT be fragmented.»
  if (isControl && !fin) return 'WS_CONTROL_FRAGMENTED';
  if (opcode === 0 && !isInMessage) return 'WS_UNEXPECTED_CONTINUATION';
  if (isData && opcode !== 0 && isInMessage) return 'WS_EXPECTED_CONTINUATION';
  // «a client MUST mask all frames [...] A server MUST NOT mask any frames»
  if (role === 'server' && second < 128) return 'WS_UNMASKED_FRAME';
  if (role === 'client' && second >= 128) return 'WS_MASKED_FRAME';
  // «All control frames MUST have a payload length of 125 bytes or less»
  if (isControl && second % 128 > 125) return 'WS_CONTROL_TOO_LONG';
  return null;
}

function faultOf(
  first: number,
  second: number,
  role: Role,
  isInMessage: boolean,
  deflate: boolean,
) {
  const bench = benchOf(role, {
    ...(deflate ? { deflate: DEFLATE, compression: pureDeflate } : {}),
    delivery: 'pieces',
  });
  if (isInMessage) bench.arrives(frameTo(role, 2, Uint8Array.of(1), { isFinal: false }));
  const { machine, now } = bench;
  machine.receive(Uint8Array.of(first, second), now);
  let event = machine.nextEvent(now);
  while (event.type !== 'need-data' && event.type !== 'failed') event = machine.nextEvent(now);
  // No payload at all is a frame that may be read, and no DEFLATE: an empty message is the byte 0.
  if (event.type !== 'failed' || event.code === 'WS_INVALID_DEFLATE') return null;
  return event.code;
}

describe.each(ROLES)('a %s', (role) => {
  for (const isInMessage of [false, true]) {
    for (const mayCompress of [false, true]) {
      const where = `${isInMessage ? 'within' : 'outside'} a message, ${mayCompress ? 'with' : 'without'} compression`;
      test(`reads every pair of first bytes as the sentences say: ${where}`, () => {
        const wrong: string[] = [];
        for (let pair = 0; pair < 65_536; pair++) {
          const [first, second] = [pair >> 8, pair & 255];
          const expected = naiveFault(first, second, role, isInMessage, mayCompress);
          const actual = faultOf(first, second, role, isInMessage, mayCompress);
          if (actual !== expected) wrong.push(`${first} ${second}: ${actual}, not ${expected}`);
        }
        expect(wrong).toEqual([]);
      });

      test(`the first byte alone says as much as it can: ${where}`, () => {
        const wrong: string[] = [];
        const goodMask = role === 'server' ? 128 : 0;
        for (let first = 0; first < 256; first++) {
          const bench = benchOf(role, {
            ...(mayCompress ? { deflate: DEFLATE, compression: pureDeflate } : {}),
          });
          if (isInMessage) bench.arrives(frameTo(role, 1, 'a', { isFinal: false }));
          const [event] = bench.arrives(Uint8Array.of(first));
          const actual = event?.type === 'failed' ? event.code : null;
          const expected = naiveFault(first, goodMask, role, isInMessage, mayCompress);
          if (actual !== expected) wrong.push(`${first}: ${actual}, not ${expected}`);
        }
        expect(wrong).toEqual([]);
      });
    }
  }
});
