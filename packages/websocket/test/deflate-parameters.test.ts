import { expect, test } from 'vitest';
import {
  checkWindowBits,
  type DeflateElement,
  parseDeflateElement,
  serializeDeflateElement,
} from '../src/deflate-parameters.ts';
import { parseExtensionList, serializeExtensionList } from '../src/extension-list.ts';

const NOTHING: DeflateElement = {
  serverNoContextTakeover: false,
  clientNoContextTakeover: false,
  serverMaxWindowBits: null,
  clientMaxWindowBits: null,
};

function read(parameters: string, kind: 'offer' | 'response'): DeflateElement | null {
  const list = parseExtensionList([`permessage-deflate${parameters}`]);
  if (list.type === 'malformed') throw new Error(list.reason);
  return parseDeflateElement(list.extensions[0]!, kind);
}

test.each(['offer', 'response'] as const)(
  'RFC 7692 section 7.1: the parameters of an %s',
  (kind) => {
    expect(read('', kind)).toEqual(NOTHING);
    expect(read('; server_no_context_takeover', kind)).toEqual({
      ...NOTHING,
      serverNoContextTakeover: true,
    });
    expect(read('; client_no_context_takeover', kind)).toEqual({
      ...NOTHING,
      clientNoContextTakeover: true,
    });
    for (let bits = 8; bits <= 15; bits++) {
      expect(read(`; server_max_window_bits=${bits}`, kind)).toEqual({
        ...NOTHING,
        serverMaxWindowBits: bits,
      });
      expect(read(`; client_max_window_bits="${bits}"`, kind)).toEqual({
        ...NOTHING,
        clientMaxWindowBits: bits,
      });
    }
  },
);

test.each(['offer', 'response'] as const)(
  'RFC 7692 section 7: what makes an %s invalid',
  (kind) => {
    const values = [
      '0',
      '7',
      '16',
      '08',
      '010',
      '+9',
      '-9',
      '9.0',
      '1e1',
      '0x9',
      '15a',
      'a',
      '115',
    ];
    for (const value of values) {
      expect(read(`; server_max_window_bits=${value}`, kind), value).toBe(null);
      expect(read(`; client_max_window_bits=${value}`, kind), value).toBe(null);
    }
    const invalid = [
      '; server_max_window_bits',
      '; server_no_context_takeover=true',
      '; client_no_context_takeover=1',
      '; server_no_context_takeover; server_no_context_takeover',
      '; client_max_window_bits=9; client_max_window_bits=9',
      '; client_max_window_bits=9; client_max_window_bits',
      '; unknown',
      '; server_max_window_bits=9; unknown=1',
      '; Server_No_Context_Takeover',
      '; __proto__',
      '; constructor',
    ];
    for (const parameters of invalid) expect(read(parameters, kind), parameters).toBe(null);
  },
);

test('RFC 7692 section 7.1.2.2: only an offer has client_max_window_bits without a value', () => {
  expect(read('; client_max_window_bits', 'offer')?.clientMaxWindowBits).toBe('supported');
  expect(read('; client_max_window_bits', 'response')).toBe(null);
});

test('what is written is read', () => {
  for (const flags of [0, 1, 2, 3]) {
    for (const serverMaxWindowBits of [null, 8, 15]) {
      for (const clientMaxWindowBits of [null, 'supported', 8, 15] as const) {
        const element: DeflateElement = {
          serverNoContextTakeover: (flags & 1) !== 0,
          clientNoContextTakeover: (flags & 2) !== 0,
          serverMaxWindowBits,
          clientMaxWindowBits,
        };
        const text = serializeExtensionList([serializeDeflateElement(element)]);
        expect(read(text.slice('permessage-deflate'.length), 'offer')).toEqual(element);
      }
    }
  }
});

test('windows are 256 to 32,768 bytes', () => {
  for (let bits = 8; bits <= 15; bits++) expect(() => checkWindowBits(bits)).not.toThrow();
  for (const bits of [7, 16, 8.5, Number.NaN]) {
    expect(() => checkWindowBits(bits)).toThrow(RangeError);
  }
});
