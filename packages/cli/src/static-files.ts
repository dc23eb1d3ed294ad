// Answers GET and HEAD with what is in a folder.
import type { HttpExchange, HttpHandler, HttpResponse } from '@holdline/net';
import { conditionalPage } from './conditional-page.ts';
import { fileResponse } from './file-response.ts';
import { listing } from './listing.ts';
import { errorPage, textResponse } from './page.ts';
import { parsePath, pathOfTarget, queryOfTarget } from './safe-path.ts';
import type { OpenedEntry, ServedFolder } from './served-folder.ts';
import { errorCode } from './system-error.ts';

const INDEX = 'index.html';

/** Is told what went wrong on our side, for the log. */
export type FaultReport = (error: unknown, exchange: HttpExchange) => void;

/** A handler for a folder. Errors of the file system are answered, and told to `report`. */
export function staticFiles(folder: ServedFolder, report: FaultReport): HttpHandler {
  return async (exchange) => {
    const search = new Search(folder, exchange, (error) => report(error, exchange));
    exchange.respond(await search.response());
  };
}

/** One request's way to a file, a listing or neither. */
class Search {
  readonly #folder: ServedFolder;
  readonly #exchange: HttpExchange;
  readonly #report: (error: unknown) => void;

  constructor(folder: ServedFolder, exchange: HttpExchange, report: (error: unknown) => void) {
    this.#folder = folder;
    this.#exchange = exchange;
    this.#report = report;
  }

  async response(): Promise<HttpResponse> {
    try {
      return await this.#find();
    } catch (error) {
      this.#report(error);
      return responseToError(error);
    }
  }

  async #find(): Promise<HttpResponse> {
    const { target } = this.#exchange.head;
    const path = parsePath(pathOfTarget(target));
    if ('status' in path) {
      const title = path.status === 400 ? 'Not a path' : 'Not found';
      return errorPage(path.status, title, path.reason);
    }
    const { names, isFolder } = path;
    const entry = await this.#folder.open(names);
    if (entry === null) return notFound();
    if (!entry.isFolder) {
      if (!isFolder) return this.#file(names, entry);
      await entry.handle.close();
      return notFound();
    }
    try {
      return isFolder ? await this.#index(names, entry) : redirect(names, target);
    } finally {
      await entry.handle.close();
    }
  }

  async #index(names: readonly string[], entry: OpenedEntry): Promise<HttpResponse> {
    const indexNames = [...names, INDEX];
    const index = await this.#folder.open(indexNames);
    if (index !== null) {
      if (!index.isFolder) return this.#file(indexNames, index);
      await index.handle.close();
    }
    const { head, signal } = this.#exchange;
    return conditionalPage(head, listing(names, await this.#folder.list(entry, signal)));
  }

  /** Takes the handle over. */
  #file(names: readonly string[], entry: OpenedEntry): Promise<HttpResponse> {
    return fileResponse(this.#exchange.head, this.#folder, names, entry, this.#report);
  }
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
