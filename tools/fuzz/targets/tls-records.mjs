// Records from a stranger to the record layer alone, in plain text and as either version protects them.
import { hear } from './tls/conversation.mjs';
import { loadModules } from './tls/target.mjs';
import { toyCrypto } from './tls/toy-crypto.mjs';

/** The protection; how often the stream is cut. */
const HEADER_BYTES = 2;
const tag = new Array(16).fill(2);
const SEEDS = [
  [0, 0, 22, 3, 1, 0, 4, 1, 0, 0, 0, 21, 3, 3, 0, 2, 1, 0],
  [0, 2, 20, 3, 3, 0, 1, 1, 22, 3, 3, 0, 4, 20, 0, 0, 0],
  [1, 0, 23, 3, 3, 0, 19, 97, 98, 23, ...tag, 23, 3, 3, 0, 19, 1, 0, 21, ...tag],
  [1, 1, 23, 3, 3, 0, 21, 97, 23, 0, 0, 0, ...tag, 23, 3, 3, 0, 17, 23, ...tag],
];
const TOKENS = [
  [21, 3, 3, 0, 2, 2, 40],
  [21, 3, 3, 0, 2, 1, 90],
  [23, 3, 3, 0x41, 0],
  [24, 3, 3, 0, 19],
];

export default {
  name: 'tls-records',
  headerBytes: HEADER_BYTES,
  smokeExecutions: 3_000,
  async load(instrument) {
    const { record } = await loadModules(instrument, { record: 'record/index.js' });
    const make = (isProtected) => {
      const machine = new record.RecordConnection();
      if (isProtected) {
        const opener = new record.Tls13Opener(toyCrypto.aeadKey(), new Uint8Array(12));
        machine.reader.protect(opener);
      }
      return machine;
    };
    const react = (machine, { type }) => {
      if (type === 'end') machine.closeNotify();
    };
    return {
      seeds: SEEDS.map((seed) => Uint8Array.from(seed)),
      tokens: TOKENS.map((token) => Uint8Array.from(token)),
      execute(input) {
        const [script = 0, step = 0] = input;
        const faults = record.RECORD_FAULTS;
        hear(input.slice(HEADER_BYTES), step, { make: () => make(script & 1), react, faults });
      },
      describe: (input) => [
        `    ${(input[0] & 1) === 0 ? 'plain' : 'protected'}, cut every ${1 + 3 * input[1]} bytes`,
        `    ${Buffer.from(input.subarray(HEADER_BYTES)).toString('hex')}`,
      ],
    };
  },
};
