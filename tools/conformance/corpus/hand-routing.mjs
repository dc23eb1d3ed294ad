// By hand, sentence by sentence: what a request is directed at (RFC 9112 section 3.2 and 3.3; RFC
// 9110 sections 4.2, 7.1 to 7.4 and 9.3).
import { family, openFamily } from '../src/case.mjs';
import { accepted, acceptedThenClosed, declined, persists, refused } from '../src/expectation.mjs';
import { get, HIDDEN, HOST, post, request } from '../src/requests.mjs';

const old = { isOld: true };

function hostCases() {
  const { cases, add } = openFamily('host', { section: '9112 3.2', level: 'MUST' });
  add('HTTP/1.1 without Host', 'GET / HTTP/1.1\r\n\r\n', declined());
  add(
    'HTTP/1.1 without Host, with other fields',
    'GET / HTTP/1.1\r\nX: y\r\nHosts: localhost\r\n\r\n',
    declined(),
  );
  add('without Host, in absolute-form', 'GET http://localhost/ HTTP/1.1\r\n\r\n', declined());
  add('without Host, OPTIONS *', 'OPTIONS * HTTP/1.1\r\n\r\n', declined());
  add('without Host, POST', 'POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello', declined());
  add('without Host, HEAD', 'HEAD / HTTP/1.1\r\n\r\n', declined(), { methods: ['HEAD'] });
  for (const [gist, lines] of [
    ['the same twice', 'Host: localhost\r\nHost: localhost\r\n'],
    ['two', 'Host: localhost\r\nHost: example.org\r\n'],
    ['two in other cases', 'Host: localhost\r\nhOST: localhost\r\n'],
    ['three', 'Host: localhost\r\nX: y\r\nHost: localhost\r\nHost: localhost\r\n'],
    ['one empty', 'Host: localhost\r\nHost:\r\n'],
    ['two empty', 'Host:\r\nHost:\r\n'],
  ]) {
    add(`more than one Host line: ${gist}`, `GET / HTTP/1.1\r\n${lines}\r\n`, declined());
    add(
      `more than one Host line in HTTP/1.0: ${gist}`,
      `GET / HTTP/1.0\r\n${lines}\r\n`,
      declined(),
      old,
    );
    add(
      `more than one Host line, absolute-form: ${gist}`,
      `GET http://localhost/ HTTP/1.1\r\n${lines}\r\n`,
      declined(),
    );
  }
  for (const value of ['', ' ', '\t']) {
    // «If the authority component is missing … a Host header field with an empty field value».
    add(
      'an empty Host is valid; the server can reject it',
      `GET / HTTP/1.1\r\nHost:${value}\r\n\r\n`,
      declined('understood', 400),
      { section: '9112 3.3', level: 'SHOULD' },
    );
    add(
      'an empty Host with OPTIONS *',
      `OPTIONS * HTTP/1.1\r\nHost:${value}\r\n\r\n`,
      declined('understood', 400),
      { section: '9112 3.3', level: 'SHOULD' },
    );
    add(
      'an empty Host with absolute-form is ignored',
      `GET http://localhost/a HTTP/1.1\r\nHost:${value}\r\n\r\n`,
      accepted(),
      { section: '9112 3.2.2', contents: ['a'] },
    );
  }
  return cases;
}

function absoluteAccepted(add) {
  const both = (target, host = 'localhost') => `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  add('MUST be accepted', both('http://localhost/a'), accepted(), { contents: ['a'] });
  add('the Host is ignored', both('http://localhost/a', 'example.com'), accepted(), {
    contents: ['a'],
  });
  add(
    'the Host with another port is ignored',
    both('http://localhost/a', 'localhost:1'),
    accepted(),
    { contents: ['a'] },
  );
  add('an empty path', both('http://localhost'), accepted(), { contents: ['home'] });
  add('an empty path with a query', both('http://localhost?q'), accepted());
  add('scheme and host in any case', both('HtTp://LocalHost/a'), accepted(), {
    section: '9110 4.2.3',
    contents: ['a'],
  });
  add('the default port', both('http://localhost:80/a'), accepted(), {
    section: '9110 4.2.3',
    contents: ['a'],
  });
  add('an empty port', both('http://localhost:/a'), accepted(), {
    section: '9110 4.2.3',
    contents: ['a'],
  });
  add('an IPv6 literal', both('http://[::1]/a'), accepted());
}

function authorities(add) {
  const both = (target, host = 'localhost') => `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  add('an empty host MUST be refused', both('http:///a'), declined(400, 421), {
    section: '9110 4.2.1',
  });
  add('an empty host with a port MUST be refused', both('http://:80/a'), declined(400, 421), {
    section: '9110 4.2.1',
  });
  add('userinfo SHOULD be an error', both('http://user@localhost/a'), declined(400, 421), {
    section: '9110 4.2.4',
    level: 'SHOULD',
  });
  add('userinfo with a password', both('http://user:secret@localhost/a'), declined(400, 421), {
    section: '9110 4.2.4',
    level: 'SHOULD',
  });
  add('empty userinfo', both('http://@localhost/a'), declined(400, 421), {
    section: '9110 4.2.4',
    level: 'SHOULD',
  });
}

function schemes(add) {
  const both = (target, host = 'localhost') => `GET ${target} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
  add(
    'https over an unsecured connection MUST be rejected',
    both('https://localhost/a'),
    declined(400, 403, 404, 421, 426, 501),
    { section: '9110 7.4' },
  );
  add('HTTPS in capitals', both('HTTPS://localhost/a'), declined(400, 403, 404, 421, 426, 501), {
    section: '9110 7.4',
  });
  for (const target of [
    'ftp://localhost/a',
    'ws://localhost/a',
    'file:///etc/passwd',
    'urn:a:b',
    'mailto:a@b',
    'localhost:80',
    'x:',
    'javascript:alert(1)',
  ]) {
    add(`another scheme: ${target}`, both(target), declined('understood', 400, 501), {
      section: '9112 3.2.2',
      level: 'SHOULD',
    });
  }
  add(
    'the authority decides who is asked',
    both('http://other.example/a'),
    declined('understood'),
    { section: '9110 7.4', level: 'SHOULD', house: [persists([421])] },
  );
  add('in HTTP/1.0', 'GET http://localhost/a HTTP/1.0\r\n\r\n', acceptedThenClosed(), {
    ...old,
    contents: ['a'],
  });
  add('with POST', post('Content-Length: 5\r\n', 'hello', 'http://localhost/a'), accepted(), {
    echo: 'hello',
  });
  add('no fragment', both('http://localhost/a#b'), refused(), {
    section: '9110 7.1',
    level: 'SHOULD',
  });
}

function absoluteCases() {
  return family(
    'absolute-form',
    { section: '9112 3.2.2', level: 'MUST' },
    absoluteAccepted,
    authorities,
    schemes,
  );
}

function formsOfOthers(add) {
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'PATCH', 'FOO']) {
    add(
      `asterisk-form MUST NOT be used with ${method}`,
      request(method, '*'),
      declined(400, 403, 404, 405, 421, 501),
      { methods: [method] },
    );
    add(
      `authority-form MUST NOT be used with ${method}`,
      request(method, 'localhost:80'),
      declined(400, 404, 405, 421, 501, 403),
      { methods: [method] },
    );
  }
}

function optionsForms(add) {
  add('OPTIONS * is for the server', request('OPTIONS', '*'), [...accepted(), ...declined(501)], {
    section: '9110 9.3.7',
    house: accepted(),
  });
  add(
    'OPTIONS * with content',
    `OPTIONS * HTTP/1.1\r\n${HOST}Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello`,
    [...accepted(), ...declined(501)],
    { section: '9110 9.3.7', house: accepted() },
  );
  add('OPTIONS with a path', request('OPTIONS', '/a'), [...accepted(), ...declined(501)], {
    section: '9110 9.3.7',
    house: accepted(),
  });
  add(
    'OPTIONS with a path that is not there',
    request('OPTIONS', '/absent'),
    [...accepted(), ...declined(501)],
    { section: '9110 9.3.7', house: accepted() },
  );
  add(
    'OPTIONS in absolute-form',
    request('OPTIONS', 'http://localhost'),
    [...accepted(), ...declined(501)],
    { section: '9112 3.2.4', house: accepted() },
  );
  add(
    'OPTIONS with Max-Forwards: 0',
    request('OPTIONS', '*', 'Max-Forwards: 0\r\n'),
    [...accepted(), ...declined(501)],
    { section: '9110 7.6.2', house: accepted() },
  );
  add('OPTIONS says what is allowed', request('OPTIONS', '/a'), [...accepted(), ...declined(501)], {
    section: '9110 9.3.7',
    house: accepted(),
    check: ({ responses: [first] }) =>
      first.status < 300 && first.field('allow') === null ? 'no Allow' : null,
  });
}

function connectForms(add) {
  for (const target of ['localhost:80', 'example.org:443', '[::1]:80', '127.0.0.1:25']) {
    add(
      `CONNECT ${target} to no proxy`,
      request('CONNECT', target),
      declined('understood', 400, 501),
      {
        section: '9110 9.3.6',
        house: declined(405, 501),
        check: ({ responses: [first] }) => (first.status < 300 ? 'made a tunnel' : null),
      },
    );
  }
  for (const target of [
    'localhost',
    'localhost:',
    'localhost:x',
    'localhost:-1',
    'localhost:65536',
    'localhost:99999999999',
    ':80',
    'localhost:80:80',
    '/',
    '*',
    'http://localhost/',
    'u@localhost:80',
    '[::1]',
  ]) {
    add(
      `CONNECT ${target} MUST be rejected`,
      request('CONNECT', target),
      declined(400, 403, 404, 405, 501),
      { section: '9110 9.3.6', level: 'MUST', house: refused() },
    );
  }
  add(
    'CONNECT has no content; what follows is not hidden in it',
    `${request('CONNECT', 'localhost:80', 'Content-Length: 5\r\n')}hello`,
    declined('understood', 400, 501),
    { section: '9110 9.3.6' },
  );
}

function traceForms(add) {
  add(
    'TRACE with content',
    `TRACE / HTTP/1.1\r\n${HOST}Content-Length: 5\r\n\r\nhello`,
    declined('understood', 400, 501, 413),
    { section: '9110 9.3.8' },
  );
  add(
    'TRACE with Max-Forwards: 0',
    request('TRACE', '/', 'Max-Forwards: 0\r\n'),
    declined('understood', 501),
    { section: '9110 9.3.8' },
  );
}

function headForms(add) {
  add('HEAD has no content in its response', request('HEAD', '/a') + get('/b'), accepted(2), {
    section: '9110 9.3.2',
    level: 'MUST',
    methods: ['HEAD', 'GET'],
    contents: ['', 'b'],
  });
  add('HEAD of what is not there', request('HEAD', '/absent') + get('/b'), accepted(2), {
    section: '9110 9.3.2',
    level: 'MUST',
    methods: ['HEAD', 'GET'],
  });
  add('Content-Length for HEAD is that of GET', get('/a') + request('HEAD', '/a'), accepted(2), {
    section: '9110 8.6',
    level: 'MUST',
    methods: ['GET', 'HEAD'],
    check: headLengthFault,
  });
  add(
    'HEAD with content may be refused',
    `${request('HEAD', '/a', 'Content-Length: 5\r\n')}hello`,
    [...accepted(), ...acceptedThenClosed(), ...declined()],
    { section: '9110 9.3.2', methods: ['HEAD'], house: accepted() },
  );
}

function contentOfMethods(add) {
  add(
    'the content of GET is no request',
    `${get('/a', `Content-Length: ${HIDDEN.length}\r\n`)}${HIDDEN}`,
    [...accepted(), ...acceptedThenClosed(), ...declined(400, 413)],
    { section: '9112 6', level: 'MUST', contents: null, house: accepted() },
  );
  add(
    'the chunked content of GET is no request',
    `${get('/a', 'Transfer-Encoding: chunked\r\n')}${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`,
    [...accepted(), ...acceptedThenClosed(), ...declined(400, 411, 413)],
    { section: '9112 6', level: 'MUST', house: accepted() },
  );
  add(
    'the content of DELETE is no request',
    `${request('DELETE', '/absent', `Content-Length: ${HIDDEN.length}\r\n`)}${HIDDEN}`,
    declined('understood', 400, 413, 501),
    { section: '9112 6', level: 'MUST', house: accepted() },
  );
  add(
    'the content of an unknown method is no request',
    `${request('FOO', '/', `Content-Length: ${HIDDEN.length}\r\n`)}${HIDDEN}`,
    declined('understood', 413, 501),
    { section: '9112 6', level: 'MUST', house: [persists([501])] },
  );
}

function methodCases() {
  return family(
    'method-form',
    { section: '9110 7.1' },
    formsOfOthers,
    optionsForms,
    connectForms,
    traceForms,
    headForms,
    contentOfMethods,
  );
}

function headLengthFault({ responses: [full, head] }) {
  const length = head.field('content-length');
  return length === null || length === String(full.content.length)
    ? null
    : `Content-Length ${length}`;
}

/** All of them. */
export function handRoutingCases() {
  return [...hostCases(), ...absoluteCases(), ...methodCases()];
}
