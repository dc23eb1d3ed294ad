// A client and a server over a virtual transport that delays, cuts, resets, stalls and corrupts,
// under a virtual clock: whatever happens, both learn of the end, and what arrived is what was sent.
import process from 'node:process';
import { linkFaults, mergeData } from '@holdline/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pureDeflate } from './support/compression.ts';
import { DEFLATE } from './support/machines.ts';
import { type Event, webSocketPair } from './support/pair.ts';

const numRuns = Number(process.env['HOLDLINE_PROPERTY_RUNS'] ?? 1000);
const seed = Number(process.env['HOLDLINE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
console.log(`${numRuns} runs, seed ${seed}`);

const moves = fc.array(
  fc.record({
    who: fc.constantFrom('client' as const, 'server' as const),
    what: fc.constantFrom('text', 'text', 'large', 'pieces', 'ping', 'close', 'abort'),
    afterMs: fc.oneof(fc.nat({ max: 100 }), fc.nat({ max: 100_000 })),
  }),
  { maxLength: 10 },
);
const links = fc.record({
  latencyMs: fc.nat({ max: 500 }),
  bytesPerMs: fc.constantFrom(1, 50, Number.POSITIVE_INFINITY),
  segment: fc.integer({ min: 1, max: 2000 }),
  faults: linkFaults(6_000),
});

function texts(events: readonly Event[]): string[] {
  return events.flatMap((event) => (event.type === 'text' ? [event.text] : []));
}

test('whatever a network does, both sides learn of the end, and hear nothing that was not said', () => {
  const property = fc.property(
    moves,
    links,
    links,
    fc.boolean(),
    (all, there, back, isCompressed) => {
      const options = isCompressed ? { compression: pureDeflate, compressBytesMin: 20 } : {};
      const { client, server, pair, now } = webSocketPair({
        client: options,
        server: options,
        ...(isCompressed ? { deflate: DEFLATE } : {}),
        toServer: { ...there, segmentBytes: () => there.segment },
        toClient: { ...back, segmentBytes: () => back.segment },
      });
      const said = { client: [] as string[], server: [] as string[] };
      let at = now;
      for (const [index, { who, what, afterMs }] of all.entries()) {
        at += afterMs;
        const machine = who === 'client' ? client : server;
        pair.clock.schedule(at, (instant) => {
          if (what === 'close') machine.close(instant, 4000 + index);
          else if (what === 'abort') machine.abort(instant);
          else if (!machine.isOpen) return;
          else if (what === 'ping') machine.ping(Uint8Array.of(index), instant);
          else {
            const content = `${index} `.repeat(what === 'large' ? 1500 : 3);
            said[who].push(content);
            if (what !== 'pieces') machine.sendText(content, instant);
            else {
              machine.beginMessage('text', instant);
              machine.sendPiece(content.slice(0, 4), false, instant);
              machine.sendPiece(content.slice(4), true, instant);
            }
          }
        });
      }
      // Whoever is still there in the end closes.
      pair.clock.schedule(at + 3_600_000, (instant) => client.close(instant));
      pair.clock.schedule(at + 3_700_000, (instant) => server.close(instant));
      pair.driveBounded(200_000);
      const faults = [...there.faults, ...back.faults].map(({ kind }) => kind);
      const [left, right] = [pair.left.events, pair.right.events];
      for (const events of [left, right]) {
        expect(events.filter(({ type }) => type === 'closed')).toHaveLength(1);
        expect(events.at(-1)?.type).toBe('closed');
      }
      if (faults.includes('corrupt')) return;
      for (const [heard, spoken] of [
        [texts(left), said.server],
        [texts(right), said.client],
      ] as const) {
        expect(heard).toEqual(spoken.slice(0, heard.length));
      }
      expect(mergeData([...left, ...right]).some(({ type }) => type === 'failed')).toBe(false);
      if (faults.length > 0 || all.some(({ what }) => what === 'abort')) return;
      // A line of a byte in a millisecond may be slower than anybody's patience.
      if (there.bytesPerMs === 1 || back.bytesPerMs === 1) return;
      for (const events of [left, right]) {
        expect(events.at(-1)).toMatchObject({ wasClean: true, observation: 'closing-handshake' });
      }
      expect([texts(left), texts(right)]).toEqual([said.server, said.client]);
    },
  );
  fc.assert(property, { numRuns, seed });
});

test('a week of silence costs a ping each half minute, and nobody is given up', () => {
  const { client, pair, now } = webSocketPair({
    toServer: { latencyMs: 90 },
    toClient: { latencyMs: 90 },
  });
  const week = 7 * 24 * 3_600_000;
  pair.clock.schedule(now + week, (instant) => client.close(instant, 1001));
  pair.driveBounded(400_000);
  expect(pair.left.events.at(-1)).toMatchObject({ wasClean: true, code: 1001 });
  const pings = pair.left.events.filter(({ type }) => type === 'ping').length;
  expect(pings).toBeGreaterThan(week / 31_000);
  expect(pings).toBeLessThanOrEqual(week / 30_000);
});
