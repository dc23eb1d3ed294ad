// By hand, sentence by sentence: what a message is made of (RFC 9112 sections 2 and 3; RFC 9110
// sections 6.2 and 9.1).
import { family } from '../src/case.mjs';
import {
  accepted,
  acceptedThenClosed,
  answers,
  closes,
  declined,
  METHOD_STATUSES,
  persists,
  refused,
} from '../src/expectation.mjs';
import { chunked, get, HELLO, HIDDEN, HOST, post, request } from '../src/requests.mjs';

const lenient = { expect: [...accepted(), ...refused()], house: refused() };

function octets(add) {
  const ok = accepted();
  add('start-line, fields, empty line', get('/'), ok, { level: 'MUST' });
  add('a field section may have Host alone', `GET / HTTP/1.1\r\n${HOST}\r\n`, ok, {
    level: 'MUST',
  });
  add(
    'parsed as octets: UTF-8 with 0x8a in it is no line end',
    get('/', 'X: \xe2\x8a\x8a\r\n'),
    ok,
    { level: 'MUST' },
  );
  add('parsed as octets: overlong LF is no LF', get('/', 'X: \xc0\x8aY : z\r\n'), ok, {
    level: 'MUST',
  });
  add('parsed as octets: U+010A is not cut to LF', get('/', 'X: \xc4\x8aY: z\r\n'), ok, {
    level: 'MUST',
  });
  add('parsed as octets: UTF-16 is no message', 'G\0E\0T\0 \0/\0\r\0\n\0\r\0\n\0', refused());
  add('a byte order mark is no part of it', `\xef\xbb\xbf${get('/')}`, refused());
}

function lineEnds(add) {
  add(
    'LF alone everywhere MAY end lines',
    get('/').replaceAll('\r\n', '\n'),
    [...accepted(), ...refused()],
    { house: refused() },
  );
  add('LF alone after the request-line', `GET / HTTP/1.1\n${HOST}\r\n`, lenient.expect, lenient);
  add(
    'LF alone after Host',
    'GET / HTTP/1.1\r\nHost: localhost\n\r\n',
    [...lenient.expect],
    lenient,
  );
  add('LF alone at the end of the head', `GET / HTTP/1.1\r\n${HOST}\n`, lenient.expect, lenient);
  add('CR alone ends no line', `${get('/').replaceAll('\r\n', '\r')}\r\n\r\n`, refused());
  add('CR alone after the request-line', `GET / HTTP/1.1\r${HOST}\r\n`, refused());
  add('CR alone in a value MUST be refused or become SP', get('/', 'X: a\rb\r\n'), lenient.expect, {
    ...lenient,
    level: 'MUST',
  });
  add(
    'CR alone may not end a field line',
    get('/', 'X: a\rTransfer-Encoding: chunked\r\n'),
    lenient.expect,
    { ...lenient, level: 'MUST' },
  );
  add('CR alone in a field name', get('/', 'X\rY: z\r\n'), refused(), { level: 'MUST' });
  add('CR alone before the colon', get('/', 'X\r: z\r\n'), refused(), { level: 'MUST' });
  add('CR alone in the target', `GET /a\rb HTTP/1.1\r\n${HOST}\r\n`, refused());
  add('CR alone in Host', 'GET / HTTP/1.1\r\nHost: local\rhost\r\n\r\n', declined(), {
    level: 'MUST',
  });
  add(
    'CRCRLF at the end of the head',
    `GET / HTTP/1.1\r\n${HOST}\r\r\n`,
    [...refused(), ...accepted()],
    { house: refused() },
  );
}

function emptyLines(add) {
  const ok = accepted();
  add('an empty line first SHOULD be ignored', `\r\n${get('/')}`, ok);
  add(
    'an empty line between requests SHOULD be ignored',
    `${get('/a')}\r\n${get('/b')}`,
    accepted(2),
  );
  add('an extra CRLF after a POST', `${post('Content-Length: 5\r\n', 'hello')}\r\n`, ok);
  add('an extra CRLF after a chunked POST', `${chunked(HELLO)}\r\n${get('/a')}`, accepted(2));
}

function leadingWhitespace(add) {
  for (const [gist, line] of [
    ['SP', ' X: y\r\n'],
    ['HTAB', '\tX: y\r\n'],
    ['SP and nothing', ' \r\n'],
    ['SP and another Host', ' Host: other\r\n'],
    ['SP and a framing field', ' Transfer-Encoding: chunked\r\n'],
    ['several lines', ' X: y\r\n\tZ: y\r\n'],
  ]) {
    add(
      `${gist} between start-line and first field: rejected or ignored`,
      `GET / HTTP/1.1\r\n${line}${HOST}\r\n`,
      [...refused(), ...accepted()],
      { level: 'MUST', house: refused() },
    );
  }
  add(
    'only whitespace lines, so no Host',
    'GET / HTTP/1.1\r\n Host: localhost\r\n\r\n',
    declined(),
    { level: 'MUST' },
  );
}

function otherProtocols(add) {
  add('what is no HTTP gets 400 and an end', 'hello\r\n\r\n', refused());
  add(
    'a TLS ClientHello gets 400 and an end',
    '\x16\x03\x01\0\x05\x01\0\0\x01\0\r\n\r\n',
    refused(),
  );
  add('the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', refused(400, 505));
  add('SMTP', 'EHLO localhost\r\nMAIL FROM:<a@b>\r\n', refused());
  add('a response is no request', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', refused());
  add('HTTP/0.9 is over', 'GET /\r\n', refused());
  add('HTTP/0.9 with an empty line', 'GET /\r\n\r\n', refused());
  add('NUL bytes', '\0\0\0\0\r\n\r\n', refused());
}

function parsingCases() {
  return family(
    'message',
    { section: '9112 2.2' },
    octets,
    lineEnds,
    emptyLines,
    leadingWhitespace,
    otherProtocols,
  );
}

function separators(add) {
  const line = (text) => `${text}\r\n${HOST}\r\n`;
  add('single SP between the elements', line('GET / HTTP/1.1'), accepted(), { level: 'MUST' });
  for (const [gist, text] of [
    ['two SP after the method', 'GET  / HTTP/1.1'],
    ['two SP before the version', 'GET /  HTTP/1.1'],
    ['HTAB for SP', 'GET\t/\tHTTP/1.1'],
    ['VT for SP', 'GET\v/\vHTTP/1.1'],
    ['FF for SP', 'GET\f/\fHTTP/1.1'],
    ['CR for SP', 'GET\r/\rHTTP/1.1'],
    ['SP first', ' GET / HTTP/1.1'],
    ['SP last', 'GET / HTTP/1.1 '],
    ['HTAB last', 'GET / HTTP/1.1\t'],
    ['SP and HTAB', 'GET \t / \t HTTP/1.1'],
  ]) {
    add(`${gist} MAY be taken for whitespace`, line(text), lenient.expect, lenient);
  }
  for (const text of [
    'GET\xa0/\xa0HTTP/1.1',
    'GET\x85/\x85HTTP/1.1',
    'GET\0/\0HTTP/1.1',
    'GET,/,HTTP/1.1',
    'GET+/+HTTP/1.1',
    'GET%20/%20HTTP/1.1',
  ]) {
    add(`no other byte separates: ${text}`, line(text), refused());
  }
  add('whitespace in the target is not corrected', line('GET /a b HTTP/1.1'), [
    ...refused(),
    answers([301]),
  ]);
  add('whitespace in the target does not hide the version', line('GET /a HTTP/1.0 b HTTP/1.1'), [
    ...refused(),
    answers([301]),
  ]);
}

function methods(add) {
  for (const method of [
    'FOO',
    'get',
    'Get',
    'geT',
    'HEAd',
    'post',
    'A',
    'GETT',
    'GE',
    'X-Y',
    'M.1',
    "!#$%&'*+-.^_`|~",
    '123',
    'PROPFIND',
    'MKCOL',
    'SEARCH',
    'PURGE',
    'LINK',
    'QUERY',
  ]) {
    add(`method ${method} SHOULD get 501`, request(method), [answers(METHOD_STATUSES)], {
      section: '9110 9.1',
      house: [persists([501])],
    });
  }
  for (const method of ['POST', 'PUT', 'DELETE', 'TRACE', 'PATCH']) {
    add(`method ${method} is known, at least`, request(method), [answers(METHOD_STATUSES)], {
      section: '9110 9.1',
      house: [persists(METHOD_STATUSES)],
    });
  }
  for (const method of ['GET', 'HEAD']) {
    add(`${method} MUST be supported`, request(method, '/a'), accepted(), {
      section: '9110 9.1',
      level: 'MUST',
      methods: [method],
      contents: [method === 'GET' ? 'a' : ''],
    });
  }
}

function requestLineCases() {
  return family('request-line', { section: '9112 3' }, separators, methods);
}

function minorVersions(add) {
  add('a higher minor version is taken for HTTP/1.1', get('/a').replace('1.1', '1.2'), accepted(), {
    contents: ['a'],
  });
  add('HTTP/1.9 keeps the connection', get('/a').replace('1.1', '1.9'), accepted(), {
    contents: ['a'],
  });
  add('HTTP/1.2 needs a Host', 'GET / HTTP/1.2\r\n\r\n', declined(), { level: 'SHOULD' });
  add('HTTP/1.2 may be chunked', chunked(HELLO).replace('1.1', '1.2'), accepted());
  add(
    'HTTP/1.2 with Connection: close',
    get('/a', 'Connection: close\r\n').replace('1.1', '1.2'),
    acceptedThenClosed(),
    { level: 'MUST', section: '9112 9.6' },
  );
  add(
    'HTTP/2.0 in this syntax can be refused with 505',
    get('/').replace('1.1', '2.0'),
    refused(400, 505),
    { house: refused(505) },
  );
  add('HTTP/0.9 with a version', get('/').replace('1.1', '0.9'), refused(400, 505), {
    house: refused(505),
  });
}

function oldVersion(add) {
  add('HTTP/1.0 without Host', 'GET /a HTTP/1.0\r\n\r\n', acceptedThenClosed(), {
    isOld: true,
    contents: ['a'],
    section: '9112 3.2',
    level: 'MUST',
  });
  add(
    'HTTP/1.0 without any field, then more',
    `GET /a HTTP/1.0\r\n\r\n${HIDDEN}`,
    acceptedThenClosed(),
    { isOld: true, contents: ['a'], section: '9112 9.3', level: 'MUST' },
  );
  add('HTTP/1.0 with a Host', `GET /a HTTP/1.0\r\n${HOST}\r\n`, acceptedThenClosed(), {
    isOld: true,
    contents: ['a'],
    level: 'MUST',
  });
  add('HTTP/1.0 HEAD', 'HEAD /a HTTP/1.0\r\n\r\n', acceptedThenClosed(), {
    isOld: true,
    methods: ['HEAD'],
    level: 'MUST',
  });
  add(
    'HTTP/1.0 POST with a length',
    'POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello',
    acceptedThenClosed(),
    { isOld: true, echo: 'hello', level: 'MUST' },
  );
  add('HTTP/1.0 absolute-form', 'GET http://localhost/a HTTP/1.0\r\n\r\n', acceptedThenClosed(), {
    isOld: true,
    contents: ['a'],
    section: '9112 3.2.2',
    level: 'MUST',
  });
  add(
    'HTTP/1.0 keep-alive, thrice',
    `GET /a HTTP/1.0\r\n${HOST}Connection: keep-alive\r\n\r\n`.repeat(3),
    [...accepted(3), ...acceptedThenClosed(1)],
    { isOld: true, section: '9112 9.3', house: accepted(3) },
  );
  add(
    'HTTP/1.0 keep-alive and then not',
    `GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET /b HTTP/1.0\r\n\r\n${HIDDEN}`,
    [closes(['understood'], ['understood']), ...acceptedThenClosed()],
    {
      isOld: true,
      section: '9112 9.3',
      level: 'MUST',
      house: [closes(['understood'], ['understood'])],
    },
  );
  add(
    'HTTP/1.1 and then HTTP/1.0',
    `${get('/a')}GET /b HTTP/1.0\r\n\r\n${HIDDEN}`,
    [closes(['understood'], ['understood'])],
    { isOld: true, section: '9112 9.3', level: 'MUST', contents: ['a', 'b'] },
  );
}

function versionCases() {
  return family('protocol-version', { section: '9110 6.2' }, minorVersions, oldVersion);
}

/** All of them. */
export function handMessageCases() {
  return [...parsingCases(), ...requestLineCases(), ...versionCases()];
}
