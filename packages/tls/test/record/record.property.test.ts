import { chunksOf, guardBytes } from '@holdline/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CONTENT_TYPE } from '../../src/record/content-type.ts';
import { RECORD_FAULTS, type RecordFaultCode } from '../../src/record/record-faults.ts';
import { RecordOutput } from '../../src/record/record-output.ts';
import { faultOf } from '../support/peer-fault.ts';
import {
  bytesOf,
  inPlace,
  openerOf,
  PROTECTIONS,
  type Protection,
  reading,
  sealed,
  sealerOf,
} from './support/directions.ts';

const { application_data, handshake } = CONTENT_TYPE;

const protections = fc.constantFrom(...PROTECTIONS);
const sizes = fc.oneof(fc.integer({ min: 1, max: 80 }), fc.integer({ min: 1, max: 17_000 }));
const styles = fc.constantFrom((key: Parameters<typeof inPlace>[0]) => key, inPlace);

/** What an output makes of some sends. */
function wireOf(output: RecordOutput): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (let chunk = output.next(); chunk !== null; chunk = output.next()) {
    chunks.push(new Uint8Array(chunk));
    expect(output.accept(chunk.length)).toBe(true);
  }
  expect(output.pendingBytes).toBe(0);
  return new Uint8Array(Buffer.concat(chunks));
}

describe('records', () => {
  test('bring what was sent, however it is cut, and write nowhere but where they came', () => {
    fc.assert(
      fc.property(
        protections,
        fc.array(sizes, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        fc.integer({ min: 64, max: 16_385 }),
        fc.option(fc.integer({ min: 1, max: 500 }), { nil: 0 }),
        styles,
        fc.boolean(),
        fc.gen(),
        (protection, lengths, coalesces, limit, paddingBytes, style, isBorrowed, generate) => {
          const most = protection.version === 'TLS 1.2' ? Math.min(limit, 16_384) : limit;
          const output = new RecordOutput({ coalesces, padding: () => paddingBytes });
          output.plaintextBytesMax = most;
          output.protect(sealerOf(protection, undefined, style));
          output.releaseData();
          const pieces = lengths.map((length, index) => bytesOf(`piece ${index}`, length));
          for (const piece of pieces) output.sendData(piece, 0);
          const wire = wireOf(output);

          const { reader, read } = reading(isBorrowed);
          reader.plaintextBytesMax = most;
          reader.protect(openerOf(protection, style));
          const guarded = generate(chunksOf, wire).map((chunk) => guardBytes(chunk));
          const records = read(...guarded.map(({ view }) => view));
          for (const each of guarded) each.verify();
          const contents = records.map(({ content }) => content);
          expect(Buffer.compare(Buffer.concat(contents), Buffer.concat(pieces))).toBe(0);
          if (isBorrowed) {
            expect(Buffer.compare(Buffer.concat(guarded.map(({ view }) => view)), wire)).toBe(0);
          }
          expect(records.every(({ type }) => type === application_data)).toBe(true);
          expect(reader.partialBytes).toBe(0);
        },
      ),
      { numRuns: 80 },
    );
  });

  test('are refused with any bit of them changed, and show nothing', () => {
    for (const protection of PROTECTIONS) {
      const record = sealed(sealerOf(protection), handshake, Uint8Array.of(4, 0, 0, 1, 77));
      for (let bit = 0; bit < record.length * 8; bit += 1) {
        const damaged = record.slice();
        damaged[bit >> 3]! ^= 1 << (bit & 7);
        const { reader, read } = reading();
        reader.protect(openerOf(protection));
        const code = faultOf(() => {
          // A length that has grown waits for more, and then does not verify either.
          expect(read(damaged)).toEqual([]);
          read(new Uint8Array(33_000));
        });
        expect(code in RECORD_FAULTS).toBe(true);
      }
    }
  });

  test('of random bytes end in a listed fault or in nothing', () => {
    const header = fc.tuple(fc.integer({ min: 18, max: 26 }), fc.nat(255), fc.nat(2), fc.nat(255));
    const junk = fc
      .array(fc.tuple(header, fc.uint8Array({ maxLength: 60 })), { maxLength: 8 })
      .map((records) =>
        Uint8Array.from(
          records.flatMap(([[type, minor, high, low], rest]) => [
            type,
            3,
            minor,
            high,
            low,
            ...rest,
          ]),
        ),
      );
    const seen = new Set<string>();
    fc.assert(
      fc.property(junk, fc.option(protections), fc.boolean(), (bytes, protection, takes) => {
        const { reader, read } = reading();
        if (protection !== null) reader.protect(openerOf(protection as Protection));
        reader.takesHeartbeats = takes;
        reader.takesClearAlerts = takes;
        reader.changeCipherSpec = takes ? 'dropped' : 'refused';
        const code = faultOf(() => read(bytes));
        seen.add(code);
        expect(code === 'nothing' || (code as RecordFaultCode) in RECORD_FAULTS).toBe(true);
      }),
      { numRuns: 600 },
    );
    expect(seen.size).toBeGreaterThan(4);
  });

  test('that are not whole are set aside, so that the next chunk is not copied behind them', () => {
    const protection = PROTECTIONS[0]!;
    const content = bytesOf('content', 16_384);
    const record = sealed(sealerOf(protection), application_data, content);
    for (const chunkBytes of [1, 100, 5_000]) {
      const { reader, input, read } = reading();
      reader.protect(openerOf(protection));
      let unread = 0;
      const records = [];
      for (let from = 0; from < record.length; from += chunkBytes) {
        records.push(...read(record.slice(from, from + chunkBytes)));
        unread = Math.max(unread, input.length);
      }
      expect(records[0]?.content).toEqual(content);
      expect(unread).toBe(0);
    }
  });
});
