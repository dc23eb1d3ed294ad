import { createCipheriv } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { nodeAeadKey } from '../../src/node/aead.ts';
import type { AeadKey } from '../../src/provider.ts';
import { CONTENT_TYPE, type ContentType } from '../../src/record/content-type.ts';
import { mixedNonce } from '../../src/record/nonce.ts';
import { keyLimits } from '../../src/record/record-limits.ts';
import { Tls12Opener } from '../../src/record/tls12-opener.ts';
import { Tls12Sealer } from '../../src/record/tls12-sealer.ts';
import { Tls13Opener } from '../../src/record/tls13-opener.ts';
import { Tls13Sealer } from '../../src/record/tls13-sealer.ts';
import { fromHex, Trace, type TraceName } from '../rfc8448/trace.ts';
import {
  bytesOf,
  inPlace,
  material,
  openerOf,
  PROTECTIONS,
  reading,
  sealed,
  sealerOf,
} from './support/directions.ts';

const { handshake, application_data } = CONTENT_TYPE;
const LIMITS = keyLimits('aes-128-gcm');
const TYPE_OF: Readonly<Record<string, ContentType>> = {
  'send handshake record': handshake,
  'send application_data record': application_data,
  'send alert record': CONTENT_TYPE.alert,
};

/** The records that one side of a trace sends under its application keys. */
function applicationRecords(name: TraceName, by: 'client' | 'server') {
  const { steps } = new Trace(name);
  const isKeys = (step: (typeof steps)[number]) =>
    step.by === by && step.does === 'derive write traffic keys for application data';
  const at = steps.findIndex(isKeys);
  const records = steps.slice(at).filter((step) => step.by === by && step.does in TYPE_OF);
  const { values } = steps[at]!;
  // The client's Finished stands before its application keys in the trace, and so is not among these.
  return {
    key: fromHex(values['key expanded']!),
    iv: fromHex(values['iv expanded']!),
    records: records.map((step) => ({
      type: TYPE_OF[step.does]!,
      payload: fromHex(step.values['payload']!),
      record: fromHex(step.values['complete record']!),
    })),
  };
}

describe('the records of RFC 8448', () => {
  for (const name of ['simple-1-rtt', 'hello-retry-request'] as const) {
    for (const by of ['client', 'server'] as const) {
      test(`of ${name}, sent by the ${by}, are sealed and opened byte for byte`, () => {
        const { key, iv, records } = applicationRecords(name, by);
        expect(records.length).toBeGreaterThan(0);
        const sealer = new Tls13Sealer(nodeAeadKey('aes-128-gcm', key), iv.slice(), LIMITS);
        const { reader, read } = reading();
        reader.protect(new Tls13Opener(nodeAeadKey('aes-128-gcm', key), iv.slice()));
        for (const { type, payload, record } of records) {
          expect(sealed(sealer, type, payload)).toEqual(record);
          expect(read(record)).toEqual([{ type, content: payload, isProtected: true }]);
        }
        expect([sealer.records, reader.opener?.records]).toEqual([records.length, records.length]);
      });
    }
  }
});

describe('the format of TLS 1.2', () => {
  test('has the explicit nonce of AES-GCM and an additional data of 13 bytes (RFC 5288, RFC 5246 6.2.3.3)', () => {
    const { key, iv } = material({ version: 'TLS 1.2', aead: 'aes-128-gcm' });
    const sealer = new Tls12Sealer(nodeAeadKey('aes-128-gcm', key), iv.slice(), LIMITS);
    for (let sequence = 0; sequence < 3; sequence += 1) {
      const content = bytesOf(`content ${sequence}`, 30);
      const number = [0, 0, 0, 0, 0, 0, 0, sequence];
      const cipher = createCipheriv('aes-128-gcm', key, Uint8Array.from([...iv, ...number]));
      cipher.setAAD(Uint8Array.from([...number, 22, 3, 3, 0, 30]));
      const ciphertext = [...cipher.update(content), ...cipher.final()];
      expect([...sealed(sealer, handshake, content)]).toEqual([
        ...[22, 3, 3, 0, 8 + 30 + 16],
        ...number,
        ...ciphertext,
        ...cipher.getAuthTag(),
      ]);
    }
  });

  test('mixes the number into the nonce of ChaCha20-Poly1305 (RFC 7905 section 2)', () => {
    const { key, iv } = material({ version: 'TLS 1.2', aead: 'chacha20-poly1305' });
    const sealer = new Tls12Sealer(nodeAeadKey('chacha20-poly1305', key), iv.slice(), LIMITS);
    sealed(sealer, application_data, bytesOf('first', 5));
    const nonce = Uint8Array.from(iv, (byte, index) => (index === 11 ? byte ^ 1 : byte));
    const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: 16 });
    cipher.setAAD(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 1, 23, 3, 3, 0, 2), { plaintextLength: 2 });
    const ciphertext = [...cipher.update(Uint8Array.of(8, 9)), ...cipher.final()];
    const record = [23, 3, 3, 0, 18, ...ciphertext, ...cipher.getAuthTag()];
    expect([...sealed(sealer, application_data, Uint8Array.of(8, 9))]).toEqual(record);
  });

  test('takes ivs of 4 and 12 bytes only', () => {
    const key = nodeAeadKey('aes-128-gcm', new Uint8Array(16));
    for (const byteCount of [0, 8, 16]) {
      const iv = new Uint8Array(byteCount);
      expect(() => new Tls12Sealer(key, iv, LIMITS)).toThrow(RangeError);
      expect(() => new Tls12Opener(key, iv)).toThrow(RangeError);
    }
  });
});

describe('sequence numbers', () => {
  test('fill eight bytes', () => {
    const iv = new Uint8Array(12);
    iv[0] = 0xaa;
    for (const sequence of [0, 1, 255, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 48, 2 ** 53 - 1]) {
      const nonce = Buffer.from(mixedNonce(iv, sequence));
      expect(nonce.readBigUInt64BE(4)).toBe(BigInt(sequence));
      expect([...nonce.subarray(0, 4)]).toEqual([0xaa, 0, 0, 0]);
    }
  });
});

describe('a key', () => {
  test('wears by records and by bytes, and is spent by records', () => {
    for (const protection of PROTECTIONS) {
      const limits = { recordsSoftMax: 2, recordsHardMax: 3, bytesSoftMax: 100 };
      const sealer = sealerOf(protection, limits);
      const wears = [sealer.wear];
      for (let count = 0; count < 3; count += 1) {
        sealed(sealer, application_data, Uint8Array.of(1));
        wears.push(sealer.wear);
      }
      expect(wears).toEqual(['fresh', 'fresh', 'worn', 'spent']);
      expect([sealer.records, sealer.bytes]).toEqual([3, 3]);
      const bulky = sealerOf(protection, limits);
      sealed(bulky, application_data, new Uint8Array(100));
      expect(bulky.wear).toBe('worn');
    }
  });

  test('of AES-GCM is spent before 2^24.5 records (section 5.5)', () => {
    for (const aead of ['aes-128-gcm', 'aes-256-gcm'] as const) {
      const { recordsSoftMax, recordsHardMax } = keyLimits(aead);
      expect(recordsHardMax).toBeLessThan(2 ** 24.5);
      expect(recordsSoftMax).toBeLessThan(recordsHardMax / 2);
    }
    expect(keyLimits('chacha20-poly1305').recordsHardMax).toBeLessThan(2 ** 53);
  });

  test('is overwritten with its iv when it has done its work', () => {
    for (const protection of PROTECTIONS) {
      const destroyed: string[] = [];
      const { iv } = material(protection);
      const other = iv.slice();
      const aeadKey: AeadKey = {
        seal: () => [],
        open: () => null,
        destroy: () => destroyed.push('key'),
      };
      const is13 = protection.version === 'TLS 1.3';
      const sealer = is13
        ? new Tls13Sealer(aeadKey, iv, LIMITS)
        : new Tls12Sealer(aeadKey, iv, LIMITS);
      const opener = is13 ? new Tls13Opener(aeadKey, other) : new Tls12Opener(aeadKey, other);
      sealer.destroy();
      opener.destroy();
      expect(destroyed).toEqual(['key', 'key']);
      expect([...iv, ...other].every((byte) => byte === 0)).toBe(true);
    }
  });

  test('may be one that writes in place and hands out parts', () => {
    for (const protection of PROTECTIONS) {
      const sealer = sealerOf(protection, undefined, inPlace);
      const { reader, read } = reading();
      reader.protect(openerOf(protection, inPlace));
      const content = bytesOf('content', 9_000);
      expect(read(sealed(sealer, application_data, content))[0]?.content).toEqual(content);
    }
  });

  test('pads with zeros although others have used the memory', () => {
    const protection = { version: 'TLS 1.3', aead: 'aes-128-gcm' } as const;
    const sealer = sealerOf(protection);
    const { reader, read } = reading();
    reader.protect(openerOf(protection));
    read(sealed(sealer, application_data, new Uint8Array(16_384).fill(255)));
    const record = sealed(sealer, application_data, Uint8Array.of(1, 2), 1000);
    expect(read(record)[0]?.content).toEqual(Uint8Array.of(1, 2));
  });
});
