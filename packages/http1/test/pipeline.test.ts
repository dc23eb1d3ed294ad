import { expect, test } from 'vitest';
import { Pipeline } from '../src/pipeline.ts';
import type { RequestPlan } from '../src/request-plan.ts';

const plan: RequestPlan = {
  outgoing: { framing: 'none', contentLength: 0 },
  closes: false,
  expectsContinue: false,
  upgrade: [],
  machineFields: [],
};
const head = (method: string, target: string) => ({ method, target, fields: [] });

test('first in, first out, with counts', () => {
  const pipeline = new Pipeline();
  expect([pipeline.length, pipeline.oldest, pipeline.newest]).toEqual([0, undefined, undefined]);
  pipeline.push(head('GET', '/1'), plan, 0);
  pipeline.push(head('GET', '/2'), { ...plan, closes: true }, 10);
  expect([pipeline.oldest?.target, pipeline.newest?.target]).toEqual(['/1', '/2']);
  expect([pipeline.length, pipeline.requests, pipeline.lastWasSent]).toEqual([2, 2, true]);
  pipeline.shift();
  expect([pipeline.oldest?.target, pipeline.length, pipeline.requests]).toEqual(['/2', 1, 2]);
});

test('what the server allows is told of the request that it answers', () => {
  const pipeline = new Pipeline();
  expect(pipeline.allowed).toBe(Number.POSITIVE_INFINITY);
  pipeline.push(head('GET', '/1'), plan, 0);
  pipeline.push(head('GET', '/2'), plan, 0);
  pipeline.allow(3);
  expect(pipeline.allowed).toBe(2);
  pipeline.push(head('GET', '/3'), plan, 0);
  expect(pipeline.allowed).toBe(1);
});

test('what had been received when a request was handed out is remembered once', () => {
  const pipeline = new Pipeline();
  pipeline.push(head('GET', '/1'), plan, 0);
  pipeline.push(head('GET', '/2'), plan, 10);
  pipeline.push(head('GET', '/3'), plan, 20);
  pipeline.handOut({ handedOutBytes: 20, receivedBytes: 100 });
  pipeline.handOut({ handedOutBytes: 21, receivedBytes: 300 });
  const marks: (number | undefined)[] = [];
  for (; pipeline.length > 0; pipeline.shift()) marks.push(pipeline.oldest?.answersFrom);
  expect(marks).toEqual([100, 100, 300]);
});

test('CONNECT and Upgrade may end HTTP', () => {
  const pipeline = new Pipeline();
  pipeline.push(head('GET', '/1'), plan, 0);
  expect(pipeline.mayEndHttp).toBe(false);
  pipeline.push(head('CONNECT', 'a:1'), plan, 0);
  expect(pipeline.mayEndHttp).toBe(true);
  const other = new Pipeline();
  other.push(head('GET', '/'), { ...plan, upgrade: ['toy'] }, 0);
  expect(other.mayEndHttp).toBe(true);
});

test('verdicts by what was handed out and what has begun', () => {
  const pipeline = new Pipeline();
  pipeline.push(head('GET', '/1'), plan, 0);
  pipeline.push(head('POST', '/2'), plan, 10);
  pipeline.push(head('POST', '/3'), plan, 20);
  const reasons = (handedOut: number, begun: boolean) =>
    pipeline.unanswered(handedOut, begun).map(({ verdict }) => verdict.reason);
  expect(reasons(0, false)).toEqual(['unsent', 'unsent', 'unsent']);
  expect(reasons(20, true)).toEqual(['response-begun', 'not-idempotent', 'unsent']);
  expect(reasons(21, false)).toEqual(['idempotent', 'not-idempotent', 'not-idempotent']);
});
