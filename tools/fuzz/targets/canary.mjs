// The target that has to be found.
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

export default {
  name: 'canary',
  headerBytes: 0,
  smokeExecutions: 1_000_000,
  isCanary: true,
  async load(instrument) {
    const folder = await instrument(join(here, 'canary'));
    const { parse } = await import(pathToFileURL(join(folder, 'magic.js')));
    return {
      seeds: [Uint8Array.of(0x61)],
      tokens: [Uint8Array.of(0x62)],
      execute: parse,
      describe: (input) => [`Bytes ${[...input].join(' ')}`],
    };
  },
};
