import type { ConnectionInfo, HttpExchange, HttpResponse } from '@holdline/net';
import { describe, expect, test } from 'vitest';
import { faultLine } from '../src/fault-log.ts';
import type { ServedFolder } from '../src/served-folder.ts';
import { staticFiles } from '../src/static-files.ts';

/** An exchange that keeps what it is answered. */
function exchangeOf(target: string) {
  const responses: HttpResponse[] = [];
  const exchange = {
    head: { method: 'GET', target },
    number: 2,
    connection: { id: 3 },
    respond: (response: HttpResponse) => responses.push(response),
  } as unknown as HttpExchange;
  return { exchange, responses };
}

describe('what the file system cannot do', () => {
  test.each([
    ['EACCES', 403, 'permission denied (EACCES)'],
    ['EPERM', 403, 'not permitted (EPERM)'],
    ['EMFILE', 500, 'too many open files (EMFILE)'],
    ['EIO', 500, 'the device failed (EIO)'],
    ['EWHATEVER', 500, 'open \\x0a/a.txt'],
  ])('%s is answered %i and told in one line', async (code, status, said) => {
    const error = Object.assign(new Error('open \n/a.txt'), { code });
    const folder = { open: () => Promise.reject(error) } as unknown as ServedFolder;
    const lines: string[] = [];
    const { exchange, responses } = exchangeOf('/"a.txt');
    await staticFiles(folder, (...fault) => lines.push(faultLine(...fault)))(exchange);
    expect(responses.map((response) => response.status)).toEqual([status]);
    expect(lines).toEqual([`${said} for #3.2 "GET /\\"a.txt"`]);
    // The client learns nothing about our insides.
    expect(JSON.stringify(responses)).not.toContain(code);
  });
});

test('a listing is given up with its client', async () => {
  const controller = new AbortController();
  const entry = { isFolder: true, handle: { close: () => Promise.resolve() } };
  const signals: AbortSignal[] = [];
  const folder = {
    open: (names: readonly string[]) => Promise.resolve(names.length === 0 ? entry : null),
    list: (_folder: unknown, signal: AbortSignal) => {
      signals.push(signal);
      return Promise.resolve({ entries: [], isCut: false });
    },
  } as unknown as ServedFolder;
  const { exchange } = exchangeOf('/');
  Object.assign(exchange, { signal: controller.signal });
  Object.assign(exchange.head, { fields: [] });
  await staticFiles(folder, () => {})(exchange);
  expect(signals).toEqual([controller.signal]);
});

test('a fault names its connection, where it has one', () => {
  const error = new Error('broken');
  expect(faultLine(error, { id: 3, requests: 2 } as ConnectionInfo)).toBe('broken on #3.2');
  expect(faultLine(error, null)).toBe('broken');
  expect(faultLine('\x1b', null)).toBe('\\x1b');
});
