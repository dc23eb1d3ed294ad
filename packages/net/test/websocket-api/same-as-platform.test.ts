// The same programs on Node's own WebSocket and on ours: what differs is listed, with the sentence that
// says who is right.
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from '../../src/websocket-api/index.ts';
import { DIFFERENCES } from './support/differences.ts';
import { type PeerServer, startPeerServer } from './support/peer-server.ts';
import { type AnyWebSocket, PROGRAMS } from './support/programs.ts';

const { WebSocket: platform } = globalThis as unknown as { WebSocket?: AnyWebSocket };
const NONE = 'this Node has no WebSocket of its own';
let server: PeerServer;

beforeAll(async () => {
  server = await startPeerServer();
});
afterAll(() => server.close());

describe('a WebSocket', () => {
  for (const [name, program] of Object.entries(PROGRAMS)) {
    it(`${name}, as Node's does`, async (context) => {
      if (platform === undefined) return context.skip(NONE);
      const theirs = await program(platform, server);
      expect(await program(WebSocket, server)).toEqual(theirs);
    });
  }
});

describe("in what it differs from Node's", () => {
  for (const [name, { program, ours, theirs, sentence }] of Object.entries(DIFFERENCES)) {
    it(name, async () => {
      expect(await program(WebSocket, server), sentence).toEqual(ours);
      const isKnown = platform !== undefined && process.versions.node.startsWith('24.');
      if (isKnown) expect(await program(platform, server)).toEqual(theirs);
    });
  }
});
