// Files that a build has compressed beforehand: `app.js.br`, `app.js.zst` and `app.js.gz` are
// representations of `app.js`, chosen by Accept-Encoding (RFC 9110 section 12.5.3).
import { acceptableCodings, IDENTITY } from './semantics/accept-encoding.ts';
import type { OpenedEntry, ServedFolder } from './served-folder.ts';

/** Content codings in our order of preference, the smallest content first, and how files say them. */
const EXTENSIONS: ReadonlyMap<string, string> = new Map([
  ['br', '.br'],
  ['zstd', '.zst'],
  ['gzip', '.gz'],
]);

const OFFERED: readonly string[] = [...EXTENSIONS.keys(), IDENTITY];

/** A file in one of its codings. */
export interface Representation {
  readonly file: OpenedEntry;
  /** A content coding, or `identity`. */
  readonly coding: string;
}

/** What lies beside a file. */
export class PrebuiltFiles {
  readonly #folder: ServedFolder;
  readonly #names: readonly string[];
  readonly #original: OpenedEntry;
  readonly #report: (error: unknown) => void;

  /** `names` lead to the original; `report` is told of prebuilt files that cannot be opened. */
  constructor(
    folder: ServedFolder,
    names: readonly string[],
    original: OpenedEntry,
    report: (error: unknown) => void,
  ) {
    this.#folder = folder;
    this.#names = names;
    this.#original = original;
    this.#report = report;
  }

  /**
   * The representation that a client prefers, which may be the original; null when it takes none of
   * those that there are. `acceptEncoding` is the field's value, null when it is absent.
   */
  async select(acceptEncoding: string | null): Promise<Representation | null> {
    for (const coding of acceptableCodings(acceptEncoding, OFFERED)) {
      const file = coding === IDENTITY ? this.#original : await this.#open(coding);
      if (file !== null) return { file, coding };
    }
    return null;
  }

  /** The names of those that there are, to be asked for one by one. */
  async fileNames(): Promise<string[]> {
    const found: string[] = [];
    for (const coding of EXTENSIONS.keys()) {
      const file = await this.#open(coding);
      await file?.handle.close();
      if (file !== null) found.push(this.#nameOf(coding));
    }
    return found;
  }

  /**
   * Null when there is none, or one that is older than the original: somebody has edited that and not
   * built again. Times are compared in whole seconds, which is all that some compressors copy.
   */
  async #open(coding: string): Promise<OpenedEntry | null> {
    const names = [...this.#names.slice(0, -1), this.#nameOf(coding)];
    try {
      const file = await this.#folder.open(names);
      if (file === null) return null;
      if (!file.isFolder && secondOf(file) >= secondOf(this.#original)) return file;
      await file.handle.close();
    } catch (error) {
      // What it would have said the original says as well.
      this.#report(error);
    }
    return null;
  }

  #nameOf(coding: string): string {
    return `${this.#names.at(-1) ?? ''}${EXTENSIONS.get(coding) ?? ''}`;
  }
}

function secondOf({ modifiedNs }: OpenedEntry): bigint {
  return modifiedNs / 1_000_000_000n;
}
