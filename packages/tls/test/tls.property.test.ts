import process from 'node:process';
import { describe, expect, test } from 'vitest';
import * as client from '../src/client.ts';
import * as index from '../src/index.ts';
import * as node from '../src/node/index.ts';
import * as record from '../src/record/index.ts';
import * as server from '../src/server.ts';
import { noble } from './browser.ts';
import { allProperties, checkProperty, subjectOf } from './packed.mjs';
import { nobleCredential, nodeCredential } from './properties/credential.mjs';

/** Runs of each property; raised for a long search. */
const numRuns = Number(process.env['HOLDLINE_PROPERTY_RUNS'] ?? 50);
const seed = Number(process.env['HOLDLINE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

console.log(`${numRuns} runs of each property, seed ${seed}`);

const modules = { index, client, server, record, node };

describe('over node:crypto', () => {
  const crypto = { client: node.nodeCrypto, server: node.nodeCrypto };
  for (const property of allProperties(subjectOf(modules, crypto, nodeCredential(node)))) {
    test(property.name, () => {
      expect(checkProperty(property, { numRuns, seed })).toBeNull();
    });
  }
});

// Each provider hears what the other says.
describe('a client over noble’s libraries with a server over node:crypto', () => {
  const crypto = { client: noble.crypto, server: node.nodeCrypto };
  const subject = subjectOf(modules, crypto, nobleCredential(noble));
  for (const property of allProperties(subject)) {
    test(property.name, { timeout: 60_000 }, () => {
      expect(checkProperty(property, { numRuns: Math.ceil(numRuns / 25), seed })).toBeNull();
    });
  }
});
