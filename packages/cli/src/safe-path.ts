// From a request-target to the names of folders and a file, or to a refusal. Nothing here touches
// the file system: what passes is a list of plain names, each below the one before.

/** Bytes of a name; the limit of ext4, APFS and NTFS alike. */
const NAME_BYTES_MAX = 255;

/** Names that Windows gives to devices in every folder, with any extension. */
const WINDOWS_DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i;

/**
 * What Windows reads as something other than a plain name: drive letters and alternate data streams
 * (`:`), wildcards, trailing dots and blanks, which it drops, and short names (`GIT~1` is `.git`).
 */
const WINDOWS_SPECIAL = /[:*?"<>|]|[. ]$|~\d/;

/** C0 controls, DEL and C1 controls. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\x00-\x1f\x7f-\x9f]/;

/** A path that may be looked up. */
export interface SafePath {
  /** Plain names; none is empty, hidden or `..`. Empty for the root. */
  readonly names: readonly string[];
  /** It ended with a slash, so that a folder is meant. */
  readonly isFolder: boolean;
}

/** A path that may not: 400 for what no browser asks for, 404 for what is as good as absent. */
export interface PathRefusal {
  readonly status: 400 | 404;
  /** For the client; has nothing of the path in it. */
  readonly reason: string;
}

const HIDDEN: PathRefusal = Object.freeze({ status: 404, reason: 'There is nothing here.' });

/** The path of a request-target in origin-form or absolute-form (RFC 9112 section 3.2), undecoded. */
export function pathOfTarget(target: string): string {
  const start = target.startsWith('/') ? 0 : target.indexOf('/', target.indexOf('://') + 3);
  if (start === -1) return '/';
  const query = target.indexOf('?');
  if (query === -1) return target.slice(start);
  return query < start ? '/' : target.slice(start, query);
}

/** The query of a request-target with its question mark; empty when there is none. */
export function queryOfTarget(target: string): string {
  const query = target.indexOf('?');
  return query === -1 ? '' : target.slice(query);
}

/**
 * Splits an undecoded path at its slashes and decodes each name once, so that no encoded separator
 * can make two names of one. `platform` is Node's name of it, since Windows reads more into names.
 */
export function parsePath(
  path: string,
  platform: NodeJS.Platform = process.platform,
): SafePath | PathRefusal {
  const encodedNames = path.split('/').slice(1);
  // A slash at the end leaves an empty name behind it.
  const isFolder = encodedNames.at(-1) === '';
  if (isFolder) encodedNames.pop();
  const names: string[] = [];
  for (const encodedName of encodedNames) {
    const name = decodeOnce(encodedName);
    if (name === null) return HIDDEN;
    const refusal = refusalOf(name, platform);
    if (refusal !== null) return refusal;
    names.push(name);
  }
  return { names, isFolder };
}

/** Whether a name found in a folder can be asked for, and so may be listed. */
export function isServedName(name: string, platform: NodeJS.Platform = process.platform): boolean {
  // What is not UTF-8 has come with replacement characters, and cannot be found again.
  return !name.includes('�') && refusalOf(name, platform) === null;
}

/** Null for what is not UTF-8: files that have such names cannot be asked for. */
function decodeOnce(encodedName: string): string | null {
  try {
    return decodeURIComponent(encodedName);
  } catch {
    return null;
  }
}

function refusalOf(name: string, platform: NodeJS.Platform): PathRefusal | null {
  // «//» is an empty name: with no folder of that name there is nothing to find, and nothing that
  // could be taken for the authority of another server when it comes back in a Location.
  if (name === '') return HIDDEN;
  if (name === '.' || name === '..') return refuse('The path climbs out of its folder.');
  if (name.includes('/') || name.includes('\\')) return refuse('A name has a separator in it.');
  if (CONTROL.test(name)) return refuse('A name has a control character in it.');
  if (name.startsWith('.')) return HIDDEN;
  if (Buffer.byteLength(name) > NAME_BYTES_MAX) return HIDDEN;
  if (platform !== 'win32') return null;
  return WINDOWS_SPECIAL.test(name) || WINDOWS_DEVICE.test(name) ? HIDDEN : null;
}

function refuse(reason: string): PathRefusal {
  return { status: 400, reason };
}
