import { isIPv6 } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseHostAndPort } from '../src/host.ts';

test('RFC 3986 section 3.2: hosts with and without a port', () => {
  const valid: [string, string, number | null][] = [
    ['example.com', 'example.com', null],
    ['Example.COM:8080', 'Example.COM', 8080],
    ['example.com:', 'example.com', null],
    ['127.0.0.1:1', '127.0.0.1', 1],
    ['a%2Fb:065535', 'a%2Fb', 65_535],
    ["!$&'()*+,;=-._~", "!$&'()*+,;=-._~", null],
    ['[::1]', '[::1]', null],
    ['[::1]:443', '[::1]', 443],
    ['[v1.fe80::a+en1]:80', '[v1.fe80::a+en1]', 80],
  ];
  for (const [text, host, port] of valid) expect(parseHostAndPort(text)).toEqual({ host, port });
});

test('what is no host with a port that can be connected to', () => {
  const invalid = [
    ...['', ':', ':80', 'a:0', 'a:65536', 'a:99999999999999999999', 'a:-1', 'a:8 ', 'a:b', 'a:1:2'],
    ...[
      'user@host',
      'a b',
      'a/b',
      'a?b',
      'a#b',
      'a\\b',
      'a\n',
      'a%',
      'a%2',
      'a%zz',
      '\u00e9',
      '<a>',
    ],
    ...['[', '[]', '[::1', '::1', '[::1]a', 'a[::1]', '[::1]]', '[v.a]', '[v1.]', '[vg.a]', '[a]'],
    ...['[1::2::3]', '[12345::]', '[1:2:3:4:5:6:7]', '[1:2:3:4:5:6:7:8:9]', '[1:2:3:4:5:6:7:8::]'],
    ...[
      '[::1.2.3]',
      '[::1.2.3.4.5]',
      '[::1.2.3.256]',
      '[::01.2.3.4]',
      '[1.2.3.4::]',
      '[::1%25eth0]',
    ],
  ];
  for (const text of invalid) expect(parseHostAndPort(text), text).toBe(null);
});

test('addresses of version 6, against the platform', () => {
  const pieces = fc.constantFrom(
    '::',
    ':',
    '0',
    'a',
    'ffff',
    '12345',
    '1.2.3.4',
    '255.0.0.10',
    '.',
  );
  const texts = fc.oneof(
    fc.ipV6(),
    fc.array(pieces, { maxLength: 17 }).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      expect(parseHostAndPort(`[${text}]`) !== null).toBe(isIPv6(text));
    }),
    { numRuns: 20_000 },
  );
});
