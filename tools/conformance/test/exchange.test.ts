import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { handMadeCases } from '../corpus/all.mjs';
import { defineCase } from '../src/case.mjs';
import { play } from '../src/exchange.mjs';
import { accepted, refused } from '../src/expectation.mjs';
import { get, PROBE } from '../src/requests.mjs';
import { runCorpus } from '../src/run.mjs';

const running: (() => Promise<void>)[] = [];

/** A server that treats each connection as told; returns its port. */
async function serve(onConnection: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).setEncoding('latin1');
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  running.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return (server.address() as AddressInfo).port;
}

afterEach(async () => {
  for (const stop of running.splice(0)) await stop();
});

const response = (content: string, fields = '') =>
  `HTTP/1.1 200 OK\r\ndate: x\r\n${fields}content-length: ${content.length}\r\n\r\n${content}`;

const one = (parts: object) =>
  defineCase({ id: 'test/1', section: '9112 1', gist: '', send: get('/'), ...parts });

describe('play', () => {
  test('proves persistence by the probe, which is no response of the case', async () => {
    const port = await serve((socket) => {
      socket.on('data', (text) => {
        if (String(text) === PROBE) socket.end(response('probe', 'connection: close\r\n'));
        else socket.write(response('home'));
      });
    });
    const { fate, responses, wasProbed } = await play(one({ expect: accepted() }), port, 60_000);
    expect({ fate, wasProbed, count: responses.length }).toEqual({
      fate: 'persist',
      wasProbed: true,
      count: 1,
    });
  });

  test('tells an end from a connection that stays silent', async () => {
    const ending = await serve((socket) => socket.end(response('home', 'connection: close\r\n')));
    expect((await play(one({ expect: accepted() }), ending, 60_000)).fate).toBe('close');
    const silent = await serve(() => {});
    expect((await play(one({ expect: refused() }), silent, 30)).fate).toBe('silent');
  });

  test('finds a hidden request that was answered', async () => {
    const port = await serve((socket) => socket.end(response('home') + response('hidden')));
    const { responses } = await play(one({ expect: refused() }), port, 60_000);
    expect(responses.map(({ content }) => content)).toEqual(['home', 'hidden']);
  });

  test('waits where a step says so, and sends byte by byte where the case does', async () => {
    let received = '';
    const port = await serve((socket) => {
      socket.on('data', (text) => {
        received += String(text);
        if (received === 'first') socket.write('HTTP/1.1 100 Continue\r\n\r\n');
        if (received === 'firstsecond') socket.end(response('home', 'connection: close\r\n'));
      });
    });
    const steps = ['first', { await: 'answer' }, 'second'];
    const parts = { send: undefined, steps, pace: 'bytes', expect: refused() };
    const { responses, interim } = await play(one(parts), port, 60_000);
    expect([responses.length, interim.length, received]).toEqual([1, 1, 'firstsecond']);
  });

  test('half-closes behind the last step', async () => {
    const port = await serve((socket) => {
      socket.on('data', () => {}).on('end', () => socket.end(response('ended')));
    });
    const parts = { halfCloses: true, expect: accepted() };
    const { responses, fate } = await play(one(parts), port, 60_000);
    expect([responses[0]?.content, fate]).toEqual(['ended', 'close']);
  });
});

test('a server that answers everything with 200 fails most cases', async () => {
  const port = await serve((socket) => {
    socket.on('data', (text) => {
      if (!socket.writableEnded) {
        for (const _ of String(text).matchAll(/\r\n\r\n/g)) socket.write(response('home'));
      }
    });
    socket.on('end', () => socket.end());
  });
  const cases = handMadeCases().filter(({ id }: { id: string }) => id.startsWith('host/'));
  const results = await runCorpus(cases, port, { isHouse: false, isEchoing: false }, 30);
  const deviating = results.filter(({ findings }) => findings.length > 0);
  expect(deviating.length).toBe(cases.length);
});
