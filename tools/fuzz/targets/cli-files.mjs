// How the command answers for a file: conditions, ranges, dates and codings against naive ones.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bytesOf, printBlock } from '@holdline/testkit';
import { coverage } from '../coverage.mjs';
import { answerTo, dateOf, fieldText, weightOf } from './files/naive.mjs';
import { makeFields } from './files/requests.mjs';

const dist = join(import.meta.dirname, '../../../packages/cli/dist/semantics');
/** Method and validators, size, time. */
const HEADER_BYTES = 3;
const METHODS = ['GET', 'GET', 'GET', 'HEAD', 'PUT'];
const TAGS = ['"a"', 'W/"a"', '"a,b"', null];
const MODIFIED_MS = Date.UTC(1994, 10, 6, 8, 49, 37);
const TIMES_MS = [Date.UTC(2026, 10, 23, 13, 20, 11, 123), MODIFIED_MS, MODIFIED_MS + 999]
  .concat([MODIFIED_MS + 1000, Date.UTC(2044, 10, 6, 8, 49, 37), Date.UTC(2044, 10, 6, 8, 49, 38)])
  .concat([Date.UTC(1999, 11, 31, 23, 59, 59), Date.UTC(2000, 1, 29)]);
const OFFERED = ['br', 'gzip', 'identity'];
const EDGES_AT_FIRST = 5_000;
const EDGES_PER_BYTE = 60;
const SIZE_MAX = 40;

const SEEDS = [
  'range: bytes=0-4, -3,7-\n',
  'range: bytes=5-2\nif-range: "a"\n',
  'if-none-match: "b", W/"a"\nif-modified-since: Sun, 06 Nov 1994 08:49:37 GMT\n',
  'if-match: "a,b"\nif-unmodified-since: Sunday, 06-Nov-94 08:49:37 GMT\n',
  'if-modified-since: Sun Nov  6 08:49:37 1994\naccept-encoding: gzip;q=0.5, *;q=0\n',
  'accept-encoding: x-gzip, br;q=0.001, identity;q=0\nrange: bytes=-0\n',
];
const WORDS = [
  'range: bytes=',
  'if-range: ',
  'if-match: ',
  'if-none-match: ',
  'if-modified-since: ',
]
  .concat(['if-unmodified-since: ', 'accept-encoding: ', '0-0', '-1', '9-', ', ', '\n', '*', '"a"'])
  .concat(['W/"a"', 'gzip', 'br', ';q=0', ';q=1.000', 'identity', 'Sun, 06 Nov 1994 08:49:37 GMT'])
  .concat(['Sunday, 06-Nov-94 08:49:37 GMT', 'Sun Nov  6 08:49:37 1994', '23:59:60', '29-Feb-00']);

/** What an input means: a request, a representation, a time. */
function sceneOf(input) {
  const [kind = 0, size = 0, time = 0] = input;
  const text = String.fromCharCode(...input.subarray(HEADER_BYTES));
  const lines = text.split('\n').map((line) => /^([^:]*): ?(.*)$/s.exec(line));
  const fields = lines.flatMap((parts) =>
    parts === null ? [] : { name: parts[1].toLowerCase(), value: parts[2] },
  );
  const validators = {
    entityTag: TAGS[(kind >> 3) & 3],
    lastModifiedMs: (kind & 0x40) === 0 ? MODIFIED_MS : null,
  };
  const representation = { mediaType: 'a/b', coding: 'identity', sizeBytes: size % SIZE_MAX };
  const request = { method: METHODS[(kind & 7) % METHODS.length], fields };
  return { request, selected: { ...representation, validators }, nowMs: TIMES_MS[time & 7] };
}

/** The positions of the bytes that a plan sends, in ascending order, each once. */
function positionsOf({ parts }) {
  const positions = parts.flatMap((part) =>
    part instanceof Uint8Array
      ? []
      : Array.from({ length: part.last - part.first + 1 }, (_, at) => part.first + at),
  );
  if (new Set(positions).size !== positions.length) throw new Error('a byte is sent twice');
  return positions.sort((left, right) => left - right);
}

function checkPlan(plan, expected, { sizeBytes }) {
  if (plan.status !== expected.status) {
    throw new Error(`status ${plan.status} in place of ${expected.status}`);
  }
  if (
    plan.status === 206 &&
    positionsOf(plan).join() !== [...expected.wanted].sort((a, b) => a - b).join()
  ) {
    throw new Error('other bytes are sent than were asked for');
  }
  if (plan.status === 200 && positionsOf(plan).length !== sizeBytes) {
    throw new Error('not the whole representation is sent');
  }
  const length = fieldText(plan.fields, 'content-length');
  const sent = plan.parts.reduce(
    (sum, part) => sum + (part instanceof Uint8Array ? part.length : part.last - part.first + 1),
    0,
  );
  if (length !== undefined && Number(length) !== sent) throw new Error('Content-Length is not so');
}

function checkDates(modules, { request, nowMs }) {
  for (const { value } of request.fields) {
    const ours = modules.parseHttpDate(value, nowMs);
    const theirs = dateOf(value, nowMs);
    if (ours !== theirs) throw new Error(`the date ${ours} in place of ${theirs}`);
    if (ours === null) continue;
    const again = modules.formatHttpDate(ours);
    if (again !== null && modules.parseHttpDate(again, nowMs) !== ours) {
      throw new Error('a date that was written is read as another');
    }
  }
}

function checkCodings(modules, { request }) {
  const value = fieldText(request.fields, 'accept-encoding');
  const codings = modules.acceptableCodings(value ?? null, OFFERED);
  const weights = codings.map((coding) => weightOf(coding, value));
  const isSorted = weights.every((weight, at) => at === 0 || weight <= weights[at - 1]);
  const wanted = OFFERED.filter((coding) => weightOf(coding, value) > 0);
  if (!isSorted || codings.toSorted().join() !== wanted.toSorted().join()) {
    throw new Error(`the codings ${codings} in place of ${wanted}`);
  }
}

export default {
  name: 'cli-files',
  headerBytes: HEADER_BYTES,
  smokeExecutions: 8_000,
  async load(instrument) {
    const folder = await instrument(dist);
    const names = ['response-plan', 'byte-ranges', 'http-date', 'accept-encoding'];
    const parts = names.map((name) => import(pathToFileURL(join(folder, `${name}.js`))));
    const modules = Object.assign({}, ...(await Promise.all(parts)));
    return {
      seeds: SEEDS.map((seed) => Uint8Array.from([0, 20, 0, ...bytesOf(seed)])),
      tokens: WORDS.map(bytesOf),
      make: (random) => {
        const header = Array.from({ length: HEADER_BYTES }, () => random.next() & 255);
        return Uint8Array.from([...header, ...bytesOf(makeFields(random))]);
      },
      execute(input) {
        coverage.limit(EDGES_AT_FIRST + EDGES_PER_BYTE * input.length, Number.POSITIVE_INFINITY);
        const scene = sceneOf(input);
        const { request, selected, nowMs } = scene;
        const expected = answerTo(request, selected, nowMs, modules.RANGES_MAX);
        checkPlan(
          modules.planResponse(request, selected, nowMs, () => 'x'),
          expected,
          selected,
        );
        checkDates(modules, scene);
        checkCodings(modules, scene);
      },
      describe(input) {
        const { request, selected, nowMs } = sceneOf(input);
        const scene = JSON.stringify({ method: request.method, selected, nowMs });
        const block = printBlock(input.subarray(HEADER_BYTES)).map((line) => `    ${line}`);
        return [scene, '', ...block];
      },
    };
  },
};
