// http1 against node's own parser, on the same bytes in the same pieces. Both have to see the same
// messages, or disagree in a way that is on the list.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { printBlock } from '@holdline/testkit';
import { coverage } from '../../coverage.mjs';
import { CallbackParser, nodeParser } from '../../disagreements/callback-parser.mjs';
import { differencesOf } from '../../disagreements/differences.mjs';
import { ruleFor } from '../../disagreements/list.mjs';
import { MachineParser } from '../../disagreements/machine.mjs';
import { latin1 } from '../../disagreements/observation.mjs';
import { makeStream } from '../http1/messages.mjs';
import { HTTP_WORDS, streamsOfCases } from '../http1/words.mjs';
import { HEADER_BYTES, Script } from './script.mjs';

const http1 = join(
  dirname(fileURLToPath(import.meta.url)),
  ...['..', '..', '..', '..', 'packages', 'http1'],
);
/** Edges that an execution may take: some, and more for each byte. */
const EDGES_AT_FIRST = 20_000;
const EDGES_PER_BYTE = 250;

/** A number for a text, so that an outcome can be counted like an edge. */
function placeOf(text) {
  let hash = 17;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash >>> 20;
}

/** Throws what no rule explains; what was explained counts as a way. */
function compare(machine, node, pieces, { options, stream }) {
  const ours = machine.observe(pieces, options);
  const theirs = node.observe(pieces, options);
  const observed = { text: latin1(stream), options, ours, theirs };
  coverage.hit(placeOf(`${ours.code} ${theirs.code}`));
  for (const difference of differencesOf(ours, theirs)) {
    const rule = ruleFor(difference, observed);
    if (rule === null) throw new Error(unexplained(difference));
    coverage.hit(placeOf(rule.name));
  }
}

function unexplained({ what, index, ours, theirs }) {
  const [left, right] = [ours, theirs].map((value) => JSON.stringify(value));
  if (what === 'verdict') return `nothing explains ${ours} and ${theirs}: message ${index}`;
  return `nothing explains another ${what}: ${left} and ${right} of message ${index}`;
}

/** The target of a role. */
export function llhttpTarget(role, smokeExecutions) {
  return {
    name: role === 'server' ? 'llhttp-requests' : 'llhttp-responses',
    headerBytes: HEADER_BYTES,
    smokeExecutions,
    async load(instrument) {
      const folder = await instrument(join(http1, 'dist'));
      const load = (name) => import(pathToFileURL(join(folder, name)));
      const modules = { server: await load('server.js'), client: await load('client.js') };
      const machine = new MachineParser(modules);
      const node = new CallbackParser(nodeParser());
      const header = new Array(HEADER_BYTES).fill(0);
      return {
        seeds: streamsOfCases(join(http1, 'test', 'cases'), role).map((stream) =>
          Uint8Array.from([...header, ...stream]),
        ),
        tokens: HTTP_WORDS,
        make: (random) => {
          const script = Array.from(header, () => random.next() & 255);
          return Uint8Array.from([...script, ...makeStream(random, role)]);
        },
        execute(input) {
          coverage.edgesMax = EDGES_AT_FIRST + EDGES_PER_BYTE * input.length;
          const script = new Script(role, input);
          compare(machine, node, [script.stream], script);
          compare(machine, node, script.pieces, script);
        },
        describe: (input) => describe(new Script(role, input)),
      };
    },
  };
}

function describe({ options, stream, seed }) {
  return [
    `${JSON.stringify(options)}; split by ${seed}`,
    '',
    '```input',
    ...printBlock(stream),
    '```',
  ];
}
