import { expect, test } from 'vitest';
import { isTunnelAuthority, parseAuthority } from '../src/authority.ts';

// RFC 3986 section 3.2.2: host = IP-literal / IPv4address / reg-name; 3.2.3: port = *DIGIT
const valid: [string, string, string | null][] = [
  ['', '', null],
  ['a', 'a', null],
  ['a:', 'a', ''],
  ['a:80', 'a', '80'],
  [':80', '', '80'],
  ["a.b-c_d~%41!$&'()*+,;=", "a.b-c_d~%41!$&'()*+,;=", null],
  ['[::]', '[::]', null],
  ['[::1]:8080', '[::1]', '8080'],
  ['[1:2:3:4:5:6:7:8]', '[1:2:3:4:5:6:7:8]', null],
  ['[1::8]:', '[1::8]', ''],
  ['[::ffff:192.0.2.1]', '[::ffff:192.0.2.1]', null],
  ['[1:2:3:4:5:6:192.0.2.1]', '[1:2:3:4:5:6:192.0.2.1]', null],
  ['[vF.a:b~]', '[vF.a:b~]', null],
  ['[V1.x]', '[V1.x]', null],
];
for (const [text, host, port] of valid) {
  test(`"${text}" is host "${host}" and port ${port}`, () => {
    expect(parseAuthority(text)).toEqual({ host, port });
  });
}

const invalid = [
  ' a',
  'a ',
  'a b',
  'a@b',
  'a/b',
  'a?',
  'a#',
  'a%',
  'a%4',
  'a%4g',
  'a\\',
  'a"',
  '\u00e9',
  '\u0100',
  'a:b',
  'a:1:2',
  'a:٣',
  '[',
  '[]',
  '[]:80',
  '[::1',
  '::1',
  '[::1]x',
  '[::1]x:80',
  '[ ::1]',
  '[::1 ]',
  '[:]',
  '[:::]',
  '[::1::]',
  '[1:2:3:4:5:6:7]',
  '[1:2:3:4:5:6:7:8:9]',
  '[1:2:3:4:5:6:7:8::]',
  '[12345::]',
  '[g::]',
  '[::192.0.2]',
  '[::192.0.2.256]',
  '[::192.0.2.1.2]',
  '[::192.0.02.1]',
  '[::192.0..1]',
  '[192.0.2.1::]',
  '[1.2.3.4:1:2:3:4:5:6]',
  '[1:2:3:4:5:6:7:1.2.3.4]',
  '[v.a]',
  '[vg.a]',
  '[v1]',
  '[v1.]',
  '[v1.a%41]',
  '[v1.a b]',
];
for (const text of invalid) {
  test(`"${text}" is no authority`, () => expect(parseAuthority(text)).toBeNull());
}

// RFC 9110 section 9.3.6: a tunnel needs a host and a valid port.
test.each(['a:1', 'a:65535', '[::1]:443', 'a:00080'])('%s can be the target of CONNECT', (text) => {
  expect(isTunnelAuthority(text)).toBe(true);
});
test.each(['a', 'a:', 'a:0', 'a:65536', 'a:99999999999999999999', ':80', '[::1]', 'a b:80', ''])(
  '"%s" cannot be the target of CONNECT',
  (text) => expect(isTunnelAuthority(text)).toBe(false),
);
