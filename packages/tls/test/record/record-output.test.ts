import { describe, expect, test } from 'vitest';
import { serializeAlert } from '../../src/record/alert-message.ts';
import { CONTENT_TYPE } from '../../src/record/content-type.ts';
import { padToFull, padToMultiple } from '../../src/record/padding.ts';
import { FIRST_RECORD_VERSION } from '../../src/record/record-header.ts';
import { keyLimits } from '../../src/record/record-limits.ts';
import { RecordOutput, type RecordOutputOptions } from '../../src/record/record-output.ts';
import { GROWING_RECORDS } from '../../src/record/record-sizes.ts';
import { bytesOf, openerOf, reading, sealerOf } from './support/directions.ts';

const { change_cipher_spec, alert, handshake, application_data } = CONTENT_TYPE;
const TLS13 = { version: 'TLS 1.3', aead: 'aes-128-gcm' } as const;
const TLS12 = { version: 'TLS 1.2', aead: 'aes-128-gcm' } as const;

function output(options?: RecordOutputOptions, limits = keyLimits('aes-128-gcm')) {
  const made = new RecordOutput(options);
  made.protect(sealerOf(TLS13, limits));
  made.releaseData();
  return made;
}

/** All chunks that can be pulled; accepted unless the machine keeps count otherwise. */
function pull(from: RecordOutput): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let chunk = from.next(); chunk !== null; chunk = from.next()) {
    chunks.push(chunk);
    expect(from.accept(chunk.length)).toBe(true);
  }
  return chunks;
}

/** What the other side reads of them: types and lengths of content. */
function read(chunks: readonly Uint8Array[], protection: typeof TLS13 | typeof TLS12 = TLS13) {
  const { reader, read: readAll } = reading();
  reader.changeCipherSpec = 'delivered';
  reader.protect(openerOf(protection));
  return readAll(...chunks.map((chunk) => chunk.slice()));
}

function shapes(chunks: readonly Uint8Array[]): [number, number][] {
  return read(chunks).map(({ type, content }) => [type, content.length]);
}

/** The lengths in the headers. */
function wireLengths(chunks: readonly Uint8Array[]): number[] {
  const wire = Buffer.concat(chunks);
  const lengths: number[] = [];
  for (let at = 0; at < wire.length; at += 5 + wire.readUInt16BE(at + 3)) {
    lengths.push(wire.readUInt16BE(at + 3));
  }
  return lengths;
}

describe('messages', () => {
  test('leave in the clear before there is a key, in as many records as they take', () => {
    const made = new RecordOutput();
    made.sendClear(handshake, Uint8Array.of(1, 2), FIRST_RECORD_VERSION);
    made.send(handshake, new Uint8Array(16_385));
    expect(made.wear).toBe('fresh');
    const wire = Buffer.concat(pull(made));
    expect([...wire.subarray(0, 12)]).toEqual([22, 3, 1, 0, 2, 1, 2, 22, 3, 3, 0x40, 0]);
    expect([...wire.subarray(-6)]).toEqual([22, 3, 3, 0, 1, 0]);
  });

  test('leave under the key, but for change_cipher_spec', () => {
    const made = output();
    made.send(handshake, bytesOf('message', 20_000));
    made.sendClear(change_cipher_spec, Uint8Array.of(1));
    made.send(alert, serializeAlert('internal_error'));
    expect(shapes(pull(made))).toEqual([
      [handshake, 16_384],
      [handshake, 3_616],
      [change_cipher_spec, 1],
      [alert, 2],
    ]);
  });

  test('overtake data that waits, but for the last', () => {
    const made = output();
    made.sendData(bytesOf('data', 30_000), 0);
    made.sendLast(alert, serializeAlert('close_notify'));
    made.send(handshake, Uint8Array.of(24, 0, 0, 1, 0));
    expect(made.waitingBytes).toBe(30_000);
    expect(made.pendingBytes).toBe(30_002 + 5 + 5 + 17);
    expect(shapes(pull(made))).toEqual([
      [handshake, 5],
      [application_data, 16_384],
      [application_data, 13_616],
      [alert, 2],
    ]);
    expect(made.pendingBytes).toBe(0);
  });

  test('come alone when data is dropped', () => {
    const made = output();
    made.sendData(bytesOf('data', 10), 0);
    made.sendLast(alert, serializeAlert('close_notify'));
    made.dropData();
    made.send(alert, serializeAlert('decode_error'));
    expect(shapes(pull(made))).toEqual([[alert, 2]]);
  });

  test('may be cover traffic: a record of data without any', () => {
    const made = output({ padding: padToMultiple(128) });
    made.send(application_data, new Uint8Array(0));
    const chunks = pull(made);
    expect(wireLengths(chunks)).toEqual([128 + 17]);
    expect(shapes(chunks)).toEqual([[application_data, 0]]);
  });
});

describe('data', () => {
  test('waits until it may leave', () => {
    const made = new RecordOutput();
    made.sendData(Uint8Array.of(1), 0);
    expect(pull(made)).toEqual([]);
    made.protect(sealerOf(TLS13));
    made.sendLast(alert, serializeAlert('close_notify'));
    expect(pull(made)).toEqual([]);
    made.releaseData();
    expect(shapes(pull(made))).toEqual([
      [application_data, 1],
      [alert, 2],
    ]);
  });

  test('of several sends shares a record, and a chunk', () => {
    const made = output();
    for (let count = 0; count < 5_000; count += 1)
      made.sendData(Uint8Array.of(count, count >> 8), 0);
    made.sendData(new Uint8Array(0), 0);
    const [record, ...others] = read(pull(made));
    expect(others).toEqual([]);
    expect([...record!.content.subarray(9_998)]).toEqual([4_999 & 255, 4_999 >> 8]);
  });

  test('of one send each has a record of its own, if that is wanted', () => {
    const made = output({ coalesces: false });
    for (const length of [3, 1, 20_000]) made.sendData(bytesOf('data', length), 0);
    expect(shapes(pull(made)).map(([, length]) => length)).toEqual([3, 1, 16_384, 3_616]);
  });

  test('is a record only when it is pulled, so that a new key comes in between', () => {
    const made = output();
    made.sendData(bytesOf('data', 100_000), 0);
    const before = [made.next()!, made.next()!];
    expect(made.waitingBytes).toBeGreaterThan(60_000);
    made.send(handshake, Uint8Array.of(24, 0, 0, 1, 0));
    made.protect(sealerOf(TLS13, undefined, undefined, 'two'));
    const { reader, input } = reading();
    reader.protect(openerOf(TLS13));
    for (const chunk of [...before, ...pull(made)]) input.append(chunk.slice());
    const lengths: number[] = [];
    for (let next = reader.next(0); next !== null; next = reader.next(0)) {
      if (next.type === handshake) reader.protect(openerOf(TLS13, undefined, 'two'));
      else lengths.push(next.content.length);
    }
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(100_000);
  });

  test('keeps to what the peer takes (RFC 8449): content, type and padding', () => {
    const made = output({ padding: () => 1_000 });
    made.plaintextBytesMax = 64;
    made.sendData(bytesOf('data', 100), 0);
    made.send(handshake, bytesOf('message', 64));
    const chunks = pull(made);
    expect(shapes(chunks).map(([, length]) => length)).toEqual([63, 1, 63, 37]);
    expect(wireLengths(chunks)).toEqual([80, 80, 80, 80]);
  });

  test('fills records of TLS 1.2, which have no padding', () => {
    const made = new RecordOutput({ padding: padToFull });
    made.plaintextBytesMax = 16_384;
    made.protect(sealerOf(TLS12));
    made.releaseData();
    made.sendData(bytesOf('data', 16_385), 0);
    expect(read(pull(made), TLS12).map(({ content }) => content.length)).toEqual([16_384, 1]);
  });

  test('leaves in few chunks: the tag of a record stands with the header of the next', () => {
    const made = output();
    made.sendData(bytesOf('data', 16_384 * 3), 0);
    expect(pull(made)).toHaveLength(7);
  });

  test('may be pulled in many pieces without their being moved each time', () => {
    const made = output({ coalesces: false });
    for (let count = 0; count < 3_000; count += 1) made.sendData(Uint8Array.of(count), 0);
    const contents = read(pull(made)).map(({ content }) => content[0]);
    expect(contents).toEqual(Array.from({ length: 3_000 }, (_, index) => index & 255));
  });

  test('after a last message is a fault of ours', () => {
    const made = output();
    made.sendLast(alert, serializeAlert('close_notify'));
    expect(() => made.sendData(Uint8Array.of(1), 0)).toThrow('bug in holdline');
  });
});

describe('a key that wears', () => {
  const limits = { recordsSoftMax: 2, recordsHardMax: 4, bytesSoftMax: Number.POSITIVE_INFINITY };

  test('does no more than one record at a time, and none of data when it is spent', () => {
    const made = output({ coalesces: false }, limits);
    for (let count = 0; count < 8; count += 1) made.sendData(Uint8Array.of(count), 0);
    expect(read([made.next()!])).toHaveLength(2);
    expect(made.wear).toBe('worn');
    expect(wireLengths([made.next()!])).toHaveLength(1);
    expect(wireLengths([made.next()!])).toHaveLength(1);
    expect(made.wear).toBe('spent');
    expect(made.next()).toBeNull();
    made.send(handshake, Uint8Array.of(24, 0, 0, 1, 0));
    made.protect(sealerOf(TLS13, limits, undefined, 'two'));
    expect(pull(made)).not.toEqual([]);
  });
});

describe('sizes', () => {
  test('are small at first, full later, and small again after a rest', () => {
    const made = output({ sizes: { smallBytes: 1_000, smallForBytes: 2_500, restMs: 1_000 } });
    made.sendData(bytesOf('data', 30_000), 0);
    const chunks = pull(made);
    made.sendData(bytesOf('data', 2_000), 900);
    chunks.push(...pull(made));
    made.sendData(bytesOf('data', 2_000), 1_900);
    chunks.push(...pull(made));
    const lengths = shapes(chunks).map(([, length]) => length);
    expect(lengths).toEqual([1_000, 1_000, 1_000, 16_384, 10_616, 2_000, 1_000, 1_000]);
  });

  test('fit one segment of 1460 bytes by default of those that grow', () => {
    const made = output({ sizes: GROWING_RECORDS });
    made.sendData(bytesOf('data', 5_000), 0);
    expect(5 + wireLengths(pull(made))[0]!).toBeLessThanOrEqual(1_400);
  });

  test('are whole numbers that make sense', () => {
    const wrong = [
      { ...GROWING_RECORDS, smallBytes: 0 },
      { ...GROWING_RECORDS, smallForBytes: -1 },
      { ...GROWING_RECORDS, restMs: Number.NaN },
    ];
    for (const sizes of wrong) expect(() => new RecordOutput({ sizes })).toThrow(RangeError);
  });
});

describe('padding', () => {
  test.each([
    ['to a multiple', padToMultiple(100), [1, 99, 100, 101], [100, 100, 100, 200]],
    ['to the full', padToFull, [1, 16_384], [16_384, 16_384]],
    ['by nonsense', () => Number.NaN, [1, 2], [1, 2]],
    ['by less than nothing', () => -5, [1], [1]],
    ['by a fraction', () => 1.7, [1], [2]],
  ])('%s', (_name, padding, lengths, expected) => {
    const made = output({ padding, coalesces: false });
    for (const length of lengths) made.sendData(bytesOf('data', length), 0);
    const chunks = pull(made);
    expect(wireLengths(chunks).map((length) => length - 17)).toEqual(expected);
    expect(shapes(chunks).map(([, length]) => length)).toEqual(lengths);
  });

  test('has steps of whole bytes', () => {
    for (const step of [0, -1, 1.5]) expect(() => padToMultiple(step)).toThrow(RangeError);
  });
});

describe('the end', () => {
  test('forgets data, records and the key', () => {
    const made = output();
    made.sendData(bytesOf('data', 100), 0);
    made.send(handshake, Uint8Array.of(1));
    made.destroy();
    expect([made.pendingBytes, made.next(), made.sealer]).toEqual([0, null, null]);
    made.destroy();
  });

  test('more than was handed out is not accepted', () => {
    const made = output();
    made.sendData(Uint8Array.of(1), 0);
    expect(made.accept(1)).toBe(false);
    const { length } = made.next()!;
    expect(made.accept(length + 1)).toBe(false);
    expect(made.accept(length)).toBe(true);
  });
});
