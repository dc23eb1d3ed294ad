// Where to begin: the inputs of the case files, and the words that the protocol is made of.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, parseCaseFile } from '@holdline/testkit';
import { HEADER_BYTES } from './script.mjs';

const SEED_BYTES_MAX = 1024;

const START_LINES = { server: 'POST / HTTP/1.1\r\nHost: a\r\n', client: 'HTTP/1.1 200 OK\r\n' };
/** A client has to ask as often as it is answered: four times GET. */
const ACTIONS = { server: [0, 0], client: [0x80, 0x88] };

/** Messages that together are longer than the buffer which joins pieces. */
const LONG_MESSAGES = [
  [`Transfer-Encoding: chunked\r\n\r\n${`50\r\n${'x'.repeat(80)}\r\n`.repeat(14)}0\r\n\r\n`],
  [`Content-Length: 1200\r\n\r\n${'y'.repeat(1200)}`],
  new Array(4).fill(`X: ${'z'.repeat(200)}\r\nContent-Length: 5\r\n\r\nhello`),
];
/** How many ways of cutting are tried to begin with. */
const WAYS = 6;

/** The inputs of all cases with a role, and some that are longer than cases like to be. */
export function seedsFor(folder, role) {
  return [...seedsFromCases(folder, role), ...longSeeds(role)];
}

function seedOf(stream, actions = [0, 0], way = 0) {
  const header = new Array(HEADER_BYTES).fill(0);
  header.splice(2, 2, ...actions);
  header[HEADER_BYTES - 1] = way;
  return Uint8Array.from([...header, ...stream]);
}

function longSeeds(role) {
  const streams = LONG_MESSAGES.map((messages) =>
    bytesOf(messages.map((message) => START_LINES[role] + message).join('')),
  );
  const ways = Array.from({ length: WAYS }, (_, way) => way);
  return streams.flatMap((stream) => ways.map((way) => seedOf(stream, ACTIONS[role], way)));
}

function seedsFromCases(folder, role) {
  return streamsOfCases(folder, role).map((stream) => seedOf(stream));
}

/** What goes in in all cases of a folder with a role, each stream once. */
export function streamsOfCases(folder, role) {
  const streams = new Map();
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.md')) continue;
    for (const { options, steps } of parseCaseFile(
      name,
      readFileSync(join(folder, name), 'utf8'),
    )) {
      if (options.get('role') !== role) continue;
      const inputs = steps.filter((step) => step.kind === 'input').flatMap(({ data }) => [...data]);
      if (inputs.length <= SEED_BYTES_MAX) streams.set(String(inputs), inputs);
    }
  }
  return [...streams.values()];
}

/** Pieces of messages. */
export const HTTP_WORDS = [
  'GET ',
  'POST ',
  'HEAD ',
  'CONNECT a:1 ',
  'OPTIONS * ',
  '/ ',
  ' HTTP/1.1\r\n',
  ' HTTP/1.0\r\n',
  'HTTP/1.1 ',
  '200 OK\r\n',
  'HTTP/1.1 100 Continue\r\n\r\n',
  'HTTP/1.1 101 S\r\nUpgrade: toy\r\nConnection: upgrade\r\n\r\n',
  'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
  '204 \r\n',
  '304 \r\n',
  'GET / HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
  'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n',
  'Host: a\r\n',
  '\r\n',
  '\r\n\r\n',
  '\r\n ',
  'Content-Length: 5\r\n',
  'Content-Length: ',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: ',
  'chunked',
  'gzip',
  ', ',
  ': ',
  ';a=b',
  ';a="b"',
  '\\"',
  '"',
  '0\r\n\r\n',
  '0\r\nx: y\r\n\r\n',
  '5\r\nhello\r\n',
  'Connection: close\r\n',
  'Connection: keep-alive\r\n',
  'Connection: upgrade\r\nUpgrade: toy\r\n',
  'Connection: ',
  'Upgrade: ',
  'Expect: 100-continue\r\n',
  'Keep-Alive: timeout=5, max=2\r\n',
  'TE: trailers\r\n',
  'Trailer: x\r\n',
  'ffffffffff',
  '%41',
  '[::1]',
  'http://a/',
  'a@b:80',
].map(bytesOf);
