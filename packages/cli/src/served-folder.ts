// A folder whose files are served: opens what lies inside, and nothing else.
import { type BigIntStats, constants, type Dirent } from 'node:fs';
import { type FileHandle, lstat, open, opendir, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Containment, chooseContainment, liesInside } from './containment.ts';
import { isServedName } from './safe-path.ts';
import { errorCode } from './system-error.ts';

/** Entries of a folder that are listed. */
const ENTRIES_MAX = 5000;

/**
 * Reading only; a FIFO does not wait for its writer, and a terminal does not become ours. Windows
 * has neither.
 */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/** Codes of errors that mean: there is nothing here. */
const ABSENT: ReadonlySet<string> = new Set([
  'ENOENT',
  'ENOTDIR',
  'ENAMETOOLONG',
  'ELOOP',
  'EINVAL',
  // A socket, or a FIFO or device whose other side is missing.
  'ENXIO',
  'ENODEV',
  // Node's own, for NUL.
  'ERR_INVALID_ARG_VALUE',
]);

/** An open file or folder, which lies inside. Whoever has it closes the handle. */
export interface OpenedEntry extends EntryState {
  readonly handle: FileHandle;
  /** What to append a name to, to find what is in this very folder. */
  readonly path: string;
}

/** What the system says of a file or folder, and what changes when anything of it does. */
export interface EntryState {
  readonly isFolder: boolean;
  readonly sizeBytes: number;
  /** When the content was modified, as programs may set it; Unix nanoseconds. */
  readonly modifiedNs: bigint;
  /** When anything was changed, as the system alone sets it; Unix nanoseconds. */
  readonly changedNs: bigint;
  /** Which file it is; another one may have its name later. */
  readonly inode: bigint;
}

/** One line of a listing. */
export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
  /** Of a file. */
  readonly sizeBytes: number;
  /** Unix milliseconds. */
  readonly modifiedMs: number;
}

/** What a folder has that may be listed. */
export interface FolderEntries {
  readonly entries: readonly FolderEntry[];
  /** There are more than are listed. */
  readonly isCut: boolean;
}

/** Opens the entries of one folder by lists of plain names. */
export class ServedFolder {
  /** As the user gave it, made absolute. */
  readonly path: string;
  /** Without links, so that everything comes from one folder even when these change. */
  readonly #realPath: string;
  /** The same, as the way of containment says it. */
  readonly #truePath: string;
  readonly #containment: Containment;

  private constructor(path: string, realPath: string, truePath: string, containment: Containment) {
    this.path = path;
    this.#realPath = realPath;
    this.#truePath = truePath;
    this.#containment = containment;
  }

  /** Looks at the folder once. Rejects with the system's error, ENOTDIR for what is no folder. */
  static async at(folder: string): Promise<ServedFolder> {
    const path = resolve(folder);
    const realPath = await realpath(path);
    const handle = await open(realPath, OPEN_FLAGS);
    try {
      if (!(await handle.stat()).isDirectory()) throw notAFolder();
      const containment = await chooseContainment(handle);
      const truePath = await containment.truePath(handle, realPath);
      // It was replaced within this moment.
      if (truePath === null) throw notAFolder();
      return new ServedFolder(path, realPath, truePath, containment);
    } finally {
      await handle.close();
    }
  }

  /**
   * Opens a regular file or a folder by plain names. Null when there is none, or when it lies
   * outside, is hidden or is something else, such as a device. Rejects with the system's error when
   * it cannot be opened.
   */
  open(names: readonly string[]): Promise<OpenedEntry | null> {
    return this.#open(join(this.#realPath, ...names));
  }

  /**
   * What may be asked for in an open folder, in no order; at most 5000 entries. Each costs a look at
   * the disk: when `signal` is aborted, nobody waits for the rest, and it is cut.
   */
  async list(folder: OpenedEntry, signal: AbortSignal): Promise<FolderEntries> {
    const entries: FolderEntry[] = [];
    for await (const found of await opendir(folder.path)) {
      if (!isServedName(found.name)) continue;
      if (entries.length === ENTRIES_MAX || signal.aborted) return { entries, isCut: true };
      const state = await this.#look(join(folder.path, found.name), found);
      if (state === null) continue;
      const { isFolder, sizeBytes, modifiedNs } = state;
      entries.push({
        name: found.name,
        isFolder,
        sizeBytes,
        modifiedMs: Number(modifiedNs / 1_000_000n),
      });
    }
    return { entries, isCut: false };
  }

  async #open(path: string): Promise<OpenedEntry | null> {
    let handle: FileHandle | null = null;
    let isServed = false;
    try {
      handle = await open(path, OPEN_FLAGS);
      const stats = await handle.stat({ bigint: true });
      if (!stats.isFile() && !stats.isDirectory()) return null;
      const truePath = await this.#containment.truePath(handle, path);
      isServed = truePath !== null && liesInside(truePath, this.#truePath);
      if (!isServed) return null;
      return { ...stateOf(stats), handle, path: this.#containment.pathWithin(handle, path) };
    } catch (error) {
      if (ABSENT.has(errorCode(error))) return null;
      throw error;
    } finally {
      if (!isServed) await handle?.close();
    }
  }

  /** Null for what would not be served. */
  async #look(path: string, found: Dirent): Promise<EntryState | null> {
    try {
      if (found.isFile() || found.isDirectory()) {
        return stateOf(await lstat(path, { bigint: true }));
      }
      if (!found.isSymbolicLink()) return null;
      const opened = await this.#open(path);
      await opened?.handle.close();
      return opened;
    } catch {
      // It has gone meanwhile, or is a link to what may not be read.
      return null;
    }
  }
}

function stateOf(stats: BigIntStats): EntryState {
  return {
    isFolder: stats.isDirectory(),
    sizeBytes: Number(stats.size),
    modifiedNs: stats.mtimeNs,
    changedNs: stats.ctimeNs,
    inode: stats.ino,
  };
}

function notAFolder(): Error {
  return Object.assign(new Error('not a folder'), { code: 'ENOTDIR' });
}
