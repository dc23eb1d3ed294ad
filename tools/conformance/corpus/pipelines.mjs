// Several requests on a connection (RFC 9112 sections 9.2, 9.3 and 9.6): how many are answered, in
// which order, and what a request leaves of the connection.
import { defineCase } from '../src/case.mjs';
import {
  accepted,
  acceptedThenClosed,
  closes,
  persists,
  UNDERSTOOD,
  understood,
} from '../src/expectation.mjs';
import { chunked, get, HELLO, HIDDEN, post, request } from '../src/requests.mjs';

/** Requests with the methods and, where the site has them, contents of their responses. */
const PARTS = [
  { name: 'get', send: get('/a'), method: 'GET', content: 'a' },
  { name: 'head', send: request('HEAD', '/a'), method: 'HEAD', content: '' },
  { name: 'post', send: post('Content-Length: 5\r\n', 'hello'), method: 'POST' },
  { name: 'chunked', send: chunked(HELLO), method: 'POST' },
  { name: 'absent', send: get('/absent'), method: 'GET' },
  { name: 'options', send: request('OPTIONS', '*'), method: 'OPTIONS' },
  {
    name: 'get-content',
    send: `${request('GET', '/b', 'Content-Length: 5\r\n')}GET /`,
    method: 'GET',
    content: 'b',
  },
  { name: 'empty-post', send: post('Content-Length: 0\r\n'), method: 'POST' },
  { name: 'trailers', send: chunked('1\r\nx\r\n0\r\nT: v\r\n\r\n'), method: 'POST' },
];

const contentsOf = (parts) =>
  parts.some(({ content }) => content === undefined) ? null : parts.map(({ content }) => content);

function sequenceCase(family, parts, parts2) {
  const names = parts.map(({ name }) => name).join('-');
  return defineCase({
    id: `${family}/${names}`,
    section: '9112 9.3.2',
    level: 'MUST',
    gist: `${names}: responses in the order of the requests`,
    send: parts.map(({ send }) => send).join(''),
    methods: parts.map(({ method }) => method),
    contents: contentsOf(parts),
    expect: accepted(parts.length),
    ...parts2,
  });
}

/** Every pair and every triple of kinds. */
function sequenceCases() {
  const pairs = PARTS.flatMap((first) =>
    PARTS.map((second) => sequenceCase('pairs', [first, second])),
  );
  const triples = PARTS.flatMap((first) =>
    PARTS.flatMap((second) =>
      PARTS.map((third) => sequenceCase('triples', [first, second, third])),
    ),
  );
  return [...pairs, ...triples];
}

function manyCases() {
  const targets = ['/a', '/b', '/c'];
  return [2, 3, 5, 10, 16, 17, 32, 50, 64, 100, 128, 129, 200, 256, 500, 1000].map((count) => {
    const chosen = Array.from({ length: count }, (_, index) => targets[(index * 7) % 3]);
    return defineCase({
      id: `many/${count}`,
      section: '9112 9.3.2',
      level: 'MUST',
      gist: `${count} requests in one write, answered in order`,
      send: chosen.map((target) => get(target)).join(''),
      contents: chosen.map((target) => target.slice(1)),
      // Servers may limit the requests of a connection (nginx: 1000, Apache: 100), and say so.
      expect: [
        ...accepted(count),
        ...acceptedThenClosed(count),
        closes(...understood(100)),
        closes(...understood(101)),
      ],
      house: accepted(count),
    });
  });
}

/** Requests that are not to be believed, each in the middle of others. */
const FAULTS = [
  { name: 'bare-word', send: 'nonsense\r\n\r\n' },
  { name: 'no-host', send: 'GET / HTTP/1.1\r\n\r\n' },
  { name: 'two-hosts', send: 'GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n' },
  { name: 'space-before-colon', send: get('/', 'X : y\r\n') },
  { name: 'both-lengths', send: chunked(HELLO, 'Content-Length: 5\r\n') },
  { name: 'two-lengths', send: post('Content-Length: 5\r\nContent-Length: 6\r\n', 'hello') },
  { name: 'signed-length', send: post('Content-Length: +5\r\n', 'hello') },
  { name: 'coding-not-last', send: post('Transfer-Encoding: chunked, gzip\r\n', HELLO) },
  { name: 'wrong-version', send: 'GET / HTTP/2.0\r\nHost: localhost\r\n\r\n' },
  { name: 'nul', send: get('/', 'X: \0\r\n') },
  { name: 'folded-length', send: post('Content-Length:\r\n 5\r\n', 'hello') },
];

function faultCases() {
  return FAULTS.flatMap(({ name, send }) =>
    [0, 1, 2, 5].map((before) => {
      const refusal = [400, 501, 505];
      const expect = [closes(...understood(before), refusal)];
      // What may be repaired, or leaves the framing clear, may be followed by the rest.
      const mayGoOn = ['no-host', 'two-hosts', 'wrong-version', 'nul', 'folded-length'].includes(
        name,
      );
      if (mayGoOn)
        expect.push(persists(...understood(before), [...refusal, UNDERSTOOD], [UNDERSTOOD]));
      if (name === 'both-lengths') expect.push(closes(...understood(before), [UNDERSTOOD]));
      return defineCase({
        id: `fault-after/${name}-${before}`,
        section: '9112 9.3.2',
        gist: `${before} good requests are answered, then ${name} is refused, and nothing after it`,
        send: get('/a').repeat(before) + send + HIDDEN,
        expect,
        house: [closes(...understood(before), refusal)],
      });
    }),
  );
}

/** Connection options, with the version and what they make of the connection. */
const OPTIONS = [
  { value: 'close', old: false, now: false },
  { value: 'Close', old: false, now: false },
  { value: 'CLOSE', old: false, now: false },
  { value: ' close ', old: false, now: false },
  { value: 'close, keep-alive', old: false, now: false },
  { value: 'keep-alive, close', old: false, now: false },
  { value: 'foo, close, bar', old: false, now: false },
  { value: 'foo,close', old: false, now: false },
  { value: ',close', old: false, now: false },
  { value: 'close,', old: false, now: false },
  { value: ', ,close, ,', old: false, now: false },
  { value: 'foo\r\nConnection: close', old: false, now: false },
  { value: 'close\r\nConnection: keep-alive', old: false, now: false },
  { value: 'keep-alive', old: true, now: true },
  { value: 'Keep-Alive', old: true, now: true },
  { value: 'KEEP-ALIVE', old: true, now: true },
  { value: 'keep-alive, foo', old: true, now: true },
  { value: 'foo,keep-alive', old: true, now: true },
  { value: 'foo\r\nConnection: keep-alive', old: true, now: true },
  { value: 'foo', old: false, now: true },
  { value: '', old: false, now: true },
  { value: ',', old: false, now: true },
  { value: 'closed', old: false, now: true },
  { value: 'xclose', old: false, now: true },
  { value: 'close-not', old: false, now: true },
  { value: 'not-close', old: false, now: true },
  { value: 'keepalive', old: false, now: true },
  { value: 'keep-alivex', old: false, now: true },
  { value: 'te', old: false, now: true },
  { value: 'host', old: false, now: true },
  { value: 'upgrade', old: false, now: true },
  { value: 'content-length', old: false, now: true },
  { value: 'transfer-encoding', old: false, now: true },
];

function optionCases() {
  return OPTIONS.flatMap(({ value, old, now }, index) =>
    [0, 1].flatMap((minor) =>
      ['GET', 'HEAD', 'POST'].map((method) => {
        const isPersistent = minor === 0 ? old : now;
        const length = method === 'POST' ? 'Content-Length: 5\r\n' : '';
        const content = method === 'POST' ? 'hello' : '';
        const line = `${method} /a HTTP/1.${minor}\r\nHost: localhost\r\n`;
        const send = `${line}Connection: ${value}\r\n${length}\r\n${content}`;
        // A server need not honour HTTP/1.0 keep-alive; holdline does.
        const expect = isPersistent ? accepted() : acceptedThenClosed();
        if (isPersistent && minor === 0) expect.push(...acceptedThenClosed());
        return defineCase({
          id: `connection-option/${method}-1.${minor}-${index + 1}`,
          section: isPersistent ? '9112 9.3' : '9112 9.6',
          level: isPersistent ? 'SHOULD' : 'MUST',
          gist: `HTTP/1.${minor} ${method}, Connection: ${JSON.stringify(value)}`,
          methods: [method],
          isOld: minor === 0,
          // «The server MUST NOT process any further requests received on that connection.»
          send: isPersistent ? send : send + HIDDEN,
          expect,
          house: isPersistent ? accepted() : acceptedThenClosed(),
          check: minor === 0 && isPersistent ? keepAliveFault : null,
        });
      }),
    ),
  );
}

/** Without it an HTTP/1.0 client waits for the end (RFC 9112 section 9.3, appendix C.2.2). */
function keepAliveFault({ responses, fate }) {
  const isSaid = responses[0].lists('connection', 'keep-alive');
  return fate === 'persist' && !isSaid ? 'persists without saying keep-alive' : null;
}

/** All of them. */
export function pipelineCases() {
  return [...sequenceCases(), ...manyCases(), ...faultCases(), ...optionCases()];
}
