// http1 as it is built, instrumented, and what an execution of it may cost.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { coverage } from '../../coverage.mjs';

const folder = join(import.meta.dirname, '..', '..', '..', '..', 'packages', 'http1');
/** The case files, whose inputs are where to begin. */
export const casesFolder = join(folder, 'test', 'cases');

/** Edges and bytes that an execution may take: some, and for each byte twice of what the longest inputs have taken. */
const EDGES_AT_FIRST = 20_000;
const EDGES_PER_BYTE = 250;
const MADE_AT_FIRST = 60_000;
const MADE_PER_BYTE = 20;

/** The entries `server` and `client`. */
export async function loadHttp1(instrument) {
  const copies = await instrument(join(folder, 'dist'));
  const load = (name) => import(pathToFileURL(join(copies, name)));
  return { server: await load('server.js'), client: await load('client.js') };
}

/** Stops the execution of an input when its work or its memory are not linear in it. */
export function limitCost(byteCount) {
  coverage.limit(
    EDGES_AT_FIRST + EDGES_PER_BYTE * byteCount,
    MADE_AT_FIRST + MADE_PER_BYTE * byteCount,
  );
}
