import { expect, test } from 'vitest';
import { clientSettings } from '../src/client.ts';
import { planRequest } from '../src/request-plan.ts';

const HOST = { name: 'Host', value: 'a' };
const plan = (method: string, fields: [string, string][] = [], isLast = false, target = '/') =>
  planRequest(
    { method, target, fields: [HOST, ...fields.map(([name, value]) => ({ name, value }))] },
    clientSettings(),
    isLast,
  );

test('framing follows from the fields', () => {
  expect(plan('GET').outgoing).toEqual({ framing: 'none', contentLength: 0 });
  expect(plan('GET', [['Content-Length', '5']]).outgoing).toEqual({
    framing: 'content-length',
    contentLength: 5,
  });
  expect(plan('PUT', [['Transfer-Encoding', 'chunked']]).machineFields).toEqual([
    { name: 'Transfer-Encoding', value: 'chunked' },
  ]);
  for (const method of ['POST', 'PUT', 'PATCH'])
    expect(plan(method).machineFields).toEqual([{ name: 'Content-Length', value: '0' }]);
});

test('the last request says close, whoever wants it', () => {
  expect(plan('GET', [], true)).toMatchObject({
    closes: true,
    machineFields: [{ name: 'Connection', value: 'close' }],
  });
  expect(plan('GET', [['Connection', 'close']])).toMatchObject({
    closes: true,
    machineFields: [{ name: 'Connection', value: 'close' }],
  });
});

test('the wish to persist is sent, unless the request is the last', () => {
  const sent = (given: string, isLast = false): readonly unknown[] =>
    plan('GET', [['Connection', given]], isLast).machineFields;
  expect(sent('Keep-Alive')).toEqual([{ name: 'Connection', value: 'keep-alive' }]);
  expect(sent('keep-alive, x')).toEqual([{ name: 'Connection', value: 'keep-alive, x' }]);
  expect(sent('keep-alive, close')).toEqual([{ name: 'Connection', value: 'close' }]);
  expect(sent('keep-alive', true)).toEqual([{ name: 'Connection', value: 'close' }]);
});

test('what is offered and expected', () => {
  expect(plan('GET', [['Upgrade', 'WebSocket, x/1']])).toMatchObject({
    upgrade: ['websocket', 'x/1'],
    machineFields: [{ name: 'Connection', value: 'Upgrade' }],
  });
  expect(
    plan('POST', [
      ['Content-Length', '1'],
      ['Expect', 'x, 100-Continue'],
    ]).expectsContinue,
  ).toBe(true);
  expect(
    plan('POST', [
      ['Content-Length', '1'],
      ['Expect', '200-ok'],
    ]).expectsContinue,
  ).toBe(false);
  expect(() => plan('GET', [['Expect', '100-continue']])).toThrow(/^HTTP1_FRAMING_NOT_ALLOWED/);
});

test('the options of a client allow raw bytes of the URL Standard', () => {
  const head = { method: 'GET', target: '/{a}|"', fields: [HOST] };
  expect(() => planRequest(head, clientSettings(), false)).toThrow(TypeError);
  expect(planRequest(head, clientSettings({ allowUrlTargets: true }), false).closes).toBe(false);
});
