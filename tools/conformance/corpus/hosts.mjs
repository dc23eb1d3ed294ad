// Values of Host, in every form of request-target (RFC 9110 section 7.2, RFC 9112 sections 3.2, 3.3).
import { defineCase } from '../src/case.mjs';
import { escapeText, excerpt } from '../src/escape.mjs';
import { accepted, declined, refused } from '../src/expectation.mjs';

const VALID = [
  ...['localhost', 'LOCALHOST', 'localhost:80', 'localhost:8080', 'localhost:', 'localhost:0'],
  ...[
    '127.0.0.1',
    '127.0.0.1:80',
    '[::1]',
    '[::1]:80',
    '[::1]:',
    '[::]',
    '[1::]',
    '[1:2:3:4:5:6:7:8]',
  ],
  ...[
    '[::ffff:127.0.0.1]',
    '[1:2:3:4:5:6:1.2.3.4]',
    '[2001:DB8::a]',
    '[fe80::1]',
    '[v1.a:b]',
    '[vF.x]',
  ],
  ...[
    'example.org',
    'EXAMPLE.org',
    'xn--bcher-kva.example',
    'a',
    'a-b',
    'a_b',
    'a~b',
    'localhost.',
  ],
  ...[
    "!$&'()*+,;=",
    'a%20b',
    '%6cocalhost',
    '%FF',
    '1.2.3',
    '999.999.999.999',
    '0x7f.1',
    '2130706433',
  ],
  ...[
    'localhost:65535',
    'localhost:00080',
    'a.b.c.d.e.f.g.h',
    '-',
    '..',
    'a..b',
    '[1::3:4:5:6:7:8]',
  ],
];

const INVALID = [
  ...[
    'user@localhost',
    'user:pass@localhost',
    '@localhost',
    'localhost@',
    'localhost:80:80',
    ':::',
  ],
  ...[
    'localhost:x',
    'localhost:8x',
    'localhost:-80',
    'localhost:+80',
    'localhost: 80',
    'localhost:80 ',
  ],
  ...[
    'local host',
    'localhost localhost',
    'localhost/',
    'localhost/path',
    '/localhost',
    'localhost?q',
  ],
  ...[
    'localhost#f',
    'http://localhost',
    'http:localhost',
    '//localhost',
    'localhost\\',
    'local\\host',
  ],
  ...[
    '::1',
    '[::1',
    '::1]',
    '[::1]x',
    '[::1]80',
    'x[::1]',
    '[]',
    '[:]',
    '[:::]',
    '[1:2:3:4:5:6:7]',
  ],
  ...[
    '[1:2:3:4:5:6:7:8:9]',
    '[1::2::3]',
    '[12345::]',
    '[g::]',
    '[::1.2.3]',
    '[::1.2.3.256]',
    '[::1%25eth0]',
  ],
  ...[
    '[::1%eth0]',
    '[127.0.0.1]',
    '[v.a]',
    '[v1.]',
    '[v1]',
    '[localhost]',
    '[[::1]]',
    '[ ::1]',
    '[::01.2.3.4]',
  ],
  ...['%', '%4', '%zz', 'a%', 'local"host', 'local<host', 'local>host', 'local^host', 'local`host'],
  ...[
    'local{host',
    'local}host',
    'local|host',
    'b\xfccher.example',
    'b\xc3\xbccher.example',
    '"localhost"',
  ],
  ...[
    'localhost\tlocalhost',
    'a b:80',
    '[::1]:x',
    '[::1]: 80',
    '[::1] :80',
    '[1:2:3:4:5:6:7::8:9]',
    '\x7f',
  ],
].filter((host) => host !== 'localhost:80 ');

/** Each form that takes a Host, with the statuses of a valid one. */
const FORMS = [
  { name: 'origin', line: 'GET / HTTP/1.1' },
  { name: 'absolute', line: 'GET http://localhost/ HTTP/1.1' },
  { name: 'asterisk', line: 'OPTIONS * HTTP/1.1' },
  { name: 'old', line: 'GET / HTTP/1.0', isOld: true },
];

function hostCase({ name, line, isOld = false }, host, index, isValid) {
  const send = `${line}\r\nHost: ${host}\r\n\r\n`;
  // HTTP/1.0 closes; whether an invalid Host matters there, the sentence leaves to «any request».
  const valid = isOld ? declined('understood') : accepted();
  return defineCase({
    id: `host-${name}/${isValid ? 'valid' : 'invalid'}-${index + 1}`,
    section: '9112 3.2',
    level: isValid ? 'SHOULD' : 'MUST',
    gist: `${line}, Host: ${excerpt(host, 40)}`,
    isOld,
    send,
    expect: isValid ? [...valid, ...(name === 'asterisk' ? declined(501) : [])] : declined(),
    house: isValid ? valid : refused(),
  });
}

/** «MUST ignore the received Host header field», RFC 9112 section 3.2.2; the target's has to be valid. */
function authorityCases(hosts, isValid) {
  return hosts
    .filter((host) => isValid || !/[/?#]/.test(host))
    .map((host, index) =>
      defineCase({
        id: `target-authority/${isValid ? 'valid' : 'invalid'}-${index + 1}`,
        section: '9112 3.2.2',
        level: isValid ? 'MUST' : 'SHOULD',
        gist: `absolute-form of ${escapeText(host)}`,
        send: `GET http://${host}/a HTTP/1.1\r\nHost: localhost\r\n\r\n`,
        expect: isValid ? accepted() : declined(400, 301),
        house: isValid ? accepted() : refused(),
      }),
    );
}

/** «MUST send only the host and port», RFC 9110 section 9.3.6; most origin servers refuse CONNECT. */
function connectCases(hosts, isValid) {
  return hosts.map((host, index) =>
    defineCase({
      id: `connect-authority/${isValid ? 'valid' : 'invalid'}-${index + 1}`,
      section: '9110 9.3.6',
      level: 'SHOULD',
      gist: `CONNECT ${escapeText(host)}`,
      send: `CONNECT ${host} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      expect: declined('understood', 501, ...(isValid ? [] : [400])),
      house: isValid ? declined('understood', 501) : refused(),
    }),
  );
}

const hasPort = (host) => /:\d+$/.test(host) && !/:0+$/.test(host);

/** All of them. */
export function hostCases() {
  const fields = FORMS.flatMap((form) => [
    ...VALID.map((host, index) => hostCase(form, host, index, true)),
    ...INVALID.map((host, index) => hostCase(form, host, index, false)),
  ]);
  const withPorts = VALID.filter(hasPort);
  const withoutPorts = [...VALID.filter((host) => !/:\d+$/.test(host)), ...INVALID];
  return [
    ...fields,
    ...authorityCases(VALID, true),
    ...authorityCases(INVALID, false),
    ...connectCases(withPorts, true),
    ...connectCases(withoutPorts, false),
  ];
}
