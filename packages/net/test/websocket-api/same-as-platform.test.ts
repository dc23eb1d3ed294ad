// The same programs on Node's own WebSocket and on ours: what differs is listed, with the sentence that
// says who is right.
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from '../../src/websocket-api/index.ts';
import { DIFFERENCES } from './support/differences.ts';
import { type PeerServer, startPeerServer } from './support/peer-server.ts';
import { type AnyWebSocket, PROGRAMS } from './support/programs.ts';

const { WebSocket: platform } = globalThis as unknown as { WebSocket?: AnyWebSocket };
const major = Number.parseInt(process.versions.node, 10);
const NONE = 'this Node has no WebSocket of its own, or one that leaves events out';
let server: PeerServer;

beforeAll(async () => {
  server = await startPeerServer();
});
afterAll(() => server.close());

describe('a WebSocket', () => {
  for (const [name, program] of Object.entries(PROGRAMS)) {
    it(`${name}, as Node's does`, async (context) => {
      // In Node 22 nothing is heard of an attempt that is closed, or fails, too early.
      if (platform === undefined || major < 24) return context.skip(NONE);
      const theirs = await program(platform, server);
      expect(await program(WebSocket, server)).toEqual(theirs);
    });
  }
});

describe("in what it differs from Node's", () => {
  for (const [name, { program, ours, theirs, sentence }] of Object.entries(DIFFERENCES)) {
    it(name, async () => {
      expect(await program(WebSocket, server), sentence).toEqual(ours);
      const isKnown = platform !== undefined && major === 24;
      if (isKnown) expect(await program(platform, server)).toEqual(theirs);
    });
  }
});
