import { describe, expect, test } from 'vitest';
import { Inflater } from '../../src/deflate/inflater.ts';
import { BitString, lengthsOf } from './support/bit-string.ts';
import { inflate, zlibDeflate, zlibInflate } from './support/streams.ts';

const inflater = (windowBits = 15, contextTakeover = true) =>
  new Inflater({ windowBits, contextTakeover });
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const hex = (digits: string) => Uint8Array.from(Buffer.from(digits.replaceAll(' ', ''), 'hex'));

describe('the examples of RFC 7692 section 7.2.3', () => {
  test.each([
    ['one compressed block', 'f2 48 cd c9 c9 07 00', 'Hello'],
    ['a block with no compression', '00 05 00 fa ff 48 65 6c 6c 6f 00', 'Hello'],
    ['a block with BFINAL set', 'f3 48 cd c9 c9 07 00 00', 'Hello'],
    ['two blocks', 'f2 48 05 00 00 00 ff ff ca c9 c9 07 00', 'Hello'],
    ['an empty fragment', '00', ''],
  ])('%s', (_, digits, expected) => {
    const result = inflate(inflater(), [hex(digits)]);
    expect(result.isInvalid).toBe(false);
    expect(text(result.output)).toBe(expected);
  });

  test('a window that is shared', () => {
    const shared = inflater();
    expect(text(inflate(shared, [hex('f2 48 cd c9 c9 07 00')]).output)).toBe('Hello');
    expect(text(inflate(shared, [hex('f2 00 11 00 00')]).output)).toBe('Hello');
  });

  test('the same without takeover refers to nothing', () => {
    const alone = inflater(15, false);
    inflate(alone, [hex('f2 48 cd c9 c9 07 00')]);
    expect(inflate(alone, [hex('f2 00 11 00 00')]).isInvalid).toBe(true);
  });
});

describe('the last block of a stream inside a message', () => {
  test('is followed by others, which may refer to before it', () => {
    // "Hello" as the last block of a stream, then as one match of 5 bytes.
    const again = new BitString()
      .block('fixed')
      .code('0000011')
      .code('00100')
      .add(0, 1)
      .code('0000000');
    const data = Buffer.concat([hex('f3 48 cd c9 c9 07 00'), again.block('stored').toBytes()]);
    expect(text(inflate(inflater(), [data]).output)).toBe('HelloHello');
  });

  test('may end the message itself', () => {
    expect(text(inflate(inflater(), [hex('f3 48 cd c9 c9 07 00')]).output)).toBe('Hello');
  });

  test('may be stored, and be the one whose end was taken off', () => {
    const two = inflater();
    expect(text(inflate(two, [hex('f2 48 cd c9 c9 07 08')]).output)).toBe('Hello');
    // That it was the last says nothing about the next message, which must not be empty.
    expect(inflate(two, [new Uint8Array(0)]).isInvalid).toBe(true);
  });
});

/** A literal code with only `a` (0) and the end of the block (1), or as given. */
const AND_END = lengthsOf(257, { 97: 1, 256: 1 });

const invalidStreams: readonly (readonly [string, BitString])[] = [
  ['a reserved block type', new BitString().block('reserved')],
  ['LEN and NLEN that differ', new BitString().block('stored').bytes(5, 0, 0xfb, 0xff)],
  ['a fixed literal/length code 286', new BitString().block('fixed').code('11000110')],
  ['a fixed literal/length code 287', new BitString().block('fixed').code('11000111')],
  [
    'a fixed distance code 30',
    new BitString().block('fixed').code('0110000100000011').code('11110'),
  ],
  [
    'a fixed distance code 31',
    new BitString().block('fixed').code('0110000100000011').code('11111'),
  ],
  ['a distance with nothing there', new BitString().block('fixed').code('0000001').code('00000')],
  [
    'a distance to one before the first byte',
    new BitString().block('fixed').code('10010001').code('0000001').code('00001'),
  ],
  ['287 literal codes', new BitString().block('dynamic').add(30, 5).add(0, 5).add(0, 4)],
  ['31 distance codes', new BitString().block('dynamic').add(0, 5).add(30, 5).add(0, 4)],
  ['no code lengths', new BitString().block('dynamic').counts(257, 1, [])],
  ['too many code lengths', new BitString().block('dynamic').counts(257, 1, [1, 1, 1])],
  ['too few code lengths', new BitString().block('dynamic').counts(257, 1, [1])],
  [
    'a repetition of nothing',
    new BitString()
      .block('dynamic')
      .counts(257, 1, lengthsOf(19, { 0: 1, 16: 1 }))
      .code('1')
      .add(0, 2),
  ],
  [
    'zeros beyond the end',
    new BitString()
      .block('dynamic')
      .counts(257, 1, lengthsOf(19, { 0: 1, 18: 1 }))
      .code('1')
      .add(127, 7)
      .code('1')
      .add(127, 7),
  ],
  [
    'a repetition beyond the end',
    new BitString()
      .block('dynamic')
      .counts(257, 1, lengthsOf(19, { 0: 2, 1: 2, 16: 2, 18: 2 }))
      .code('11')
      .add(127, 7)
      .code('11')
      .add(108, 7)
      .code('01')
      .code('10')
      .add(0, 2),
  ],
  [
    'no code for the end',
    new BitString().block('dynamic').codes(lengthsOf(257, { 97: 1, 98: 1 }), [1]),
  ],
  [
    'too many literal codes',
    new BitString().block('dynamic').codes(lengthsOf(257, { 1: 1, 2: 1, 256: 1 }), [1]),
  ],
  [
    'too few literal codes',
    new BitString().block('dynamic').codes(lengthsOf(257, { 97: 2, 256: 1 }), [1]),
  ],
  ['too many distance codes', new BitString().block('dynamic').codes(AND_END, [1, 1, 1])],
  ['too few distance codes', new BitString().block('dynamic').codes(AND_END, [2, 2, 2])],
  ['one distance code of two bits', new BitString().block('dynamic').codes(AND_END, [2])],
  [
    'a distance where there are none',
    new BitString()
      .block('dynamic')
      .codes(lengthsOf(258, { 97: 2, 256: 1, 257: 2 }), [0])
      .code('10')
      .code('11')
      .code('0'),
  ],
  [
    'the other distance than the only one',
    new BitString()
      .block('dynamic')
      .codes(lengthsOf(258, { 97: 2, 256: 1, 257: 2 }), [1])
      .code('10')
      .code('11')
      .code('1'),
  ],
  [
    'another code than the only one',
    new BitString()
      .block('dynamic')
      .codes(lengthsOf(257, { 256: 1 }), [1])
      .code('1'),
  ],
];

describe('what is no DEFLATE', () => {
  test.each(invalidStreams)('%s', (_, stream) => {
    // Enough behind it that nothing is waited for, and zeros, so that it is no fault of theirs.
    const data = Buffer.concat([stream.toBytes(), new Uint8Array(40)]);
    expect(zlibInflate(data).isInvalid).toBe(true);
    expect(inflate(inflater(), [data]).isInvalid).toBe(true);
    const bytes = Array.from(data, (byte) => Uint8Array.of(byte));
    expect(inflate(inflater(), bytes).isInvalid).toBe(true);
  });

  test('is invalid for ever, and holds nothing', () => {
    const one = inflater();
    inflate(one, [zlibDeflate(new Uint8Array(5_000))]);
    expect(one.contextBytes).toBeGreaterThan(5_000);
    expect(inflate(one, [Uint8Array.of(7)]).isInvalid).toBe(true);
    expect(one.next()).toBe('invalid');
    expect(one.contextBytes).toBe(0);
  });

  test('comes behind what came out before', () => {
    const one = inflater();
    one.push(hex('f2 48 cd c9 c9 07 00 00 00 ff ff 07'), false);
    expect(text(one.next() as Uint8Array)).toBe('Hello');
    expect(one.next()).toBe('invalid');
  });
});

describe('what is unusual DEFLATE', () => {
  test.each([
    [
      'only the end of a block',
      new BitString()
        .block('dynamic')
        .codes(lengthsOf(257, { 256: 1 }), [0])
        .code('0'),
      '',
    ],
    ['no distances', new BitString().block('dynamic').codes(AND_END, [0]).code('001'), 'aa'],
    [
      'one distance',
      new BitString()
        .block('dynamic')
        .codes(lengthsOf(258, { 97: 2, 256: 1, 257: 2 }), [1])
        .code('10')
        .code('11')
        .code('0')
        .code('0'),
      'aaaa',
    ],
    [
      'a repetition from literals to distances',
      new BitString()
        .block('dynamic')
        .counts(257, 2, lengthsOf(19, { 0: 2, 1: 2, 16: 2, 18: 2 }))
        // 97 zeros, a, 158 zeros, then the end and both distances.
        .code('11')
        .add(97 - 11, 7)
        .code('01')
        .code('11')
        .add(127, 7)
        .code('11')
        .add(9, 7)
        .code('01')
        .code('01')
        .code('01')
        .code('0')
        .code('0')
        .code('1'),
      'aa',
    ],
    ['codes of fifteen bits', longCodes(), 'aaab'],
  ] as const)('%s', (_, stream, expected) => {
    const data = stream.block('stored').toBytes();
    expect(text(zlibInflate(data).output)).toBe(expected);
    expect(text(inflate(inflater(), [data]).output)).toBe(expected);
    const bytes = Array.from(data, (byte) => Uint8Array.of(byte));
    expect(text(inflate(inflater(), bytes).output)).toBe(expected);
  });
});

/** `a` in one bit, the end in 15, and codes of all lengths between. */
function longCodes(): BitString {
  const literals = lengthsOf(257, {
    ...Object.fromEntries(Array.from({ length: 13 }, (_, index) => [1 + index, index + 2])),
    97: 1,
    98: 15,
    256: 15,
  });
  const stream = new BitString().block('dynamic').codes(literals, [0]);
  return stream.code('000').code('111111111111110').code('111111111111111');
}

test('the longest codes with the most extra bits, one behind the other', () => {
  const before = Buffer.from(
    zlibDeflate(Uint8Array.from({ length: 32_768 }, (_, at) => (at * at) >> 7)),
  );
  const steep = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [index, index + 1]));
  const stream = new BitString().block('dynamic');
  stream.codes(
    lengthsOf(258, { 97: 2, 256: 2, 257: 1 }),
    lengthsOf(30, { ...steep, 28: 15, 29: 15 }),
  );
  for (let index = 0; index < 300; index++) {
    stream
      .code('0')
      .code('11111111111111')
      .code(index % 3 === 0 ? '0' : '1')
      .add(index * 27, 13);
    if (index % 7 === 0) stream.code('10');
  }
  const matches = stream.code('11').block('stored').toBytes();
  const data = Buffer.concat([before, Uint8Array.of(0, 0, 0xff, 0xff), matches]);
  const { output, isInvalid } = inflate(inflater(), [data]);
  expect(isInvalid).toBe(false);
  expect(Buffer.compare(output, zlibInflate(data).output)).toBe(0);
});

describe('where a message ends', () => {
  test.each([
    ['nowhere', ''],
    ['inside a block', 'f2 48 cd'],
    ['behind a block', 'f2 48 cd c9 c9 07 00 00 00 ff ff'],
    ['inside a block head', 'f2 48 cd c9 c9 07'],
    ['between LEN and NLEN', '00 00 00'],
    ['inside LEN', '00 00'],
    ['where the four octets would be data', '00 04 00 fb ff'],
    ['inside the codes', '04'],
  ])('%s: invalid', (_, digits) => {
    expect(inflate(inflater(), [hex(digits)]).isInvalid).toBe(true);
  });

  test('the next one begins behind it', () => {
    const one = inflater();
    for (const message of ['one', 'another', '', 'one more']) {
      expect(text(inflate(one, [zlibDeflate(Buffer.from(message))]).output)).toBe(message);
    }
  });

  test('the end may come in a piece of its own', () => {
    const data = zlibDeflate(Buffer.from('some text'));
    const pieces = [data, new Uint8Array(0), new Uint8Array(0)];
    expect(text(inflate(inflater(), pieces).output)).toBe('some text');
  });
});

describe('the window', () => {
  const far = (distance: number) => {
    const data = new Uint8Array(distance + 300);
    for (let at = 0; at < data.length; at++) data[at] = (at * 167 + (at >> 8) * 31) & 0xff;
    return data;
  };

  test.each([8, 9, 10, 11, 12, 13, 14, 15])(
    'of 2^%i bytes reaches so far and no further',
    (bits) => {
      const size = 1 << bits;
      const before = far(size);
      const stored = new BitString().block('stored');
      stored.bytes(
        before.length & 255,
        before.length >> 8,
        ~before.length & 255,
        (~before.length >> 8) & 255,
      );
      const start = Buffer.concat([stored.toBytes(), before]);
      const reach = (distance: number) => {
        // A match of 3 bytes at the distance, in fixed codes.
        const symbol =
          distance <= 4
            ? distance - 1
            : 2 * (31 - Math.clz32(distance - 1)) +
              (((distance - 1) >> (30 - Math.clz32(distance - 1))) & 1);
        const extraBits = Math.max(0, (symbol >> 1) - 1);
        const match = new BitString().block('fixed').code('0000001');
        match
          .code(symbol.toString(2).padStart(5, '0'))
          .add((distance - 1) & ((1 << extraBits) - 1), extraBits);
        return match.code('0000000').block('stored').toBytes();
      };
      const one = inflater(bits);
      expect(inflate(one, [start], false).isInvalid).toBe(false);
      const { output, isInvalid } = inflate(one, [reach(size)]);
      expect(isInvalid).toBe(false);
      const from = before.length - size;
      expect([...output]).toEqual([...before.subarray(from, from + 3)]);
      if (bits < 15) {
        expect(inflate(inflater(bits), [start, reach(size + 1)]).isInvalid).toBe(true);
      }
    },
  );

  test('is as large as what there is to remember, up to what was agreed', () => {
    const one = inflater(12);
    expect(one.contextBytes).toBe(0);
    inflate(one, [zlibDeflate(Buffer.from('x'))]);
    expect(one.contextBytes).toBe(256);
    inflate(one, [zlibDeflate(new Uint8Array(700), { windowBits: 12 })]);
    expect(one.contextBytes).toBe(1_024);
    inflate(one, [zlibDeflate(new Uint8Array(100_000), { windowBits: 12 })]);
    expect(one.contextBytes).toBe(4_096);
  });

  test('is not kept without takeover, nor are codes between messages', () => {
    const one = inflater(15, false);
    const data = zlibDeflate(Buffer.from(JSON.stringify(Object.keys(globalThis).join())));
    inflate(one, [data.subarray(0, data.length - 3)], false);
    expect(one.contextBytes).toBeGreaterThan(6_000);
    inflate(one, [data.subarray(data.length - 3)]);
    expect(one.contextBytes).toBe(0);
  });
});

describe('output', () => {
  test('comes in pieces of the wanted size, whatever the input promises', () => {
    const bomb = zlibDeflate(new Uint8Array(10_000_000));
    const one = inflater();
    one.push(bomb, true);
    expect((one.next() as Uint8Array).length).toBe(16_384);
    expect((one.next(100) as Uint8Array).length).toBe(100);
    expect((one.next(1_000_000) as Uint8Array).length).toBe(16_384);
    expect(one.contextBytes).toBeLessThan(32_768 + 8_192);
  });

  test('is the same one byte at a time', () => {
    const data = Buffer.from('abcabcabcabcabc, abcabc'.repeat(30));
    for (const level of [0, 1, 9]) {
      const compressed = zlibDeflate(data, { level });
      expect(Buffer.from(inflate(inflater(), [compressed], true, 1).output)).toEqual(data);
    }
  });

  test('is not looked for before there is input', () => {
    expect(inflater().next()).toBe(null);
  });

  test('belongs to whoever takes it', () => {
    const one = inflater();
    one.push(zlibDeflate(Buffer.from('Hello, Hello')), true);
    (one.next() as Uint8Array).fill(0);
    expect(one.next()).toBe(null);
    expect(
      text(
        inflate(one, [
          zlibDeflate(Buffer.from('Hello'), { dictionary: Buffer.from('Hello, Hello') }),
        ]).output,
      ),
    ).toBe('Hello');
  });
});

describe('a caller', () => {
  test.each([7, 16, 9.5, Number.NaN])('cannot agree on a window of 2^%d', (windowBits) => {
    expect(() => inflater(windowBits)).toThrow(RangeError);
  });

  test('cannot push before all has been taken', () => {
    const one = inflater();
    one.push(hex('f2 48'), false);
    expect(() => one.push(hex('cd'), false)).toThrow('this is a bug in holdline');
  });
});
