// The short way for heads that are whole and usual against the scanners, which know all kinds.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ReceiveBuffer } from '../src/bytes/receive-buffer.ts';
import { clientSettings } from '../src/client.ts';
import { RequestHeadParser, wholeRequest } from '../src/request-head.ts';
import { ResponseHeadParser, wholeResponse } from '../src/response-head-parser.ts';
import { serverSettings } from '../src/server.ts';
import { bytes } from './support/bytes.ts';

/** Behind other bytes, as in a buffer that was read from before. */
function bufferOf(data: string): ReceiveBuffer {
  const buffer = new ReceiveBuffer();
  buffer.append(bytes(`junk${data}`));
  buffer.consume(4);
  return buffer;
}

const SERVER = serverSettings();
const CLIENT = clientSettings();

/** What the short way makes of a request; it has to be what the scanners make of it, if anything. */
function request(head: string, settings = SERVER): unknown {
  const event = wholeRequest(bufferOf(head), settings);
  if (event !== null) {
    expect(event).toEqual(new RequestHeadParser().parse(bufferOf(head), settings));
  }
  return event;
}

function response(head: string, settings = CLIENT, method = 'GET'): unknown {
  const event = wholeResponse(bufferOf(head), settings, method);
  if (event !== null) {
    expect(event).toEqual(new ResponseHeadParser().parse(bufferOf(head), settings, method));
  }
  return event;
}

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';
const POST =
  'POST /a%2Fb?c=%41 HTTP/1.1\r\nContent-Length: 5\r\nhost:  a.b-c:80  \r\nX-Y: z, "%" {}\r\n' +
  'Expect: 100-continue\r\nConnection: Keep-Alive, Upgrade\r\nUpgrade: toy/1, h2c\r\nE:\r\n\r\n';
const OK =
  'HTTP/1.1 200 OK or not\r\nContent-Length: 5\r\nKeep-Alive: timeout=5\r\nX-Y: z\r\nE:\r\n\r\n';

describe('requests', () => {
  test.each([
    GET,
    POST,
    `${GET}and more`,
    'HEAD /?? HTTP/1.0\r\n\r\n',
    'PUT / HTTP/1.1\r\nHost:\r\nTransfer-Encoding: chunked\r\n\r\n',
    'GET / HTTP/1.1\r\nX: 1\r\nHOST: 127.0.0.1:8080\r\nx: 2\r\n\r\n',
  ])('%j is read', (head) => expect(request(head)).not.toBeNull());

  test.each([
    ['', 'nothing'],
    ['GET /', 'a part of a line'],
    [' / HTTP/1.1\r\nHost: a\r\n\r\n', 'no method'],
    ['GE@ / HTTP/1.1\r\nHost: a\r\n\r\n', 'no token'],
    ['GET  / HTTP/1.1\r\nHost: a\r\n\r\n', 'two spaces'],
    ['OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n', 'asterisk-form'],
    ['GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n', 'absolute-form'],
    ['CONNECT /:80 HTTP/1.1\r\nHost: a\r\n\r\n', 'CONNECT'],
    ['GET /%4 HTTP/1.1\r\nHost: a\r\n\r\n', 'half a percent-encoding'],
    ['GET /% HTTP/1.1\r\nHost: a\r\n\r\n', 'less of one'],
    ['GET /[ HTTP/1.1\r\nHost: a\r\n\r\n', 'a byte that no path has'],
    ['GET / HTTP/1.2\r\nHost: a\r\n\r\n', 'another version'],
    ['GET / HTTP/1.1\nHost: a\r\n\r\n', 'a bare LF'],
    ['GET / HTTP/1.1\r\n\r\n', 'no Host'],
    ['GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n', 'two of them'],
    ['GET / HTTP/1.1\r\nHost: [::1]\r\n\r\n', 'an IP literal'],
    ['GET / HTTP/1.1\r\nHost: a:b\r\n\r\n', 'no port'],
    ['GET / HTTP/1.1\r\nHost: %41\r\n\r\n', 'a host with a percent-encoding'],
    ['GET / HTTP/1.1\r\nHost: a\r\nX : b\r\n\r\n', 'a space in front of the colon'],
    ['GET / HTTP/1.1\r\nHost: a\r\nX:\tb\r\n\r\n', 'HTAB'],
    ['GET / HTTP/1.1\r\nHost: a\r\nX: \u00e9\r\n\r\n', 'obs-text'],
    ['GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n', 'obs-fold'],
    ['GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n', 'no name'],
    ['GET / HTTP/1.1\r\nHost: a\r\nX: b\rc\r\n\r\n', 'a bare CR'],
    ['GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n\rc', 'no end'],
    ['GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n', 'no length'],
  ])('%j (%s) is left to the scanners', (head) => expect(request(head)).toBeNull());

  test('limits hold exactly', () => {
    const limited = (limits: object) => serverSettings({ limits });
    const limits: [string, number][] = [
      ['headBytesMax', POST.length],
      ['startLineBytesMax', POST.indexOf('\r')],
      ['methodBytesMax', 4],
      ['fieldsMax', 7],
      ['contentBytesMax', 5],
    ];
    for (const [name, enough] of limits) {
      expect(request(POST, limited({ [name]: enough }))).not.toBeNull();
      expect(request(POST, limited({ [name]: enough - 1 }))).toBeNull();
    }
    const many = (count: number) => GET.replace('\r\n\r\n', `\r\n${'A: b\r\n'.repeat(count)}\r\n`);
    expect(request(many(127), limited({ fieldsMax: 1000 }))).not.toBeNull();
    expect(request(many(128), limited({ fieldsMax: 1000 }))).toBeNull();
  });
});

describe('responses', () => {
  test.each([
    OK,
    'HTTP/1.0 404 \r\n\r\n',
    'HTTP/1.1 999 ?\r\nConnection: close\r\n\r\n',
    'HTTP/1.1 200 OK\r\nHost: [\r\n\r\n'.replace('Host: [', 'Host: a'),
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n',
  ])('%j is read', (head) => expect(response(head)).not.toBeNull());

  test.each([
    ['', 'nothing'],
    ['HTTP/1.1 200', 'a part of a line'],
    ['HTTP/1.1 200\r\n\r\n\r\n', 'no space'],
    ['HTTP/1.1  200 OK\r\n\r\n', 'two spaces'],
    ['HTTP/1.1 20x OK\r\n\r\n', 'no code'],
    ['HTTP/1.1 200 \u00e9\r\n\r\n', 'obs-text'],
    ['HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n', 'obs-fold'],
    ['HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n', 'no length'],
  ])('%j (%s) is left to the scanner', (head) => expect(response(head)).toBeNull());

  test('limits hold exactly', () => {
    const limited = (limits: object) => clientSettings({ limits });
    const limits: [string, number][] = [
      ['headBytesMax', OK.length],
      ['startLineBytesMax', OK.indexOf('\r')],
      ['fieldsMax', 4],
      ['contentBytesMax', 5],
    ];
    for (const [name, enough] of limits) {
      expect(response(OK, limited({ [name]: enough }))).not.toBeNull();
      expect(response(OK, limited({ [name]: enough - 1 }))).toBeNull();
    }
  });
});

test('no prefix is taken for a whole head', () => {
  for (let end = 0; end < POST.length; end++) expect(request(POST.slice(0, end))).toBeNull();
  for (let end = 0; end < OK.length; end++) expect(response(OK.slice(0, end))).toBeNull();
});

test('with any byte in any place of a head, both ways agree', () => {
  let read = 0;
  for (const [head, read1] of [[POST, request] as const, [OK, response] as const]) {
    for (let at = 0; at < head.length; at++) {
      for (let code = 0; code < 256; code++) {
        const changed = head.slice(0, at) + String.fromCharCode(code) + head.slice(at + 1);
        if (read1(changed) !== null) read++;
      }
    }
  }
  expect(read).toBeGreaterThan(10_000);
});

test('of heads cut and spliced, too', () => {
  const piece = fc.constantFrom(
    ...[
      GET,
      POST,
      OK,
      '\r\n',
      '\r',
      '\n',
      ' ',
      '\t',
      ':',
      'Host: a\r\n',
      '%',
      '\u00e9',
      'X: y\r\n',
    ],
  );
  const edit = fc.tuple(fc.nat(), fc.nat(20), piece);
  fc.assert(
    fc.property(fc.constantFrom(GET, POST, OK), fc.array(edit, { maxLength: 4 }), (head, edits) => {
      let changed = head;
      for (const [where, removed, added] of edits) {
        const at = where % (changed.length + 1);
        changed = changed.slice(0, at) + added + changed.slice(at + removed);
      }
      request(changed);
      response(changed);
    }),
    { numRuns: 3000 },
  );
});
