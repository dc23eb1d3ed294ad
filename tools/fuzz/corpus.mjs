// Seeds and words from the case files: what people thought worth writing down is where to begin.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, parseCaseFile } from '@holdline/testkit/transcript';

/** The inputs of all cases with a role, each with the prefix that a target's inputs have. */
export function seedsFromCases(folder, role, prefix) {
  const seeds = new Map();
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.md'))) {
    for (const { options, steps } of parseCaseFile(
      name,
      readFileSync(join(folder, name), 'utf8'),
    )) {
      if (options.get('role') !== role) continue;
      const inputs = steps.filter((step) => step.kind === 'input').flatMap(({ data }) => [...data]);
      if (inputs.length <= 1024) seeds.set(String(inputs), Uint8Array.from([...prefix, ...inputs]));
    }
  }
  return [...seeds.values()];
}

/** Words that these protocols are made of. */
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
  '100 Continue\r\n\r\n',
  '101 S\r\n',
  '204 \r\n',
  '304 \r\n',
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
  ';a=b',
  ';a="b"',
  '\\"',
  '"',
  '0\r\n\r\n',
  '5\r\nhello\r\n',
  'Connection: close\r\n',
  'Connection: keep-alive\r\n',
  'Connection: upgrade\r\nUpgrade: toy\r\n',
  'Expect: 100-continue\r\n',
  'Keep-Alive: timeout=5, max=2\r\n',
  'Trailer: x\r\n',
  'ffffffffff',
  '9007199254740993',
  '%41',
  '[::1]',
  'http://a/',
].map(bytesOf);
