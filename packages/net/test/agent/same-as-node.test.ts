// The same requests through node's own agent and through ours, to the same server: what the program
// sees, and what the server is asked, must be the same.
import {
  Agent,
  type ClientRequest,
  createServer,
  type IncomingMessage,
  type RequestOptions,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgent } from '../../src/agent/index.ts';
import { HttpClient } from '../../src/index.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly rawHeaders: readonly string[];
  readonly body: string;
  readonly trailers: object;
}

const seen: Seen[] = [];
const server = createServer(answer);
server.on('checkContinue', (incoming, response) => {
  if (incoming.url === '/refuse') return void response.writeHead(417).end();
  response.writeContinue();
  void answer(incoming, response);
});
server.on('upgrade', (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n');
  socket.write(`hello ${incoming.headers['x-name']} `);
  socket.write(head);
  socket.on('error', () => {});
  socket.pipe(socket);
});
server.on('connect', (incoming: IncomingMessage, socket: Duplex) => {
  socket.write('HTTP/1.1 200 OK\r\n\r\n');
  socket.write(`tunnel to ${incoming.url} `);
  socket.pipe(socket);
});

async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of incoming) pieces.push(piece as Buffer);
  } catch {
    return;
  }
  const { method, url = '/', rawHeaders, trailers } = incoming;
  seen.push({ method, url, rawHeaders, body: Buffer.concat(pieces).toString('latin1'), trailers });
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  switch (pathname) {
    case '/status':
      response.writeHead(Number(searchParams.get('code')), 'As Asked', { 'X-Mixed-Case': 'Yes' });
      response.end();
      break;
    case '/chunked':
      response.setHeader('Trailer', 'X-Sum');
      response.write('one ');
      response.addTrailers({ 'X-Sum': '3' });
      response.end('two');
      break;
    case '/early':
      response.writeEarlyHints({ link: '</a.css>; rel=preload' });
      response.end('behind hints');
      break;
    case '/cut':
      response.writeHead(200, { 'content-length': 100 }).write('some');
      setTimeout(() => response.destroy(), 20);
      break;
    case '/hang-up':
      response.destroy();
      break;
    case '/silent':
      break;
    case '/cookies':
      response.setHeader('Set-Cookie', ['a=1', 'b=2']).end();
      break;
    default:
      response.end('hello');
  }
}

const client = new HttpClient();
const ours = createAgent(client);
const theirs = new Agent({ keepAlive: true });

beforeAll(() => new Promise<void>((resolve) => server.listen(0, resolve)));
afterAll(async () => {
  theirs.destroy();
  ours.destroy();
  await client.close();
  expect(client.connections).toEqual([]);
  await new Promise((resolve) => server.close(resolve));
});

interface Scenario {
  readonly options: RequestOptions;
  /** Writes the content and ends the request; ends it by default. */
  readonly act?: (outgoing: ClientRequest) => void;
}

/** What the program sees, as a list of events. */
function play(agent: Agent, { options, act }: Scenario): Promise<unknown[]> {
  const { port } = server.address() as AddressInfo;
  const events: unknown[] = [];
  return new Promise((resolve) => {
    const outgoing = request({ host: 'localhost', port, ...options, agent });
    outgoing.on('continue', () => events.push('continue'));
    outgoing.on('information', ({ statusCode, headers }) =>
      events.push(['information', statusCode, headers]),
    );
    outgoing.on('error', ({ message, code }: NodeJS.ErrnoException) =>
      events.push(['error', message, code]),
    );
    outgoing.on('timeout', () => events.push('timeout'));
    let isSwitched = false;
    outgoing.on('close', () => {
      if (!isSwitched) setTimeout(() => resolve(events), 5);
    });
    outgoing.on('response', (response) => readResponse(response, events));
    const onSwitch = (response: IncomingMessage, socket: Duplex, head: Buffer): void => {
      isSwitched = true;
      events.push([response.statusCode, response.headers.upgrade]);
      let text = head.toString();
      socket.on('data', (data: Buffer) => {
        text += data.toString();
      });
      socket.on('end', () => events.push(['tunnel', text]));
      socket.on('close', () => resolve(events));
      socket.write('and ');
      socket.end('back');
    };
    outgoing.on('upgrade', onSwitch);
    outgoing.on('connect', onSwitch);
    if (act === undefined) outgoing.end();
    else act(outgoing);
  });
}

function readResponse(response: IncomingMessage, events: unknown[]): void {
  const { statusCode, statusMessage, httpVersion, rawHeaders } = response;
  const own = ['Date', 'Connection', 'Keep-Alive', 'Transfer-Encoding', 'Content-Length'];
  const headers = pairs(rawHeaders).filter(([name]) => !own.includes(name));
  events.push([statusCode, statusMessage, httpVersion, headers]);
  let text = '';
  response.on('data', (data: Buffer) => {
    text += data.toString();
  });
  response.on('end', () => events.push(['end', text, response.complete, response.trailers]));
  response.on('aborted', () => events.push(['aborted', text, response.complete]));
  response.on('error', ({ message, code }: NodeJS.ErrnoException) =>
    events.push(['response error', message, code]),
  );
}

function pairs(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, index) =>
    index % 2 === 0 ? [[name, raw[index + 1] as string] as [string, string]] : [],
  );
}

/** What the server saw, but for the connection's own fields and their order. */
function seenOnes(): unknown {
  const own = ['host', 'connection'];
  return seen.map(({ rawHeaders, ...rest }) => ({
    ...rest,
    headers: pairs(rawHeaders)
      .filter(([name]) => !own.includes(name.toLowerCase()))
      .map(([name, value]) => [name.toLowerCase(), value])
      .sort(),
  }));
}

const scenarios: Readonly<Record<string, Scenario>> = {
  'a plain GET': { options: {} },
  'a path with dots and escapes': { options: { path: "/a/../b/./c%20d?e='f'&g=%7B" } },
  HEAD: { options: { method: 'HEAD' } },
  DELETE: { options: { method: 'DELETE' } },
  'fields spelled as they are': {
    options: { headers: { 'X-Mixed-Case': 'A', accept: 'b', 'X-List': ['1', '2'] } },
  },
  'content with its length': {
    options: { method: 'POST', headers: { 'content-length': 5 } },
    act: (outgoing) => void outgoing.end('hello'),
  },
  'content in one piece': {
    options: { method: 'POST' },
    act: (outgoing) => void outgoing.end('hello'),
  },
  'content in pieces': {
    options: { method: 'POST' },
    act: (outgoing) => {
      outgoing.write('one ');
      setTimeout(() => outgoing.end('two'), 10);
    },
  },
  'content with trailers': {
    options: { method: 'PUT', headers: { Trailer: 'X-Sum' } },
    act: (outgoing) => {
      outgoing.write('x');
      outgoing.addTrailers({ 'X-Sum': '1' });
      outgoing.end();
    },
  },
  'POST without content': { options: { method: 'POST' } },
  'a chunked response with trailers': { options: { path: '/chunked' } },
  'early hints': { options: { path: '/early' } },
  cookies: { options: { path: '/cookies' } },
  'Connection: close': { options: { headers: { connection: 'close' } } },
  '100 (Continue)': {
    options: { method: 'POST', headers: { expect: '100-continue' } },
    act: (outgoing) => {
      outgoing.flushHeaders();
      outgoing.once('continue', () => outgoing.end('awaited'));
    },
  },
  'a response that is cut': { options: { path: '/cut' } },
  'a server that hangs up': { options: { path: '/hang-up', method: 'POST' } },
  'a port that nobody listens on': { options: { port: 1 } },
  'a timeout': {
    options: { path: '/silent', timeout: 30 },
    act: (outgoing) => {
      outgoing.once('timeout', () => outgoing.destroy(new Error('too slow')));
      outgoing.end();
    },
  },
  'a request that is destroyed at once': {
    options: {},
    act: (outgoing) => void outgoing.destroy(),
  },
  'a request that is destroyed later': {
    options: { path: '/silent' },
    act: (outgoing) => {
      outgoing.end();
      setTimeout(() => outgoing.destroy(), 20);
    },
  },
  'a switch of protocols': {
    options: {
      path: '/switch',
      headers: { connection: 'Upgrade', upgrade: 'echo', 'x-name': 'you' },
    },
  },
  CONNECT: { options: { method: 'CONNECT', path: 'far.example:443' } },
  ...Object.fromEntries(
    [200, 204, 205, 304, 404, 500].map((code): [string, Scenario] => [
      `status ${code}`,
      { options: { path: `/status?code=${code}` } },
    ]),
  ),
};

describe('as with the agent of node', () => {
  for (const [name, scenario] of Object.entries(scenarios)) {
    it(name, async () => {
      seen.length = 0;
      const expected = { events: await play(theirs, scenario), seen: seenOnes() };
      seen.length = 0;
      expect({ events: await play(ours, scenario), seen: seenOnes() }).toEqual(expected);
    });
  }
});
