// Runs on the runtime under trial, Node, Bun or Deno: the sample of one unpacked package. Prints its
// counts as one line of JSON, and must then end by itself, since nothing of ours may keep a process
// alive. Plain JavaScript for the oldest release that is supported.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { runSample } from './checks/sample.mjs';

const [consumerFolder = '', taskFile = ''] = process.argv.slice(2);
// Resolves names as the consumer's own modules would: by the packed manifest's `exports`.
const { load } = await import(pathToFileURL(join(consumerFolder, 'load.mjs')).href);
const counts = await runSample(JSON.parse(readFileSync(taskFile, 'utf8')), load);
process.stdout.write(`\n${JSON.stringify(counts)}\n`);
