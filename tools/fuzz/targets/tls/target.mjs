// The targets of both roles: a mood, a step, and all that the other side says.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { equalDeep } from '@holdline/testkit';
import { Random } from '../../random.mjs';
import { hear } from './conversation.mjs';
import { answer, flightsOf, MOODS, machineOf } from './flights.mjs';
import { refragment } from './refragmentation.mjs';

const dist = join(import.meta.dirname, '../../../../packages/tls/dist');
/** Mood, and how its records are made anew; how often the stream is cut. */
const HEADER_BYTES = 2;
/** Records and messages to be put between others. */
const TOKENS = [
  [20, 3, 3, 0, 1, 1],
  [21, 3, 3, 0, 2, 1, 0],
  [23, 3, 3, 0, 19, 1, 0, 21, ...new Array(16).fill(2)],
  [23, 3, 3, 0, 22, 24, 0, 0, 1, 1, 22, ...new Array(16).fill(2)],
  [23, 3, 3, 0, 18, 97, 23, ...new Array(16).fill(2)],
  [22, 3, 3, 0, 4, 0, 0, 0, 0],
  [0xfe, 0xff],
  [0, 43, 0, 3, 2, 3, 4],
];

/** Loads the instrumented modules of the package. */
export async function loadModules(instrument, names) {
  const copies = await instrument(dist);
  const load = async ([key, file]) => [key, await import(pathToFileURL(join(copies, file)))];
  return Object.fromEntries(await Promise.all(Object.entries(names).map(load)));
}

/** What the targets of messages look at. */
const MESSAGE_MODULES = {
  index: 'index.js',
  clientHello: 'messages/client-hello.js',
  serverHello: 'messages/server-hello.js',
  encryptedExtensions: 'messages/encrypted-extensions.js',
  certificateRequest: 'messages/certificate-request.js',
  certificate: 'messages/certificate.js',
  certificateVerify: 'messages/certificate-verify.js',
  finished: 'messages/finished.js',
  keyUpdate: 'messages/key-update.js',
  ticket: 'messages/new-session-ticket.js',
  leaf: 'certificate/leaf.js',
  fault: 'peer-fault.js',
};

/** Loads them, instrumented. */
export function loadMessageModules(instrument) {
  return loadModules(instrument, MESSAGE_MODULES);
}

/** As many ways to make records anew as fit behind the mood; 0 is none. */
const WAYS = 32;
/** The last one heeds no keys. */
const CROSSES = WAYS - 1;
const FRAGMENT_BYTES_MAX = 16_384;
/** What counts records, or the bytes that they add. */
const OF_RECORDS = ['TLS_TOO_MANY_EMPTY_RECORDS', 'TLS_TOO_MUCH_EARLY_DATA'];

/** What an input's first byte says. */
function headerOf([first = 0, step = 0]) {
  return { mood: first % MOODS.length, way: Math.floor(first / MOODS.length), step };
}

/** Hears the same in other records; throws when it is understood otherwise. */
function hearAnew(stream, events, { role, mood, way, step }, how) {
  const limit = MOODS[mood][role].recordSizeLimit ?? FRAGMENT_BYTES_MAX + 1;
  const random = new Random(way);
  const crosses = way === CROSSES;
  // A record_size_limit counts the type of the content as well.
  const anew = refragment(stream, { random, bytesMax: limit - 1, crosses });
  const others = hear(anew, step, how);
  const isComparable = [...events, ...others].every(({ code }) => !OF_RECORDS.includes(code));
  if (crosses || !isComparable) return;
  const [one, other] = [events, others].map((list) => list.map(withoutPlace));
  if (equalDeep(one, other)) return;
  const show = (list) => list.map(({ type, code }) => `${type} ${code ?? ''}`).join(', ');
  throw new Error(`what is reported depends on the records: ${show(one)}; ${show(other)}`);
}

/** Where in a stream a fault is depends on its records. */
function withoutPlace(event) {
  return event.type === 'failed' ? { ...event, message: '', offset: 0, cause: null } : event;
}

/** The target of a role. */
export function targetOf(role) {
  const other = role === 'client' ? 'server' : 'client';
  return {
    name: `tls-${role}`,
    headerBytes: HEADER_BYTES,
    smokeExecutions: 1_000,
    async load(instrument) {
      const modules = await loadModules(instrument, { index: 'index.js' });
      const seeds = [0, 5, CROSSES].flatMap((way) =>
        MOODS.map((_, mood) => {
          const header = [mood + MOODS.length * way, 5 * mood];
          return Uint8Array.of(...header, ...flightsOf(mood, modules)[other]);
        }),
      );
      return {
        seeds,
        tokens: TOKENS.map((token) => Uint8Array.from(token)),
        execute(input) {
          const { mood, way, step } = headerOf(input);
          const stream = input.slice(HEADER_BYTES);
          const how = {
            make: () => machineOf(role, mood, modules),
            react: (machine, event) => answer(machine, event),
            faults: modules.index.FAULTS,
          };
          const events = hear(stream, step, how);
          if (way > 0) hearAnew(stream, events, { role, mood, way, step }, how);
        },
        describe: (input) => {
          const { mood, way, step } = headerOf(input);
          return [
            `    ${role}, mood ${mood}, records made anew in way ${way}, cut every ${1 + 3 * step} bytes`,
            `    ${Buffer.from(input.subarray(HEADER_BYTES)).toString('hex')}`,
          ];
        },
      };
    },
  };
}
