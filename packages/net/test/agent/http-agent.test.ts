// What our agent does otherwise than node's, and what node's cannot be asked.

import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import {
  Agent,
  createServer as createHttpServer,
  get,
  type IncomingMessage,
  type RequestOptions,
  request,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, get as getHttps } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { afterEach, expect, it } from 'vitest';
import { createAgent } from '../../src/agent/index.ts';
import { HttpClient, type HttpClientOptions } from '../../src/index.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../support/test-certificate.ts';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

function agentWith(options: HttpClientOptions = {}, scheme: 'http' | 'https' = 'http') {
  const client = new HttpClient(options);
  const agent = createAgent(client, scheme);
  cleanups.push(async () => {
    agent.destroy();
    await client.close();
    expect(client.connections).toEqual([]);
  });
  return { client, agent };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

/** A server that is told what to do with each piece that comes. */
function rawServer(onData: (socket: Socket, data: string) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const port = listening(
    createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('data', (data: Buffer) => onData(socket, data.toString('latin1')));
    }),
  );
  // Before the server is closed, which waits for them.
  return port.finally(() => {
    cleanups.push(() => {
      for (const socket of sockets) socket.destroy();
    });
  });
}

const textOf = async (response: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const piece of response) text += String(piece);
  return text;
};

function ask(options: RequestOptions, content?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(options, (response) => textOf(response).then(resolve, reject));
    outgoing.on('error', reject);
    outgoing.end(content);
  });
}

/** Offers to switch, and resolves with the socket once the server has. */
function switched(agent: Agent, port: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const headers = { connection: 'Upgrade', upgrade: 'raw' };
    const outgoing = request({ port, agent, headers });
    outgoing.on('upgrade', (_response, socket) => resolve(socket));
    outgoing.on('error', reject);
    outgoing.end();
  });
}

const SWITCHED = 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n';

it('is an agent of node, with the protocol and port that node asks for', () => {
  const http = agentWith().agent;
  const https = agentWith({}, 'https').agent;
  expect(http).toBeInstanceOf(Agent);
  expect([http, https]).toMatchObject([
    { protocol: 'http:', defaultPort: 80 },
    { protocol: 'https:', defaultPort: 443 },
  ]);
});

it('keeps one connection for requests that follow one another', async () => {
  const port = await listening(createHttpServer((_request, response) => response.end('hello')));
  const { client, agent } = agentWith();
  for (let count = 0; count < 5; count += 1) {
    expect(await ask({ port, agent })).toBe('hello');
  }
  expect(client.connections).toMatchObject([{ id: 1, requests: 5 }]);
});

it('repeats a request that died on a connection which the server had given up', async () => {
  let requests = 0;
  const port = await rawServer((socket) => {
    requests += 1;
    if (requests === 2) socket.destroy();
    else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  });
  const { agent } = agentWith();
  expect([await ask({ port, agent }), await ask({ port, agent })]).toEqual(['ok', 'ok']);
  expect(requests).toBe(3);
});

it('does not repeat a POST whose bytes have left', async () => {
  let requests = 0;
  const port = await rawServer((socket) => {
    requests += 1;
    if (requests === 2) socket.destroy();
    else socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
  });
  const { agent } = agentWith();
  await ask({ port, agent });
  await expect(ask({ port, agent, method: 'POST' }, 'x')).rejects.toMatchObject({
    code: 'ECONNRESET',
    message: 'socket hang up',
    cause: { code: 'HTTP_CLIENT_CONNECTION_ENDED', safeToRetry: false },
  });
  expect(requests).toBe(2);
});

it('leaves a connection before the server does, in whatever order it says so', async () => {
  const port = await rawServer((socket) => {
    const hint = 'Keep-Alive: max=100, timeout=1';
    socket.write(`HTTP/1.1 200 OK\r\n${hint}\r\nContent-Length: 0\r\n\r\n`);
  });
  const { client, agent } = agentWith();
  await ask({ port, agent });
  expect(client.connections[0]?.idleLeftMs).toBeLessThanOrEqual(500);
});

it('gives the bounds and the queue of the client to requests of node', async () => {
  const requests = 18;
  const waiting: ServerResponse[] = [];
  let most = 0;
  const port = await listening(
    createHttpServer((_request, response) => {
      waiting.push(response);
      most = Math.max(most, waiting.length);
      // A fourth would have come by then.
      if (waiting.length !== 3) return;
      setTimeout(() => {
        for (const one of waiting.splice(0)) one.end('done');
      }, 20);
    }),
  );
  const { agent } = agentWith({ connectionsPerOriginMax: 3 });
  const answers = await Promise.all(Array.from({ length: requests }, () => ask({ port, agent })));
  expect(answers).toEqual(Array(requests).fill('done'));
  expect(most).toBe(3);
});

it('reports a response that breaks the protocol as what it is', async () => {
  const port = await rawServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx');
  });
  const { agent } = agentWith();
  await expect(ask({ port, agent })).rejects.toMatchObject({
    code: 'HTTP_CLIENT_RESPONSE_INVALID',
    faultCode: expect.stringMatching(/^HTTP1_/),
  });
});

it('percent-encodes in a path what RFC 3986 does not allow there', async () => {
  const port = await listening(
    createHttpServer((incoming, response) => response.end(incoming.url)),
  );
  const { agent } = agentWith();
  expect(await ask({ port, agent, path: '/a[1]?b={2}|' })).toBe('/a%5B1%5D?b=%7B2%7D%7C');
});

it('refuses what only a connection of its own could have', async () => {
  const { agent } = agentWith({}, 'https');
  const options = { port: 1, agent, rejectUnauthorized: false };
  const error = await new Promise<Error>((resolve) => {
    getHttps(options).on('error', resolve);
  });
  expect(error).toBeInstanceOf(TypeError);
  expect(error.message).toMatch(/^rejectUnauthorized is to be set on the HttpClient/);
});

it('makes requests over TLS as the client is set up', async () => {
  const tls = { cert: TEST_CERTIFICATE, key: TEST_KEY };
  const server = createHttpsServer(tls, (_request, response) => response.end('secret'));
  const port = await listening(server);
  const { agent } = agentWith({ tls: { ca: TEST_CERTIFICATE } }, 'https');
  const text = await new Promise((resolve, reject) => {
    const options = { host: 'localhost', port, agent };
    getHttps(options, (response) => {
      expect(response.socket).toMatchObject({ encrypted: true, authorized: true });
      resolve(textOf(response));
    }).on('error', reject);
  });
  expect(text).toBe('secret');
});

it('tells programs whom they are connected to', async () => {
  const port = await listening(createHttpServer((_request, response) => response.end()));
  const { agent } = agentWith();
  const remote = await new Promise((resolve) => {
    get({ host: '127.0.0.1', port, agent }, ({ socket }) => {
      const { remoteAddress, remotePort, remoteFamily, connecting } = socket;
      socket.setNoDelay().setKeepAlive().ref().unref();
      resolve({ remoteAddress, remotePort, remoteFamily, connecting });
    });
  });
  expect(remote).toEqual({
    remoteAddress: '127.0.0.1',
    remotePort: port,
    remoteFamily: 'IPv4',
    connecting: false,
  });
});

it('ends the requests under way when it is destroyed', async () => {
  const port = await rawServer(() => {});
  const { client, agent } = agentWith();
  const asked = ask({ port, agent });
  setTimeout(() => agent.destroy(), 20);
  await expect(asked).rejects.toMatchObject({ code: 'ECONNRESET' });
  expect(client.queued).toBe(0);
});

it('writes to the server no faster than it reads', async () => {
  const bytes = 50_000_000;
  const sockets: Socket[] = [];
  const port = await rawServer((socket, data) => {
    if (!data.startsWith('POST')) return;
    sockets.push(socket);
    socket.pause();
  });
  const { agent } = agentWith();
  const outgoing = request({ port, agent, method: 'POST', headers: { 'content-length': bytes } });
  outgoing.on('error', () => {});
  let written = 0;
  const piece = Buffer.alloc(65_536);
  const write = (): void => {
    while (written < bytes) {
      written += piece.length;
      if (!outgoing.write(piece)) return;
    }
  };
  outgoing.on('drain', write);
  write();
  await settled(() => written);
  expect(written).toBeGreaterThan(0);
  expect(written).toBeLessThan(30_000_000);
  outgoing.destroy();
});

it('reads from the server no faster than the program does', async () => {
  const bytes = 50_000_000;
  let written = 0;
  const port = await rawServer((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\n\r\n`);
    const piece = Buffer.alloc(65_536);
    const write = (): void => {
      while (written < bytes) {
        written += piece.length;
        if (!socket.write(piece)) return;
      }
    };
    socket.on('drain', write);
    write();
  });
  const { agent } = agentWith();
  const response = await new Promise<IncomingMessage>((resolve) => get({ port, agent }, resolve));
  await settled(() => written);
  expect(written).toBeLessThan(30_000_000);
  response.on('error', () => {});
  response.destroy();
});

/** Resolves once a figure has stopped to change. */
async function settled(figure: () => number): Promise<void> {
  for (let last = -1; last !== figure(); ) {
    last = figure();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

it('writes through a switched connection no faster than the server reads', async () => {
  const port = await rawServer((socket) => {
    socket.write(SWITCHED);
    socket.pause();
  });
  const { agent } = agentWith();
  const socket = await switched(agent, port);
  let written = 0;
  const piece = Buffer.alloc(65_536);
  const write = (): void => {
    while (written < 50_000_000) {
      written += piece.length;
      if (!socket.write(piece)) return;
    }
  };
  socket.on('drain', write);
  write();
  await settled(() => written);
  expect(written).toBeLessThan(30_000_000);
  socket.destroy();
});

it('reads through a switched connection no faster than the program does', async () => {
  let written = 0;
  const port = await rawServer((socket) => {
    socket.write(SWITCHED);
    const piece = Buffer.alloc(65_536, 'x');
    const write = (): void => {
      while (written < 50_000_000) {
        written += piece.length;
        if (!socket.write(piece)) return;
      }
      socket.end();
    };
    socket.on('drain', write);
    write();
  });
  const { agent } = agentWith();
  const socket = await switched(agent, port);
  await settled(() => written);
  expect(written).toBeLessThan(30_000_000);
  let received = 0;
  for await (const piece of socket) received += (piece as Buffer).length;
  expect(received).toBe(written);
  socket.end();
});

it('tells the end of a switched connection from its loss', async () => {
  const port = await rawServer((socket, data) => {
    if (data.startsWith('GET')) socket.write(SWITCHED);
    else if (data === 'end') socket.end();
    else socket.resetAndDestroy();
  });
  const { agent } = agentWith();
  const ended = await switched(agent, port);
  ended.resume();
  ended.write('end');
  await once(ended, 'end');
  ended.end();
  const lost = await switched(agent, port);
  lost.write('reset');
  const [error] = await once(lost, 'error');
  expect(error).toMatchObject({ message: 'the connection has ended: reset' });
});

it('cuts a switched connection whose socket is destroyed', async () => {
  let closed: () => void = () => {};
  const hasClosed = new Promise<void>((resolve) => {
    closed = resolve;
  });
  const port = await rawServer((socket) => {
    socket.write(SWITCHED);
    socket.on('close', closed);
  });
  const { client, agent } = agentWith();
  const socket = await switched(agent, port);
  socket.destroy();
  await hasClosed;
  expect(client.connections).toEqual([]);
});

it('passes on only one length, and none where there is no content', async () => {
  const heads = [
    'HTTP/1.1 200 OK\r\nContent-Length: 2\r\ncontent-length: 2\r\n\r\nok',
    'HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n',
    'HTTP/1.1 200 OK\r\nConnection: X-Hop\r\nX-Hop: 1\r\nContent-Length: 0\r\n\r\n',
  ];
  const port = await rawServer((socket) => void socket.write(heads.shift() ?? ''));
  const { agent } = agentWith();
  const rawHeaders: string[][] = [];
  while (heads.length > 0) {
    const response = await new Promise<IncomingMessage>((resolve) => get({ port, agent }, resolve));
    await textOf(response);
    const kept = response.rawHeaders.filter((text) => !/^(?:Date|Connection)$/i.test(text));
    rawHeaders.push(kept);
  }
  expect(rawHeaders).toEqual([['Content-Length', '2'], [], ['Content-Length', '0']]);
});

it('reaches IPv6 addresses and Unix sockets', async () => {
  const answer = createHttpServer((incoming, response) => response.end(incoming.headers.host));
  await new Promise<void>((resolve) => answer.listen(0, '::1', resolve));
  cleanups.push(() => new Promise((resolve) => answer.close(resolve)));
  const { port } = answer.address() as AddressInfo;
  const { agent } = agentWith();
  expect(await ask({ host: '::1', port, agent })).toBe(`[::1]:${port}`);
  const socketPath = join(mkdtempSync(join(tmpdir(), 'holdline-')), 'socket');
  const local = createHttpServer((_incoming, response) => response.end('by path'));
  await new Promise<void>((resolve) => local.listen(socketPath, resolve));
  cleanups.push(() => new Promise((resolve) => local.close(resolve)));
  expect(await ask({ socketPath, agent })).toBe('by path');
});
