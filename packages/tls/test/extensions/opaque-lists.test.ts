import { describe, expect, test } from 'vitest';
import type { ByteReader } from '../../src/bytes/byte-reader.ts';
import type { ByteWriter } from '../../src/bytes/byte-writer.ts';
import {
  parseCertificateAuthorities,
  parseSignedCertificateTimestamps,
  writeCertificateAuthorities,
  writeSignedCertificateTimestamps,
} from '../../src/extensions/opaque-lists.ts';
import { readBody, roundTrip, writeBody } from '../support/extension-body.ts';
import { faultOf } from '../support/peer-fault.ts';
import { bytes, filled } from '../support/wire.ts';

interface Kind {
  readonly name: string;
  readonly parse: (reader: ByteReader) => Uint8Array[];
  readonly write: (writer: ByteWriter, values: readonly Uint8Array[]) => void;
}

const KINDS: readonly Kind[] = [
  {
    name: 'authorities<3..2^16-1> (RFC 9846 section 4.3.4)',
    parse: parseCertificateAuthorities,
    write: writeCertificateAuthorities,
  },
  {
    name: 'sct_list<1..2^16-1> (RFC 6962 section 3.3)',
    parse: parseSignedCertificateTimestamps,
    write: writeSignedCertificateTimestamps,
  },
];

describe.each(KINDS)('$name', ({ parse, write }) => {
  test('elements in their order', () => {
    for (const values of [[filled(1)], [filled(300, 1), filled(2, 2)], [filled(65_533)]]) {
      expect(roundTrip<readonly Uint8Array[]>(write, parse, values)).toEqual(values);
    }
  });

  test.each(['', '00', '0000', '0001 00', '0002 0000', '0003 0002 61', '0004 0001 61 00'])(
    '%s does not decode',
    (body) => {
      expect(faultOf(() => readBody(parse, bytes(body)))).toBe('TLS_DECODE_ERROR');
    },
  );

  test('neither none nor empty ones nor too many are written', () => {
    expect(() => writeBody(write, [])).toThrow(RangeError);
    expect(() => writeBody(write, [bytes('')])).toThrow(RangeError);
    expect(() => writeBody(write, [filled(65_534)])).toThrow(RangeError);
  });
});
