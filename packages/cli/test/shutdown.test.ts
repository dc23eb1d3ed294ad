import type { ConnectionSnapshot, ConnectionState, DrainReport } from '@holdline/net';
import { describe, expect, test } from 'vitest';
import { Shutdown } from '../src/shutdown.ts';

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A server that drains when told, under a clock that moves when told. */
function subject(...states: ConnectionState[]) {
  const seen = { said: [] as string[], exits: [] as number[], drains: [] as number[], closes: 0 };
  let nowMs = 1000;
  let finish: (report: DrainReport) => void = () => {};
  const server = {
    connections: states.map((state) => ({ state }) as ConnectionSnapshot),
    drain({ timeoutMs = -1 } = {}) {
      seen.drains.push(timeoutMs);
      return new Promise<DrainReport>((resolve) => {
        finish = resolve;
      });
    },
    async close() {
      seen.closes += 1;
      finish({ exchangesFinished: 0, connectionsClosed: 0, connectionsCut: 2, durationMs: 1 });
    },
  };
  const shutdown = new Shutdown({
    server,
    drainMs: 7,
    say: (text) => seen.said.push(text),
    now: () => nowMs,
    exit: (code) => seen.exits.push(code),
  });
  return {
    seen,
    server,
    shutdown,
    advance: (ms: number) => {
      nowMs += ms;
    },
    drained: async (report: Partial<DrainReport>) => {
      const none = { exchangesFinished: 0, connectionsClosed: 0, connectionsCut: 0 };
      finish({ ...none, durationMs: 1234, ...report });
      await settled();
    },
  };
}

test('the first signal says what it waits for, and what came of it', async () => {
  const { seen, shutdown, drained } = subject('active', 'idle', 'active', 'closing');
  shutdown.onSignal('SIGINT');
  expect(seen.said).toEqual(['SIGINT: waiting for 2 requests on 3 connections; once more to cut']);
  expect(seen).toMatchObject({ drains: [7], exits: [] });
  await drained({ exchangesFinished: 2, connectionsClosed: 4 });
  expect(seen.said[1]).toBe('done in 1.2 s: 2 requests finished, 4 connections closed');
  expect(seen).toMatchObject({ exits: [0], closes: 0 });
});

test('with nothing under way it says so', async () => {
  const { seen, shutdown, drained } = subject('idle');
  shutdown.onSignal('SIGTERM');
  expect(seen.said).toEqual(['SIGTERM: nothing is under way']);
  await drained({ connectionsClosed: 1 });
  expect(seen.said[1]).toBe('done in 1.2 s: 0 requests finished, 1 connection closed');
  expect(seen.exits).toEqual([0]);
});

test.each([
  [0, [], 'SIGINT: nothing is under way'],
  [1, [], 'SIGINT: 1 live page told, nothing else is under way'],
  [2, ['active'], '2 live pages told, waiting for 1 request on 1 connection; once more to cut'],
] as const)(
  '%i who only watch are told before anything is counted',
  async (watching, left, words) => {
    const said: string[] = [];
    const connectionsIn = (states: readonly ConnectionState[]): ConnectionSnapshot[] =>
      states.map((state) => ({ state }) as ConnectionSnapshot);
    const report = { exchangesFinished: 0, connectionsClosed: 0, connectionsCut: 0, durationMs: 0 };
    const server = {
      connections: connectionsIn(['active', 'active', 'active']),
      drain: async () => report,
      close: async () => {},
    };
    const shutdown = new Shutdown({
      server,
      drainMs: 7,
      endWatching: async () => {
        server.connections = connectionsIn(left);
        return watching;
      },
      say: (text) => said.push(text),
      now: () => 0,
      exit: () => {},
    });
    shutdown.onSignal('SIGINT');
    expect(said).toEqual([]);
    await settled();
    expect(said[0]).toContain(words);
  },
);

test('a second signal does not wait for who only watches', async () => {
  const { seen, server } = subject('active');
  const exits: number[] = [];
  const shutdown = new Shutdown({
    server,
    drainMs: 7,
    endWatching: () => new Promise(() => {}),
    say: (text) => seen.said.push(text),
    now: () => 0,
    exit: (code) => exits.push(code),
  });
  shutdown.onSignal('SIGINT');
  shutdown.onSignal('SIGTERM');
  await settled();
  expect(exits).toEqual([143]);
  expect(seen).toMatchObject({ said: ['SIGTERM again: 1 connection cut'], drains: [], closes: 1 });
});

describe('the same signal again', () => {
  test.each([
    [0, 0],
    [99, 0],
    [100, 1],
    [5000, 1],
  ])('after %i ms it cuts %i times', async (ms, closes) => {
    const { seen, shutdown, advance } = subject('active', 'idle');
    shutdown.onSignal('SIGINT');
    advance(ms);
    shutdown.onSignal('SIGINT');
    await settled();
    expect(seen.closes).toBe(closes);
    expect(seen.exits).toEqual(closes === 0 ? [] : [130]);
    if (closes > 0) expect(seen.said[1]).toBe('SIGINT again: 2 connections cut');
  });
});

test('another signal cuts at once, and names the exit code', async () => {
  const { seen, shutdown } = subject('active');
  shutdown.onSignal('SIGINT');
  shutdown.onSignal('SIGTERM');
  await settled();
  expect(seen).toMatchObject({ closes: 1, exits: [143] });
});

test('a third one changes nothing', async () => {
  const { seen, shutdown, advance } = subject('active');
  for (let index = 0; index < 3; index++) {
    shutdown.onSignal('SIGINT');
    advance(500);
  }
  await settled();
  expect(seen).toMatchObject({ closes: 1, exits: [130], drains: [7] });
  expect(seen.said).toHaveLength(2);
});

test('what was cut when the time was over makes the exit code a cut', async () => {
  const { seen, shutdown, drained } = subject('active');
  shutdown.onSignal('SIGTERM');
  await drained({ connectionsClosed: 1, connectionsCut: 1 });
  expect(seen.said[1]).toBe('done in 1.2 s: 0 requests finished, 1 connection closed, 1 cut');
  expect(seen.exits).toEqual([143]);
});
