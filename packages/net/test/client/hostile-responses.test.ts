// Responses that no server may send, over TCP, as a whole and byte by byte: each fails its own request
// with the right code, its connection is not used again, and the next request gets its own response.
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HttpClient, type HttpClientError } from '../../src/index.ts';
import { drip, ok, RawServer } from './support/raw-server.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: chunked\r\n\r\n`;

/** What is answered, and the fault that it is. */
type Case = readonly [name: string, faultCode: string, answer: string];

const statusLines: readonly Case[] = [
  ['another protocol', 'HTTP1_INVALID_VERSION', '220 mail.example ESMTP\r\n'],
  ['an alert of TLS', 'HTTP1_INVALID_VERSION', '\x15\x03\x01\x00\x02\x02\x28'],
  ['HTTP/2', 'HTTP1_UNSUPPORTED_VERSION', 'HTTP/2.0 200 OK\r\n\r\n'],
  ['HTTP/0.9', 'HTTP1_INVALID_VERSION', '<html>hello</html>\r\n'],
  ['a version in lower case', 'HTTP1_INVALID_VERSION', 'http/1.1 200 OK\r\n\r\n'],
  ['an empty line first', 'HTTP1_INVALID_VERSION', `\r\n${ok('late')}`],
  ['no space behind the version', 'HTTP1_INVALID_STATUS_LINE', 'HTTP/1.1200 OK\r\n\r\n'],
  ['two spaces', 'HTTP1_INVALID_STATUS_LINE', 'HTTP/1.1  200 OK\r\n\r\n'],
  ['a status of two digits', 'HTTP1_INVALID_STATUS_LINE', 'HTTP/1.1 99 Few\r\n\r\n'],
  ['a status of four digits', 'HTTP1_INVALID_STATUS_LINE', 'HTTP/1.1 1000 Many\r\n\r\n'],
  ['a negative status', 'HTTP1_INVALID_STATUS_LINE', 'HTTP/1.1 -20 Minus\r\n\r\n'],
  ['NUL in the reason', 'HTTP1_INVALID_STATUS_LINE', 'HTTP/1.1 200 O\0K\r\n\r\n'],
  ['a bare LF behind it', 'HTTP1_BARE_LF', 'HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n'],
];

const fields: readonly Case[] = [
  ['a bare LF', 'HTTP1_BARE_LF', `${OK}A: b\nContent-Length: 0\r\n\r\n`],
  ['a head that ends with LF', 'HTTP1_BARE_LF', `${OK}Content-Length: 0\n\n`],
  ['a bare CR', 'HTTP1_BARE_CR', `${OK}A: b\rContent-Length: 9\r\n\r\n`],
  ['NUL in a value', 'HTTP1_INVALID_FIELD_VALUE', `${OK}A: b\0c\r\n\r\n`],
  ['NUL in a name', 'HTTP1_INVALID_FIELD_NAME', `${OK}A\0: b\r\n\r\n`],
  ['a space in a name', 'HTTP1_SPACE_BEFORE_COLON', `${OK}A B: c\r\n\r\n`],
  ['a space before the colon', 'HTTP1_SPACE_BEFORE_COLON', `${OK}Content-Length : 0\r\n\r\n`],
  ['a space before the first name', 'HTTP1_INVALID_FIELD_NAME', `${OK} A: b\r\n\r\n`],
  ['no colon', 'HTTP1_MISSING_COLON', `${OK}nothing\r\n\r\n`],
  ['no name', 'HTTP1_INVALID_FIELD_NAME', `${OK}: b\r\n\r\n`],
  ['too many fields', 'HTTP1_TOO_MANY_FIELDS', `${OK}${'A: b\r\n'.repeat(129)}\r\n`],
];

const lengths: readonly Case[] = [
  ['two lengths', 'HTTP1_INVALID_CONTENT_LENGTH', `Content-Length: 1\r\nContent-Length: 2`],
  ['a list of lengths', 'HTTP1_INVALID_CONTENT_LENGTH', 'Content-Length: 1, 2'],
  ['a negative length', 'HTTP1_INVALID_CONTENT_LENGTH', 'Content-Length: -1'],
  ['a sign', 'HTTP1_INVALID_CONTENT_LENGTH', 'Content-Length: +1'],
  ['a hexadecimal length', 'HTTP1_INVALID_CONTENT_LENGTH', 'Content-Length: 0x1'],
  ['an exponent', 'HTTP1_INVALID_CONTENT_LENGTH', 'Content-Length: 1e1'],
  ['no length', 'HTTP1_INVALID_CONTENT_LENGTH', 'Content-Length:'],
  ['2 to the 64th', 'HTTP1_INVALID_CONTENT_LENGTH', 'Content-Length: 18446744073709551616'],
  ['both', 'HTTP1_AMBIGUOUS_LENGTH', 'Content-Length: 1\r\nTransfer-Encoding: chunked'],
  ['chunked twice', 'HTTP1_INVALID_TRANSFER_ENCODING', 'Transfer-Encoding: chunked, chunked'],
  ['a coding that is no token', 'HTTP1_INVALID_TRANSFER_ENCODING', 'Transfer-Encoding: "chunked"'],
  ['a vertical tab', 'HTTP1_INVALID_FIELD_VALUE', 'Transfer-Encoding: \x0bchunked'],
].map(([name = '', fault = '', lines = '']) => [name, fault, `${OK}${lines}\r\n\r\n1\r\n`]);

const chunks: readonly Case[] = [
  ['no size', 'HTTP1_INVALID_CHUNK_SIZE', '\r\n'],
  ['a size that is no number', 'HTTP1_INVALID_CHUNK_SIZE', 'g\r\n'],
  ['a negative size', 'HTTP1_INVALID_CHUNK_SIZE', '-1\r\n'],
  ['a prefix', 'HTTP1_INVALID_CHUNK_SIZE', '0x1\r\n'],
  ['2 to the 64th', 'HTTP1_INVALID_CHUNK_SIZE', '10000000000000000\r\n'],
  ['a row of zeros', 'HTTP1_INVALID_CHUNK_SIZE', '0'.repeat(100)],
  ['a bare LF', 'HTTP1_BARE_LF', '1\na\r\n'],
  ['more data than its size', 'HTTP1_INVALID_CHUNK_END', '1\r\nab\r\n'],
  ['LF behind data', 'HTTP1_INVALID_CHUNK_END', '1\r\na\n0\r\n\r\n'],
  ['LF in an extension', 'HTTP1_BARE_LF', '1;a=b\na\r\n'],
  ['a quoted CR in one', 'HTTP1_INVALID_CHUNK_EXTENSION', '1;a="\r\n0\r\n\r\n"\r\n'],
  ['an invalid trailer', 'HTTP1_SPACE_BEFORE_COLON', '0\r\nA B: c\r\n\r\n'],
  ['NUL in a trailer', 'HTTP1_INVALID_FIELD_VALUE', '0\r\nA: \0\r\n\r\n'],
].map(([name = '', fault = '', chunk = '']) => [name, fault, `${CHUNKED}${chunk}`]);

const INFORMATION = 'HTTP/1.1 103 Early Hints\r\n\r\n';
const excesses: readonly Case[] = [
  ['a reason without end', 'HTTP1_START_LINE_TOO_LONG', `${OK.trim()}${'a'.repeat(16_400)}`],
  ['a head without end', 'HTTP1_HEAD_TOO_LARGE', `${OK}A: ${'a'.repeat(33_000)}`],
  ['informational responses without end', 'HTTP1_TOO_MANY_INFORMATIONAL', INFORMATION.repeat(99)],
  [
    'one extension without end',
    'HTTP1_CHUNK_EXTENSIONS_TOO_LARGE',
    `${CHUNKED}1;a=${'a'.repeat(17_000)}`,
  ],
  [
    'many extensions',
    'HTTP1_CHUNK_EXTENSIONS_TOO_LARGE',
    CHUNKED + `1;a=${'a'.repeat(99)}\r\nb\r\n`.repeat(200),
  ],
  ['trailers without end', 'HTTP1_TRAILERS_TOO_LARGE', `${CHUNKED}0\r\nA: ${'a'.repeat(17_000)}`],
];

const switches: readonly Case[] = [
  [
    'one that was not asked for',
    'HTTP1_UNEXPECTED_SWITCH',
    'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: toy\r\n\r\n',
  ],
  [
    'one to nothing',
    'HTTP1_UNEXPECTED_SWITCH',
    'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\n\r\n',
  ],
];

/** The server's answers to `/evil`. */
let evil: (socket: Socket) => void = () => {};
let server: RawServer;
/** A single connection, so that one which is not let go of would stop everything. */
const client = new HttpClient({ connectionsPerOriginMax: 1 });

beforeAll(async () => {
  server = await new RawServer((request, socket) => {
    if (request.target === '/evil') evil(socket);
    else socket.write(ok(request.target));
  }).listen();
});
afterAll(async () => {
  await client.close();
  expect(client.connections).toEqual([]);
  await server.close();
});

async function get(target: string): Promise<{ text: string; connection: number }> {
  const { content, connection } = await client.request({ origin: server.origin, target });
  return { text: await content.text(), connection: connection.id };
}

/** Makes a request between two others; resolves with its error. */
async function between(answer: (socket: Socket) => void): Promise<HttpClientError> {
  evil = answer;
  const before = await get('/before');
  expect(before.text).toBe('/before');
  const seenBefore = server.count('/evil');
  const error = await get('/evil').then(
    () => null,
    (reason: HttpClientError) => reason,
  );
  const after = await get('/after');
  expect(after.text).toBe('/after');
  expect(after.connection).toBe(before.connection + 1);
  const [connection] = client.connections;
  expect(connection).toMatchObject({ id: after.connection, state: 'idle', outstanding: 0 });
  expect(client.connections).toHaveLength(1);
  await server.closed(before.connection);
  expect(server.count('/evil')).toBe(seenBefore + 1);
  if (error === null) throw new Error('the request was answered');
  return error;
}

const groups = { statusLines, fields, lengths, chunks, switches, excesses };

describe.each(Object.entries(groups))('%s', (group, cases) => {
  it.each(cases)('%s: %s', async (_name, faultCode, answer) => {
    const error = await between((socket) => socket.write(answer, 'latin1'));
    expect(error).toMatchObject({
      code: 'HTTP_CLIENT_RESPONSE_INVALID',
      faultCode,
      safeToRetry: false,
    });
    if (group === 'excesses') return;
    const same = await between((socket) => void drip(socket, answer));
    expect([same.code, same.faultCode]).toEqual([error.code, error.faultCode]);
  });
});

describe('what looks wrong and is not', () => {
  it.each([
    ['a status below 100', `HTTP/1.1 099 Few\r\nContent-Length: 2\r\n\r\n`, 99],
    ['a status above 599', `HTTP/1.1 999 Many\r\nContent-Length: 2\r\n\r\n`, 999],
    ['the same length twice', `${OK}Content-Length: 2\r\nContent-Length: 2\r\n\r\n`, 200],
    ['a folded value', `${OK}A: b\r\n c\r\nContent-Length: 2\r\n\r\n`, 200],
    ['a minor version of later', 'HTTP/1.9 200 OK\r\nContent-Length: 2\r\n\r\n', 200],
  ])('%s', async (_name, head, status) => {
    evil = (socket) => void drip(socket, `${head}ok`);
    const response = await client.request({ origin: server.origin, target: '/evil' });
    expect(response.status).toBe(status);
    expect(await response.content.text()).toBe('ok');
  });
});
