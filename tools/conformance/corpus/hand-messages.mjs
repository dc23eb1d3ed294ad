// By hand, sentence by sentence: what a message is made of (RFC 9112 sections 2, 3 and 5; RFC 9110
// sections 2, 5 and 6).
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

function parsingCases() {
  const { cases, add } = family('message', { section: '9112 2.2' });
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
  add('an empty line first SHOULD be ignored', `\r\n${get('/')}`, ok);
  add(
    'an empty line between requests SHOULD be ignored',
    `${get('/a')}\r\n${get('/b')}`,
    accepted(2),
  );
  add('an extra CRLF after a POST', `${post('Content-Length: 5\r\n', 'hello')}\r\n`, ok);
  add('an extra CRLF after a chunked POST', `${chunked(HELLO)}\r\n${get('/a')}`, accepted(2));
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
  return cases;
}

function requestLineCases() {
  const { cases, add } = family('request-line', { section: '9112 3' });
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
  return cases;
}

function versionCases() {
  const { cases, add } = family('protocol-version', { section: '9110 6.2' });
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
  return cases;
}

function fieldCases() {
  const { cases, add } = family('field', { section: '9112 5.1' });
  const ok = accepted();
  for (const name of [
    'x',
    'X',
    'x-y',
    'X_Y',
    'X.Y',
    '1',
    '-',
    '_',
    "!#$%&'*+-.^_`|~",
    'x'.repeat(100),
  ]) {
    add(`name ${name.slice(0, 20)} is a token`, get('/', `${name}: v\r\n`), ok, {
      section: '9110 5.1',
      level: 'MUST',
    });
  }
  for (const name of [
    '',
    '"x"',
    'x/y',
    'x(y)',
    'x=y',
    'x@y',
    'x[y]',
    'x{y}',
    'x\\y',
    'x,y',
    'x;y',
    'x<y',
    'x?y',
    '\xe4',
    '\xc3\xa4',
    'x y',
    'x\ty',
    '\x7f',
  ]) {
    add(`name ${JSON.stringify(name)} is no token`, get('/', `${name}: v\r\n`), refused(), {
      section: '9110 5.1',
    });
  }
  for (const [gist, line] of [
    ['SP', 'X : y'],
    ['HTAB', 'X\t: y'],
    ['many SP', 'X     : y'],
    ['SP in Host', 'Host : localhost'],
    ['SP in Connection', 'Connection : close'],
    ['SP in Content-Length', 'Content-Length : 0'],
    ['HTAB in Transfer-Encoding', 'Transfer-Encoding\t: chunked'],
  ]) {
    add(`${gist} before the colon MUST get 400`, get('/', `${line}\r\n`), declined(), {
      level: 'MUST',
    });
  }
  add('a line without a colon', get('/', 'X\r\n'), refused());
  add('a line without a colon but with SP', get('/', 'X y\r\n'), refused());
  add('a lone colon', get('/', ':\r\n'), refused());
  add('a line of SP is an obs-fold', get('/', 'X: y\r\n \r\n'), lenient.expect, {
    ...lenient,
    section: '9112 5.2',
    level: 'MUST',
  });
  for (const value of [
    '',
    ' ',
    '\t',
    ' \t ',
    'v',
    ' v ',
    '\tv\t',
    '     v',
    'v     ',
    'a b',
    'a\tb',
    '"a\tb"',
    ':',
    '::',
    'a:b',
    ' : ',
    '"',
    '\\',
    '(',
    '\xff',
    '\x80\x81',
    'é',
    ',',
    ',,,',
    '\xc3\xa4',
  ]) {
    add(`value ${JSON.stringify(value)}`, get('/', `X:${value}\r\n`), ok, {
      section: '9110 5.5',
      level: 'MUST',
    });
  }
  add('OWS around Host is no part of it', 'GET /a HTTP/1.1\r\nHost:\t localhost \t\r\n\r\n', ok, {
    level: 'MUST',
    contents: ['a'],
  });
  add('no OWS in Host', 'GET /a HTTP/1.1\r\nHost:localhost\r\n\r\n', ok, {
    level: 'MUST',
    contents: ['a'],
  });
  add(
    'names in any case',
    'GET /a HTTP/1.1\r\nhOsT: localhost\r\nCONNECTION: close\r\n\r\n',
    acceptedThenClosed(),
    { section: '9110 5.1', level: 'MUST' },
  );
  add('unknown fields are ignored', get('/a', 'Foo: bar\r\nX-Foo: bar\r\nFoo: baz\r\n'), ok, {
    section: '9110 5.1',
    contents: ['a'],
  });
  add('Host last', 'GET /a HTTP/1.1\r\nX: y\r\nZ: y\r\nHost: localhost\r\n\r\n', ok, {
    section: '9110 5.3',
    level: 'MUST',
    contents: ['a'],
  });
  add('a field may be repeated', get('/a', 'Accept: a\r\nAccept: b\r\naccept: c\r\n'), ok, {
    section: '9110 5.2',
    level: 'MUST',
  });
  add(
    'a field called __proto__',
    get('/a', '__proto__: x\r\nconstructor: y\r\nhasOwnProperty: z\r\n'),
    ok,
    { section: '9110 5.1', contents: ['a'] },
  );
  add(
    'a fault in the last line refuses what the first lines ask',
    get('/a', 'X: y\r\nbroken\r\n'),
    refused(),
    { section: '9110 5.3', level: 'MUST' },
  );
  for (const [gist, lines] of [
    ['SP', 'X: a\r\n b\r\n'],
    ['HTAB', 'X: a\r\n\tb\r\n'],
    ['twice', 'X: a\r\n b\r\n c\r\n'],
    ['with OWS before', 'X: a \r\n b\r\n'],
    ['of nothing', 'X: a\r\n \r\n'],
    ['that looks like a field', 'X: a\r\n Host: other\r\n'],
    ['that looks like framing', 'X: a\r\n Content-Length: 5\r\n'],
    ['that looks like the end', 'X: a\r\n \r\n \r\n'],
    ['in an empty value', 'X:\r\n a\r\n'],
    ['in Connection', 'Connection: keep-alive,\r\n x\r\n'],
  ]) {
    add(`obs-fold ${gist}: 400 or SP`, get('/', lines), lenient.expect, {
      ...lenient,
      section: '9112 5.2',
      level: 'MUST',
    });
  }
  add(
    'obs-fold in Host: 400 or SP',
    'GET / HTTP/1.1\r\nHost:\r\n localhost\r\n\r\n',
    lenient.expect,
    { ...lenient, section: '9112 5.2', level: 'MUST' },
  );
  add('obs-fold makes Host invalid', 'GET / HTTP/1.1\r\nHost: local\r\n host\r\n\r\n', declined(), {
    section: '9112 5.2',
    level: 'MUST',
  });
  for (const code of [0, 1, 7, 8, 0x0b, 0x0c, 0x1b, 0x1f, 0x7f]) {
    const byte = String.fromCharCode(code);
    add(
      `CTL 0x${code.toString(16)} in a quoted value`,
      get('/', `X: "${byte}"\r\n`),
      lenient.expect,
      { ...lenient, section: '9110 5.5', level: code === 0 ? 'MUST' : 'SHOULD' },
    );
  }
  return cases;
}

/** All of them. */
export function handMessageCases() {
  return [...parsingCases(), ...requestLineCases(), ...versionCases(), ...fieldCases()];
}
