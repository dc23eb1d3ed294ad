import { expect, test } from 'vitest';
import type { LinkFault } from '../src/faults.ts';
import { type LinkOptions, VirtualLink } from '../src/link.ts';

/** Lets a link run until it is quiet; returns what arrived and when. */
function run(link: VirtualLink, until = Number.POSITIVE_INFINITY): [number, number[] | string][] {
  const arrived: [number, number[] | string][] = [];
  for (let now = 0; now <= until; ) {
    link.advance(now);
    for (let arrival = link.take(now); arrival !== null; arrival = link.take(now)) {
      arrived.push([now, 'data' in arrival ? [...arrival.data] : arrival.end]);
    }
    link.advance(now);
    const next = Math.min(link.nextDeparture, link.nextArrival);
    if (next === Number.POSITIVE_INFINITY) return arrived;
    now = Math.max(now, next);
  }
  return arrived;
}

function sent(options: LinkOptions, bytes: number[]): [number, number[] | string][] {
  const link = new VirtualLink(options);
  link.write(Uint8Array.from(bytes));
  link.end();
  return run(link);
}

test('bytes arrive after the latency, in segments, at the bandwidth', () => {
  expect(sent({ latencyMs: 5 }, [1, 2, 3])).toEqual([
    [5, [1, 2, 3]],
    [5, 'finished'],
  ]);
  expect(sent({ latencyMs: 5, segmentBytes: () => 2, bytesPerMs: 0.5 }, [1, 2, 3])).toEqual([
    [5, [1, 2]],
    [9, [3]],
    [9, 'finished'],
  ]);
});

test('the window fills up while nobody reads, then the send buffer is full', () => {
  const link = new VirtualLink({ windowBytes: 4, highWaterBytes: 3 });
  link.write(new Uint8Array(4));
  expect(link.full).toBe(true);
  link.advance(0);
  expect(link.full).toBe(false);
  expect(link.takeAccepted()).toBe(4);
  link.write(new Uint8Array(3));
  link.advance(1);
  expect(link.full).toBe(true);
  expect(link.takeAccepted()).toBe(0);
  expect(link.nextDeparture).toBe(Number.POSITIVE_INFINITY);
  expect(link.take(1)).toEqual({ data: new Uint8Array(4) });
  link.advance(1);
  expect(link.takeAccepted()).toBe(3);
});

const faultCases: [LinkFault, [number, number[] | string][]][] = [
  [
    { kind: 'truncate', atByte: 2 },
    [
      [1, [1, 2]],
      [1, 'finished'],
    ],
  ],
  [{ kind: 'reset', atByte: 2 }, [[1, 'reset']]],
  [
    { kind: 'corrupt', atByte: 1, mask: 0xf0 },
    [
      [1, [1]],
      [1, [0xf2, 3]],
      [1, 'finished'],
    ],
  ],
  [
    { kind: 'delay', atByte: 1, durationMs: 10 },
    [
      [1, [1]],
      [11, [2, 3]],
      [11, 'finished'],
    ],
  ],
  [
    { kind: 'stall', atByte: 0, durationMs: 10 },
    [
      [10, [1, 2, 3]],
      [10, 'finished'],
    ],
  ],
];
for (const [fault, expected] of faultCases) {
  test(`fault ${fault.kind}`, () => {
    expect(sent({ faults: [fault] }, [1, 2, 3])).toEqual(expected);
  });
}

test('a reader that stalls for ever leaves nothing to wait for', () => {
  expect(
    sent({ faults: [{ kind: 'stall', atByte: 0, durationMs: Number.POSITIVE_INFINITY }] }, [1]),
  ).toEqual([]);
});

test('a reset takes what is on the way with it', () => {
  const link = new VirtualLink();
  link.write(Uint8Array.of(1));
  link.advance(0);
  link.reset(0);
  link.write(Uint8Array.of(2));
  expect(run(link)).toEqual([[1, 'reset']]);
});
