// A folder with everything in it that may and may not be served.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What lies outside says this, and must never be answered. */
export const SECRET = 'what nobody may read';

/** A temporary folder `site` and what surrounds it. */
export interface TestFolder {
  /** The folder to be served. */
  readonly site: string;
  /** The one around it. */
  readonly outside: string;
  remove(): void;
}

/** Makes it; without sockets and FIFOs where the platform has none. */
export async function makeFolder(): Promise<TestFolder> {
  const outside = realpathSync(mkdtempSync(join(tmpdir(), 'holdline-')));
  const site = join(outside, 'site');
  mkdirSync(join(site, 'docs', 'deep'), { recursive: true });
  mkdirSync(join(site, 'empty'));
  mkdirSync(join(site, 'with-index'));
  mkdirSync(join(site, '.git'));
  mkdirSync(join(outside, 'site-secret'));
  const write = (name: string, text: string): void => writeFileSync(join(outside, name), text);
  write('secret.txt', SECRET);
  write('site-secret/secret.txt', SECRET);
  write('site/a.txt', 'first\n');
  write('site/with-index/index.html', '<h1>index</h1>');
  write('site/docs/page.html', '<p>page');
  write('site/docs/deep/data.json', '{}');
  write('site/.env', SECRET);
  write('site/.git/config', SECRET);
  write('site/empty.css', '');
  write('site/sp ace & "quo\'te" <b>.txt', 'odd');
  write('site/grüße.txt', 'umlaut');
  symlinkSync('../secret.txt', join(site, 'leaves.txt'));
  symlinkSync(join(outside, 'secret.txt'), join(site, 'leaves-absolute.txt'));
  symlinkSync('../site-secret', join(site, 'leaves-folder'));
  symlinkSync('.env', join(site, 'to-hidden'));
  symlinkSync('nowhere', join(site, 'dangling'));
  symlinkSync('loop', join(site, 'loop'));
  symlinkSync('docs/page.html', join(site, 'stays.html'));
  symlinkSync('docs', join(site, 'stays'));
  const socket = await placeSpecials(site);
  return {
    site,
    outside,
    remove() {
      socket?.close();
      rmSync(outside, { recursive: true, force: true });
    },
  };
}

async function placeSpecials(site: string): Promise<Server | null> {
  if (process.platform === 'win32') return null;
  execFileSync('/usr/bin/mkfifo', [join(site, 'fifo')]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(join(site, 'socket'), resolve));
  return server;
}
