import { expect, test } from 'vitest';
import * as client from '../src/client.ts';
import { pureCompression } from '../src/deflate/index.ts';
import { nodeCompression } from '../src/node/index.ts';
import * as server from '../src/server.ts';
import { allProperties, checkProperty } from './properties/conversations.mjs';

const modules = { client, server, deflate: { pureCompression }, node: { nodeCompression } };

test.each(allProperties(modules))('$name', (property) => {
  expect(checkProperty(property, { numRuns: 300 })).toBe(null);
});
