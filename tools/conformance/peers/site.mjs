// What every server under test serves: a few files, each with its own name as content.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** Target and content. */
export const SITE = new Map([
  ['/', 'home'],
  ...['probe', 'hidden', 'packed', 'a', 'b', 'c'].map((name) => [`/${name}`, name]),
]);

/** A temporary folder with the site in `site/`, and room for configuration and logs beside it. */
export class Folder {
  constructor() {
    this.path = mkdtempSync(join(tmpdir(), 'conformance-'));
    this.site = join(this.path, 'site');
    // For servers that give up the rights of whoever starts them.
    chmodSync(this.path, 0o755);
    mkdirSync(this.site);
    for (const [target, content] of SITE) {
      this.#place(target === '/' ? 'index.html' : target.slice(1), content);
    }
    this.#place('packed.gz', gzipSync('packed'));
  }

  /** With a time that says nothing of a change within this second. */
  #place(name, content) {
    const file = join(this.site, name);
    writeFileSync(file, content);
    utimesSync(file, 1_600_000_000, 1_600_000_000);
  }

  /** Writes a file beside the site and returns its path. */
  write(name, text) {
    const file = join(this.path, name);
    writeFileSync(file, text);
    return file;
  }

  remove() {
    rmSync(this.path, { recursive: true, force: true });
  }
}
