// Answers GET and HEAD with what is in a folder.
import type { HttpExchange, HttpHandler, HttpResponse } from '@holdline/net';
import { FileContent } from './file-content.ts';
import { listing } from './listing.ts';
import { mediaType } from './media-types.ts';
import { errorPage, NO_SNIFF, textResponse } from './page.ts';
import { parsePath, pathOfTarget, queryOfTarget } from './safe-path.ts';
import type { OpenedEntry, ServedFolder } from './served-folder.ts';
import { errorCode } from './system-error.ts';

const INDEX = 'index.html';

/** Is told what went wrong on our side, for the log. */
export type FaultReport = (error: unknown, exchange: HttpExchange) => void;

/** A handler for a folder. Errors of the file system are answered, and told to `report`. */
export function staticFiles(folder: ServedFolder, report: FaultReport): HttpHandler {
  return async (exchange) => {
    let response: HttpResponse;
    try {
      response = await find(folder, exchange.head.target);
    } catch (error) {
      report(error, exchange);
      response = responseToError(error);
    }
    exchange.respond(response);
  };
}

async function find(folder: ServedFolder, target: string): Promise<HttpResponse> {
  const path = parsePath(pathOfTarget(target));
  if ('status' in path) {
    const title = path.status === 400 ? 'Not a path' : 'Not found';
    return errorPage(path.status, title, path.reason);
  }
  const { names, isFolder } = path;
  const entry = await folder.open(names);
  if (entry === null) return notFound();
  if (!entry.stats.isDirectory()) {
    if (!isFolder) return fileResponse(names.at(-1) ?? '', entry);
    await entry.handle.close();
    return notFound();
  }
  try {
    return isFolder ? await folderResponse(folder, names, entry) : redirect(names, target);
  } finally {
    await entry.handle.close();
  }
}

async function folderResponse(
  folder: ServedFolder,
  names: readonly string[],
  entry: OpenedEntry,
): Promise<HttpResponse> {
  const index = await folder.open([...names, INDEX]);
  if (index !== null) {
    if (index.stats.isFile()) return fileResponse(INDEX, index);
    await index.handle.close();
  }
  return listing(names, await folder.list(entry));
}

/** Takes the handle over. */
function fileResponse(name: string, { handle, stats }: OpenedEntry): HttpResponse {
  const fields = [
    { name: 'content-type', value: mediaType(name) },
    { name: 'content-length', value: String(stats.size) },
    // Ask again each time: what is served here is what somebody is working on.
    { name: 'cache-control', value: 'no-cache' },
    NO_SNIFF,
  ];
  const lastModified = lastModifiedOf(stats.mtimeMs);
  if (lastModified !== null) fields.push({ name: 'last-modified', value: lastModified });
  return { status: 200, fields, content: new FileContent(handle, stats.size) };
}

/**
 * «An origin server with a clock MUST NOT generate a Last-Modified date that is later than the
 * server's time of message origination», RFC 9110 section 8.8.2.1. Null for a time before 1970,
 * which is no file's.
 */
function lastModifiedOf(modifiedMs: number): string | null {
  if (!(modifiedMs >= 0)) return null;
  return new Date(Math.min(modifiedMs, Date.now())).toUTCString();
}

/** To the same folder with the slash that makes relative links work. */
function redirect(names: readonly string[], target: string): HttpResponse {
  // Made of decoded names, of which none is empty: it cannot begin with «//», another authority.
  const path = names.map((name) => `/${encodeURIComponent(name)}`).join('');
  const location = { name: 'location', value: `${path}/${queryOfTarget(target)}` };
  return textResponse(301, 'The folder is at the path with a slash.', [location]);
}

function notFound(): HttpResponse {
  return errorPage(404, 'Not found', 'There is nothing here.');
}

function responseToError(error: unknown): HttpResponse {
  const code = errorCode(error);
  if (code === 'EACCES' || code === 'EPERM') {
    return errorPage(403, 'Forbidden', 'This may not be read.');
  }
  return errorPage(500, 'Something went wrong', 'This cannot be read at the moment.');
}
