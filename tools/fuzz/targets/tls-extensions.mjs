// Extensions from a stranger in a message that is otherwise sound, so that every byte of an input counts:
// a value or a documented fault; an extension that comes twice, or in the wrong place, is never a value.
import { coverage } from '../coverage.mjs';
import { OFFERED, parsersOf } from './tls/parsers.mjs';
import { loadMessageModules } from './tls/target.mjs';

const EDGES_AT_FIRST = 50_000;
const EDGES_PER_BYTE = 2_000;
const two = (number) => [number >> 8, number & 255];
const RETRY = 'cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c';
const random = new Array(32).fill(7);
const suite = [0x13, 0x01];

/** What stands around the block in each message, and which extensions may be there at all (section 4.3, table). */
const FRAMES = [
  [1, [3, 3, ...random, 0, 0, 2, ...suite, 1, 0], [], null],
  [2, [3, 3, ...random, 0, ...suite, 0], [], [41, 43, 51]],
  [2, [3, 3, ...Buffer.from(RETRY, 'hex'), 0, ...suite, 0], [], [43, 44, 51]],
  [8, [], [], null],
  [13, [0], [], null],
  [4, [0, 0, 0, 9, 0, 0, 0, 1, 1, 0, 0, 2, 7, 7], [], null],
];

/** The message around a block. */
function messageOf(input) {
  const [type, before, after] = FRAMES[(input[0] ?? 0) % FRAMES.length];
  const block = input.subarray(1);
  const body = [...before, ...two(block.length), ...block, ...after];
  return Uint8Array.from([type, 0, ...two(body.length), ...body]);
}

/** The types in a block; null when it is none. */
function typesOf(block) {
  const types = [];
  let at = 0;
  while (at + 4 <= block.length) {
    types.push((block[at] << 8) | block[at + 1]);
    at += 4 + ((block[at + 2] << 8) | block[at + 3]);
  }
  return at === block.length ? types : null;
}

function checkAccepted(input) {
  const types = typesOf(input.subarray(1));
  if (types === null) throw new Error('a block is accepted that is none');
  if (new Set(types).size !== types.length) throw new Error('an extension is accepted twice');
  const [, , , allowed] = FRAMES[(input[0] ?? 0) % FRAMES.length];
  if (allowed !== null && types.some((type) => !allowed.includes(type))) {
    throw new Error('an extension is accepted where it must not be');
  }
}

const SEEDS = [
  [0, ...[0, 43, 0, 3, 2, 3, 4], ...[0, 10, 0, 4, 0, 2, 0, 29], ...[0, 13, 0, 4, 0, 2, 4, 3]],
  [0, ...[0, 0, 0, 6, 0, 4, 0, 0, 1, 97], ...[0, 16, 0, 4, 0, 2, 1, 97], ...[0, 28, 0, 2, 64, 0]],
  [0, ...[0, 51, 0, 2, 0, 0], ...[0, 45, 0, 2, 1, 1], ...[0, 44, 0, 3, 0, 1, 1], ...[0, 49, 0, 0]],
  [0, ...[0, 15, 0, 1, 1], ...[0, 1, 0, 1, 1], ...[0, 5, 0, 5, 1, 0, 0, 0, 0], ...[0, 42, 0, 0]],
  [0, ...[0, 45, 0, 2, 1, 1], 0, 41, 0, 44, 0, 7, 0, 1, 9, 0, 0, 0, 0, 0, 33, 32, ...random],
  [1, ...[0, 43, 0, 2, 3, 4], ...[0, 51, 0, 36, 0, 29, 0, 32, ...random], ...[0, 41, 0, 2, 0, 0]],
  [2, ...[0, 43, 0, 2, 3, 4], ...[0, 51, 0, 2, 0, 23], ...[0, 44, 0, 3, 0, 1, 1]],
  [3, ...[0, 16, 0, 4, 0, 2, 1, 97], ...[0, 28, 0, 2, 64, 0], ...[0, 15, 0, 1, 2], ...[0, 0, 0, 0]],
  [4, ...[0, 13, 0, 4, 0, 2, 4, 3], ...[0, 47, 0, 5, 0, 3, 0, 1, 48], ...[0, 48, 0, 2, 0, 0]],
  [5, ...[0, 42, 0, 4, 0, 0, 1, 0]],
];

export default {
  name: 'tls-extensions',
  headerBytes: 1,
  smokeExecutions: 6_000,
  async load(instrument) {
    const modules = await loadMessageModules(instrument);
    const parsers = parsersOf(modules);
    return {
      seeds: SEEDS.map((seed) => Uint8Array.from(seed)),
      tokens: OFFERED.map((type) => Uint8Array.of(type >> 8, type, 0, 0)),
      execute(input) {
        coverage.limit(EDGES_AT_FIRST + EDGES_PER_BYTE * input.length, Number.POSITIVE_INFINITY);
        const message = messageOf(input);
        try {
          parsers[message[0]].parse(message);
        } catch (error) {
          if (!(error instanceof modules.fault.PeerFault)) throw error;
          if (modules.index.FAULTS[error.code] !== undefined) return;
          throw new Error(`${error.code} is in no table`);
        }
        checkAccepted(input);
      },
      describe: (input) => [`    ${Buffer.from(messageOf(input)).toString('hex')}`],
    };
  },
};
