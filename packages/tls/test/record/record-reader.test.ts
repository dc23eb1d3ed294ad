import { describe, expect, test } from 'vitest';
import { nodeAeadKey } from '../../src/node/aead.ts';
import { CONTENT_TYPE, type ContentType } from '../../src/record/content-type.ts';
import { alertOf, faultOf } from '../support/peer-fault.ts';
import {
  bytesOf,
  clear,
  material,
  openerOf,
  PROTECTIONS,
  reading,
  sealed,
  sealerOf,
} from './support/directions.ts';

const { change_cipher_spec, alert, handshake, application_data, heartbeat } = CONTENT_TYPE;
const TLS13 = { version: 'TLS 1.3', aead: 'aes-128-gcm' } as const;
const TLS12 = { version: 'TLS 1.2', aead: 'aes-128-gcm' } as const;

/** A reader under a key, and what seals for it. */
function protectedReading(protection: (typeof PROTECTIONS)[number] = TLS13) {
  const both = reading();
  both.reader.protect(openerOf(protection));
  return { ...both, sealer: sealerOf(protection) };
}

/** What a raw TLSInnerPlaintext becomes: its last byte is given as the type. */
function inner(bytes: readonly number[], type: number): Uint8Array {
  return sealed(sealerOf(TLS13), type as ContentType, Uint8Array.from(bytes));
}

describe('records in the clear', () => {
  test('show their content', () => {
    expect(reading().read(clear(handshake, [1, 2, 3]))).toEqual([
      { type: handshake, content: Uint8Array.of(1, 2, 3), isProtected: false },
    ]);
  });

  test('of 2^14 bytes are read, of one more are an overflow (section 5.1)', () => {
    const whole = clear(handshake, new Uint8Array(16_384).fill(7));
    expect(reading().read(whole)[0]?.content.length).toBe(16_384);
    const header = clear(handshake, [], { length: 16_385 });
    expect(faultOf(() => reading().read(header))).toBe('TLS_RECORD_OVERFLOW');
  });

  test('may have any legacy_record_version, which "MUST be ignored for all purposes" (section 5.1)', () => {
    for (const version of [0, 0x0300, 0x0301, 0x0303, 0x0304, 0x7f1c, 0xffff]) {
      expect(reading().read(clear(handshake, [1], { version }))).toHaveLength(1);
    }
  });

  test('of a type that nobody has defined are refused by their header alone', () => {
    const known: readonly number[] = Object.values(CONTENT_TYPE);
    for (let type = 0; type < 256; type += 1) {
      if (known.includes(type)) continue;
      expect(alertOf(() => reading().read(clear(type, [], { length: 9 })))).toBe(
        'unexpected_message',
      );
    }
    const http = new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n');
    expect(faultOf(() => reading().read(http))).toBe('TLS_UNKNOWN_CONTENT_TYPE');
  });

  test('of application_data are refused', () => {
    expect(faultOf(() => reading().read(clear(application_data, [1])))).toBe(
      'TLS_UNEXPECTED_RECORD',
    );
  });

  test('of handshake or alert have content (section 5.4)', () => {
    for (const type of [handshake, alert]) {
      const act = () => reading().read(clear(type, []));
      expect(faultOf(act)).toBe('TLS_EMPTY_RECORD');
      expect(alertOf(act)).toBe('unexpected_message');
    }
  });

  test('of alert have exactly two bytes (section 5.1)', () => {
    expect(reading().read(clear(alert, [2, 40]))).toHaveLength(1);
    for (const content of [[2], [2, 40, 0], [2, 40, 2, 40]]) {
      expect(alertOf(() => reading().read(clear(alert, content)))).toBe('decode_error');
    }
  });

  test('of heartbeat are refused unless they were agreed', () => {
    const record = clear(heartbeat, [1, 0, 0]);
    expect(faultOf(() => reading().read(record))).toBe('TLS_UNEXPECTED_RECORD');
    const { reader, read } = reading();
    reader.takesHeartbeats = true;
    expect(read(record)).toHaveLength(1);
  });
});

describe('change_cipher_spec (section 5)', () => {
  const record = clear(change_cipher_spec, [1]);

  test('is refused before a ClientHello and after Finished', () => {
    const act = () => reading().read(record);
    expect(faultOf(act)).toBe('TLS_UNEXPECTED_CHANGE_CIPHER_SPEC');
    expect(alertOf(act)).toBe('unexpected_message');
  });

  test('is dropped between them, key or not', () => {
    const both = reading();
    both.reader.changeCipherSpec = 'dropped';
    expect(both.read(record, clear(handshake, [1]))).toHaveLength(1);
    both.reader.protect(openerOf(TLS13));
    const data = sealed(sealerOf(TLS13), application_data, Uint8Array.of(5));
    expect(both.read(record, data)).toEqual([
      { type: application_data, content: Uint8Array.of(5), isProtected: true },
    ]);
  });

  test('is refused with another value or length, by the header if that suffices', () => {
    for (const content of [[0], [2], [], [1, 1]]) {
      const both = reading();
      both.reader.changeCipherSpec = 'dropped';
      const act = () => both.read(clear(change_cipher_spec, content));
      expect(faultOf(act)).toBe('TLS_UNEXPECTED_CHANGE_CIPHER_SPEC');
    }
    const both = reading();
    both.reader.changeCipherSpec = 'dropped';
    const header = clear(change_cipher_spec, [], { length: 2 });
    expect(faultOf(() => both.read(header))).toBe('TLS_UNEXPECTED_CHANGE_CIPHER_SPEC');
    const long = clear(change_cipher_spec, [], { length: 16_385 });
    expect(faultOf(() => both.read(long))).not.toBe('nothing');
  });

  test('is refused when protected', () => {
    const { reader, read } = protectedReading();
    reader.changeCipherSpec = 'dropped';
    expect(faultOf(() => read(inner([1], change_cipher_spec)))).toBe(
      'TLS_UNEXPECTED_CHANGE_CIPHER_SPEC',
    );
  });

  test('is delivered in TLS 1.2', () => {
    const { reader, read } = reading();
    reader.changeCipherSpec = 'delivered';
    expect(read(record)[0]?.type).toBe(change_cipher_spec);
  });

  test('ends as a flood', () => {
    const { reader, read } = reading();
    reader.changeCipherSpec = 'dropped';
    for (let count = 0; count < 32; count += 1) expect(read(record)).toEqual([]);
    expect(faultOf(() => read(record))).toBe('TLS_TOO_MANY_EMPTY_RECORDS');
  });
});

describe('protected records of TLS 1.3', () => {
  test('lose padding and type', () => {
    const { sealer, read } = protectedReading();
    const record = sealed(sealer, handshake, Uint8Array.of(1, 0, 0), 300);
    expect(record.length).toBe(5 + 3 + 1 + 300 + 16);
    expect(record.subarray(0, 3)).toEqual(Uint8Array.of(23, 3, 3));
    expect(read(record)).toEqual([
      { type: handshake, content: Uint8Array.of(1, 0, 0), isProtected: true },
    ]);
  });

  test('of nothing but zeros are refused (section 5.4)', () => {
    for (const zeros of [0, 1, 100]) {
      const { read } = protectedReading();
      const act = () => read(inner(new Array(zeros).fill(0), 0));
      expect(faultOf(act)).toBe('TLS_NO_CONTENT_TYPE');
    }
  });

  test('of no plaintext at all are refused', () => {
    const { key, iv } = material(TLS13);
    const header = clear(application_data, [], { length: 16 });
    const tag = nodeAeadKey('aes-128-gcm', key).seal(iv, header, new Uint8Array(0));
    const { read } = protectedReading();
    const act = () => read(new Uint8Array(Buffer.concat([header, ...tag])));
    expect(faultOf(act)).toBe('TLS_NO_CONTENT_TYPE');
  });

  test('of fewer bytes than a tag do not verify', () => {
    for (const length of [0, 1, 15]) {
      const { read } = protectedReading();
      const act = () => read(clear(application_data, new Uint8Array(length)));
      expect(alertOf(act)).toBe('bad_record_mac');
    }
  });

  test('of an unknown inner type are refused, and of heartbeat unless agreed', () => {
    for (const type of [1, 19, 25, 255]) {
      const { read } = protectedReading();
      expect(faultOf(() => read(inner([1], type)))).toBe('TLS_UNKNOWN_CONTENT_TYPE');
    }
    const { read } = protectedReading();
    expect(faultOf(() => read(inner([1], heartbeat)))).toBe('TLS_UNEXPECTED_RECORD');
  });

  test('of handshake and alert have content, of application_data need none', () => {
    for (const type of [handshake, alert]) {
      const { sealer, read } = protectedReading();
      const act = () => read(sealed(sealer, type, new Uint8Array(0), 40));
      expect(alertOf(act)).toBe('unexpected_message');
    }
    const { sealer, read } = protectedReading();
    expect(read(sealed(sealer, application_data, new Uint8Array(0), 40))[0]?.content.length).toBe(
      0,
    );
  });

  test('have 2^14 + 1 bytes of content, type and padding at most, 2^14 + 256 of ciphertext', () => {
    const most = protectedReading();
    expect(most.read(sealed(most.sealer, handshake, bytesOf('x', 16_384)))).toHaveLength(1);
    const padded = protectedReading();
    expect(padded.read(sealed(padded.sealer, handshake, Uint8Array.of(1), 16_383))).toHaveLength(1);
    const header = clear(application_data, [], { length: 16_384 + 257 });
    expect(faultOf(() => protectedReading().read(header))).toBe('TLS_RECORD_OVERFLOW');
    const forged = clear(application_data, new Uint8Array(16_384 + 256));
    expect(faultOf(() => protectedReading().read(forged))).toBe('TLS_BAD_RECORD_MAC');
  });

  test('that verify and are larger than was agreed overflow (RFC 8449 section 4)', () => {
    const { reader, sealer, read } = protectedReading();
    reader.plaintextBytesMax = 64;
    expect(read(sealed(sealer, application_data, bytesOf('x', 63)))).toHaveLength(1);
    expect(read(sealed(sealer, application_data, bytesOf('x', 3), 60))).toHaveLength(1);
    expect(faultOf(() => read(sealed(sealer, application_data, bytesOf('x', 3), 61)))).toBe(
      'TLS_RECORD_OVERFLOW',
    );
  });

  test('are protected: no other record may be in the clear', () => {
    for (const type of [handshake, heartbeat]) {
      const { read } = protectedReading();
      const act = () => read(clear(type, [], { length: 4 }));
      expect(faultOf(act)).toBe('TLS_UNPROTECTED_RECORD');
      expect(alertOf(act)).toBe('unexpected_message');
    }
  });

  test('may be preceded by an alert in the clear while the peer may have no key', () => {
    const record = clear(alert, [2, 50]);
    const first = protectedReading();
    expect(faultOf(() => first.read(record))).toBe('TLS_UNPROTECTED_RECORD');
    const { reader, sealer, read } = protectedReading();
    reader.takesClearAlerts = true;
    expect(read(record)).toEqual([
      { type: alert, content: Uint8Array.of(2, 50), isProtected: false },
    ]);
    read(sealed(sealer, handshake, Uint8Array.of(1)));
    expect(faultOf(() => read(record))).toBe('TLS_UNPROTECTED_RECORD');
  });

  test('follow one another in number: none is lost, repeated or moved', () => {
    const { sealer, read } = protectedReading();
    const [one, two, three] = [1, 2, 3].map((byte) =>
      sealed(sealer, application_data, Uint8Array.of(byte)),
    ) as [Uint8Array, Uint8Array, Uint8Array];
    expect(read(one.slice())).toHaveLength(1);
    expect(faultOf(() => read(one))).toBe('TLS_BAD_RECORD_MAC');
    expect(faultOf(() => read(three))).toBe('TLS_BAD_RECORD_MAC');
    expect(read(two)).toHaveLength(1);
  });
});

describe('records of TLS 1.2', () => {
  test('show their type, and judge it', () => {
    for (const protection of PROTECTIONS.filter(({ version }) => version === 'TLS 1.2')) {
      const { reader, sealer, read } = protectedReading(protection);
      reader.plaintextBytesMax = 16_384;
      const record = sealed(sealer, handshake, Uint8Array.of(20, 0, 0, 0));
      expect(record[0]).toBe(handshake);
      expect(read(record)[0]?.content).toEqual(Uint8Array.of(20, 0, 0, 0));
      expect(read(sealed(sealer, application_data, bytesOf('x', 16_384)))).toHaveLength(1);
      expect(faultOf(() => read(sealed(sealer, application_data, bytesOf('x', 16_385))))).toBe(
        'TLS_RECORD_OVERFLOW',
      );
    }
  });

  test('have 2^14 + 2048 bytes of ciphertext at most, and room for nonce and tag', () => {
    const { reader, read } = protectedReading(TLS12);
    reader.plaintextBytesMax = 16_384;
    const header = clear(handshake, [], { length: 16_384 + 2_049 });
    expect(faultOf(() => read(header))).toBe('TLS_RECORD_OVERFLOW');
    const short = protectedReading(TLS12);
    expect(faultOf(() => short.read(clear(handshake, new Uint8Array(23))))).toBe(
      'TLS_BAD_RECORD_MAC',
    );
  });
});

describe('floods', () => {
  test('of empty data end the connection, at a rate that lets cover traffic live', () => {
    const { sealer, input, reader } = protectedReading();
    for (let second = 0; second < 100; second += 1) {
      input.append(sealed(sealer, application_data, new Uint8Array(0)));
      expect(reader.next(second * 1000)).not.toBeNull();
    }
    const flood = () => {
      for (let count = 0; count < 33; count += 1) {
        input.append(sealed(sealer, application_data, new Uint8Array(0)));
        reader.next(100_000);
      }
    };
    expect(faultOf(flood)).toBe('TLS_TOO_MANY_EMPTY_RECORDS');
  });

  test('are not empty records between others that have data (section 5.1)', () => {
    const { sealer, read } = protectedReading();
    for (let count = 0; count < 200; count += 1) {
      const empty = sealed(sealer, application_data, new Uint8Array(0));
      expect(read(empty, sealed(sealer, application_data, Uint8Array.of(1)))).toHaveLength(2);
    }
    const flood = () => {
      for (let count = 0; count < 33; count += 1) {
        read(sealed(sealer, application_data, new Uint8Array(0)));
      }
    };
    expect(faultOf(flood)).toBe('TLS_TOO_MANY_EMPTY_RECORDS');
  });

  test('of alerts that end nothing end the connection', () => {
    const { read } = reading();
    for (let count = 0; count < 4; count += 1) expect(read(clear(alert, [1, 90]))).toHaveLength(1);
    expect(faultOf(() => read(clear(alert, [1, 90])))).toBe('TLS_TOO_MANY_WARNING_ALERTS');
  });
});

describe('early data that was not accepted (section 4.3.10)', () => {
  const early = () => clear(application_data, new Uint8Array(95));

  test('is skipped before there is a key until the second ClientHello', () => {
    const { reader, read } = reading();
    reader.skipEarlyData(1000);
    expect(read(early(), early(), clear(handshake, [1]))).toHaveLength(1);
    reader.endEarlyData();
    expect(faultOf(() => read(early()))).toBe('TLS_UNEXPECTED_RECORD');
  });

  test('is skipped under a key until a record opens', () => {
    const { reader, sealer, read } = protectedReading();
    reader.skipEarlyData(1000);
    expect(read(early(), early(), sealed(sealer, handshake, Uint8Array.of(20)))).toHaveLength(1);
    expect(faultOf(() => read(early()))).toBe('TLS_BAD_RECORD_MAC');
  });

  test('is no more than was said, counted with headers', () => {
    for (const withKey of [false, true]) {
      const { reader, read } = withKey ? protectedReading() : reading();
      reader.skipEarlyData(200);
      expect(read(early(), early())).toEqual([]);
      const act = () => read(clear(application_data, new Uint8Array(16)));
      expect(faultOf(act)).toBe('TLS_TOO_MUCH_EARLY_DATA');
      expect(alertOf(act)).toBe('unexpected_message');
    }
  });

  test('may be as large as protected records are', () => {
    const { reader, read } = reading();
    reader.skipEarlyData(100_000);
    expect(read(clear(application_data, new Uint8Array(16_640)))).toEqual([]);
    const header = clear(application_data, [], { length: 16_641 });
    expect(faultOf(() => read(header))).toBe('TLS_RECORD_OVERFLOW');
  });
});

describe('keys', () => {
  test('replace each other between two records of one chunk', () => {
    const { reader, input } = reading();
    const first = sealed(sealerOf(TLS13), handshake, Uint8Array.of(24));
    const second = sealed(
      sealerOf(TLS13, undefined, undefined, 'two'),
      application_data,
      Uint8Array.of(9),
    );
    input.append(new Uint8Array(Buffer.concat([first, second])));
    reader.protect(openerOf(TLS13));
    expect(reader.next(0)?.content).toEqual(Uint8Array.of(24));
    expect(reader.recordOffset).toBe(0);
    reader.protect(openerOf(TLS13, undefined, 'two'));
    expect(reader.next(0)?.content).toEqual(Uint8Array.of(9));
    expect(reader.recordOffset).toBe(first.length);
    reader.destroy();
    expect(reader.opener).toBeNull();
  });

  test('of a part of a record at the end of a stream are told', () => {
    const { reader, read } = protectedReading();
    expect(read(clear(application_data, [1, 2], { length: 40 }))).toEqual([]);
    expect(reader.partialBytes).toBe(7);
  });
});
