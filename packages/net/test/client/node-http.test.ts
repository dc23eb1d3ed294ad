// The client against node:http, over TCP, Unix sockets and TLS.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { HttpClient, type HttpClientOptions } from '../../src/index.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../support/test-certificate.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function makeClient(options: HttpClientOptions = {}): HttpClient {
  const client = new HttpClient(options);
  closers.push(() => client.abort());
  return client;
}

async function listen(server: Server, where: object = { port: 0, host: '127.0.0.1' }) {
  server.listen(where);
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections?.();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A server, its origin, and how many connections it has accepted. */
async function serve(listener: RequestListener, options: object = {}) {
  const server = createServer(options, listener);
  const served = { origin: '', connections: 0, server };
  server.on('connection', () => {
    served.connections += 1;
  });
  served.origin = `http://127.0.0.1:${await listen(server)}`;
  return served;
}

/** Answers with what it was asked. */
const mirror: RequestListener = (request, response) => {
  let bytes = 0;
  request.on('data', (data: Buffer) => {
    bytes += data.length;
  });
  request.on('end', () => {
    const { method, url, trailers } = request;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ method, url, bytes, trailers }));
  });
};

it('makes requests one after the other on one connection', async () => {
  const served = await serve(mirror);
  const client = makeClient();
  for (let index = 0; index < 20; index += 1) {
    const response = await client.request({ url: `${served.origin}/path?${index}` });
    expect(response.status).toBe(200);
    expect(await response.content.json()).toMatchObject({ method: 'GET', url: `/path?${index}` });
  }
  expect(served.connections).toBe(1);
  await client.close();
});

it('makes many requests at a time on few connections', async () => {
  const served = await serve(mirror);
  const client = makeClient({ connectionsPerOriginMax: 4 });
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, index) => {
      const response = await client.request({ origin: served.origin, target: `/${index}` });
      return (await response.content.json()) as { url: string };
    }),
  );
  expect(answers.map(({ url }) => url)).toEqual(answers.map((_, index) => `/${index}`));
  expect(served.connections).toBe(4);
});

it('pipelines', async () => {
  const served = await serve(mirror);
  const client = makeClient({ connectionsPerOriginMax: 1, pipelining: 10 });
  const answers = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const response = await client.request({ origin: served.origin, target: `/${index}` });
      return (await response.content.json()) as { url: string };
    }),
  );
  expect(answers.map(({ url }) => url)).toEqual(answers.map((_, index) => `/${index}`));
  expect(served.connections).toBe(1);
});

it('sends and receives contents of every framing', async () => {
  const served = await serve(mirror);
  const client = makeClient();
  const large = new Uint8Array(3_000_000);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let index = 0; index < 30; index += 1) yield large.subarray(0, 100_000);
  }
  const cases = [
    { content: 'abc', bytes: 3 },
    { content: large, bytes: 3_000_000 },
    { content: pieces(), bytes: 3_000_000 },
    { content: pieces(), bytes: 3_000_000, contentLength: 3_000_000 },
    { content: pieces(), bytes: 3_000_000, expectContinue: true },
    { content: 'abc', bytes: 3, trailers: [{ name: 'X-Sum', value: 'yes' }] },
  ];
  for (const { bytes, ...request } of cases) {
    const response = await client.request({ url: served.origin, method: 'POST', ...request });
    const answer = (await response.content.json()) as { bytes: number; trailers: object };
    expect(answer.bytes).toBe(bytes);
    if (request.trailers !== undefined) expect(answer.trailers).toEqual({ 'x-sum': 'yes' });
  }
  expect(served.connections).toBe(1);
});

it('reads a large content slowly without storing it', async () => {
  const served = await serve((_, response) => {
    response.end(Buffer.alloc(20_000_000));
  });
  const client = makeClient();
  const response = await client.request({ url: served.origin });
  await new Promise((resolve) => setImmediate(resolve));
  const [connection] = client.connections;
  expect(connection?.bytesReceived).toBeLessThan(10_000_000);
  let bytes = 0;
  for await (const piece of response.content) bytes += piece.length;
  expect(bytes).toBe(20_000_000);
});

it('leaves before the server does, so that no request is lost', async () => {
  const served = await serve(mirror, { keepAliveTimeout: 2000 });
  const client = makeClient();
  const response = await client.request({ url: served.origin });
  await response.content.bytes();
  expect(client.connections[0]?.idleLeftMs).toBeGreaterThan(0);
  expect(client.connections[0]?.idleLeftMs).toBeLessThanOrEqual(1000);
});

it('repeats what met the end of an idle connection', async () => {
  const served = await serve(mirror);
  const client = makeClient();
  for (let index = 0; index < 10; index += 1) {
    const response = await client.request({ url: served.origin });
    await response.content.bytes();
    // The server's FIN and the next request cross, or do not.
    served.server.closeIdleConnections();
  }
  expect(served.connections).toBeGreaterThan(1);
});

it('speaks TLS, and resumes its sessions', async () => {
  const server = createTlsServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, mirror);
  const resumed: boolean[] = [];
  server.on('secureConnection', (socket) => resumed.push(socket.isSessionReused()));
  const port = await listen(server);
  const client = makeClient({ tls: { ca: TEST_CERTIFICATE } });
  for (const host of ['localhost', '127.0.0.1', 'localhost']) {
    const request = { url: `https://${host}:${port}/`, fields: [] };
    const response = await client.request(request);
    expect(response.status).toBe(200);
    await response.content.bytes();
    response.connection.abort();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(resumed).toEqual([false, false, true]);
  const untrusting = makeClient();
  await expect(untrusting.request({ url: `https://localhost:${port}/` })).rejects.toMatchObject({
    code: 'HTTP_CLIENT_CONNECT_FAILED',
  });
});

it('connects to a Unix socket', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdline-client-'));
  closers.push(() => rmSync(folder, { recursive: true }));
  const socketPath = join(folder, 'server.sock');
  const server = createServer((request, response) => response.end(request.headers.host));
  await listen(server, { path: socketPath });
  const client = makeClient();
  const response = await client.request({ url: 'http://some.example/x', socketPath });
  expect(await response.content.text()).toBe('some.example');
  response.connection.abort();
});

it('fails with the cause of the system where nobody listens', async () => {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  const client = makeClient();
  await expect(client.request({ url: `http://127.0.0.1:${port}/` })).rejects.toMatchObject({
    code: 'HTTP_CLIENT_CONNECT_FAILED',
    cause: { code: 'ECONNREFUSED' },
    safeToRetry: true,
  });
});

/** A server that speaks bytes; tells each connection and each request's path to a callback. */
async function serveBytes(onPath: (path: string, socket: Socket, number: number) => void) {
  let number = 0;
  const sockets = new Set<Socket>();
  const server = createSocketServer((socket) => {
    number += 1;
    const own = number;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      for (const [, path = ''] of String(data).matchAll(/^[A-Z]+ (\S+) /gm))
        onPath(path, socket, own);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const response = (content: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${content.length}\r\n\r\n${content}`;

it('hears what waits in the kernel before it writes the next request', async () => {
  const seen: string[] = [];
  const sockets: Socket[] = [];
  const origin = await serveBytes((path, socket, number) => {
    seen.push(`${path} on ${number}`);
    sockets.push(socket);
    socket.write(response(path));
  });
  const client = makeClient();
  const first = await client.request({ origin, target: '/first' });
  expect(await first.content.text()).toBe('/first');
  // This is in the kernel when the request comes, and the event loop has not asked for it.
  sockets[0]?.write(response('poison'));
  const second = await client.request({
    origin,
    target: '/second',
    method: 'POST',
    content: 'once',
  });
  expect(await second.content.text()).toBe('/second');
  expect(seen).toEqual(['/first on 1', '/second on 2']);
});

it('hears of a FIN that waits in the kernel before it writes what cannot be repeated', async () => {
  const seen: string[] = [];
  const origin = await serveBytes((path, socket, number) => {
    seen.push(`${path} on ${number}`);
    if (path === '/first') socket.end(response(path));
    else socket.write(response(path));
  });
  const client = makeClient();
  const first = await client.request({ origin, target: '/first' });
  expect(await first.content.text()).toBe('/first');
  const second = await client.request({
    origin,
    target: '/second',
    method: 'POST',
    content: 'once',
  });
  expect(await second.content.text()).toBe('/second');
  expect(seen).toEqual(['/first on 1', '/second on 2']);
});

it('takes a reset for no end of a content that only an end completes', async () => {
  const sockets: Socket[] = [];
  const origin = await serveBytes((_, socket) => {
    sockets.push(socket);
    socket.write('HTTP/1.1 200 OK\r\n\r\npart of it');
  });
  const client = makeClient();
  const cut = await client.request({ origin });
  sockets[0]?.resetAndDestroy();
  await expect(cut.content.text()).rejects.toMatchObject({
    code: 'HTTP_CLIENT_RESPONSE_INCOMPLETE',
  });
});

/** Runs a program that uses the client, and resolves with its output when it ends by itself. */
async function runProgram(program: string): Promise<string> {
  const entry = pathToFileURL(new URL('../../src/index.ts', import.meta.url).pathname).href;
  const source = `import { HttpClient } from ${JSON.stringify(entry)};\n${program}`;
  const flags = ['--no-warnings', '--input-type=module'];
  const child = spawn(process.execPath, [...flags, '-e', source]);
  closers.push(() => child.kill());
  let output = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  child.stderr.on('data', (data) => {
    output += data;
  });
  await once(child, 'close');
  return output;
}

it('lets a process end whose connections are idle, and not before its request is over', async (context) => {
  if (process.features.typescript === undefined || process.features.typescript === false) {
    context.skip('needs a Node that runs TypeScript');
  }
  const served = await serve((_, response) => {
    setTimeout(() => response.end('late'), 200);
  });
  const output = await runProgram(`
    const client = new HttpClient();
    const response = await client.request({ url: ${JSON.stringify(served.origin)} });
    console.log(await response.content.text(), client.connections[0].state);
  `);
  expect(output).toBe('late idle\n');
});
