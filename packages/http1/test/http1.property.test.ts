import process from 'node:process';
import { expect, test } from 'vitest';
import * as client from '../src/client.ts';
import * as index from '../src/index.ts';
import * as server from '../src/server.ts';
import { allProperties, checkProperty } from './packed.mjs';

/** Runs of each property; raised for a long search. */
const numRuns = Number(process.env['HOLDLINE_PROPERTY_RUNS'] ?? 1000);
const seed = Number(process.env['HOLDLINE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

console.log(`${numRuns} runs of each property, seed ${seed}`);

for (const property of allProperties({ index, client, server })) {
  test(property.name, () => {
    expect(checkProperty(property, { numRuns, seed })).toBeNull();
  });
}
