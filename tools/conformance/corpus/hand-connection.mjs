// By hand, sentence by sentence: the connection (RFC 9112 sections 8 and 9; RFC 9110 sections 7.6.1,
// 7.8, 10.1.1 and 15.2).
import { family, openFamily } from '../src/case.mjs';
import { accepted, acceptedThenClosed, closes, declined, refused } from '../src/expectation.mjs';
import { chunked, get, HELLO, HIDDEN, HOST, post, request } from '../src/requests.mjs';

function closeOnRequest(add) {
  const close = 'Connection: close\r\n';
  const closed = acceptedThenClosed();
  add('the connection ends after the response', get('/a', close), closed, { contents: ['a'] });
  add('further requests are not processed', get('/a', close) + HIDDEN, closed, { contents: ['a'] });
  add('many further requests are not processed', get('/a', close) + HIDDEN.repeat(100), closed, {
    contents: ['a'],
  });
  add('nor is anything else', `${get('/a', close)}${'x'.repeat(100_000)}`, closed, {
    contents: ['a'],
  });
  add(
    'a megabyte after it does not lose the response',
    `${get('/a', close)}${'x'.repeat(1_000_000)}`,
    closed,
    { contents: ['a'] },
  );
  add('with content', post(`${close}Content-Length: 5\r\n`, 'hello') + HIDDEN, closed, {
    echo: 'hello',
  });
  add('with chunks', chunked(HELLO, close) + HIDDEN, closed, { echo: 'hello' });
  add('HEAD', request('HEAD', '/a', close) + HIDDEN, closed, { methods: ['HEAD'] });
  add('OPTIONS', request('OPTIONS', '*', close) + HIDDEN, [closes(['understood', 501])]);
  add('not found', get('/absent', close) + HIDDEN, closed);
  add('in the second request', get('/a') + get('/b', close) + HIDDEN, acceptedThenClosed(2), {
    contents: ['a', 'b'],
  });
}

function closeByServer(add) {
  const close = 'Connection: close\r\n';
  const closed = acceptedThenClosed();
  add('the response says so', get('/a', close), closed, {
    level: 'SHOULD',
    check: ({ responses: [first] }) =>
      first.lists('connection', 'close') ? null : 'not announced',
  });
  add('the response to HTTP/1.0 ends with the connection', 'GET /a HTTP/1.0\r\n\r\n', closed, {
    isOld: true,
    contents: ['a'],
    section: '9112 9.3',
  });
  add('a refusal says so', 'nonsense\r\n\r\n', refused(), { level: 'SHOULD' });
  add(
    'a refusal is not lost to what is still being sent',
    `nonsense\r\n\r\n${'x'.repeat(500_000)}`,
    refused(),
  );
  add(
    'a refused head is not lost to its content',
    `POST / HTTP/1.1\r\nContent-Length: 500000\r\nContent-Length: 1\r\n${HOST}\r\n${'x'.repeat(500_000)}`,
    refused(),
  );
}

function keepAlive(add) {
  const _close = 'Connection: close\r\n';
  const closed = acceptedThenClosed();
  add('keep-alive needs no word in HTTP/1.1', get('/a'), accepted(), {
    level: 'SHOULD',
    section: '9112 9.3',
  });
  add(
    'Keep-Alive parameters change nothing',
    get('/a', 'Connection: keep-alive\r\nKeep-Alive: timeout=1000000, max=0\r\n'),
    accepted(),
    { level: 'SHOULD', section: '9112 9.3' },
  );
  add('a Keep-Alive field that is nonsense', get('/a', 'Keep-Alive: ;;=,\r\n'), accepted(), {
    level: 'SHOULD',
    section: '9112 9.3',
  });
  add('a field called Close is no option', get('/a', 'Close: close\r\n'), accepted(), {
    level: 'SHOULD',
  });
  add(
    'Proxy-Connection is nothing to a server',
    get('/a', 'Proxy-Connection: close\r\n'),
    [...accepted(), ...closed],
    { level: 'SHOULD', section: '9112 C.2.2', house: accepted() },
  );
  add('Connection naming Host does not remove it', get('/a', 'Connection: host\r\n'), accepted(), {
    section: '9110 7.6.1',
    contents: ['a'],
  });
}

function closeCases() {
  return family(
    'close',
    { section: '9112 9.6', level: 'MUST' },
    closeOnRequest,
    closeByServer,
    keepAlive,
  );
}

function orderCases() {
  const { cases, add } = openFamily('order', { section: '9112 9.2', level: 'MUST' });
  add('responses come in the order of requests', get('/a') + get('/b') + get('/c'), accepted(3), {
    contents: ['a', 'b', 'c'],
  });
  add(
    'one after the other',
    [get('/a'), { await: 1 }, get('/b'), { await: 2 }, get('/c')],
    accepted(3),
    { contents: ['a', 'b', 'c'] },
  );
  add('a request in two writes', ['GET /a HT', `TP/1.1\r\n${HOST}\r\n`], accepted(), {
    contents: ['a'],
  });
  add(
    'half of the second request with the first',
    [`${get('/a')}GET /b HT`, { await: 1 }, `TP/1.1\r\n${HOST}\r\n`],
    accepted(2),
    { contents: ['a', 'b'] },
  );
  add('CRLF in two writes', [get('/a').slice(0, -1), '\n'], accepted(), { contents: ['a'] });
  add(
    'an empty line later, then a request',
    [get('/a'), { await: 1 }, '\r\n', get('/b')],
    accepted(2),
    { contents: ['a', 'b'], section: '9112 2.2', level: 'SHOULD' },
  );
  add('content later', [post('Content-Length: 5\r\n', ''), 'hello'], accepted(), { echo: 'hello' });
  add('chunks later', [chunked(''), '5\r\nhel', 'lo\r\n', '0\r\n', '\r\n'], accepted(), {
    echo: 'hello',
  });
  add(
    'an unsafe request between safe ones',
    get('/a') + post('Content-Length: 5\r\n', 'hello') + get('/b'),
    accepted(3),
    { section: '9112 9.3.2' },
  );
  return cases;
}

/** «A TCP connection that is half-closed by the client does not … imply» that it has lost interest. */
function halfCloseCases() {
  const { cases, add } = openFamily('half-close', {
    section: '9112 9.6',
    level: 'SHOULD',
    halfCloses: true,
  });
  add('one request', get('/a'), acceptedThenClosed(), { contents: ['a'] });
  add('three requests', get('/a') + get('/b') + get('/c'), acceptedThenClosed(3), {
    contents: ['a', 'b', 'c'],
  });
  add('with content', post('Content-Length: 5\r\n', 'hello'), acceptedThenClosed(), {
    echo: 'hello',
  });
  add('with chunks', chunked(HELLO), acceptedThenClosed(), { echo: 'hello' });
  add('with Connection: close', get('/a', 'Connection: close\r\n'), acceptedThenClosed(), {
    contents: ['a'],
  });
  add('HTTP/1.0', 'GET /a HTTP/1.0\r\n\r\n', acceptedThenClosed(), {
    isOld: true,
    contents: ['a'],
  });
  add('nonsense', 'nonsense\r\n\r\n', refused());
  add('nothing at all', '', [closes(), ...refused(400, 408)], { section: '9112 8' });
  add('an empty line', '\r\n', [closes(), ...refused(400, 408)], { section: '9112 8' });
  const whole = get('/a');
  for (const size of [1, 3, 4, 5, 6, 10, 14, 15, 16, 20, 30, whole.length - 2, whole.length - 1]) {
    add(
      `${size} bytes of a request are no request`,
      whole.slice(0, size),
      [closes(), ...refused(400, 408)],
      { section: '9112 8', level: 'MUST' },
    );
  }
  add(
    'a whole request, and a part of one',
    `${get('/a')}GET /hid`,
    [...acceptedThenClosed(), closes(['understood'], [400, 408])],
    { section: '9112 8', level: 'MUST' },
  );
  return cases;
}

const CONTINUE = 'Expect: 100-continue\r\n';

/** The interim responses that are 100. */
const continues = ({ interim }) => interim.filter(({ response }) => response.status === 100).length;

const mustNotContinue = (exchange) => (continues(exchange) > 0 ? 'sent 100 (Continue)' : null);
const continuesOnce = (exchange) => (continues(exchange) > 1 ? 'sent 100 (Continue) twice' : null);

function continueExpected(add) {
  const ready = [...accepted(), ...acceptedThenClosed(), ...declined(413, 417)];
  const whole = { check: continuesOnce, echo: 'hello' };
  add('with the content at once', post(`${CONTINUE}Content-Length: 5\r\n`, 'hello'), ready, whole);
  add('with the chunks at once', chunked(HELLO, CONTINUE), ready, whole);
  add(
    'in capitals: the value is case-insensitive',
    post('EXPECT: 100-CONTINUE\r\nContent-Length: 5\r\n', 'hello'),
    ready,
    whole,
  );
  // The content is not sent before an answer: silence would be the fault.
  const head = post(`${CONTINUE}Content-Length: 5\r\n`, '');
  add('answered before the content', [head, { await: 'answer' }, 'hello'], ready, whole);
  add(
    'answered before the chunks',
    [chunked('', CONTINUE), { await: 'answer' }, HELLO],
    ready,
    whole,
  );
}

function continueUnwanted(add) {
  const ready = [...accepted(), ...acceptedThenClosed(), ...declined(413, 417)];
  add(
    'in HTTP/1.0 it MUST be ignored',
    `POST / HTTP/1.0\r\n${CONTINUE}Content-Length: 5\r\n\r\nhello`,
    acceptedThenClosed(),
    { isOld: true, check: mustNotContinue, echo: 'hello' },
  );
  add('without content 100 MAY be omitted', get('/a', CONTINUE), ready, {
    level: 'SHOULD',
    check: continuesOnce,
    house: accepted(),
  });
  add('with a length of 0', post(`${CONTINUE}Content-Length: 0\r\n`, ''), ready, {
    level: 'SHOULD',
    check: continuesOnce,
    house: accepted(),
  });
  add(
    'another expectation MAY get 417',
    post('Expect: foo\r\nContent-Length: 5\r\n', 'hello'),
    ready,
    { level: 'SHOULD' },
  );
  add(
    'two expectations',
    post('Expect: 100-continue, foo=bar\r\nContent-Length: 5\r\n', 'hello'),
    ready,
    { level: 'SHOULD' },
  );
  add(
    'an expectation with parameters',
    post('Expect: foo="bar";a=b\r\nContent-Length: 5\r\n', 'hello'),
    ready,
    { level: 'SHOULD' },
  );
  add('an empty expectation', post('Expect:\r\nContent-Length: 5\r\n', 'hello'), ready, {
    level: 'SHOULD',
  });
  add(
    '100-continue that is none',
    post('Expect: 100-continued\r\nContent-Length: 5\r\n', 'hello'),
    ready,
    { level: 'SHOULD', check: mustNotContinue },
  );
  add('a faulty head gets no 100', post(`${CONTINUE}Content-Length: x\r\n`, 'hello'), refused(), {
    check: mustNotContinue,
  });
  add(
    'a head without Host gets no 100',
    `POST / HTTP/1.1\r\n${CONTINUE}Content-Length: 5\r\n\r\n`,
    declined(),
    { check: mustNotContinue },
  );
  add(
    'a request before it',
    get('/a') + post(`${CONTINUE}Content-Length: 5\r\n`, 'hello'),
    [...accepted(2), ...acceptedThenClosed(2), closes(['understood'], [413, 417])],
    { check: continuesOnce },
  );
  add(
    'its content is no request, answered or not',
    post(`${CONTINUE}Content-Length: ${HIDDEN.length}\r\n`, HIDDEN),
    ready,
    { echo: HIDDEN },
  );
}

function expectCases() {
  return family(
    'expect',
    { section: '9110 10.1.1', level: 'MUST' },
    continueExpected,
    continueUnwanted,
  );
}

function upgradeCases() {
  const { cases, add } = openFamily('upgrade', { section: '9110 7.8', level: 'MUST' });
  const lines = (value) => `Connection: upgrade\r\nUpgrade: ${value}\r\n`;
  const notSwitched = ({ interim }) => (interim.length > 0 ? 'switched' : null);
  for (const value of [
    'foo',
    'foo/1.0',
    'foo, bar/2',
    'HTTP/2.0',
    'h2c',
    'TLS/1.0',
    'websocket',
    'FOO',
    '',
    ',',
    'foo/',
    '/',
  ]) {
    add(
      `Upgrade: ${value} MAY be ignored`,
      get('/a', lines(value)),
      [...accepted(), ...declined(400, 426)],
      { level: 'SHOULD', check: notSwitched, house: accepted() },
    );
  }
  add('without the connection option', get('/a', 'Upgrade: foo\r\n'), accepted(), {
    check: notSwitched,
    level: 'SHOULD',
  });
  add(
    'in HTTP/1.0 it MUST be ignored',
    `GET /a HTTP/1.0\r\n${HOST}${lines('foo')}\r\n`,
    acceptedThenClosed(),
    { isOld: true, check: notSwitched, contents: ['a'] },
  );
  add('with content', post(`${lines('foo')}Content-Length: 5\r\n`, 'hello'), accepted(), {
    check: notSwitched,
    level: 'SHOULD',
  });
  add(
    'with close',
    get('/a', 'Connection: upgrade, close\r\nUpgrade: foo\r\n') + HIDDEN,
    acceptedThenClosed(),
    { check: notSwitched, section: '9112 9.6' },
  );
  add(
    'h2c with prior settings',
    get(
      '/a',
      'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n',
    ),
    accepted(),
    { check: notSwitched, level: 'SHOULD' },
  );
  return cases;
}

/** All of them. */
export function handConnectionCases() {
  return [
    ...closeCases(),
    ...orderCases(),
    ...halfCloseCases(),
    ...expectCases(),
    ...upgradeCases(),
  ];
}
