// Builds with a bug that was put in on purpose: what a target is there to find.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { instrumentFolder } from '../../instrument.mjs';

/** A piece of one built file, and what stands there instead. */
export interface Bug {
  readonly file: string;
  readonly text: string;
  readonly replacement: string;
}

/** Copies of builds in a folder of their own, from where imports resolve as from here. */
export class Workshop {
  readonly #folder: string = mkdtempSync(
    join(import.meta.dirname, '..', '..', 'node_modules', '.injected-'),
  );
  #copies = 0;

  /** An instrumented copy of a build; throws when there is no place for the bug. */
  copy(build: string, bug: Bug | null): string {
    const folder = join(this.#folder, String(this.#copies++));
    cpSync(build, folder, { recursive: true });
    if (bug !== null) {
      const file = join(folder, bug.file);
      const source = readFileSync(file, 'utf8');
      if (!source.includes(bug.text)) throw new Error(`${bug.file} has no ${bug.text}`);
      writeFileSync(file, source.replace(bug.text, bug.replacement));
    }
    return instrumentFolder(folder, `${folder}-instrumented`);
  }

  /** Takes everything away. */
  clear(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
