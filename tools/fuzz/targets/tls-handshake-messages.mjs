// Handshake messages from a stranger, each to its parser: a value or a documented fault, and what was
// read is read again from what is written of it.
import { equalDeep } from '@holdline/testkit';
import { coverage } from '../coverage.mjs';
import { flightsOf, MOODS } from './tls/flights.mjs';
import { OFFERED, parsersOf } from './tls/parsers.mjs';
import { loadMessageModules } from './tls/target.mjs';

const EDGES_AT_FIRST = 50_000;
const EDGES_PER_BYTE = 2_000;

/** The messages of a flight in the clear or as the toy protects it: type, then body. */
function messagesOf(flight) {
  const joined = [];
  for (let at = 0; at + 5 <= flight.length; ) {
    const end = at + 5 + (flight[at + 3] << 8) + flight[at + 4];
    const isProtected = flight[at] === 23;
    const contentEnd = isProtected ? end - 17 : end;
    const type = isProtected ? flight[contentEnd] : flight[at];
    if (type === 22) joined.push(...flight.subarray(at + 5, contentEnd));
    at = end;
  }
  const messages = [];
  for (let at = 0; at + 4 <= joined.length; ) {
    const end = at + 4 + (joined[at + 1] << 16) + (joined[at + 2] << 8) + joined[at + 3];
    messages.push(Uint8Array.of(joined[at], ...joined.slice(at + 4, end)));
    at = end;
  }
  return messages;
}

function messageOf(input) {
  const { length } = input.subarray(1);
  return Uint8Array.of(input[0] ?? 0, length >> 16, length >> 8, length, ...input.subarray(1));
}

export default {
  name: 'tls-handshake-messages',
  headerBytes: 1,
  smokeExecutions: 6_000,
  async load(instrument) {
    const modules = await loadMessageModules(instrument);
    const parsers = parsersOf(modules);
    const flights = MOODS.map((_, mood) => flightsOf(mood, modules));
    const seeds = flights.flatMap(({ client, server }) => [client, server].flatMap(messagesOf));
    const ticket = [4, 0, 0, 0, 9, 0, 0, 0, 1, 1, 0, 0, 2, 7, 7, 0, 8, 0, 42, 0, 4, 0, 0, 1, 0];
    return {
      seeds: [...seeds, ...[ticket, [5], [24, 0], [24, 1]].map((seed) => Uint8Array.from(seed))],
      tokens: OFFERED.map((type) => Uint8Array.of(type >> 8, type, 0, 0)),
      execute(input) {
        coverage.limit(EDGES_AT_FIRST + EDGES_PER_BYTE * input.length, Number.POSITIVE_INFINITY);
        const parser = parsers[input[0]] ?? parsers[1];
        let read;
        try {
          read = parser.parse(messageOf(input));
        } catch (error) {
          if (!(error instanceof modules.fault.PeerFault)) throw error;
          if (modules.index.FAULTS[error.code] === undefined) {
            throw new Error(`${error.code} is in no table`);
          }
          return;
        }
        if (parser.write === undefined) return;
        const again = parser.parse(parser.write(read));
        if (!equalDeep(read, again)) throw new Error('what is written says something else');
      },
      describe: (input) => [`    ${Buffer.from(messageOf(input)).toString('hex')}`],
    };
  },
};
