// What both roles' targets have in common.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { printBlock } from '@holdline/testkit';
import { coverage } from '../../coverage.mjs';
import { HEADER_BYTES, Script } from './script.mjs';
import { HTTP_WORDS, seedsFor } from './words.mjs';

const http1 = join(
  dirname(fileURLToPath(import.meta.url)),
  '..',
  '..',
  '..',
  '..',
  'packages',
  'http1',
);
/** Edges that an execution may take: some, and for each byte twice of what the longest inputs have taken. */
const EDGES_AT_FIRST = 20_000;
const EDGES_PER_BYTE = 250;

/** The target of a role; `run(script, modules)` executes one script and throws what is a finding. */
export function http1Target(role, smokeExecutions, run) {
  return {
    name: `http1-${role}`,
    headerBytes: HEADER_BYTES,
    smokeExecutions,
    async load(instrument) {
      const folder = await instrument(join(http1, 'dist'));
      const modules = {
        server: await import(pathToFileURL(join(folder, 'server.js'))),
        client: await import(pathToFileURL(join(folder, 'client.js'))),
      };
      return {
        seeds: seedsFor(join(http1, 'test', 'cases'), role),
        tokens: HTTP_WORDS,
        execute(input) {
          coverage.edgesMax = EDGES_AT_FIRST + EDGES_PER_BYTE * input.length;
          run(new Script(input), modules);
        },
        describe: (input) => describe(role, input),
      };
    },
  };
}

function describe(role, input) {
  const script = new Script(input);
  const block = [
    '```options',
    `role: ${role}`,
    '```',
    '',
    '```input',
    ...printBlock(script.stream),
    '```',
  ];
  return [...script.describe(), '', ...block];
}
