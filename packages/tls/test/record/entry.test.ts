import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const source = fileURLToPath(new URL('../../src', import.meta.url));

/** The files that are loaded with one, itself included: types alone load nothing. */
function loadedWith(file: string, loaded: Set<string> = new Set()): Set<string> {
  if (loaded.has(file)) return loaded;
  loaded.add(file);
  const text = readFileSync(file, 'utf8').replace(/(?:im|ex)port type [^;]*;/g, '');
  for (const [, path] of text.matchAll(/from '(\.[^']+)'/g)) {
    loadedWith(join(dirname(file), path!), loaded);
  }
  return loaded;
}

function foldersOf(entry: string): Set<string> {
  const files = [...loadedWith(join(source, entry))];
  return new Set(files.map((file) => dirname(relative(source, file))));
}

test('who imports the record layer alone loads nothing of the handshake', () => {
  expect([...foldersOf('record/index.ts')].sort()).toEqual(['.', 'bytes', 'record']);
  const own = [...loadedWith(join(source, 'record/index.ts'))]
    .map((file) => relative(source, file))
    .filter((file) => dirname(file) === '.');
  expect(own.sort()).toEqual(['alert.ts', 'fault.ts', 'local-error.ts', 'peer-fault.ts']);
});

test('each role loads the record layer and not the other role', () => {
  const client = [...loadedWith(join(source, 'client.ts'))].map((file) => relative(source, file));
  const server = [...loadedWith(join(source, 'server.ts'))].map((file) => relative(source, file));
  expect(client).toContain('record/record-reader.ts');
  expect(server).toContain('record/record-reader.ts');
  expect(client).not.toContain('handshake/server-flight.ts');
  expect(server).not.toContain('handshake/client-offer.ts');
});
