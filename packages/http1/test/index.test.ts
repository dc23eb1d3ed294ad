import { expect, test } from 'vitest';
import * as client from '../src/client.ts';
import * as index from '../src/index.ts';
import * as server from '../src/server.ts';

test('the main entry has both roles and the pure parts', () => {
  const both = { ...client, ...server };
  const all: Readonly<Record<string, unknown>> = { ...index };
  for (const [name, value] of Object.entries(both)) {
    expect(all[name], name).toBe(value);
  }
  const own = Object.keys(index).filter((name) => !(name in both));
  expect(own.sort()).toEqual([
    'parseAuthority',
    'parseKeepAlive',
    'requestLength',
    'responseLength',
  ]);
});

test('an entry has nothing of the other role', () => {
  expect(Object.keys(client).filter((name) => /server/i.test(name))).toEqual([]);
  expect(Object.keys(server).filter((name) => /client/i.test(name))).toEqual([]);
});
