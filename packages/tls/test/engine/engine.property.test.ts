// The properties that every machine of the house has, for a client and a server.
import { mergeData } from '@holdline/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EngineEvent } from '../../src/engine.ts';
import { FAULTS, type FaultCode } from '../../src/faults.ts';
import { credential, EnginePair, type PairOptions } from '../support/engine-pair.ts';

const PSK = { identity: Uint8Array.of(1, 2), secret: new Uint8Array(16).fill(3) };

/** Handshakes of all shapes. */
const SHAPES: readonly PairOptions[] = [
  {},
  { server: { sendsCookie: true, groups: ['secp256r1'] } },
  { client: { credential: credential('p256') }, server: { clientCertificate: 'require' } },
  { client: { preSharedKeys: [PSK] }, server: { preSharedKeys: [PSK] } },
  { client: { middleboxCompatibility: false, grease: true }, server: { grease: true } },
];
const shape = fc.constantFrom(...SHAPES);

/** What a pair says to each other when all is well: data, key updates, ends. */
function converse(pair: EnginePair, pieceBytes: number): void {
  pair.exchange(pieceBytes);
  pair.client.machine.sendData(new Uint8Array(3000).fill(0x61), 0);
  pair.server.machine.sendData(new Uint8Array(40_000).fill(0x62), 0);
  pair.exchange(pieceBytes);
  pair.client.machine.updateKeys(0, true);
  pair.exchange(pieceBytes);
  pair.client.machine.closeNotify(0);
  pair.exchange(pieceBytes);
  pair.server.machine.closeNotify(0);
  pair.exchange(pieceBytes);
}

const shown = (events: readonly EngineEvent[]): unknown[] =>
  mergeData(events).map((event) => (event.type === 'verify-peer' ? event.chain : event));

test('chunking: any pieces of the input give the same events', () => {
  const sizes = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 41, max: 20_000 }));
  fc.assert(
    fc.property(shape, sizes, (options, pieceBytes) => {
      const whole = new EnginePair(options);
      const cut = new EnginePair(options);
      converse(whole, Number.POSITIVE_INFINITY);
      converse(cut, pieceBytes);
      expect(shown(cut.client.events)).toEqual(shown(whole.client.events));
      expect(shown(cut.server.events)).toEqual(shown(whole.server.events));
      expect(whole.client.only('closed').cause).toBe('finished');
    }),
    { numRuns: 25 },
  );
});

test('mirror: what one side sends the other receives, and both agree', () => {
  fc.assert(
    fc.property(
      shape,
      fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 30_000 })), { maxLength: 8 }),
      (options, pieces) => {
        const pair = new EnginePair(options);
        let [toServer, toClient] = [0, 0];
        for (const [isFromClient, byteCount] of pieces) {
          const end = isFromClient ? pair.client : pair.server;
          end.machine.sendData(new Uint8Array(byteCount).fill(0x61), 0);
          if (isFromClient) toServer += byteCount;
          else toClient += byteCount;
        }
        pair.exchange();
        expect([pair.server.text.length, pair.client.text.length]).toEqual([toServer, toClient]);
        const event = pair.client.only('handshake-complete');
        // Each sees the other's certificates.
        const { peerCertificates } = pair.server.only('handshake-complete');
        expect(pair.server.only('handshake-complete')).toEqual({ ...event, peerCertificates });
      },
    ),
    { numRuns: 25 },
  );
});

/** Every outcome is a documented one: at most one failure, of a listed code, and nothing behind the end. */
function checkOutcome(events: readonly EngineEvent[]): void {
  const failures = events.filter((event) => event.type === 'failed');
  expect(failures.length).toBeLessThanOrEqual(1);
  for (const { code, alert } of failures) {
    expect(FAULTS).toHaveProperty(code);
    expect([FAULTS[code as FaultCode].alert, null]).toContain(alert);
  }
  const end = events.findIndex((event) => event.type === 'closed');
  if (end >= 0) expect(end).toBe(events.length - 1);
}

test('documented outcomes only: bytes that were changed, dropped or added in flight', () => {
  const damage = fc.record({
    toServer: fc.boolean(),
    flight: fc.integer({ min: 0, max: 3 }),
    at: fc.nat(5000),
    kind: fc.constantFrom('flip', 'drop', 'insert', 'cut'),
    value: fc.integer({ min: 1, max: 255 }),
  });
  fc.assert(
    fc.property(shape, damage, fc.array(fc.nat(3000), { maxLength: 3 }), (options, hurt, cuts) => {
      const pair = new EnginePair(options);
      const sent: [number, number] = [0, 0];
      for (let round = 0; round < 8; round++) {
        for (const side of [0, 1]) {
          const from = side === 0 ? pair.client : pair.server;
          const to = side === 0 ? pair.server : pair.client;
          pair.pull(from);
          const { machine } = from;
          for (let chunk = machine.nextOutput(); chunk !== null; chunk = machine.nextOutput()) {
            machine.outputAccepted(chunk.length, 0);
            const isHurt = hurt.toServer === (side === 0) && sent[side as 0 | 1]++ === hurt.flight;
            const bytes = isHurt ? damaged(chunk, hurt) : chunk.slice();
            let start = 0;
            for (const cut of [...cuts, bytes.length]) {
              const piece = bytes.slice(start, Math.max(start, Math.min(cut, bytes.length)));
              start += piece.length;
              if (to.machine.wantsData) to.machine.receive(piece, 0);
            }
          }
          pair.pull(to);
        }
      }
      pair.client.machine.receiveEnd(0, 'finished');
      pair.server.machine.receiveEnd(0, 'finished');
      pair.exchange();
      checkOutcome(pair.client.events);
      checkOutcome(pair.server.events);
    }),
    { numRuns: 300 },
  );
});

interface Damage {
  readonly at: number;
  readonly kind: 'flip' | 'drop' | 'insert' | 'cut';
  readonly value: number;
}

function damaged(chunk: Uint8Array, { at, kind, value }: Damage): Uint8Array {
  const bytes = Array.from(chunk);
  const index = at % bytes.length;
  if (kind === 'flip') bytes[index]! ^= value;
  else if (kind === 'drop') bytes.splice(index, value);
  else if (kind === 'insert') bytes.splice(index, 0, value);
  else bytes.length = index;
  return Uint8Array.from(bytes);
}

test('documented outcomes only: bytes out of nowhere', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (bytes, isRecord) => {
      const pair = new EnginePair();
      const header = [22, 3, 1, bytes.length >> 8, bytes.length & 0xff];
      for (const end of [pair.client, pair.server]) {
        end.machine.receive(Uint8Array.from(isRecord ? [...header, ...bytes] : bytes), 0);
        end.machine.receiveEnd(0, 'finished');
        pair.pull(end);
        checkOutcome(end.events);
      }
    }),
    { numRuns: 300 },
  );
});

test('truncation at every byte of a session: only the right cut is clean', () => {
  const clean: number[] = [];
  const recorded = recording();
  for (
    let length = 0;
    length <= recorded.length;
    length += length < recorded.length - 60 ? 97 : 1
  ) {
    if (endOf(length) === 'finished') clean.push(length);
  }
  expect(clean).toEqual([recorded.length]);
});

/** All that a server sends, close_notify last; sizes do not depend on randomness. */
function recording(): { readonly length: number } {
  return { length: serverBytes(Number.POSITIVE_INFINITY).sentBytes };
}

function endOf(length: number): string {
  return serverBytes(length).end;
}

function serverBytes(bytesMax: number): { sentBytes: number; end: string } {
  const own = credential('ed25519');
  const pair = new EnginePair({ server: { credentials: [own] } });
  let sentBytes = 0;
  const send = (): void => {
    const { machine } = pair.server;
    for (let chunk = machine.nextOutput(); chunk !== null; chunk = machine.nextOutput()) {
      machine.outputAccepted(chunk.length, 0);
      const kept = chunk.slice(0, Math.max(0, bytesMax - sentBytes));
      sentBytes += chunk.length;
      pair.client.machine.receive(kept, 0);
      pair.pull(pair.client);
    }
  };
  for (let round = 0; round < 3; round++) {
    pair.drain(pair.client, pair.server, Number.POSITIVE_INFINITY);
    pair.pull(pair.server);
    send();
  }
  pair.server.machine.sendData(new Uint8Array(10), 0);
  if (pair.server.machine.isSecured) pair.server.machine.closeNotify(0);
  send();
  pair.client.machine.receiveEnd(0, 'finished');
  pair.pull(pair.client);
  return { sentBytes, end: pair.client.only('end').end };
}

test('rejection is transactional: what throws leaves events, output and deadline as they were', () => {
  const wrong: ((pair: EnginePair) => void)[] = [
    (pair) => pair.client.machine.sendHeartbeat(0),
    (pair) => pair.client.machine.exportKeyingMaterial('', null, 10),
    (pair) => pair.client.machine.exportKeyingMaterial('x', null, 1e6),
    (pair) => pair.client.machine.outputAccepted(1e9, 0),
    (pair) => pair.client.machine.outputAccepted(-1, 0),
    (pair) => pair.client.machine.receive(null as unknown as Uint8Array, 0),
    (pair) => pair.client.machine.takeTrailingData(),
    (pair) => pair.server.machine.requestCertificate(0),
  ];
  fc.assert(
    fc.property(shape, fc.constantFrom(...wrong), fc.boolean(), (options, act, isSecured) => {
      const pair = new EnginePair(options);
      if (isSecured) pair.exchange();
      const state = (): unknown[] =>
        [pair.client.machine, pair.server.machine].map((machine) => [
          machine.outputBytes,
          machine.deadline(),
          machine.transport,
          machine.wantsData,
          machine.isSecured,
        ]);
      const before = state();
      expect(() => act(pair)).toThrow();
      expect(state()).toEqual(before);
      pair.exchange();
      expect(pair.talk()).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('time: a spurious call changes nothing, and no deadline stays in the past', () => {
  fc.assert(
    fc.property(shape, fc.array(fc.nat(100_000), { maxLength: 12 }), (options, steps) => {
      const timeouts = { keyAgeMs: 20_000 };
      const pair = new EnginePair({ ...options, client: { ...options.client, timeouts } });
      pair.exchange();
      for (const step of steps) {
        pair.now += step;
        for (const end of [pair.client, pair.server]) {
          const due = end.machine.deadline();
          end.machine.onDeadline(pair.now);
          expect(end.machine.deadline()).toBeGreaterThanOrEqual(Math.min(due, pair.now));
          if (due <= pair.now) expect(end.machine.deadline()).toBeGreaterThan(pair.now);
          else expect(end.machine.deadline()).toBe(due);
        }
        pair.exchange();
      }
      expect(pair.talk()).toBe(true);
    }),
    { numRuns: 40 },
  );
});
