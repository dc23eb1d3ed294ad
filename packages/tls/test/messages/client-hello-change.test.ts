import { describe, expect, test } from 'vitest';
import { EXTENSION_TYPE as TYPE } from '../../src/extensions/extension-type.ts';
import type { Extension } from '../../src/extensions/extension-values.ts';
import { FAULTS } from '../../src/faults.ts';
import { parseClientHello } from '../../src/messages/client-hello.ts';
import { checkSecondClientHello, type RetryTerms } from '../../src/messages/client-hello-change.ts';
import { faultOf } from '../support/peer-fault.ts';
import {
  BASE_EXTENSIONS,
  type RawClientHello,
  rawClientHello,
  replaced,
  without,
} from '../support/raw-client-hello.ts';
import { bytes, extension, filled, join, list, number } from '../support/wire.ts';

const SHARE_P256: Extension = {
  type: TYPE.key_share,
  data: list(2, number(2, 0x17), list(2, filled(65, 4))),
};
const MODES = extension(TYPE.psk_key_exchange_modes, '0101');
const COOKIE = extension(TYPE.cookie, '0003 636b69');
const GROUP_ONLY: RetryTerms = { selectedGroup: 0x17, cookie: null };
const COOKIE_ONLY: RetryTerms = { selectedGroup: null, cookie: bytes('636b69') };

/** An extension of these identities with ages and binders that depend on the salt. */
function psks(salt: number, ...identities: readonly string[]): Extension {
  const list1 = identities.map((text) =>
    join(list(2, new Uint8Array(Buffer.from(text))), number(4, salt)),
  );
  const list2 = identities.map(() => list(1, filled(32, salt)));
  return { type: TYPE.pre_shared_key, data: join(list(2, ...list1), list(2, ...list2)) };
}

function judge(first: RawClientHello, second: RawClientHello, terms: RetryTerms): string {
  return faultOf(() =>
    checkSecondClientHello(
      parseClientHello(rawClientHello(first)),
      parseClientHello(rawClientHello(second)),
      terms,
    ),
  );
}

function judgeExtensions(
  before: readonly Extension[],
  after: readonly Extension[],
  terms: RetryTerms,
): string {
  return judge({ extensions: before }, { extensions: after }, terms);
}

const CHANGED = 'TLS_CLIENT_HELLO_CHANGED';

test('a change that may not be is illegal_parameter', () => {
  expect(FAULTS[CHANGED].alert).toBe('illegal_parameter');
});

describe('the frame stays', () => {
  const extensions = replaced(BASE_EXTENSIONS, SHARE_P256);

  test('as it is', () => {
    expect(judge({}, { extensions }, GROUP_ONLY)).toBe('nothing');
  });

  test.each([
    ['legacy_version', { legacyVersion: 0x0302 }],
    ['random', { random: filled(32, 9) }],
    ['legacy_session_id', { sessionId: filled(32, 9) }],
    ['a shorter legacy_session_id', { sessionId: filled(31, 2) }],
    ['cipher suites', { cipherSuites: bytes('1302 1301') }],
    ['fewer cipher suites', { cipherSuites: bytes('1301') }],
    ['compression', { compression: bytes('0000') }],
  ] satisfies [string, RawClientHello][])('%s', (_what, change) => {
    expect(judge({}, { extensions, ...change }, GROUP_ONLY)).toBe(CHANGED);
  });
});

describe('key_share', () => {
  test.each([
    ['unchanged', BASE_EXTENSIONS],
    ['gone', without(BASE_EXTENSIONS, TYPE.key_share)],
    ['empty', replaced(BASE_EXTENSIONS, extension(TYPE.key_share, '0000'))],
    [
      'of two',
      replaced(BASE_EXTENSIONS, {
        type: TYPE.key_share,
        data: list(2, number(2, 0x1d), list(2, filled(32)), number(2, 0x17), list(2, filled(65))),
      }),
    ],
  ])('%s, where another was asked for', (_what, extensions) => {
    expect(judgeExtensions(BASE_EXTENSIONS, extensions, GROUP_ONLY)).toBe(CHANGED);
  });

  test('may come anew where there was none', () => {
    const before = replaced(BASE_EXTENSIONS, extension(TYPE.key_share, '0000'));
    const after = replaced(BASE_EXTENSIONS, SHARE_P256);
    expect(judgeExtensions(before, after, GROUP_ONLY)).toBe('nothing');
  });

  test('asked for and in neither hello', () => {
    const extensions = without(BASE_EXTENSIONS, TYPE.key_share);
    expect(judgeExtensions(extensions, extensions, GROUP_ONLY)).toBe(CHANGED);
  });

  test('stays where a cookie was all', () => {
    const after = [...BASE_EXTENSIONS, COOKIE];
    expect(judgeExtensions(BASE_EXTENSIONS, after, COOKIE_ONLY)).toBe('nothing');
    expect(judgeExtensions(BASE_EXTENSIONS, replaced(after, SHARE_P256), COOKIE_ONLY)).toBe(
      CHANGED,
    );
  });
});

describe('cookie', () => {
  test.each([
    ['none', null],
    ['another', '0003 636b6a'],
    ['a shorter one', '0002 636b'],
    ['a longer one', '0004 636b6900'],
  ])('%s', (_what, body) => {
    const after = body === null ? [] : [extension(TYPE.cookie, body)];
    expect(judgeExtensions(BASE_EXTENSIONS, [...BASE_EXTENSIONS, ...after], COOKIE_ONLY)).toBe(
      CHANGED,
    );
  });

  test('that was not given', () => {
    const after = [...replaced(BASE_EXTENSIONS, SHARE_P256), COOKIE];
    expect(judgeExtensions(BASE_EXTENSIONS, after, GROUP_ONLY)).toBe(CHANGED);
  });

  test('with the group', () => {
    const after = [...replaced(BASE_EXTENSIONS, SHARE_P256), COOKIE];
    const terms = { selectedGroup: 0x17, cookie: bytes('636b69') };
    expect(judgeExtensions(BASE_EXTENSIONS, after, terms)).toBe('nothing');
  });
});

describe('early_data', () => {
  const early = extension(TYPE.early_data);
  const after = replaced(BASE_EXTENSIONS, SHARE_P256);

  test('is gone', () => {
    expect(judgeExtensions([...BASE_EXTENSIONS, early], after, GROUP_ONLY)).toBe('nothing');
    expect(judgeExtensions([...BASE_EXTENSIONS, early], [...after, early], GROUP_ONLY)).toBe(
      CHANGED,
    );
    expect(judgeExtensions(BASE_EXTENSIONS, [...after, early], GROUP_ONLY)).toBe(CHANGED);
  });
});

describe('pre_shared_key', () => {
  const before = [...BASE_EXTENSIONS, MODES, psks(1, 'a', 'b', 'c')];
  const after = [...replaced(BASE_EXTENSIONS, SHARE_P256), MODES];
  const judgePsks = (...last: readonly Extension[]): string =>
    judgeExtensions(before, [...after, ...last], GROUP_ONLY);

  test.each([[['a', 'b', 'c']], [['a']], [['c']], [['a', 'c']]])('%j of a, b, c', (left) => {
    expect(judgePsks(psks(2, ...left))).toBe('nothing');
  });

  test('may be gone', () => {
    expect(judgePsks()).toBe('nothing');
  });

  test.each([[['b', 'a']], [['d']], [['a', 'd']], [['a', 'a']], [['a', 'b', 'c', 'd']], [['ab']]])(
    '%j is not of a, b, c',
    (left) => {
      expect(judgePsks(psks(2, ...left))).toBe(CHANGED);
    },
  );

  test('does not come anew', () => {
    expect(judgeExtensions([...BASE_EXTENSIONS, MODES], [...after, psks(2, 'a')], GROUP_ONLY)).toBe(
      CHANGED,
    );
  });
});

describe('padding', () => {
  const padding = (zeros: number): Extension => ({ type: TYPE.padding, data: filled(zeros, 0) });
  const after = replaced(BASE_EXTENSIONS, SHARE_P256);

  test('comes, goes and changes its length', () => {
    expect(judgeExtensions(BASE_EXTENSIONS, [...after, padding(9)], GROUP_ONLY)).toBe('nothing');
    expect(judgeExtensions([...BASE_EXTENSIONS, padding(9)], after, GROUP_ONLY)).toBe('nothing');
    expect(
      judgeExtensions([...BASE_EXTENSIONS, padding(9)], [...after, padding(3)], GROUP_ONLY),
    ).toBe('nothing');
  });
});

describe('any other extension', () => {
  const after = replaced(BASE_EXTENSIONS, SHARE_P256);

  test.each([TYPE.server_name, TYPE.supported_groups, 0x0a0a, 0x7777])('of type %i', (type) => {
    const one = extension(type, '0102');
    const other = extension(type, '0103');
    const base = without(BASE_EXTENSIONS, type);
    const changed = without(after, type);
    expect(judgeExtensions([...base, one], [...changed, one], GROUP_ONLY)).toBe('nothing');
    expect(judgeExtensions([...base, one], [one, ...changed], GROUP_ONLY)).toBe('nothing');
    expect(judgeExtensions([...base, one], [...changed, other], GROUP_ONLY)).toBe(CHANGED);
    expect(judgeExtensions([...base, one], changed, GROUP_ONLY)).toBe(CHANGED);
    expect(judgeExtensions(base, [...changed, one], GROUP_ONLY)).toBe(CHANGED);
  });
});
