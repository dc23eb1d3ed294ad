// By hand, sentence by sentence: the content of a request and where it ends (RFC 9112 sections 6 to
// 8; RFC 9110 sections 6.5 and 8.6).
import { family, openFamily } from '../src/case.mjs';
import {
  accepted,
  acceptedThenClosed,
  closes,
  contentRefused,
  declined,
  refused,
} from '../src/expectation.mjs';
import { chunked, get, HELLO, HIDDEN, HOST, post } from '../src/requests.mjs';

function validLengths(add) {
  const ok = accepted();
  add('neither field: no content', post('', ''), ok, { echo: '' });
  add('neither field: the next bytes are a request', post('', get('/a')), accepted(2));
  add('neither field: the next bytes are no request', post('', 'hello\r\n\r\n'), [
    closes(['understood'], [400]),
  ]);
  add('a length of 0', post('Content-Length: 0\r\n', ''), ok, { echo: '' });
  add('a length of 1', post('Content-Length: 1\r\n', 'x'), ok, { echo: 'x' });
  add('a length of 5', post('Content-Length: 5\r\n', 'hello'), ok, { echo: 'hello' });
  add(
    'content may hold what looks like a request',
    post(`Content-Length: ${HIDDEN.length}\r\n`, HIDDEN),
    ok,
    { echo: HIDDEN },
  );
  add(
    'content may hold every byte',
    post('Content-Length: 256\r\n', String.fromCharCode(...Array(256).keys())),
    ok,
    { echo: String.fromCharCode(...Array(256).keys()) },
  );
  add('content may hold CRLF', post('Content-Length: 8\r\n', '\r\n\r\n\r\n\r\n'), ok, {
    echo: '\r\n\r\n\r\n\r\n',
  });
}

function inexactLengths(add) {
  const ok = accepted();
  add(
    'a length too short leaves the start of a request',
    post('Content-Length: 2\r\n', 'hello'),
    [closes(['understood'], [400, 501]), closes(['understood'])],
    { section: '9112 6.2', halfCloses: true },
  );
  add(
    'a length too long: the message is incomplete',
    post('Content-Length: 9\r\n', 'hello'),
    [closes(), ...contentRefused(400, 408)],
    { section: '9112 8', halfCloses: true },
  );
  add(
    'a length too long, no content at all',
    post('Content-Length: 9\r\n', ''),
    [closes(), ...contentRefused(400, 408)],
    { section: '9112 8', halfCloses: true },
  );
  add(
    'a length too long takes the next request for content',
    post(`Content-Length: ${5 + HIDDEN.length}\r\n`, `hello${HIDDEN}`),
    ok,
    { echo: `hello${HIDDEN}` },
  );
  add(
    'the fields may be anywhere',
    `POST / HTTP/1.1\r\nContent-Length: 5\r\nX: y\r\n${HOST}Z: y\r\n\r\nhello`,
    ok,
    { echo: 'hello' },
  );
  add('GET with a length', `GET /a HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nhello`, ok, {
    section: '9112 6',
    contents: null,
  });
  add(
    '5, 5 MAY be accepted or refused',
    post('Content-Length: 5, 5\r\n', 'hello'),
    [...accepted(), ...refused()],
    { house: accepted() },
  );
  add(
    '5 twice MAY be accepted or refused',
    post('Content-Length: 5\r\nContent-Length: 5\r\n', 'hello'),
    [...accepted(), ...refused()],
    { house: accepted() },
  );
}

function wrongLengths(add) {
  add('5 and 6', post('Content-Length: 5\r\nContent-Length: 6\r\n', `hello${HIDDEN}`), refused());
  add('6 and 5', post('Content-Length: 6\r\nContent-Length: 5\r\n', `hello${HIDDEN}`), refused());
  add('0 and 5', post('Content-Length: 0\r\nContent-Length: 5\r\n', `hello${HIDDEN}`), refused());
  add(
    '5 and nothing',
    post('Content-Length: 5\r\nContent-Length:\r\n', `hello${HIDDEN}`),
    refused(),
  );
  add('GET with two lengths', get('/', 'Content-Length: 0\r\nContent-Length: 5\r\n'), refused());
  add(
    'HEAD with a wrong length',
    `HEAD / HTTP/1.1\r\n${HOST}Content-Length: x\r\n\r\n`,
    refused(),
    { methods: ['HEAD'] },
  );
  add(
    'OPTIONS with a wrong length',
    `OPTIONS * HTTP/1.1\r\n${HOST}Content-Length: -1\r\n\r\n`,
    refused(),
  );
  add(
    'an unknown method with a wrong length',
    `FOO / HTTP/1.1\r\n${HOST}Content-Length: -1\r\n\r\n`,
    refused(400, 501),
  );
  add(
    'HTTP/1.0 with a wrong length',
    'POST / HTTP/1.0\r\nContent-Length: 5x\r\n\r\nhello',
    refused(),
    { isOld: true },
  );
  add(
    'a foreign Host with a wrong length',
    'POST / HTTP/1.1\r\nHost: other.example\r\nContent-Length: 5x\r\n\r\nhello',
    refused(400, 421),
  );
}

function lengthCases() {
  return family(
    'content-length',
    { section: '9112 6.3', level: 'MUST' },
    validLengths,
    inexactLengths,
    wrongLengths,
  );
}

function validCodings(add) {
  add('chunked', chunked(HELLO), accepted(), { echo: 'hello' });
  add(
    'chunked in capitals: names are case-insensitive',
    post('Transfer-Encoding: CHUNKED\r\n', HELLO),
    accepted(),
    { section: '9112 7', echo: 'hello' },
  );
  add('chunked of nothing', chunked('0\r\n\r\n'), accepted(), { echo: '' });
}

function codingsWithLength(add) {
  const both = [...refused(), ...acceptedThenClosed()];
  add(
    'with Content-Length: the connection MUST close',
    chunked(HELLO, 'Content-Length: 15\r\n') + HIDDEN,
    both,
    { house: refused() },
  );
  add('with Content-Length: 0', chunked(HELLO, 'Content-Length: 0\r\n') + HIDDEN, both, {
    house: refused(),
  });
  add(
    'with a length that hides a request',
    chunked(`0\r\n\r\n${HIDDEN}`, `Content-Length: ${5 + HIDDEN.length}\r\n`),
    both,
    { house: refused() },
  );
  add(
    'with a length that ends before the chunks',
    chunked(HELLO, 'Content-Length: 3\r\n') + HIDDEN,
    both,
    { house: refused() },
  );
  add(
    'with a Content-Length that is invalid',
    chunked(HELLO, 'Content-Length: x\r\n') + HIDDEN,
    both,
    { house: refused() },
  );
  add(
    'with two Content-Lengths',
    chunked(HELLO, 'Content-Length: 5\r\nContent-Length: 6\r\n') + HIDDEN,
    both,
    { house: refused() },
  );
  add(
    'with Content-Length and GET',
    `${get('/a', 'Content-Length: 0\r\nTransfer-Encoding: chunked\r\n')}${HELLO}${HIDDEN}`,
    both,
    { house: refused() },
  );
}

function foreignCodings(add) {
  add(
    'an unknown coding SHOULD get 501',
    post('Transfer-Encoding: foo, chunked\r\n', HELLO),
    refused(501, 400),
    { level: 'SHOULD', house: refused(501) },
  );
  add(
    'a final coding other than chunked MUST get 400',
    post('Transfer-Encoding: chunked, gzip\r\n', HELLO),
    refused(400, 501),
    { section: '9112 6.3', house: refused() },
  );
  add(
    'identity is no coding any more',
    post('Transfer-Encoding: identity\r\n', 'hello'),
    refused(400, 501),
    { house: refused() },
  );
  add(
    'identity with a length',
    post('Transfer-Encoding: identity\r\nContent-Length: 5\r\n', 'hello'),
    refused(400, 501),
    { house: refused() },
  );
  add(
    'chunked twice',
    post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', HELLO),
    [...refused(400, 501), ...accepted()],
    { level: 'SHOULD', house: refused(400, 501) },
  );
}

function oldCodings(add) {
  const both = [...refused(), ...acceptedThenClosed()];
  add(
    'in HTTP/1.0 the framing is faulty',
    `POST / HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n${HELLO}${HIDDEN}`,
    both,
    { isOld: true, house: refused() },
  );
  add(
    'in HTTP/1.0 with keep-alive',
    `POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n${HELLO}${HIDDEN}`,
    both,
    { isOld: true, house: refused() },
  );
  add(
    'in HTTP/1.0 with a length',
    `POST / HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 15\r\nTransfer-Encoding: chunked\r\n\r\n${HELLO}${HIDDEN}`,
    both,
    { isOld: true, house: refused() },
  );
  add(
    'in HTTP/1.0 GET',
    `GET / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n${HELLO}${HIDDEN}`,
    both,
    { isOld: true, house: refused() },
  );
}

function noCodings(add) {
  add(
    'TE is no Transfer-Encoding',
    get('/a', 'TE: trailers, gzip;q=0.5\r\nConnection: TE\r\n'),
    accepted(),
    { section: '9112 7.4', contents: ['a'] },
  );
  add('an empty TE', get('/a', 'TE:\r\nConnection: TE\r\n'), accepted(), {
    section: '9112 7.4',
    contents: ['a'],
  });
  add(
    'a Content-Encoding is no transfer coding',
    post('Content-Encoding: chunked\r\nContent-Length: 5\r\n', 'hello'),
    declined('understood', 415),
    { level: 'SHOULD' },
  );
}

function codingCases() {
  return family(
    'transfer-coding',
    { section: '9112 6.1', level: 'MUST' },
    validCodings,
    codingsWithLength,
    foreignCodings,
    oldCodings,
    noCodings,
  );
}

const CHUNKS_VALID = [
  ['one chunk', HELLO, 'hello'],
  ['two chunks', '2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n', 'hello'],
  ['five chunks', '1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\n\r\n', 'hello'],
  ['hex digits in lower case', `a\r\n0123456789\r\n0\r\n\r\n`, '0123456789'],
  ['hex digits in upper case', `A\r\n0123456789\r\n0\r\n\r\n`, '0123456789'],
  ['two hex digits', `1a\r\n${'x'.repeat(26)}\r\n0\r\n\r\n`, 'x'.repeat(26)],
  ['mixed hex digits', `aB\r\n${'x'.repeat(171)}\r\n0\r\n\r\n`, 'x'.repeat(171)],
  ['leading zeros', '0005\r\nhello\r\n0\r\n\r\n', 'hello'],
  ['several zeros at the end', '5\r\nhello\r\n000\r\n\r\n', 'hello'],
  ['CRLF as data', '2\r\n\r\n\r\n0\r\n\r\n', '\r\n'],
  ['the end as data', '5\r\n0\r\n\r\n\r\n0\r\n\r\n', '0\r\n\r\n'],
  ['a request as data', `${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`, HIDDEN],
  ['an extension', '5;a\r\nhello\r\n0\r\n\r\n', 'hello'],
  ['an extension with a value', '5;a=b\r\nhello\r\n0\r\n\r\n', 'hello'],
  ['an extension with a quoted value', '5;a="b c"\r\nhello\r\n0\r\n\r\n', 'hello'],
  ['an extension with an empty quoted value', '5;a=""\r\nhello\r\n0\r\n\r\n', 'hello'],
  ['an extension with a quoted ;', '5;a="b;c"\r\nhello\r\n0\r\n\r\n', 'hello'],
  ['an extension with a quoted pair', '5;a="\\"\\\\"\r\nhello\r\n0\r\n\r\n', 'hello'],
  ['an extension with obs-text in quotes', '5;a="\xe4"\r\nhello\r\n0\r\n\r\n', 'hello'],
  ['several extensions', '5;a;b=c;d="e"\r\nhello\r\n0\r\n\r\n', 'hello'],
  ['BWS in extensions', '5 ; a = b\t;\tc\r\nhello\r\n0\r\n\r\n', 'hello'],
  ['an extension at the end', '5\r\nhello\r\n0;a=b\r\n\r\n', 'hello'],
  ['a trailer', '5\r\nhello\r\n0\r\nT: v\r\n\r\n', 'hello'],
  ['several trailers', '5\r\nhello\r\n0\r\nT: v\r\nT: w\r\nU:\r\n\r\n', 'hello'],
  ['a trailer after an extension', '5\r\nhello\r\n0;a\r\nT: v\r\n\r\n', 'hello'],
];

const CHUNKS_WRONG = [
  ['no size', '\r\nhello\r\n0\r\n\r\n'],
  ['a size of another base', '0x5\r\nhello\r\n0\r\n\r\n'],
  ['a size with h', '5h\r\nhello\r\n0\r\n\r\n'],
  ['a negative size', '-5\r\nhello\r\n0\r\n\r\n'],
  ['a negative end', '5\r\nhello\r\n-0\r\n\r\n'],
  ['a size with plus', '+5\r\nhello\r\n0\r\n\r\n'],
  ['a size with a fraction', '5.0\r\nhello\r\n0\r\n\r\n'],
  ['a size with _', '0_5\r\nhello\r\n0\r\n\r\n'],
  ['a size in quotes', '"5"\r\nhello\r\n0\r\n\r\n'],
  ['SP before a size', ' 5\r\nhello\r\n0\r\n\r\n'],
  ['SP after a size', '5 \r\nhello\r\n0\r\n\r\n'],
  ['HTAB after a size', '5\t\r\nhello\r\n0\r\n\r\n'],
  ['a number after a size', '5 5\r\nhello\r\n0\r\n\r\n'],
  ['a comma after a size', '5,5\r\nhello\r\n0\r\n\r\n'],
  ['NUL after a size', '5\0\r\nhello\r\n0\r\n\r\n'],
  ['LF after a size', '5\nhello\r\n0\r\n\r\n'],
  ['CR after a size', '5\rhello\r\n0\r\n\r\n'],
  ['CR twice after a size', '5\r\r\nhello\r\n0\r\n\r\n'],
  ['data too long', '5\r\nhello!\r\n0\r\n\r\n'],
  ['data too long by CR', '5\r\nhello\r\r\n0\r\n\r\n'],
  ['data too short', '5\r\nhell\r\n0\r\n\r\n'],
  ['LF after data', '5\r\nhello\n0\r\n\r\n'],
  ['CR after data', '5\r\nhello\r0\r\n\r\n'],
  ['nothing after data', '5\r\nhello0\r\n\r\n'],
  ['an extension without a name', '5;\r\nhello\r\n0\r\n\r\n'],
  ['an extension with only a value', '5;=b\r\nhello\r\n0\r\n\r\n'],
  ['an extension without its value', '5;a=\r\nhello\r\n0\r\n\r\n'],
  ['an extension without an end of quotes', '5;a="b\r\nhello\r\n0\r\n\r\n'],
  ['an extension with more after its quotes', '5;a="b"c\r\nhello\r\n0\r\n\r\n'],
  ['an extension with quotes in a token', '5;a=b"c"\r\nhello\r\n0\r\n\r\n'],
  ['an extension with a quoted CRLF', '5;a="\r\n"\r\nhello\r\n0\r\n\r\n'],
  ['an extension with a quoted LF', '5;a="\n"\r\nhello\r\n0\r\n\r\n'],
  ['an extension with a LF', '5;a\nhello\r\n0\r\n\r\n'],
  ['an extension with a CR', '5;a\rb\r\nhello\r\n0\r\n\r\n'],
  ['an extension with two =', '5;a=b=c\r\nhello\r\n0\r\n\r\n'],
  ['an extension with SP in its name', '5;a b\r\nhello\r\n0\r\n\r\n'],
  ['an extension with obs-text', '5;\xe4\r\nhello\r\n0\r\n\r\n'],
  ['an extension folded', '5;a\r\n =b\r\nhello\r\n0\r\n\r\n'],
  ['two ; in a row', '5;;a\r\nhello\r\n0\r\n\r\n'],
  ['a trailer without a colon', '5\r\nhello\r\n0\r\nT\r\n\r\n'],
  ['a trailer with SP before its colon', '5\r\nhello\r\n0\r\nT : v\r\n\r\n'],
  ['a trailer without a name', '5\r\nhello\r\n0\r\n: v\r\n\r\n'],
  ['a request for trailers', `5\r\nhello\r\n0\r\n${get('/hidden')}`],
];

function chunkCases() {
  const { cases, add } = openFamily('chunks', { section: '9112 7.1' });
  for (const [gist, body, echo] of CHUNKS_VALID) {
    add(gist, chunked(body), accepted(), { level: 'MUST', echo });
    add(`${gist}, and a request after it`, chunked(body) + get('/a'), accepted(2), {
      level: 'MUST',
      echo,
    });
  }
  for (const [gist, body] of CHUNKS_WRONG) {
    add(gist, chunked(body), contentRefused());
    add(`${gist}, and a request after it`, chunked(body) + HIDDEN, contentRefused());
  }
  for (const [gist, body] of [
    ['SP first', '5\r\nhello\r\n0\r\n T: v\r\n\r\n'],
    ['obs-fold', '5\r\nhello\r\n0\r\nT: v\r\n w\r\n\r\n'],
    ['CR', '5\r\nhello\r\n0\r\nT: \r\r\n\r\n'],
    ['NUL', '5\r\nhello\r\n0\r\nT: \0\r\n\r\n'],
  ]) {
    add(
      `a trailer with ${gist}: refused or repaired`,
      chunked(body),
      [...contentRefused(), ...accepted()],
      { section: '9110 5.5', house: contentRefused() },
    );
  }
  const end = '5\r\nhello\r\n0\r\n\r\n';
  for (let size = 1; size < end.length; size++) {
    add(
      `ends after ${size} bytes: incomplete`,
      chunked(end.slice(0, size)),
      [closes(), ...contentRefused(400, 408)],
      { section: '9112 8', level: 'MUST', halfCloses: true },
    );
  }
  return cases;
}

/** «MUST NOT merge a received trailer field into the header section», RFC 9110 section 6.5.1. */
function trailerCases() {
  const { cases, add } = openFamily('trailers', { section: '9110 6.5.1', level: 'MUST' });
  const withTrailer = (line) => chunked(`5\r\nhello\r\n0\r\n${line}\r\n\r\n`);
  for (const line of [
    'Host: other.example',
    'Host: a b',
    'Content-Length: 500',
    'Content-Length: x',
    'Transfer-Encoding: gzip',
    'Transfer-Encoding: chunked',
    'Connection: close',
    'Expect: 100-continue',
    'Trailer: T',
    'Authorization: Basic eDp5',
    'Content-Type: text/html',
    'Range: bytes=0-0',
    'Upgrade: x',
    'TE: trailers',
    'Set-Cookie: a=b',
    '__proto__: x',
  ]) {
    add(
      `${line} is not applied`,
      withTrailer(line) + get('/a'),
      [...accepted(2), ...contentRefused()],
      { house: accepted(2), echo: 'hello' },
    );
  }
  add(
    'Trailer announces them',
    chunked('5\r\nhello\r\n0\r\nT: v\r\n\r\n', 'Trailer: T\r\n'),
    accepted(),
    { section: '9110 6.6.2', echo: 'hello' },
  );
  add('Trailer announces what does not come', chunked(HELLO, 'Trailer: T\r\n'), accepted(), {
    section: '9110 6.6.2',
    echo: 'hello',
  });
  return cases;
}

/** All of them. */
export function handContentCases() {
  return [...lengthCases(), ...codingCases(), ...chunkCases(), ...trailerCases()];
}
