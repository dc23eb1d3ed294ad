// Where to begin: the inputs of the case files, and the words that the protocol is made of.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, parseCaseFile } from '@holdline/testkit';
import { HEADER_BYTES } from './script.mjs';

const SEED_BYTES_MAX = 1024;

/** The inputs of all cases with a role, behind a header of zeros. */
export function seedsFromCases(folder, role) {
  const seeds = new Map();
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.md')) continue;
    for (const { options, steps } of parseCaseFile(
      name,
      readFileSync(join(folder, name), 'utf8'),
    )) {
      if (options.get('role') !== role) continue;
      const inputs = steps.filter((step) => step.kind === 'input').flatMap(({ data }) => [...data]);
      if (inputs.length > SEED_BYTES_MAX) continue;
      seeds.set(String(inputs), Uint8Array.from([...new Array(HEADER_BYTES).fill(0), ...inputs]));
    }
  }
  return [...seeds.values()];
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
