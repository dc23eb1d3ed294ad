// Both machines of http1. An input's first two bytes choose what the application does and how the
// stream ends; the rest is the stream. Findings: anything thrown, an outcome that is not documented,
// and a split that changes what is seen.
import { join } from 'node:path';
import {
  POLICIES,
  runToTheEnd,
  watchedClient,
  watchedServer,
} from '../../../packages/http1/test/properties/runs.mjs';
import {
  checkDocumented,
  expectSame,
} from '../../../packages/http1/test/properties/stream-properties.mjs';
import { HTTP_WORDS, seedsFromCases } from '../corpus.mjs';

const ENDS = ['finished', 'truncated', 'reset', 'failed'];
const ASKED = [['GET'], ['HEAD', 'GET'], ['CONNECT'], ['UPGRADE'], [], ['POST', 'GET', 'GET']];
const PREFIX_BYTES = 2;
/** Small limits are reached by short inputs. */
const LIMITS = {
  startLineBytesMax: 100,
  methodBytesMax: 12,
  headBytesMax: 300,
  fieldsMax: 8,
  contentBytesMax: 500,
};

/** Up to three cuts, or every byte. */
function pieces(data, random) {
  if (random.below(8) === 0) return Array.from(data, (byte) => Uint8Array.of(byte));
  const places = [random, random, random]
    .map((one) => one.below(data.length + 1))
    .sort((a, b) => a - b);
  const ends = [...places, data.length];
  return ends
    .map((end, index) => data.subarray(ends[index - 1] ?? 0, end))
    .filter((piece) => piece.length > 0);
}

function targetFor(name, role, casesFolder, { machine, modules, isServer }) {
  return {
    name,
    role,
    dictionary: HTTP_WORDS,
    prefixBytes: PREFIX_BYTES,
    seeds: seedsFromCases(casesFolder, role, [0, 0]),
    run(data, random) {
      const end = ENDS[(data[1] ?? 0) % ENDS.length];
      const stream = data.subarray(PREFIX_BYTES);
      const whole = runToTheEnd(machine(data[0] ?? 0), stream.length > 0 ? [stream] : [], end);
      checkDocumented(modules, whole, isServer);
      expectSame(whole, runToTheEnd(machine(data[0] ?? 0), pieces(stream, random), end, true));
    },
  };
}

/** The targets, on instrumented modules in `folder`. */
export async function http1Targets(folder, casesFolder) {
  const server = await import(join(folder, 'server.js'));
  const client = await import(join(folder, 'client.js'));
  const limits = {
    ...LIMITS,
    discardBytesMax: 8,
    chunkExtensionBytesMax: 64,
    trailerBytesMax: 200,
  };
  return [
    targetFor('http1-server', 'server', casesFolder, {
      modules: server,
      isServer: true,
      machine: (choice) =>
        watchedServer({ server }, POLICIES[choice % POLICIES.length], { limits, requestsMax: 3 }),
    }),
    targetFor('http1-client', 'client', casesFolder, {
      modules: client,
      isServer: false,
      machine: (choice) =>
        watchedClient({ client }, ASKED[choice % ASKED.length], {
          limits,
          refuseObsFold: choice >= 128,
        }),
    }),
  ];
}
