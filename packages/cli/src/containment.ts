// Whether what was opened lies inside the folder. A path that is checked first and opened later may
// lead elsewhere by then, through a symbolic link put there in between; so the question is asked of
// the opened file.
//
// On Linux the kernel knows where an open file is: `/proc/self/fd/N` is a link to its path with
// every symbolic link resolved, and there is no moment between check and use. Elsewhere, the path is
// resolved and what lies there compared with what is open by device and inode. That leaves a gap for
// somebody who can write into the folder and swaps links during the two system calls.
import { type FileHandle, readlink, realpath, stat } from 'node:fs/promises';
import { sep } from 'node:path';

/** A way to know where an open file is. */
export interface Containment {
  /** Where it truly is, one code unit per byte; null when that is not known for certain. */
  truePath(handle: FileHandle, path: string): Promise<string | null>;
  /** What leads to an open folder, for looking into it. */
  pathWithin(handle: FileHandle, path: string): string;
}

/** Asks the kernel. */
export const containmentByDescriptor: Containment = {
  // Bytes, so that two names which are not UTF-8 are never taken for the same. Deno (2.9.6) knows no
  // `latin1` here, and gives bytes that are no Buffer.
  async truePath(handle) {
    const bytes = await readlink(descriptorPath(handle), { encoding: 'buffer' });
    return Buffer.from(bytes).toString('latin1');
  },
  pathWithin: descriptorPath,
};

/** Compares what is open with what lies at the resolved path. */
export const containmentByIdentity: Containment = {
  async truePath(handle, path) {
    const resolved = await realpath(path);
    const opened = await handle.stat({ bigint: true });
    const found = await stat(resolved, { bigint: true });
    if (opened.ino !== found.ino || opened.dev !== found.dev) return null;
    return Buffer.from(resolved, 'utf8').toString('latin1');
  },
  pathWithin: (_handle, path) => path,
};

/** The way that works here, tried on a folder that is open. */
export async function chooseContainment(handle: FileHandle): Promise<Containment> {
  if (process.platform !== 'linux') return containmentByIdentity;
  try {
    await containmentByDescriptor.truePath(handle, '');
    return containmentByDescriptor;
  } catch {
    // A container without /proc.
    return containmentByIdentity;
  }
}

/**
 * Whether a true path is the folder or below it, without a hidden name on the way: a link, or a file
 * system that ignores some characters, must not make `.git` of what was asked for.
 */
export function liesInside(path: string, folderPath: string, separator: string = sep): boolean {
  if (path === folderPath) return true;
  const prefix = folderPath.endsWith(separator) ? folderPath : folderPath + separator;
  if (!path.startsWith(prefix)) return false;
  return !path
    .slice(prefix.length)
    .split(separator)
    .some((name) => name.startsWith('.'));
}

function descriptorPath(handle: FileHandle): string {
  return `/proc/self/fd/${handle.fd}`;
}
