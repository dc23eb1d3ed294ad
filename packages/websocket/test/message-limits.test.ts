// RFC 6455 section 10.4: every limit, what is just within it, and the close code of what is not.
import { describe, expect, test } from 'vitest';
import { frameHeaderBytes } from '../src/frame-header.ts';
import { DEFAULT_LIMITS, type WebSocketLimits } from '../src/limits.ts';
import { compressed, pureDeflate } from './support/compression.ts';
import { frameTo, hex } from './support/frames.ts';
import { type BenchOptions, benchOf, DEFLATE, ROLES, type Role } from './support/machines.ts';

interface LimitCase {
  readonly title: string;
  readonly limits: Partial<WebSocketLimits>;
  readonly frames: (role: Role) => Uint8Array[];
  readonly code: string | null;
  readonly closeCode: number;
  readonly deflate?: boolean;
}

const bytes = (size: number) => new Uint8Array(size);
const zeros = (size: number) => compressed(bytes(size));

const CASES: readonly LimitCase[] = [
  ...[0, 1].map((over) => ({
    title: `a frame of ${over} bytes more than frameBytesMax`,
    limits: { frameBytesMax: 1000 },
    frames: (role: Role) => [frameTo(role, 2, bytes(1000 + over))],
    code: over === 0 ? null : 'WS_FRAME_TOO_LARGE',
    closeCode: 1009,
  })),
  ...[0, 1].map((over) => ({
    title: `a short frame of ${over} bytes more than messageBytesMax`,
    limits: { messageBytesMax: 10 },
    frames: (role: Role) => [frameTo(role, 1, 'x'.repeat(10 + over))],
    code: over === 0 ? null : 'WS_MESSAGE_TOO_LARGE',
    closeCode: 1009,
  })),
  ...[0, 1].map((over) => ({
    title: `fragments of ${over} bytes more than messageBytesMax`,
    limits: { messageBytesMax: 3000 },
    frames: (role: Role) => [
      frameTo(role, 2, bytes(2000), { isFinal: false }),
      frameTo(role, 0, bytes(1000 + over)),
    ],
    code: over === 0 ? null : 'WS_MESSAGE_TOO_LARGE',
    closeCode: 1009,
  })),
  ...[0, 1].map((over) => ({
    title: `an inflated message of ${over} bytes more than messageBytesMax`,
    limits: { messageBytesMax: 100_000 },
    frames: (role: Role) => [frameTo(role, 2, zeros(100_000 + over), { rsv: 0x40 })],
    code: over === 0 ? null : 'WS_MESSAGE_TOO_LARGE',
    closeCode: 1009,
    deflate: true,
  })),
  ...[0, 1].map((over) => ({
    title: `${over} fragments more than fragmentsMax, all empty`,
    limits: { fragmentsMax: 5 },
    frames: (role: Role) => [
      frameTo(role, 2, '', { isFinal: false }),
      ...Array.from({ length: 3 + over }, () => frameTo(role, 0, '', { isFinal: false })),
      frameTo(role, 0),
    ],
    code: over === 0 ? null : 'WS_TOO_MANY_FRAGMENTS',
    closeCode: 1008,
  })),
  ...[0, 1].map((over) => ({
    title: `${over} pings more than controlFramesPerSecondMax`,
    limits: { controlFramesPerSecondMax: 7 },
    frames: (role: Role) => Array.from({ length: 7 + over }, () => frameTo(role, 9, 'x')),
    code: over === 0 ? null : 'WS_TOO_MANY_CONTROL_FRAMES',
    closeCode: 1008,
  })),
  {
    title: 'a length of 2^53',
    limits: {},
    frames: (role) => [frameTo(role, 2, '', { lengthBytes: 8, length: 2 ** 53 })],
    code: 'WS_LENGTH_TOO_LARGE',
    closeCode: 1009,
  },
  ...[2, 8].map((lengthBytes) => ({
    title: `a length in ${lengthBytes} bytes that needs fewer`,
    limits: {},
    frames: (role: Role) => [frameTo(role, 2, 'x', { lengthBytes: lengthBytes as 2 | 8 })],
    code: 'WS_LENGTH_NOT_MINIMAL',
    closeCode: 1002,
  })),
  {
    title: 'what is no DEFLATE',
    limits: {},
    frames: (role) => [frameTo(role, 2, hex('ff ff ff'), { rsv: 0x40 })],
    code: 'WS_INVALID_DEFLATE',
    closeCode: 1007,
    deflate: true,
  },
  {
    title: 'inflated text that is not UTF-8, in its second fragment',
    limits: {},
    frames: (role) => {
      const data = compressed(hex('61 62 c3 28'));
      return [
        frameTo(role, 1, data.subarray(0, 2), { rsv: 0x40, isFinal: false }),
        frameTo(role, 0, data.subarray(2)),
      ];
    },
    code: 'WS_INVALID_UTF8',
    closeCode: 1007,
    deflate: true,
  },
];

describe.each(ROLES)('a %s', (role) => {
  describe.each(['whole', 'pieces'] as const)('delivery in %s', (delivery) => {
    test.each(CASES)('$title', ({ limits, frames, code, closeCode, deflate }) => {
      for (const cut of ['frames', 'bytes'] as const) {
        const options: BenchOptions = { limits, delivery };
        const bench = benchOf(
          role,
          deflate ? { ...options, deflate: DEFLATE, compression: pureDeflate } : options,
        );
        for (const frame of frames(role)) {
          if (cut === 'frames') bench.arrives(frame);
          else for (const byte of frame) bench.arrives(Uint8Array.of(byte));
        }
        const failed = bench.watch.events.find(({ type }) => type === 'failed');
        expect(failed?.type === 'failed' ? failed.code : null).toBe(code);
        expect(bench.closeCodes).toEqual(code === null ? [] : [closeCode]);
        if (code === null) continue;
        expect(bench.ends()).toMatchObject([
          {
            type: 'closed',
            observation: [1008, 1009].includes(closeCode) ? 'limit' : 'protocol-error',
          },
        ]);
      }
    });
  });

  test.each(['whole', 'pieces'] as const)('fragments count for one message, in %s', (delivery) => {
    const bench = benchOf(role, { limits: { fragmentsMax: 3 }, delivery });
    for (let message = 0; message < 4; message++) {
      bench.gets(2, 'a', { isFinal: false });
      bench.gets(0, 'b', { isFinal: false });
      bench.gets(0, 'c');
    }
    expect(bench.closeCodes).toEqual([]);
    expect(bench.watch.events).toHaveLength(delivery === 'whole' ? 4 : 4 * 5);
  });

  test('a message of messageBytesMax may come in fragments of 64 bytes', () => {
    const { messageBytesMax, fragmentsMax } = DEFAULT_LIMITS;
    expect(fragmentsMax * 64).toBeGreaterThanOrEqual(messageBytesMax);
  });

  test('output of exactly outputBytesMax leaves room for a message', () => {
    const bench = benchOf(role, { limits: { outputBytesMax: 1000 } });
    const { machine, now } = bench;
    machine.sendBinary(bytes(1000 - frameHeaderBytes(990, role === 'client')), now);
    expect(machine.outputBytes).toBe(1000);
    machine.sendText('no more', now);
    expect(machine.isOpen).toBe(true);
    machine.sendText('too much', now);
    expect(machine.isOpen).toBe(false);
  });

  test('output above outputBytesMax fails the connection with the next message', () => {
    const bench = benchOf(role, { limits: { outputBytesMax: 1000 } });
    const { machine, now } = bench;
    machine.sendBinary(bytes(1200), now);
    machine.sendText('dropped', now);
    expect(machine.isOpen).toBe(false);
    expect(() => machine.sendText('refused', now)).toThrow('WS_NOT_OPEN');
    expect(bench.watch.drainEvents(now)).toMatchObject([
      { type: 'failed', code: 'WS_BACKLOG_TOO_LARGE', closeCode: 1008 },
    ]);
    bench.drains();
    expect(bench.closeCodes).toEqual([1008]);
    expect(bench.ends()).toMatchObject([{ type: 'closed', observation: 'limit' }]);
  });

  test('input above inputBytesMax is not wanted, and more of it is the caller’s fault', () => {
    const { machine, now } = benchOf(role, { limits: { inputBytesMax: 100 } });
    machine.receive(bytes(99), now);
    expect(machine.wantsData).toBe(true);
    machine.receive(bytes(10), now);
    expect(machine.wantsData).toBe(false);
    expect(() => machine.receive(bytes(1), now)).toThrow(RangeError);
  });
});

test('a bomb costs no more than the limit', () => {
  // 64 MiB of zeros in 64 KiB.
  const bomb = zeros(64 * 1024 * 1024);
  expect(bomb.length).toBeLessThan(70_000);
  const options = {
    deflate: DEFLATE,
    compression: pureDeflate,
    limits: { messageBytesMax: 1_000_000 },
  };
  const bench = benchOf('server', { ...options, delivery: 'pieces' });
  const events = bench.arrives(frameTo('server', 2, bomb, { rsv: 0x40 }));
  const inflated = events.reduce(
    (sum, event) => sum + (event.type === 'data' ? event.data.length : 0),
    0,
  );
  expect(inflated).toBe(1_000_000);
  expect(events.at(-1)).toMatchObject({ type: 'failed', code: 'WS_MESSAGE_TOO_LARGE', offset: 0 });
});
