// Hostile servers behind the agent: what node's own agent would make of them, or an error of the
// request; never a fault of ours, and never another's bytes.
import { type Agent, type IncomingMessage, request as makeRequest } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createAgent } from '../../src/agent/index.ts';
import { HttpClient } from '../../src/index.ts';
import { ok, RawServer } from './support/raw-server.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Served {
  readonly server: RawServer;
  readonly client: HttpClient;
  readonly agent: Agent;
  readonly faults: unknown[];
}

/** A server that answers each target with bytes, and an agent over a single connection to it. */
async function serve(answer: (target: string) => string): Promise<Served> {
  const server = await new RawServer(({ target }, socket) => {
    socket.write(answer(target), 'latin1');
  }).listen();
  const faults: unknown[] = [];
  const onFault = (error: unknown): void => void faults.push(error);
  const client = new HttpClient({ connectionsPerOriginMax: 1, onFault });
  const agent = createAgent(client);
  closers.push(
    () => server.close(),
    () => client.close(),
    () => agent.destroy(),
  );
  return { server, client, agent, faults };
}

/** What a caller of node:http gets: status, content and headers, or the word for an error. */
function ask(origin: string, target: string, agent: Agent, headers = {}): Promise<string> {
  return new Promise((resolve) => {
    const options = { agent, headers };
    const request = makeRequest(`${origin}${target}`, options, (response: IncomingMessage) => {
      let text = '';
      response.setEncoding('latin1').on('data', (data: string) => {
        text += data;
      });
      response.on('end', () => resolve(`${response.statusCode} ${text}`));
      response.on('error', () => resolve('incomplete'));
    });
    request.on('upgrade', ({ statusCode }, socket) => {
      socket.destroy();
      resolve(`${statusCode} upgrade`);
    });
    request.on('error', () => resolve('error'));
    request.end();
  });
}

const EMPTY = 'Content-Length: 0\r\n\r\n';

describe('an answer that is', () => {
  it.each([
    ['of a status above 599', 'HTTP/1.1 999 Many\r\nContent-Length: 2\r\n\r\nok', 'error'],
    ['of a status below 100', `HTTP/1.1 099 Few\r\n${EMPTY}`, 'error'],
    ['205 with content', 'HTTP/1.1 205 Reset\r\nContent-Length: 2\r\n\r\nok', 'error'],
    [
      '205 in chunks',
      'HTTP/1.1 205 Reset\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
      'error',
    ],
    ['205', `HTTP/1.1 205 Reset\r\n${EMPTY}`, '205 '],
    ['204 with a length', 'HTTP/1.1 204 None\r\nContent-Length: 5\r\n\r\n', '204 '],
    ['304 with a length', 'HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n', '304 '],
    [
      'behind 103 with a length',
      `HTTP/1.1 103 Early\r\nContent-Length: 5\r\n\r\n${ok('a')}`,
      '200 a',
    ],
    ['behind 199', `HTTP/1.1 199 Any\r\n\r\n${ok('a')}`, '200 a'],
    ['behind 100', `HTTP/1.1 100 Continue\r\n\r\n${ok('a')}`, '200 a'],
    [
      'of two equal lengths',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na',
      '200 a',
    ],
    ['of bytes', `HTTP/1.1 200 \xe9\r\nA: \x80\xff\r\n${EMPTY}`, '200 '],
    ['without a reason', `HTTP/1.1 200 \r\n${EMPTY}`, '200 '],
    ['folded', `HTTP/1.1 200 OK\r\nA: b\r\n c\r\n${EMPTY}`, '200 '],
    [
      'trailed',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nHost: b\r\nX: y\r\n\r\n',
      '200 a',
    ],
    ['full of connection options', ok('a', 'Connection: a, content-type, host', 'A: b'), '200 a'],
    ['no HTTP', '220 mail\r\n', 'error'],
    [
      'a switch that nobody wants',
      'HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: toy\r\n\r\n',
      'error',
    ],
    ['two', ok('a') + ok('b'), '200 a'],
  ])('%s', async (_name, answer, expected) => {
    const { server, agent, faults } = await serve((target) =>
      target === '/x' ? answer : ok(target),
    );
    const { origin } = server;
    expect(await ask(origin, '/before', agent)).toBe('200 /before');
    expect(await ask(origin, '/x', agent)).toBe(expected);
    expect(await ask(origin, '/after', agent)).toBe('200 /after');
    expect(faults).toEqual([]);
  });

  it('a switch with a length is one, or an error', async () => {
    const { server, agent, faults } = await serve((target) =>
      target === '/x'
        ? 'HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: toy\r\nContent-Length: 5\r\n\r\n'
        : ok(target),
    );
    const headers = { connection: 'upgrade', upgrade: 'toy' };
    expect(await ask(server.origin, '/x', agent, headers)).toBe('101 upgrade');
    expect(await ask(server.origin, '/after', agent)).toBe('200 /after');
    expect(faults).toEqual([]);
  });
});
