// The targets of both roles: a mood, a step, and all that the other side says.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { hear } from './conversation.mjs';
import { answer, flightsOf, MOODS, machineOf } from './flights.mjs';

const dist = join(import.meta.dirname, '../../../../packages/tls/dist');
/** Mood; how often the stream is cut. */
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

/** The target of a role. */
export function targetOf(role) {
  const other = role === 'client' ? 'server' : 'client';
  return {
    name: `tls-${role}`,
    headerBytes: HEADER_BYTES,
    smokeExecutions: 1_000,
    async load(instrument) {
      const modules = await loadModules(instrument, { index: 'index.js' });
      const seeds = MOODS.map((_, mood) =>
        Uint8Array.of(mood, 5 * mood, ...flightsOf(mood, modules)[other]),
      );
      return {
        seeds,
        tokens: TOKENS.map((token) => Uint8Array.from(token)),
        execute(input) {
          const [mood = 0, step = 0] = input;
          hear(input.slice(HEADER_BYTES), step, {
            make: () => machineOf(role, mood % MOODS.length, modules),
            react: (machine, event) => answer(machine, event),
            faults: modules.index.FAULTS,
          });
        },
        describe: (input) => [
          `    ${role}, mood ${(input[0] ?? 0) % MOODS.length}, cut every ${1 + 3 * (input[1] ?? 0)} bytes`,
          `    ${Buffer.from(input.subarray(HEADER_BYTES)).toString('hex')}`,
        ],
      };
    },
  };
}
