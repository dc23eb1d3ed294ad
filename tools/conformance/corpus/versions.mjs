// Version strings and whole request-lines (RFC 9112 sections 2.3 and 3).
import { defineCase } from '../src/case.mjs';
import { escapeText } from '../src/escape.mjs';
import { accepted, acceptedThenClosed, declined, refused } from '../src/expectation.mjs';
import { HOST } from '../src/requests.mjs';

const UNKNOWN_MAJORS = [
  ...[
    'HTTP/0.0',
    'HTTP/0.9',
    'HTTP/0.1',
    'HTTP/2.0',
    'HTTP/2.1',
    'HTTP/3.0',
    'HTTP/4.0',
    'HTTP/9.9',
  ],
];

const WRONG = [
  ...[
    'HTTP/1',
    'HTTP/1.',
    'HTTP/.1',
    'HTTP/11',
    'HTTP/1.1.1',
    'HTTP/01.1',
    'HTTP/1.01',
    'HTTP/1.10',
  ],
  ...[
    'HTTP/10.1',
    'HTTP/1,1',
    'HTTP/1 .1',
    'HTTP/1. 1',
    'HTTP /1.1',
    'HTTP/ 1.1',
    'HTTP/2',
    'HTTP/3',
  ],
  ...[
    'http/1.1',
    'Http/1.1',
    'hTTP/1.1',
    'HTTp/1.1',
    'HTTPS/1.1',
    'XHTTP/1.1',
    'TTP/1.1',
    'HTT/1.1',
  ],
  ...[
    'ICE/1.0',
    'RTSP/1.0',
    'SIP/2.0',
    'SHTTP/1.3',
    'HTTP\\1.1',
    'HTTP:1.1',
    'HTTP1.1',
    'HTTP//1.1',
  ],
  ...[
    'HTTP/-1.1',
    'HTTP/+1.1',
    'HTTP/1.-1',
    'HTTP/1.+1',
    'HTTP/0x1.1',
    'HTTP/a.b',
    'HTTP/1.a',
    'HTTP/x.1',
  ],
  ...[
    'HTTP/1.1;',
    'HTTP/1.1x',
    'HTTP/1.1 x',
    'HTTP/1.1 HTTP/1.1',
    'HTTP/1.1,HTTP/1.1',
    'HTTP/4294967297.1',
  ],
  ...[
    'HTTP/1.4294967297',
    'HTTP/\xb9.1',
    'HTTP/1.\xb9',
    'HTTP/\xd9\xa1.1',
    '"HTTP/1.1"',
    'HTTP/',
    'HTTP',
    '1.1',
  ],
  ...[
    'HTTP/1.1\0',
    '\0HTTP/1.1',
    'HT\0TP/1.1',
    'HTTP/1.1/',
    'HTTP/1.1?',
    'HTTP/1.1#',
    'HTTP/1%2e1',
  ],
];

const WRONG_LINES = [
  ...[
    '',
    ' ',
    'GET',
    'GET /',
    'GET / ',
    'GET  HTTP/1.1',
    'GETHTTP/1.1',
    '/ HTTP/1.1',
    'GET HTTP/1.1',
  ],
  ...[
    'HTTP/1.1 200 OK',
    'GET / / HTTP/1.1',
    'GET /a b HTTP/1.1',
    'GET /a HTTP/1.1 /b HTTP/1.1',
    'GET:/',
  ],
  ...[
    'Host: localhost',
    ': / HTTP/1.1',
    'G,T / HTTP/1.1',
    'GET, / HTTP/1.1',
    '"GET" / HTTP/1.1',
    'GET/',
  ],
  ...[
    '(GET) / HTTP/1.1',
    'GE\xc9 / HTTP/1.1',
    'PRI * HTTP/2.0',
    '\x16\x03\x01\x02\0\x01',
    'SSH-2.0-x',
  ],
  ...[
    'GET http:/ HTTP/1.1',
    'GET //[ HTTP/1.1',
    'GET ? HTTP/1.1',
    'GET ?a HTTP/1.1',
    'GET a HTTP/1.1',
  ],
  ...[
    'GET * HTTP/1.1',
    'HEAD * HTTP/1.1',
    'POST * HTTP/1.1',
    'OPTIONS ** HTTP/1.1',
    'OPTIONS *? HTTP/1.1',
  ],
  ...['OPTIONS */a HTTP/1.1', 'GET localhost HTTP/1.1', 'CONNECT / HTTP/1.1'],
  ...['CONNECT http://localhost/ HTTP/1.1', 'CONNECT * HTTP/1.1', 'CONNECT localhost HTTP/1.1'],
  ...['CONNECT localhost: HTTP/1.1', 'CONNECT :80 HTTP/1.1', 'CONNECT u@localhost:80 HTTP/1.1'],
  ...[
    'CONNECT localhost:99999 HTTP/1.1',
    'CONNECT localhost:x HTTP/1.1',
    'CONNECT localhost:80/ HTTP/1.1',
  ],
  ...[
    'GET http:// HTTP/1.1',
    'GET http:///a HTTP/1.1',
    'GET http://:80/ HTTP/1.1',
    'GET :// HTTP/1.1',
  ],
  ...[
    'GET http://u@localhost/ HTTP/1.1',
    'GET http://u:p@localhost/ HTTP/1.1',
    'GET 1http://a/ HTTP/1.1',
  ],
  ...[
    'GET /# HTTP/1.1',
    'GET /a#b HTTP/1.1',
    'GET http://localhost/#a HTTP/1.1',
    'GET /?a#b HTTP/1.1',
  ],
  ...[
    'GET /% HTTP/1.1',
    'GET /%4 HTTP/1.1',
    'GET /%zz HTTP/1.1',
    'GET /?% HTTP/1.1',
    'GET /?%g0 HTTP/1.1',
  ],
  ...[
    'GET /"a" HTTP/1.1',
    'GET /<a> HTTP/1.1',
    'GET /a|b HTTP/1.1',
    'GET /a\\b HTTP/1.1',
    'GET /{a} HTTP/1.1',
  ],
  ...[
    'GET /[a] HTTP/1.1',
    'GET /^ HTTP/1.1',
    'GET /` HTTP/1.1',
    'GET /\xe4 HTTP/1.1',
    'GET /\xc3\xa4 HTTP/1.1',
  ],
];

const VALID_LINES = [
  ...[
    'GET / HTTP/1.1',
    'GET /a HTTP/1.1',
    'GET /a? HTTP/1.1',
    'GET /a?b=c&d HTTP/1.1',
    'GET /?? HTTP/1.1',
  ],
  ...[
    'GET //a HTTP/1.1',
    'GET ///// HTTP/1.1',
    "GET /-._~!$&'()*+,;=:@ HTTP/1.1",
    'GET /a?/?:@ HTTP/1.1',
  ],
  ...[
    'GET http://localhost HTTP/1.1',
    'GET http://localhost?a HTTP/1.1',
    'GET HTTP://localhost/ HTTP/1.1',
  ],
  ...[
    'GET http://LOCALHOST/ HTTP/1.1',
    'GET http://localhost:80/a HTTP/1.1',
    'GET http://localhost:/ HTTP/1.1',
  ],
  ...[
    'GET http://localhost//a HTTP/1.1',
    'GET http://localhost/a?http://b/ HTTP/1.1',
    'HEAD / HTTP/1.1',
  ],
  ...[
    'HEAD http://localhost/ HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'OPTIONS / HTTP/1.1',
    'GET /http://a/ HTTP/1.1',
  ],
  ...[
    'OPTIONS http://localhost HTTP/1.1',
    'GET http://[::1]/ HTTP/1.1',
    'GET /a%20b HTTP/1.1',
    'GET /%C3%A4 HTTP/1.1',
  ],
  ...[
    'GET /?%00 HTTP/1.1',
    'GET /a;b=c HTTP/1.1',
    'GET /a,b HTTP/1.1',
    'GET /* HTTP/1.1',
    'GET /a:80 HTTP/1.1',
  ],
];

const withLine = (line) => `${line}\r\n${HOST}\r\n`;

function lineCase(family, section, line, index, parts) {
  const methods = [line.split(' ')[0]];
  const gist = `«${escapeText(line)}»`;
  return defineCase({
    id: `${family}/${index + 1}`,
    section,
    gist,
    methods,
    send: withLine(line),
    ...parts,
  });
}

/** All of them. */
export function versionCases() {
  const versions = [
    ...UNKNOWN_MAJORS.map((version) => ({
      version,
      expect: refused(400, 505),
      house: refused(505),
    })),
    ...WRONG.map((version) => ({ version, expect: refused(400, 505), house: refused(400) })),
    ...['HTTP/1.1', 'HTTP/1.2', 'HTTP/1.9'].map((version) => ({ version, expect: accepted() })),
    { version: 'HTTP/1.0', isOld: true, expect: acceptedThenClosed() },
  ];
  return [
    ...versions.map(({ version, ...parts }, index) =>
      lineCase('version', '9112 2.3', `GET / ${version}`, index, parts),
    ),
    ...WRONG_LINES.map((line, index) =>
      lineCase('wrong-line', '9112 3', line, index, {
        // A server without CONNECT need not look at its target.
        expect: line.startsWith('CONNECT') ? declined(400, 404, 405, 501) : refused(400, 505, 301),
        house: refused(400, 505),
      }),
    ),
    ...VALID_LINES.map((line, index) =>
      lineCase('valid-line', '9112 3.2', line, index, {
        level: 'MUST',
        expect: accepted(),
      }),
    ),
  ];
}
