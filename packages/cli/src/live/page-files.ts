// The files that the live page is made of: few and small, so they are read once.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { HttpExchange, HttpResponse } from '@holdline/net';
import { mediaType } from '../media-types.ts';
import { errorPage, NO_SNIFF, PAGE_STYLE } from '../page.ts';
import { type ConditionalRequest, preconditionStatus } from '../semantics/preconditions.ts';

/** What the page loads; sources and settings, which may lie beside it, are not served. */
const LOADED = /\.(?:css|js)$/;

const STYLE_SHEET = 'live.css';

type Field = HttpExchange['head']['fields'][number];

interface LoadedFile {
  readonly content: Uint8Array;
  readonly fields: readonly Field[];
  /** Quoted. */
  readonly entityTag: string;
}

/** For every response of the live page: it is what it says, and of no use to another origin. */
export const GUARD_FIELDS: readonly Field[] = Object.freeze([
  NO_SNIFF,
  { name: 'cross-origin-resource-policy', value: 'same-origin' },
]);

/** The live page, and by name what it loads. */
export class PageFiles {
  /** The page itself, which is served with a policy of its own. */
  readonly index: Uint8Array;
  readonly #files: ReadonlyMap<string, LoadedFile>;

  /** Throws the system's error when one cannot be read. */
  constructor(folder: URL) {
    const names = readdirSync(folder).filter((name) => LOADED.test(name));
    this.index = readFileSync(new URL('index.html', folder));
    this.#files = new Map(names.map((name) => [name, readLoaded(name, folder)]));
  }

  /** The response to a request; null when there is no such file. */
  response(name: string, request: ConditionalRequest): HttpResponse | null {
    const file = this.#files.get(name);
    if (file === undefined) return null;
    const { content, fields, entityTag } = file;
    const status = preconditionStatus(request, { entityTag, lastModifiedMs: null }, Date.now());
    if (status === 200) return { status, fields, content };
    if (status === 412) return errorPage(412, 'Precondition failed', 'The file is another one.');
    // RFC 9110 section 15.4.5: what describes the content is known already.
    return { status, fields: fields.filter(({ name }) => name !== 'content-type') };
  }
}

function readLoaded(name: string, folder: URL): LoadedFile {
  const bytes = readFileSync(new URL(name, folder));
  // The page looks as all pages of the command do.
  const content = name === STYLE_SHEET ? Buffer.concat([Buffer.from(PAGE_STYLE), bytes]) : bytes;
  const entityTag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
  const fields = [
    { name: 'content-type', value: mediaType(name) },
    // To be asked again each time, as the next version of the command may stand here.
    { name: 'cache-control', value: 'no-cache' },
    { name: 'etag', value: entityTag },
    ...GUARD_FIELDS,
  ];
  return { content, fields, entityTag };
}
