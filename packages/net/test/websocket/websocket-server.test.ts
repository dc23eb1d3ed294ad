// The server's part of the opening handshake, beside HTTP, and how its connections end.
import { nodeCompression } from '@holdline/websocket/node';
import { describe, expect, it } from 'vitest';
import { serveWebSocket, type WebSocketOpenError } from '../../src/websocket/index.ts';
import { FakeTime } from '../support/fake-time.ts';
import { serve } from '../support/serving.ts';
import { openPair, served, take, turns } from './support/websocket-pair.ts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';

function request(target = '/', ...lines: string[]): string {
  const all = [
    `GET ${target} HTTP/1.1`,
    'Host: a',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${KEY}`,
    'Sec-WebSocket-Version: 13',
    ...lines,
  ];
  return `${all.join('\r\n')}\r\n\r\n`;
}

/** A text frame of a client, with the masking key 0. */
function textFrame(text: string): string {
  return `\x81${String.fromCharCode(0x80 | text.length)}\0\0\0\0${text}`;
}

/** A Close frame of a client, with the masking key 0. */
const CLOSE_1000 = '\x88\x82\0\0\0\0\x03\xe8';

async function refusal(promise: Promise<unknown>): Promise<WebSocketOpenError> {
  return promise.then(
    () => {
      throw new Error('it was opened');
    },
    (error) => error as WebSocketOpenError,
  );
}

describe('the opening handshake', () => {
  it('is one path of an HTTP server, and keeps what comes behind it', async () => {
    const chat = serveWebSocket({ onMessage: (message, peer) => void peer.send(`<${message}>`) });
    const serving = await serve((exchange) => {
      if (exchange.head.target === '/chat') return chat.handle(exchange);
      exchange.respond({ status: 200, content: 'page' });
    });
    const client = await serving.client();
    client.send(`GET / HTTP/1.1\r\nHost: a\r\n\r\n${request('/chat')}${textFrame('hi')}`);
    const text = await client.until('\x81\x04<hi>');
    expect(text).toContain('page');
    expect(text.toLowerCase()).toContain(`sec-websocket-accept: ${ACCEPT.toLowerCase()}`);
    expect(chat.connections.size).toBe(1);
    client.send(CLOSE_1000);
    await client.untilEnd();
    client.finish();
    await serving.until(() => serving.causes.length === 1);
    expect(serving.causes).toEqual(['switched']);
    expect(chat.connections.size).toBe(0);
  });

  it.each([
    ['no upgrade', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n', 426, 'sec-websocket-version: 13'],
    ['another version', request().replace('n: 13', 'n: 8'), 426, 'sec-websocket-version: 13'],
    ['no key', request().replace(KEY, ''), 400, ''],
    ['another method', request().replace('GET', 'POST'), 405, 'allow: GET'],
  ])('is refused with the right status: %s', async (_what, text, status, field) => {
    const serving = await serve(serveWebSocket().handle);
    const client = await serving.client();
    const answer = await client.send(text).until('\r\n\r\n');
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer.toLowerCase()).toContain(field.toLowerCase());
    expect(serving.faults).toEqual([]);
  });

  it('is decided by the program, at once or later', async () => {
    const all = served({
      decide: ({ resourceName, origin }) => {
        if (resourceName === '/later') {
          return new Promise((resolve) => setImmediate(() => resolve({ data: origin })));
        }
        if (resourceName === '/throws') throw new Error('no');
        return {
          status: 401,
          fields: [{ name: 'WWW-Authenticate', value: 'Basic' }],
          content: 'who?',
        };
      },
    });
    const url = await all.listen();
    const { connectWebSocket } = await import('../../src/websocket/index.ts');
    const refused = await refusal(connectWebSocket(url));
    expect(refused).toMatchObject({ code: 'WEBSOCKET_REFUSED', observation: 'refused' });
    expect(refused.response).toMatchObject({ status: 401, isWhole: true });
    expect(Buffer.from(refused.response?.content ?? []).toString()).toBe('who?\n');
    expect((await refusal(connectWebSocket(`${url}throws`))).response?.status).toBe(500);
    const client = await connectWebSocket(`${url}later`, { origin: 'https://Example.com' });
    expect((await all.next()).data).toBe('https://example.com');
    expect(all.faults).toMatchObject([{ message: 'no' }]);
    await client.close();
  });

  it('checks the Origin only where there is one', async () => {
    const all = served({ origins: ['https://good.example'] });
    await all.connect();
    await all.connect({ origin: 'https://GOOD.example' });
    const error = await refusal(all.connect({ origin: 'https://bad.example' }));
    expect(error.response?.status).toBe(403);
    expect(all.server.connections.size).toBe(2);
  });

  it('chooses the subprotocol, and compression only where both have it', async () => {
    const { client, server } = await openPair(
      { subprotocols: ['b', 'a'], compression: nodeCompression },
      { subprotocols: ['a', 'b'] },
    );
    expect([client.subprotocol, server.subprotocol]).toEqual(['b', 'b']);
    expect([client.deflate, server.deflate]).toEqual([null, null]);
    const other = await openPair(
      { compression: nodeCompression },
      { compression: nodeCompression },
    );
    expect(other.client.deflate).toEqual(other.server.deflate);
    expect(other.server.deflate).toMatchObject({ clientNoContextTakeover: true });
    const one = await openPair(
      { compression: nodeCompression, decide: () => ({ compression: false }) },
      { compression: nodeCompression },
    );
    expect(one.client.deflate).toBeNull();
  });

  it.each([
    [401, 'www-authenticate', 'Bearer', 'Basic'],
    [405, 'allow', 'GET', 'GET, HEAD'],
    [426, 'upgrade', 'websocket', 'chat'],
  ])(
    'that is refused with %d has the field %s that must be there',
    async (status, name, value, own) => {
      const decisions = [
        { status },
        { status, fields: [{ name: name.toUpperCase(), value: own }] },
      ];
      for (const [index, decision] of decisions.entries()) {
        const all = served({ decide: () => decision });
        const { response } = await refusal(all.connect());
        expect(response?.status).toBe(status);
        const values = response?.fields.filter((field) => field.name === name);
        expect(values).toEqual([{ name, value: index === 0 ? value : own }]);
        expect(all.faults).toEqual([]);
      }
    },
  );

  it('that is refused in another type than plain text has only that', async () => {
    const fields = [{ name: 'Content-Type', value: 'text/html' }];
    const all = served({ decide: () => ({ status: 403, fields, content: '<p>' }) });
    const { response } = await refusal(all.connect());
    const types = response?.fields.filter(({ name }) => name === 'content-type');
    expect(types).toEqual([{ name: 'content-type', value: 'text/html' }]);
  });

  it.each([
    [{ status: 200 }, 'a handshake is refused with a status from 300 to 599'],
    [{ status: 304, content: 'x' }, 'a 304 response has no content'],
    [{ status: 403, fields: [{ name: 'a b', value: '' }] }, 'a field name must be a token'],
    [{ subprotocols: () => 'chat' }, 'only choose a subprotocol that the client offered'],
    [null, 'decide must return nothing, to accept, or an object'],
    [false, 'decide must return nothing, to accept, or an object'],
  ])(
    'on which the decision is %j becomes 500, of which the HTTP server hears',
    async (decision, why) => {
      const all = served({ decide: () => decision as unknown as undefined });
      expect((await refusal(all.connect())).response?.status).toBe(500);
      expect(all.faults.map((error) => (error as Error).message)).toEqual([
        expect.stringContaining(why),
      ]);
    },
  );

  it('has a limit on connections', async () => {
    const all = served({ connectionsMax: 1 });
    const first = await all.connect();
    expect((await refusal(all.connect())).response?.status).toBe(503);
    await first.close();
    await turns();
    await all.connect();
  });

  it.each([
    ['connectionsMax', { connectionsMax: 0 }],
    ['contextBytesMax', { contextBytesMax: -1 }],
    ['contextIdleMs', { contextIdleMs: Number.NaN }],
    ['pingMs', { websocket: { timeouts: { pingMs: -1 } } }],
  ])('is not begun with options out of range: %s', (name, options) => {
    expect(() => serveWebSocket(options)).toThrow(name);
  });
});

describe("a program's fault", () => {
  it.each([
    [
      'thrown',
      () => {
        throw new Error('oops');
      },
    ],
    [
      'rejected',
      async () => {
        throw new Error('oops');
      },
    ],
  ])('closes its connection with 1011 and is reported, %s', async (_how, onMessage) => {
    const all = served({ onMessage });
    const client = await all.connect();
    client.send('x');
    expect(await client.closed).toMatchObject({ code: 1011, wasClean: true });
    expect(all.faults).toMatchObject([{ message: 'oops' }]);
  });

  it('in onOpen does the same, and one in onClosed is reported', async () => {
    const all = served({
      onOpen: async (connection) => {
        for await (const message of connection) throw new Error(`not ${message}`);
      },
      onClosed: () => {
        throw new Error('nor that');
      },
    });
    const client = await all.connect();
    client.send('this');
    expect((await client.closed).code).toBe(1011);
    await turns();
    expect(all.faults.map(String)).toEqual(['Error: not this', 'Error: nor that']);
  });
});

describe('the end', () => {
  it('is a closing handshake whoever begins, and both know who', async () => {
    const closed: number[] = [];
    const { client, server } = await openPair({ onClosed: ({ code }) => void closed.push(code) });
    const event = await server.close(4321, 'that is all');
    expect(event).toMatchObject({ code: 4321, startedBy: 'us', wasClean: true });
    expect(await client.closed).toMatchObject({
      code: 4321,
      reason: 'that is all',
      startedBy: 'peer',
      observation: 'closing-handshake',
    });
    expect(closed).toEqual([4321]);
    expect(await server.close()).toBe(event);
    expect(server.closedEvent).toBe(event);
    expect(() => client.close(1005, 'x')).not.toThrow();
    const other = await openPair();
    expect(() => other.client.close(1006)).toThrow('WS_CLOSE_NOT_ALLOWED');
  });

  it('is told from each other: cut, FIN, RST', async () => {
    const first = await openPair();
    first.client.abort();
    expect(await first.client.closed).toMatchObject({ code: 1006, observation: 'aborted' });
    expect(await first.server.closed).toMatchObject({ code: 1006, observation: 'reset' });
    const all = served();
    const transport = all.transport();
    transport.attach({ onData() {}, onEnd() {}, onDrain() {} });
    transport.write(Buffer.from(request()));
    const server = await all.next();
    transport.end();
    expect(await server.closed).toMatchObject({ code: 1006, observation: 'fin-without-close' });
  });

  it('of the HTTP server cuts them, of its drain closes them with 1001', async () => {
    const { served: all, client, server } = await openPair();
    const report = await all.http.drain();
    expect(report).toMatchObject({ connectionsClosed: 1, connectionsCut: 0 });
    expect(await client.closed).toMatchObject({ code: 1001, wasClean: true });
    expect((await server.closed).code).toBe(1001);
    const other = await openPair();
    await other.served.http.close();
    expect(await other.server.closed).toMatchObject({ code: 1006, observation: 'aborted' });
    expect(await other.client.closed).toMatchObject({ code: 1006, observation: 'reset' });
    expect(other.served.server.connections.size).toBe(0);
  });

  it('of all connections is 1001 for the good and 1006 for the stubborn', async () => {
    const clock = new FakeTime();
    const all = served({ websocket: { timeouts: { closingMs: 60_000 } } }, clock);
    const good = await all.connect();
    const transport = all.transport();
    let received = '';
    transport.attach({
      onData(data) {
        received += Buffer.from(data).toString('latin1');
      },
      onEnd() {},
      onDrain() {},
    });
    transport.write(Buffer.from(request()));
    while (all.opened.length < 2) await turns(1);
    const closing = all.server.close({ reason: 'update', timeoutMs: 1_000 });
    expect((await good.closed).code).toBe(1001);
    expect((await good.closed).reason).toBe('update');
    await turns();
    expect(received).toContain('\x88\x08\x03\xe9update');
    expect((await refusal(all.connect())).response?.status).toBe(503);
    clock.advance(1_000);
    expect(await closing).toMatchObject({ closed: 1, cut: 1, durationMs: 1_000 });
    expect((await all.opened[1]?.closed)?.code).toBe(1006);
    expect(await all.server.close()).toMatchObject({ closed: 1, cut: 1 });
  });

  it('is noticed by pings, which a peer that reads answers', async () => {
    const clock = new FakeTime();
    const all = served({}, clock);
    const client = await all.connect({ onMessage() {} });
    const transport = all.transport();
    transport.attach({ onData() {}, onEnd() {}, onDrain() {} });
    transport.write(Buffer.from(request()));
    while (all.opened.length < 2) await turns(1);
    for (let seconds = 0; seconds < 60; seconds += 1) {
      clock.advance(1_000);
      await turns(2);
    }
    expect(all.opened[1]?.closedEvent).toMatchObject({
      code: 1006,
      observation: 'ping-unanswered',
    });
    expect(all.opened[0]?.isOpen).toBe(true);
    expect(all.opened[0]?.roundTrip?.samples).toBeGreaterThan(0);
    await client.close();
  });
});

describe('a switch that never comes about', () => {
  it('is told to the connection that was to be', async () => {
    const all = served({ onOpen: (connection) => connection.send('hello') });
    // The 101 does not get out: the link takes nothing.
    const { http } = all;
    const near = all.transport();
    near.attach({ onData() {}, onEnd() {}, onDrain() {} });
    near.pause();
    near.write(Buffer.from(request()));
    const server = await all.next();
    await http.close();
    expect((await server.closed).code).toBe(1006);
    expect(all.server.connections.size).toBe(0);
  });

  it('and one that does sends what onOpen has sent', async () => {
    const all = served({
      onOpen: async (connection) => {
        for (let count = 0; count < 100; count++) connection.send('x'.repeat(1_000));
        await connection.drained();
        connection.send('drained');
      },
    });
    const client = await all.connect();
    expect((await take(client, 101)).at(-1)).toBe('drained');
  });
});
