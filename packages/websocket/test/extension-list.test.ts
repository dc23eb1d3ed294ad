import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Extension,
  parseExtensionList,
  serializeExtensionList,
} from '../src/extension-list.ts';
import { DEFAULT_HANDSHAKE_LIMITS } from '../src/handshake-limits.ts';

/** RFC 6455 section 9.1 with `implied *LWS`, as a regular expression: the naive version. */
const SPACE = '[ \\t]*';
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const QUOTED = `"(?:\\\\?[!#$%&'*+.^_\`|~0-9A-Za-z-])+"`;
const PARAMETER = `${SPACE};${SPACE}${TOKEN}(?:${SPACE}=${SPACE}(?:${TOKEN}|${QUOTED}))?`;
const EXTENSION = `${TOKEN}(?:${PARAMETER})*`;
const LIST = new RegExp(
  `^${SPACE}(?:,${SPACE})*${EXTENSION}${SPACE}(?:,${SPACE}(?:${EXTENSION}${SPACE})?)*$`,
);

function extensionsOf(...lines: string[]): readonly Extension[] {
  const result = parseExtensionList(lines);
  if (result.type === 'malformed') throw new Error(`${result.reason} at ${result.offset}`);
  return result.extensions;
}

function faultOf(...lines: string[]): [string, number] {
  const result = parseExtensionList(lines);
  return result.type === 'malformed' ? [result.reason, result.offset] : ['none', -1];
}

test('RFC 6455 section 9.1: the examples', () => {
  expect(extensionsOf('deflate-stream')).toEqual([{ name: 'deflate-stream', parameters: [] }]);
  expect(extensionsOf('mux; max-channels=4; flow-control, deflate-stream')).toEqual([
    {
      name: 'mux',
      parameters: [
        { name: 'max-channels', value: '4' },
        { name: 'flow-control', value: null },
      ],
    },
    { name: 'deflate-stream', parameters: [] },
  ]);
  expect(extensionsOf('private-extension')).toEqual([
    { name: 'private-extension', parameters: [] },
  ]);
});

test('RFC 6455 section 9.1: lines are «exactly equivalent» to one with commas', () => {
  expect(extensionsOf('foo', 'bar; baz=2')).toEqual(extensionsOf('foo, bar; baz=2'));
  expect(extensionsOf()).toEqual([]);
});

test('a quoted value is what it says without its quotes', () => {
  const plain = extensionsOf('foo; bar=baz; b=8');
  expect(extensionsOf('foo; bar="baz"; b="\\8"')).toEqual(plain);
  expect(extensionsOf('foo ; bar = "b\\az"\t;b =8')).toEqual(plain);
});

test('every short text of the characters that matter, against the naive version', () => {
  const alphabet = ['a', ',', ';', '=', '"', '\\', ' ', '\u00e9'];
  let texts = [''];
  for (let length = 0; length <= 6; length++) {
    for (const text of texts) {
      const isList = parseExtensionList([text]).type === 'extensions';
      expect(isList, JSON.stringify(text)).toBe(LIST.test(text));
    }
    texts = texts.flatMap((text) => alphabet.map((unit) => text + unit));
  }
  const longer = fc.string({ unit: fc.constantFrom(...alphabet, '\t', 'b'), maxLength: 24 });
  fc.assert(
    fc.property(longer, (text) => {
      expect(parseExtensionList([text]).type === 'extensions').toBe(LIST.test(text));
    }),
    { numRuns: 20_000 },
  );
});

test('what is wrong, and where', () => {
  expect(faultOf('')).toEqual(['empty-list', 0]);
  expect(faultOf(' ,, ')).toEqual(['empty-list', 4]);
  expect(faultOf('', '')).toEqual(['empty-list', 2]);
  expect(faultOf('a, ;b')).toEqual(['expected-token', 3]);
  expect(faultOf('a', '"b"')).toEqual(['expected-token', 3]);
  expect(faultOf('a;')).toEqual(['expected-parameter', 2]);
  expect(faultOf('a; ,b')).toEqual(['expected-parameter', 3]);
  expect(faultOf('a; b=')).toEqual(['expected-value', 5]);
  expect(faultOf('a; b=;c')).toEqual(['expected-value', 5]);
  expect(faultOf('a; b="c')).toEqual(['unterminated-quote', 5]);
  expect(faultOf('a; b="c\\"')).toEqual(['unterminated-quote', 5]);
  expect(faultOf('a; b="c\\')).toEqual(['unterminated-quote', 5]);
  expect(faultOf('a; b="c d"')).toEqual(['quoted-value-not-token', 5]);
  expect(faultOf('a; b=""')).toEqual(['quoted-value-not-token', 5]);
  expect(faultOf('a; b="c', 'd"')).toEqual(['quoted-value-not-token', 5]);
  expect(faultOf('a b')).toEqual(['expected-separator', 2]);
  expect(faultOf('a=b')).toEqual(['expected-separator', 1]);
  expect(faultOf('a; b=c=d')).toEqual(['expected-separator', 6]);
  expect(faultOf('a; b="c"d')).toEqual(['expected-separator', 8]);
});

test('limits are exact, and told by the offset of the first too many', () => {
  const { listBytesMax, listElementsMax, emptyElementsMax, extensionParametersMax } =
    DEFAULT_HANDSHAKE_LIMITS;
  expect(faultOf('a'.repeat(listBytesMax))).toEqual(['none', -1]);
  expect(faultOf('a'.repeat(listBytesMax + 1))).toEqual(['too-large', listBytesMax]);
  expect(faultOf('a,'.repeat(listElementsMax))).toEqual(['none', -1]);
  expect(faultOf('a,'.repeat(listElementsMax + 1))).toEqual(['too-large', 2 * listElementsMax]);
  expect(faultOf(`${','.repeat(emptyElementsMax)}a`)).toEqual(['none', -1]);
  expect(faultOf(`${','.repeat(emptyElementsMax + 1)}a`)).toEqual(['too-large', emptyElementsMax]);
  expect(faultOf(`${', '.repeat(emptyElementsMax + 1)}a`)).toEqual([
    'too-large',
    2 * emptyElementsMax,
  ]);
  expect(faultOf(`a${';b'.repeat(extensionParametersMax)}`)).toEqual(['none', -1]);
  const tooMany = `a${';b'.repeat(extensionParametersMax + 1)}`;
  expect(faultOf(tooMany)).toEqual(['too-large', tooMany.length - 2]);
  const spaced = `a${'; b'.repeat(extensionParametersMax + 1)}`;
  expect(faultOf(spaced)).toEqual(['too-large', spaced.length - 3]);
});

test('what is written is read', () => {
  const tchar = "!#$%&'*+-.^_`|~09AZaz";
  const token = fc.string({ unit: fc.constantFrom(...tchar), minLength: 1, maxLength: 8 });
  const parameter = fc.record({ name: token, value: fc.option(token) });
  const extension = fc.record({ name: token, parameters: fc.array(parameter, { maxLength: 5 }) });
  fc.assert(
    fc.property(fc.array(extension, { minLength: 1, maxLength: 5 }), (extensions) => {
      expect(extensionsOf(serializeExtensionList(extensions))).toEqual(extensions);
    }),
  );
});

test('what is no list is not written', () => {
  expect(() => serializeExtensionList([])).toThrow(TypeError);
  const bad = [
    { name: '', parameters: [] },
    { name: 'a', parameters: [{ name: 'b c', value: null }] },
    { name: 'a', parameters: [{ name: 'b', value: '"' }] },
    { name: 'a\r\n', parameters: [] },
  ];
  for (const extension of bad) expect(() => serializeExtensionList([extension])).toThrow(TypeError);
});
