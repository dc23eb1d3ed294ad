import { describe, expect, test } from 'vitest';
import { EXTENSION_TYPE as TYPE } from '../../src/extensions/extension-type.ts';
import type { Extension } from '../../src/extensions/extension-values.ts';
import { parseClientHello, parseClientHelloExtensions } from '../../src/messages/client-hello.ts';
import { alertOf, faultOf } from '../support/peer-fault.ts';
import {
  BASE_EXTENSIONS,
  PSK_EXTENSION,
  type RawClientHello,
  rawClientHello,
  replaced,
  without,
} from '../support/raw-client-hello.ts';
import { bytes, extension, filled, join, list, number } from '../support/wire.ts';

const MODES = extension(TYPE.psk_key_exchange_modes, '0101');

const parse = (hello: RawClientHello) => () =>
  parseClientHelloExtensions(parseClientHello(rawClientHello(hello)));

describe('the frame of a hello of TLS 1.3', () => {
  test.each([0x0300, 0x0301, 0x0302, 0x0304, 0x0305, 0xfefd])(
    'legacy_version %i is protocol_version (RFC 9846 section 4.2.2)',
    (legacyVersion) => {
      expect(faultOf(parse({ legacyVersion }))).toBe('TLS_INVALID_LEGACY_VERSION');
      expect(alertOf(parse({ legacyVersion }))).toBe('protocol_version');
    },
  );

  test.each(['01', '0001', '0100', '0000'])('compression methods %s', (methods) => {
    expect(faultOf(parse({ compression: bytes(methods) }))).toBe('TLS_INVALID_COMPRESSION');
    expect(alertOf(parse({ compression: bytes(methods) }))).toBe('illegal_parameter');
  });

  test('pre_shared_key is the last extension (section 4.3.11)', () => {
    const last = [...BASE_EXTENSIONS, MODES, PSK_EXTENSION];
    expect(faultOf(parse({ extensions: last }))).toBe('nothing');
    for (let at = 0; at < last.length - 1; at += 1) {
      const others = [...BASE_EXTENSIONS, MODES];
      const extensions = [...others.slice(0, at), PSK_EXTENSION, ...others.slice(at)];
      expect(faultOf(parse({ extensions }))).toBe('TLS_PRE_SHARED_KEY_NOT_LAST');
      expect(alertOf(parse({ extensions }))).toBe('illegal_parameter');
    }
    const behind = [...last, extension(0x0a0a)];
    expect(faultOf(parse({ extensions: behind }))).toBe('TLS_PRE_SHARED_KEY_NOT_LAST');
  });
});

describe('extensions that must be there (section 9.2)', () => {
  const psk = [...BASE_EXTENSIONS, MODES, PSK_EXTENSION];

  test.each([
    ['signature_algorithms', BASE_EXTENSIONS, [TYPE.signature_algorithms]],
    ['supported_groups', BASE_EXTENSIONS, [TYPE.supported_groups]],
    ['key_share', BASE_EXTENSIONS, [TYPE.key_share]],
    ['groups and shares', BASE_EXTENSIONS, [TYPE.supported_groups, TYPE.key_share]],
    ['psk_key_exchange_modes', psk, [TYPE.psk_key_exchange_modes]],
    ['key_share beside a PSK', psk, [TYPE.key_share]],
    ['supported_groups beside a PSK', psk, [TYPE.supported_groups]],
  ] as const)('%s', (_what, all, absent) => {
    const extensions = without(all, ...absent);
    expect(faultOf(parse({ extensions }))).toBe('TLS_MISSING_EXTENSION');
    expect(alertOf(parse({ extensions }))).toBe('missing_extension');
  });

  test.each([
    ['signature_algorithms beside a PSK', [TYPE.signature_algorithms]],
    ['groups and shares beside a PSK', [TYPE.supported_groups, TYPE.key_share]],
  ] as const)('%s need not', (_what, absent) => {
    expect(faultOf(parse({ extensions: without(psk, ...absent) }))).toBe('nothing');
  });
});

describe('key shares and groups (section 4.3.8)', () => {
  const share = (group: number): Uint8Array => join(number(2, group), list(2, filled(3)));
  const shares = (...groups: readonly number[]): Extension => ({
    type: TYPE.key_share,
    data: list(2, ...groups.map(share)),
  });
  const groups = extension(TYPE.supported_groups, '0008 0a0a 001d 0017 0018');
  const judge = (...offered: readonly number[]): string =>
    faultOf(parse({ extensions: replaced(BASE_EXTENSIONS, groups, shares(...offered)) }));

  test.each([[[]], [[0x17]], [[0x0a0a, 0x1d]], [[0x0a0a, 0x18]], [[0x0a0a, 0x1d, 0x17, 0x18]]])(
    'shares of %j',
    (offered) => {
      expect(judge(...offered)).toBe('nothing');
    },
  );

  test.each([
    ['one group twice', [0x1d, 0x1d]],
    ['one group twice, another between', [0x1d, 0x17, 0x1d]],
    ['another order', [0x17, 0x1d]],
    ['a group that is not listed', [0x19]],
    ['a group that is not listed behind one that is', [0x1d, 0x19]],
  ])('%s', (_what, offered) => {
    expect(judge(...offered)).toBe('TLS_INVALID_KEY_SHARE');
  });

  test('thousands of them take linear work', () => {
    const many = Array.from({ length: 9_000 }, (_, at) => at + 0x4000);
    const extensions = replaced(
      BASE_EXTENSIONS,
      { type: TYPE.supported_groups, data: list(2, ...many.map((group) => number(2, group))) },
      {
        type: TYPE.key_share,
        data: list(2, ...many.map((group) => join(number(2, group), bytes('0001 61')))),
      },
    );
    let steps = 0;
    const original = Array.prototype.indexOf;
    Array.prototype.indexOf = function (item: unknown, from = 0): number {
      const found = original.call(this, item, from);
      steps += (found < 0 ? this.length : found) - from + 1;
      return found;
    };
    try {
      expect(faultOf(parse({ extensions }))).toBe('nothing');
    } finally {
      Array.prototype.indexOf = original;
    }
    expect(steps).toBeLessThan(20_000);
  });
});
