// What the Autobahn test suite asks for in its sections 1-7, 9, 10, 12 and 13, of both roles: each
// case strictly, never «non-strict», with its bytes at once, frame by frame and byte by byte. The
// cases are told anew from their published descriptions (github.com/crossbario/autobahn-testsuite).
import { describe, expect, test } from 'vitest';
import type { AutobahnCase } from './autobahn/case.ts';
import { closingCases } from './autobahn/closing.ts';
import { framingCases } from './autobahn/framing.ts';
import { choppedCases, largeCases } from './autobahn/limits.ts';
import { type Chops, judge } from './autobahn/run.ts';
import { BROKEN, TOO_FAR, textCases } from './autobahn/text.ts';
import { frameTo } from './support/frames.ts';
import { type BenchOptions, benchOf, ROLES, type Role } from './support/machines.ts';

/** Byte by byte is for what is short. */
const SINGLE_BYTES_MAX = 300_000;
/** Of the budget for pings that a suite which sends nothing else would exceed; none has more than ten. */
const LARGE: BenchOptions = { limits: { outputBytesMax: 64 * 1024 * 1024 } };

function failures(cases: readonly AutobahnCase[], role: Role, chops: Chops): string[] {
  return cases.flatMap((one) => {
    const failure = judge(one, role, chops, LARGE);
    return failure === null ? [] : [`${one.id}: ${failure}`];
  });
}

const small = [...framingCases, ...textCases, ...closingCases];

test('every case of sections 1-7 is there', () => {
  const sections = new Map<string, number>();
  for (const { id } of small) {
    const section = id.split('.')[0]!;
    sections.set(section, (sections.get(section) ?? 0) + 1);
  }
  // Four cases of 6.4 are below.
  expect(Object.fromEntries(sections)).toEqual({ 1: 16, 2: 11, 3: 7, 4: 10, 5: 20, 6: 141, 7: 37 });
  expect(new Set(small.map(({ id }) => id)).size).toBe(small.length);
});

describe.each(ROLES)('a %s that echoes is strict', (role) => {
  test.each<Chops>(['whole', 'frames', 997])('sections 1-7, in chops: %s', (chops) => {
    expect(failures(small, role, chops)).toEqual([]);
  });

  test('sections 1-7, byte by byte', () => {
    const bytesOf = ({ frames }: AutobahnCase) =>
      frames.reduce((sum, { payload }) => sum + payload.length, 0);
    const short = small.filter((one) => bytesOf(one) <= SINGLE_BYTES_MAX);
    expect(failures(short, role, 1)).toEqual([]);
  });

  test.each<Chops>(['whole', 'frames', 65_536])('sections 9 and 10, in chops: %s', (chops) => {
    expect(failures(largeCases, role, chops)).toEqual([]);
  });

  test('9.5 and 9.6: 1 MiB in chops', () => {
    for (const [one, chop] of choppedCases)
      expect([one.id, judge(one, role, chop)]).toEqual([one.id, null]);
  });

  describe('6.4: fails fast, at the first byte that no text can have there', () => {
    const isFailed = (event: { readonly type: string } | undefined) => event?.type === 'failed';
    // The first part may be followed by something valid; with the second there is no valid text.
    const parts = [
      { id: '6.4.1', data: TOO_FAR, at: 12, inFrames: true },
      { id: '6.4.2', data: TOO_FAR, at: 12, inFrames: true },
      { id: '6.4.3', data: TOO_FAR, at: 12, inFrames: false },
      { id: '6.4.4', data: TOO_FAR, at: 12, inFrames: false },
      { id: 'a surrogate', data: BROKEN, at: 12, inFrames: false },
    ];
    test.each(parts)('$id', ({ data, at, inFrames }) => {
      const bench = benchOf(role);
      const key = role === 'server' ? [0, 0, 0, 0] : null;
      const headerBytes = role === 'server' ? 6 : 2;
      if (inFrames) {
        expect(bench.gets(1, data.subarray(0, at), { isFinal: false, key })).toEqual([]);
        const [event] = bench.gets(0, data.subarray(at, at + 1), { isFinal: false, key });
        expect(event).toMatchObject({ code: 'WS_INVALID_UTF8', offset: 2 * headerBytes + at });
      } else {
        const frame = frameTo(role, 1, data, { key });
        const events = Array.from(frame.subarray(0, headerBytes + at), (byte) =>
          bench.arrives(Uint8Array.of(byte)),
        );
        expect(events.flat()).toEqual([]);
        const [event] = bench.arrives(frame.subarray(headerBytes + at, headerBytes + at + 1));
        expect(isFailed(event)).toBe(true);
        expect(event).toMatchObject({ code: 'WS_INVALID_UTF8', offset: headerBytes + at });
      }
      expect(bench.closeCodes).toEqual([1007]);
    });
  });
});
