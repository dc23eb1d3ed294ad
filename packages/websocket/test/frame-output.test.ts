// RFC 6455 sections 5.4, 5.5.2 and 5.5.3: what goes before what.
import { joinBytes } from '@holdline/testkit';
import { describe, expect, test } from 'vitest';
import { closePayload, framesOf, frameTo } from './support/frames.ts';
import { benchOf, client, ROLES, server } from './support/machines.ts';

/** The opcodes and first bytes of frames. */
function shown(chunks: readonly Uint8Array[]): string[] {
  return framesOf(joinBytes([...chunks])).map(
    ({ opcode, payload }) => `${opcode}:${payload[0] ?? ''}`,
  );
}

const large = new Uint8Array(20_000).fill(7);

/** How many values an object has within it, but for bytes. */
function countValues(part: unknown, seen: Set<unknown> = new Set()): number {
  if (typeof part !== 'object' || part === null || part instanceof Uint8Array) return 1;
  if (seen.has(part)) return 0;
  seen.add(part);
  return Object.values(part).reduce((sum: number, value) => sum + countValues(value, seen), 0);
}

describe.each(ROLES)('a %s', (role) => {
  test('pings and pongs overtake messages that wait', () => {
    const bench = benchOf(role);
    const { machine, now } = bench;
    machine.sendBinary(large, now);
    machine.sendBinary(Uint8Array.of(8), now);
    machine.ping(Uint8Array.of(1), now);
    machine.receive(frameTo(role, 9, Uint8Array.of(2)), now);
    bench.watch.drainEvents(now);
    machine.pong(Uint8Array.of(3), now);
    expect(shown(bench.watch.drainOutput(now))).toEqual(['9:1', '10:2', '10:3', '2:7', '2:8']);
  });

  test('while the transport is blocked only the newest ping is answered', () => {
    const bench = benchOf(role);
    const { machine, now } = bench;
    machine.sendBinary(large, now);
    while (machine.nextOutput() !== null);
    for (let count = 1; count <= 50; count++)
      bench.watch.receive(frameTo(role, 9, Uint8Array.of(count)), now);
    bench.watch.drainEvents(now);
    const waiting = machine.outputBytes;
    const [pong, ...more] = bench.watch.drainOutput(now, false);
    expect([shown([pong!]), more]).toEqual([['10:50'], []]);
    expect(machine.outputBytes).toBe(waiting);
  });

  test('an answer that waits gives way to a newer one also when the transport is free again', () => {
    const bench = benchOf(role);
    const { machine, now } = bench;
    machine.sendBinary(large, now);
    while (machine.nextOutput() !== null);
    bench.watch.receive(frameTo(role, 9, Uint8Array.of(1)), now);
    bench.watch.drainEvents(now);
    const pongBytes = role === 'client' ? 7 : 3;
    machine.outputAccepted(machine.outputBytes - pongBytes, now);
    bench.watch.receive(frameTo(role, 9, Uint8Array.of(2)), now);
    bench.watch.drainEvents(now);
    expect(shown(bench.watch.drainOutput(now, false))).toEqual(['10:2']);
  });

  test('many pings at once cost no more than the newest answer beyond some KiB', () => {
    const bench = benchOf(role, {
      limits: { controlFramesPerSecondMax: 10_000, inputBytesMax: 200_000 },
    });
    const { machine, now } = bench;
    const payload = new Uint8Array(125);
    for (let count = 0; count < 1000; count++) bench.watch.receive(frameTo(role, 9, payload), now);
    bench.watch.drainEvents(now);
    expect(machine.outputBytes).toBeLessThan(4_096 + 2 * 131);
  });

  test('every frame of a client has a key of its own, and a server masks none', () => {
    const bench = benchOf(role);
    const { machine, now } = bench;
    for (let count = 0; count < 2_000; count++) machine.sendText('x', now);
    const output = joinBytes(bench.watch.drainOutput(now));
    const frames = framesOf(output);
    expect(frames).toHaveLength(2_000);
    expect(frames.every(({ isMasked }) => isMasked === (role === 'client'))).toBe(true);
    if (role === 'server') return;
    const keys = new Set(
      frames.map((_, index) => String(output.subarray(7 * index + 2, 7 * index + 6))),
    );
    expect(keys.size).toBe(2_000);
  });
});

test('what was sent is left as it is, and what was handed out is never written again', () => {
  for (const role of ROLES) {
    const bench = benchOf(role);
    const { machine, now } = bench;
    const sent = [3, 200, 5_000, 70_000].map((size) => new Uint8Array(size).fill(size));
    for (const data of sent) machine.sendBinary(data, now);
    const output = bench.watch.drainOutput(now);
    expect(framesOf(joinBytes(output)).map(({ payload }) => payload)).toEqual(sent);
    for (const data of sent) expect(data.every((byte) => byte === (data.length & 255))).toBe(true);
    bench.watch.verifyBytes();
  }
});

describe('a frame of a server that leaves in more than one chunk', () => {
  test('has no ping in it', () => {
    const bench = server();
    const { machine, now } = bench;
    machine.sendBinary(large, now);
    const first = machine.nextOutput()!;
    expect(first).toHaveLength(4);
    machine.ping(Uint8Array.of(1), now);
    const rest = bench.watch.drainOutput(now, false);
    expect(shown([first, ...rest])).toEqual(['2:7', '9:1']);
    expect(rest[0]).toHaveLength(large.length);
  });

  test('has the pong behind it, and the Close frame behind that, though both share a chunk', () => {
    const bench = server();
    const { machine, now } = bench;
    machine.declareMessage('binary', 2, now);
    const first = machine.nextOutput()!;
    machine.receive(frameTo('server', 9, Uint8Array.of(5)), now);
    bench.watch.drainEvents(now);
    machine.sendDeclared(Uint8Array.of(7, 7), now);
    machine.close(now);
    const rest = bench.watch.drainOutput(now, false);
    expect(shown([first, ...rest])).toEqual(['2:7', '10:5', '8:3']);
    expect(machine.outputBytes).toBe(first.length + joinBytes(rest).length);
  });
});

test('nothing is remembered of frames that have left', () => {
  const { machine, now, watch } = server();
  // Of a message under way, so that the connection is not idle, and keeps what it has.
  machine.beginMessage('binary', now);
  const sizes = [1, 1_000].map((count) => {
    for (let index = 0; index < count; index++) {
      machine.sendPiece(large, false, now);
      watch.drainOutput(now);
    }
    return countValues(machine);
  });
  expect(sizes[1]).toBe(sizes[0]);
});

describe('outputBytes', () => {
  test('is what was queued or handed out and not accepted', () => {
    const bench = client();
    const { machine, now } = bench;
    machine.sendText('hello', now);
    expect(machine.outputBytes).toBe(11);
    machine.receive(frameTo('client', 9, 'x'), now);
    bench.watch.drainEvents(now);
    expect(machine.outputBytes).toBe(11 + 7);
    const chunks = bench.watch.drainOutput(now, false);
    expect(machine.outputBytes).toBe(18);
    for (const bad of [-1, 0.5, 19, Number.NaN]) {
      expect(() => machine.outputAccepted(bad, now)).toThrow(RangeError);
    }
    machine.outputAccepted(7, now);
    expect(machine.outputBytes).toBe(11);
    machine.outputAccepted(11, now);
    expect(machine.outputBytes).toBe(0);
    expect(chunks).toHaveLength(2);
    expect(machine.deadline()).toBe(now + 45_000);
  });

  test('is nothing any more after an abort', () => {
    const { machine, now, watch } = server();
    machine.sendBinary(large, now);
    machine.nextOutput();
    machine.abort(now);
    expect(machine.outputBytes).toBe(0);
    expect(machine.transport).toBe('abort');
    machine.outputAccepted(4, now);
    expect(machine.nextOutput()).toBeNull();
    expect(watch.drainEvents(now)).toMatchObject([{ evidence: { unacceptedBytes: 20_004 } }]);
  });
});

test('what a call says of the time is heeded, though something was under way before', () => {
  const bench = server({ timeouts: { pingMs: Number.POSITIVE_INFINITY } });
  const { machine } = bench;
  bench.gets(1, 'begun', { isFinal: false });
  bench.now += 3_600_000;
  machine.sendText('much later', bench.now);
  machine.nextOutput();
  expect(machine.deadline()).toBe(bench.now + 60_000);
});

test('output of which the transport takes nothing ends in a stall', () => {
  const bench = server({ timeouts: { pingMs: Number.POSITIVE_INFINITY } });
  const { machine } = bench;
  machine.sendText('unheard', bench.now);
  bench.watch.drainOutput(bench.now, false);
  machine.outputAccepted(1, bench.now + 59_000);
  bench.now += 118_999;
  machine.onDeadline(bench.now);
  expect(machine.transport).toBe('open');
  bench.now += 1;
  bench.watch.onDeadline(bench.now);
  expect(bench.watch.drainEvents(bench.now)).toMatchObject([
    { type: 'closed', observation: 'write-stall', evidence: { unacceptedBytes: 8 } },
  ]);
  expect(machine.transport).toBe('abort');
});

test('a stall that is noticed late is no stall of the peer', () => {
  const bench = server({ timeouts: { pingMs: Number.POSITIVE_INFINITY } });
  bench.machine.sendText('x', bench.now);
  bench.watch.drainOutput(bench.now, false);
  bench.now += 3_600_000;
  bench.watch.onDeadline(bench.now);
  expect(bench.machine.transport).toBe('open');
  bench.machine.outputAccepted(3, bench.now);
  bench.machine.close(bench.now, 1000);
  bench.gets(8, closePayload(1000));
  expect(bench.types).toEqual(['close']);
});
