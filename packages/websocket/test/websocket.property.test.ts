// The eight properties of every package, of both roles.
import process from 'node:process';
import { equalDeep, mergeData, splitAt } from '@holdline/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FAULTS } from '../src/faults.ts';
import { nodeCompression } from '../src/node/index.ts';
import { pureDeflate } from './support/compression.ts';
import { framesOf, type ReadFrame } from './support/frames.ts';
import {
  type BenchOptions,
  benchOf,
  DEFLATE,
  ROLES,
  type Role,
  server,
} from './support/machines.ts';
import { digits, type Read, readNaively } from './support/oracle.ts';
import type { Event } from './support/pair.ts';
import { anyFrames, streamTo } from './support/streams.ts';

/** Runs of each property; raised for a long search. */
const numRuns = Number(process.env['HOLDLINE_PROPERTY_RUNS'] ?? 1000);
const seed = Number(process.env['HOLDLINE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const parameters = { numRuns, seed };
console.log(`${numRuns} runs of each property, seed ${seed}`);

const NO_TAKEOVER = { ...DEFLATE, clientNoContextTakeover: true, serverNoContextTakeover: true };
const roles = fc.constantFrom<Role[]>(...ROLES);
const deliveries = fc.constantFrom<('whole' | 'pieces')[]>('whole', 'pieces');
const compressions = fc.constantFrom(null, pureDeflate, nodeCompression);
const ends = fc.constantFrom('finished' as const, 'truncated' as const, 'reset' as const);

type Machine = ReturnType<typeof benchOf>;

function withCompression(
  options: BenchOptions,
  compression: typeof pureDeflate | null,
): BenchOptions {
  return compression === null ? options : { ...options, compression, deflate: NO_TAKEOVER };
}

/** All that can be told from outside, once time has brought it to rest. */
function outcome(
  bench: Machine,
  chunks: readonly Uint8Array[],
  end: 'finished' | 'truncated' | 'reset',
) {
  const { machine, watch } = bench;
  for (const chunk of chunks) {
    if (!machine.wantsData) break;
    watch.spuriousDeadline(bench.now);
    bench.arrives(chunk);
  }
  bench.ends(end);
  bench.waits(3_600_000);
  watch.verifyBytes();
  // How much output was under way when the end came depends on when it was pulled.
  const comparable = (event: Event) =>
    event.type === 'closed'
      ? { ...event, evidence: { ...event.evidence, unacceptedBytes: 0 } }
      : event;
  return {
    events: mergeData(watch.events.map(comparable)),
    output: framesOf(watch.output),
    transport: machine.transport,
  };
}

/** Events in the oracle's words. */
function told(events: readonly Event[]): Read[] {
  return events.flatMap((event): Read[] => {
    switch (event.type) {
      case 'text':
        return [{ type: 'text', what: digits(new TextEncoder().encode(event.text)) }];
      case 'binary':
      case 'ping':
      case 'pong':
        return [{ type: event.type, what: digits(event.data) }];
      case 'close':
        return [{ type: 'close', what: event.code }];
      case 'failed':
        return [{ type: 'failed', what: event.closeCode }];
      default:
        return [];
    }
  });
}

test('chunking: any split of the input gives the same events and output', () => {
  const property = fc.property(
    roles,
    deliveries,
    compressions,
    anyFrames,
    fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })),
    fc.nat({ max: 12 }),
    ends,
    (role, delivery, compression, frames, places, count, end) => {
      const data = streamTo(role, frames);
      const options = withCompression({ delivery, limits: { messageBytesMax: 200 } }, compression);
      const whole = outcome(benchOf(role, options), [data], end);
      const points = [
        ...new Set([...places.take(count)].map((at) => Math.floor(at * data.length))),
      ];
      const some = splitAt(
        data,
        points.sort((one, other) => one - other),
      );
      const single = Array.from(data, (byte) => Uint8Array.of(byte));
      for (const chunks of [some, single]) {
        const cut = outcome(benchOf(role, options), chunks, end);
        if (!equalDeep(whole, cut)) expect(cut).toEqual(whole);
      }
    },
  );
  fc.assert(property, parameters);
});

test('oracle: the machine reads a stream as the naive reader does', () => {
  fc.assert(
    fc.property(roles, fc.boolean(), anyFrames, (role, mayCompress, frames) => {
      const data = streamTo(role, frames);
      const bench = benchOf(role, withCompression({}, mayCompress ? pureDeflate : null));
      const actual = told(bench.arrives(data.slice()));
      const expected = readNaively(data, role === 'server', mayCompress);
      const last = actual.at(-1);
      const isEarly = mayCompress && last?.type === 'failed' && last.what === 1007;
      if (isEarly) {
        // What is inflated is looked at as it comes, and by the naive reader at the end of a message.
        expect(
          frames.some(({ options }) => options.rsv === 0x40) || equalDeep(actual, expected),
        ).toBe(true);
        expect(actual.slice(0, -1)).toEqual(expected.slice(0, actual.length - 1));
      } else if (!equalDeep(actual, expected)) expect(actual).toEqual(expected);
    }),
    parameters,
  );
});

test('documented outcomes only: any bytes end in events, at most one failed with a listed code, and closed', () => {
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((data) => () => data),
    fc
      .tuple(anyFrames, fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }))
      .map(([frames, changes]) => (role: Role) => {
        const data = streamTo(role, frames);
        for (const [at, byte] of changes) if (data.length > 0) data[at % data.length] = byte;
        return data;
      }),
  );
  fc.assert(
    fc.property(
      roles,
      deliveries,
      compressions,
      anyBytes,
      ends,
      (role, delivery, compression, make, end) => {
        const bench = benchOf(role, withCompression({ delivery }, compression));
        const { events, output } = outcome(bench, [make(role)], end);
        expect(events.filter(({ type }) => type === 'closed')).toHaveLength(1);
        expect(events.at(-1)?.type).toBe('closed');
        const failed = events.filter((event) => event.type === 'failed');
        expect(failed.length).toBeLessThan(2);
        for (const event of failed) {
          expect(FAULTS[event.code].closeCode).toBe(event.closeCode);
          expect(event.message).toMatch(/^[\x20-\x7e]+$/);
          expect(event.offset).toBeGreaterThanOrEqual(0);
          expect(event.offset).toBeLessThanOrEqual(make(role).length);
        }
        const closes = output.filter(({ opcode }: ReadFrame) => opcode === 8);
        expect(closes.length).toBeLessThan(2);
        if (closes.length > 0) expect(output.at(-1)?.opcode).toBe(8);
      },
    ),
    parameters,
  );
});

/** What an application may send. */
const sendings = fc.array(
  fc.record({
    kind: fc.constantFrom('text' as const, 'binary' as const),
    content: fc.string({ unit: 'binary', maxLength: 300 }),
    times: fc.constantFrom(1, 1, 1, 20, 300),
    pieces: fc.constantFrom(0, 0, 1, 3),
    isDeclared: fc.boolean(),
    compress: fc.constantFrom(undefined, true, false),
    asBytes: fc.boolean(),
  }),
  { maxLength: 6 },
);

describe('what one side sends, the other receives', () => {
  test('round trip, and mirror: all sizes, pieces and compressions, both ways', () => {
    fc.assert(
      fc.property(
        roles,
        compressions,
        fc.boolean(),
        fc.integer({ min: 8, max: 15 }),
        sendings,
        fc.nat({ max: 4000 }),
        (from, compression, takesOver, bits, all, chunkBytes) => {
          const deflate = {
            serverNoContextTakeover: !takesOver,
            clientNoContextTakeover: !takesOver,
            serverMaxWindowBits: bits,
            clientMaxWindowBits: bits,
          };
          const options: BenchOptions =
            compression === null ? {} : { compression, deflate, compressBytesMin: 50 };
          const sender = benchOf(from, options);
          const receiver = benchOf(from === 'server' ? 'client' : 'server', options);
          const expected: Read[] = [];
          for (const { kind, content, times, pieces, isDeclared, compress, asBytes } of all) {
            const whole = new TextEncoder().encode(content.repeat(times));
            const { machine, now } = sender;
            const sendOptions = compress === undefined ? undefined : { compress };
            if (pieces > 0) {
              machine.beginMessage(kind, now, sendOptions);
              for (let index = 0; index < pieces; index++) {
                const size = Math.ceil(whole.length / pieces);
                machine.sendPiece(
                  whole.subarray(index * size, (index + 1) * size),
                  index === pieces - 1,
                  now,
                );
              }
            } else if (isDeclared && 'declareMessage' in machine) {
              machine.declareMessage(kind, whole.length, now);
              for (let at = 0; at < whole.length; at += 700)
                machine.sendDeclared(whole.subarray(at, at + 700), now);
            } else if (kind === 'binary') machine.sendBinary(whole, now, sendOptions);
            else machine.sendText(asBytes ? whole : content.repeat(times), now, sendOptions);
            expected.push({ type: kind, what: digits(whole) });
          }
          sender.machine.close(sender.now, 4321, 'end');
          sender.drains();
          const output = sender.watch.output;
          const step = Math.max(1, chunkBytes);
          for (let at = 0; at < output.length; at += step)
            receiver.arrives(output.subarray(at, at + step));
          expected.push({ type: 'close', what: 4321 });
          const actual = told(receiver.watch.events);
          if (!equalDeep(actual, expected)) expect(actual).toEqual(expected);
          sender.arrives(receiver.watch.output);
          sender.ends();
          receiver.ends();
          expect(sender.watch.events.at(-1)).toMatchObject({
            wasClean: true,
            startedBy: 'us',
            code: 4321,
          });
          expect(receiver.watch.events.at(-1)).toMatchObject({
            wasClean: true,
            startedBy: 'peer',
            code: 4321,
          });
          sender.watch.verifyBytes();
          receiver.watch.verifyBytes();
        },
      ),
      { ...parameters, numRuns: Math.ceil(numRuns / 4) },
    );
  });
});

type Call = (machine: Machine['machine'], now: number) => void;
const CALLS: Readonly<Record<string, Call>> = {
  text: (machine, now) => machine.sendText('hällo', now),
  'text of bytes': (machine, now) => machine.sendText(Uint8Array.of(0x61, 0xc3, 0xa4), now),
  'text that is none': (machine, now) => machine.sendText(Uint8Array.of(0xff), now),
  binary: (machine, now) => machine.sendBinary(new Uint8Array(5000), now),
  'binary that is none': (machine, now) => machine.sendBinary('x' as unknown as Uint8Array, now),
  begin: (machine, now) => machine.beginMessage('text', now),
  piece: (machine, now) => machine.sendPiece('a', false, now),
  'half a character': (machine, now) => machine.sendPiece(Uint8Array.of(0xc3), false, now),
  'last piece': (machine, now) => machine.sendPiece('z', true, now),
  declare: (machine, now) => 'declareMessage' in machine && machine.declareMessage('text', 2, now),
  'declare too much': (machine, now) =>
    'declareMessage' in machine && machine.declareMessage('text', -1, now),
  declared: (machine, now) =>
    'sendDeclared' in machine && machine.sendDeclared(Uint8Array.of(0x61), now),
  'more than declared': (machine, now) =>
    'sendDeclared' in machine && machine.sendDeclared(new Uint8Array(9), now),
  ping: (machine, now) => machine.ping(Uint8Array.of(1), now),
  'long ping': (machine, now) => machine.ping(new Uint8Array(126), now),
  pong: (machine, now) => machine.pong(Uint8Array.of(2), now),
  close: (machine, now) => machine.close(now, 1000, 'x'),
  'close with 1006': (machine, now) => machine.close(now, 1006),
  abort: (machine, now) => machine.abort(now),
  'accept too much': (machine, now) => machine.outputAccepted(1e9, now),
  trailing: (machine) => void machine.takeTrailingData(),
  'receive text': (machine, now) => machine.receive('x' as unknown as Uint8Array, now),
};
const DOCUMENTED = new Set(['LocalProtocolError', 'TypeError', 'RangeError']);

function visible({ machine }: Machine) {
  const { isOpen, outputBytes, transport, wantsData, roundTrip } = machine;
  return { isOpen, outputBytes, transport, wantsData, roundTrip, deadline: machine.deadline() };
}

test('rejection is transactional: a call that throws is as if it had not been', () => {
  const scripts = fc.array(fc.constantFrom(...Object.keys(CALLS)), { maxLength: 14 });
  const run = (role: Role, frames: Uint8Array[], names: readonly (string | null)[]) => {
    const bench = benchOf(role);
    const kept = names.map((name, index) => {
      bench.now += 7;
      const chunk = frames[index];
      if (chunk !== undefined && bench.machine.wantsData) bench.arrives(chunk);
      if (name === null) return null;
      const before = visible(bench);
      try {
        CALLS[name]!(bench.machine, bench.now);
      } catch (error) {
        if (!DOCUMENTED.has((error as Error).name)) throw error;
        expect(visible(bench)).toEqual(before);
        return null;
      } finally {
        bench.drains();
      }
      return name;
    });
    return { kept, events: bench.watch.events, output: bench.watch.output, state: visible(bench) };
  };
  fc.assert(
    fc.property(roles, anyFrames, scripts, (role, frames, names) => {
      const chunks = frames.map((each) => streamTo(role, [each]));
      const first = run(role, chunks, names);
      const second = run(role, chunks, first.kept);
      if (!equalDeep({ ...second, kept: [] }, { ...first, kept: [] }))
        expect(second).toEqual(first);
    }),
    parameters,
  );
});

describe('bounded', () => {
  test.each(ROLES)(
    'a message of 4 GiB passes a %s in pieces, and a ping in its middle is answered at once',
    (role) => {
      const bench = benchOf(role, {
        delivery: 'pieces',
        limits: { messageBytesMax: Number.POSITIVE_INFINITY },
      });
      const { machine, now } = bench;
      const chunk = new Uint8Array(256 * 1024);
      const pull = () => {
        let received = 0;
        let pings = 0;
        for (
          let event = machine.nextEvent(now);
          event.type !== 'need-data';
          event = machine.nextEvent(now)
        ) {
          if (event.type === 'data') received += event.data.length;
          else if (event.type === 'ping') pings++;
          else if (event.type !== 'message' && event.type !== 'end') throw new Error(event.type);
        }
        return { received, pings };
      };
      const half = 2 ** 31;
      const header = (opcode: number, isFinal: boolean) =>
        streamTo(role, [
          {
            opcode,
            payload: new Uint8Array(0),
            options: { isFinal, lengthBytes: 8, length: half },
          },
        ]);
      let before = 0;
      let total = 0;
      for (const opcode of [2, 0]) {
        machine.receive(header(opcode, opcode === 0), now);
        for (let sent = 0; sent < half; sent += chunk.length) {
          machine.receive(chunk, now);
          total += pull().received;
        }
        // Half of it has passed: from here on nothing more may be needed.
        if (opcode === 2) before = process.memoryUsage().arrayBuffers;
        if (opcode === 0) continue;
        machine.receive(
          streamTo(role, [{ opcode: 9, payload: Uint8Array.of(1, 2), options: {} }]),
          now,
        );
        expect(pull().pings).toBe(1);
        expect(framesOf(machine.nextOutput()!)).toMatchObject([{ opcode: 10 }]);
      }
      expect(total).toBe(2 ** 32);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
      expect(machine.wantsData).toBe(true);
    },
  );

  test('a header that promises much takes nothing', () => {
    const bench = server({ limits: { messageBytesMax: Number.POSITIVE_INFINITY } });
    const before = process.memoryUsage().arrayBuffers;
    bench.arrives(
      streamTo('server', [
        {
          opcode: 2,
          payload: new Uint8Array(10),
          options: { lengthBytes: 8, length: 2 ** 53 - 1 },
        },
      ]),
    );
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
    expect(bench.types).toEqual([]);
  });
});

test('time: no deadline stays in the past, spurious calls change nothing, and all goes quiet', () => {
  const waits = fc.array(fc.oneof(fc.nat({ max: 40_000 }), fc.nat({ max: 10_000_000 })), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(
      roles,
      anyFrames,
      waits,
      fc.array(fc.constantFrom(...Object.keys(CALLS)), { maxLength: 5 }),
      (role, frames, all, names) => {
        const bench: Machine = benchOf(role, {
          timeouts: { pongMs: all[0] ?? 20_000, closingMs: all[1] ?? 0 },
        });
        for (const [index, wait] of all.entries()) {
          const frame = frames[index];
          if (frame !== undefined && bench.machine.wantsData)
            bench.arrives(streamTo(role, [frame]));
          bench.watch.spuriousDeadline(bench.now);
          try {
            CALLS[names[index] ?? 'trailing']!(bench.machine, bench.now);
          } catch (error) {
            if (!DOCUMENTED.has((error as Error).name)) throw error;
          }
          bench.drains();
          // As it should be, and as it is on a machine that sleeps.
          if (wait % 2 === 0) bench.waits(wait);
          else if (bench.machine.deadline() <= bench.now + wait) bench.sleeps(wait);
        }
        bench.waits(100_000_000);
        bench.ends('reset');
        expect(bench.watch.closed).toBe(true);
        expect(bench.machine.deadline()).toBe(Number.POSITIVE_INFINITY);
      },
    ),
    parameters,
  );
});
