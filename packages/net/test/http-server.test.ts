import { once } from 'node:events';
import { Server } from 'node:net';
import process from 'node:process';
import { describe, expect, it, vi } from 'vitest';
import { type HttpExchange, type HttpHandler, serveHttp } from '../src/index.ts';
import { FakeTime } from './support/fake-time.ts';
import { count, get, post } from './support/raw-client.ts';
import { ScriptTransport } from './support/script-transport.ts';
import { gate, parseResponse, serve } from './support/serving.ts';

const hello: HttpHandler = (exchange) => exchange.respond({ status: 200, content: 'hello' });

describe('a response', () => {
  it('has a Date and the length of its content', async () => {
    const serving = await serve(hello);
    const client = await serving.client();
    const { status, head, content } = parseResponse(await client.send(get('/')).until('hello'));
    expect(status).toBe(200);
    expect(head).toMatch(/\r\nDate: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT(\r\n|$)/);
    expect(head).toContain('Content-Length: 5');
    expect(content).toBe('hello');
  });

  it('keeps the Date and Content-Length that it brings', async () => {
    const date = { name: 'Date', value: 'Thu, 01 Jan 1970 00:00:00 GMT' };
    const length = { name: 'Content-Length', value: '3' };
    const serving = await serve((exchange) =>
      exchange.respond({ status: 200, fields: [date, length], content: [Buffer.from('abc')] }),
    );
    const client = await serving.client();
    const { head } = parseResponse(await client.send(get('/')).until('abc'));
    expect(head).toContain('Date: Thu, 01 Jan 1970');
    expect(count(head.toLowerCase(), 'date:')).toBe(1);
    expect(count(head.toLowerCase(), 'content-length:')).toBe(1);
    expect(head.toLowerCase()).not.toContain('transfer-encoding');
  });

  it.each([
    ['nothing', undefined, 'Content-Length: 0', ''],
    ['text', 'grüße', 'Content-Length: 7', 'gr\u00c3\u00bc\u00c3\u009fe'],
    ['bytes', Buffer.from('bytes'), 'Content-Length: 5', 'bytes'],
    ['large bytes', new Uint8Array(70_000).fill(97), 'Content-Length: 70000', 'a'.repeat(70_000)],
  ])('consists of %s', async (_what, content, field, expected) => {
    const serving = await serve((exchange) =>
      exchange.respond(content === undefined ? { status: 200 } : { status: 200, content }),
    );
    const client = await serving.client();
    const end = `\r\n\r\n${expected}`;
    const text = await client.send(get('/')).until((received) => received.endsWith(end));
    expect(text).toContain(field);
  });

  it.each(['sync', 'async'])('is chunked when it comes from a %s iterable', async (kind) => {
    const pieces = [Buffer.from('one'), Buffer.alloc(0), Buffer.from('two')];
    async function* later() {
      for (const piece of pieces) yield piece;
    }
    const serving = await serve((exchange) =>
      exchange.respond({ status: 200, content: kind === 'sync' ? pieces : later() }),
    );
    const client = await serving.client();
    const text = await client.send(get('/')).until('0\r\n\r\n');
    expect(text.toLowerCase()).toContain('transfer-encoding: chunked');
    expect(text).toContain('\r\n\r\n3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n');
  });

  it('ends with the connection for HTTP/1.0 when its length is unknown', async () => {
    const serving = await serve((exchange) =>
      exchange.respond({ status: 200, content: [Buffer.from('one'), Buffer.from('two')] }),
    );
    const client = await serving.client();
    const text = await client.send('GET / HTTP/1.0\r\n\r\n').untilEnd();
    expect(text).toMatch(/\r\n\r\nonetwo$/);
    expect(text.toLowerCase()).toContain('connection: close');
    expect(text.toLowerCase()).not.toContain('chunked');
  });

  it('to HEAD has the length and not the content', async () => {
    const serving = await serve(hello);
    const client = await serving.client();
    client.send('HEAD / HTTP/1.1\r\nHost: test\r\n\r\n').send(get('/next'));
    const text = await client.until('hello');
    expect(count(text, 'Content-Length: 5')).toBe(2);
    expect(count(text, 'hello')).toBe(1);
    expect(serving.records.map(({ responseBytes }) => responseBytes)).toEqual([0, 5]);
  });

  it('to HEAD releases content that nobody will read', async () => {
    const destroyed = gate();
    const content = { destroy: () => destroyed.open(), *[Symbol.iterator]() {} };
    const serving = await serve((exchange) => exchange.respond({ status: 200, content }));
    const client = await serving.client();
    client.send('HEAD / HTTP/1.1\r\nHost: test\r\n\r\n');
    await destroyed.promise;
    expect(await client.until('\r\n\r\n')).toContain('200 OK');
  });

  it.each([204, 304])('with status %i has neither content nor its length', async (status) => {
    const errors: unknown[] = [];
    const serving = await serve((exchange) => {
      try {
        exchange.respond({ status, content: 'no' });
      } catch (error) {
        errors.push(error);
      }
      exchange.respond({ status });
    });
    const client = await serving.client();
    const { head, content } = parseResponse(await client.send(get('/')).until('\r\n\r\n'));
    expect(errors).toEqual([expect.any(TypeError)]);
    expect(head.toLowerCase()).not.toContain('content-length');
    expect(content).toBe('');
  });

  it('that is invalid throws and leaves the exchange as it was', async () => {
    const errors: unknown[] = [];
    const attempt = (exchange: HttpExchange, run: () => void) => {
      try {
        run();
      } catch (error) {
        errors.push(error);
      }
      return exchange;
    };
    const serving = await serve((exchange) => {
      const evil = [{ name: 'x', value: 'a\r\nset-cookie: b' }];
      attempt(exchange, () => exchange.respond({ status: 200, fields: evil }));
      attempt(exchange, () => exchange.respond({ status: 99 }));
      attempt(exchange, () => exchange.respond({ status: 200, content: 5 as unknown as string }));
      exchange.respond({ status: 200, content: 'fine' });
      attempt(exchange, () => exchange.respond({ status: 200, content: 'twice' }));
    });
    const client = await serving.client();
    const text = await client.send(get('/')).until('fine');
    expect(errors.map((error) => (error as Error).name)).toEqual([
      'TypeError',
      'RangeError',
      'TypeError',
      'LocalProtocolError',
    ]);
    expect(text).not.toContain('set-cookie');
    expect(count(text, 'HTTP/1.1 ')).toBe(1);
    expect(serving.faults).toEqual([]);
  });

  it('can be preceded by informational ones', async () => {
    const serving = await serve((exchange) => {
      const link = { name: 'link', value: '</style.css>; rel=preload' };
      exchange.sendInformational({ status: 103, fields: [link] });
      exchange.respond({ status: 200, content: 'page' });
    });
    const client = await serving.client();
    const text = await client.send(get('/')).until('page');
    expect(text.indexOf('103 Early Hints')).toBeLessThan(text.indexOf('200 OK'));
  });
});

describe('a handler', () => {
  it('sees the request and its connection', async () => {
    const seen: unknown[] = [];
    const serving = await serve((exchange) => {
      const { head, number, connection } = exchange;
      seen.push([
        head.method,
        head.target,
        head.authority,
        number,
        connection.id,
        connection.requests,
      ]);
      expect(connection.remoteAddress).toBe('127.0.0.1');
      expect(connection.remotePort).toBeGreaterThan(0);
      exchange.respond({ status: 200, content: 'seen' });
    });
    const client = await serving.client();
    await client.send(get('/a?b') + post('/c', 'd')).until((text) => count(text, 'seen') === 2);
    expect(seen).toEqual([
      ['GET', '/a?b', 'test', 1, 1, 1],
      ['POST', '/c', 'test', 2, 1, 2],
    ]);
  });

  it('that throws is answered with 500 and without its secrets', async () => {
    const serving = await serve((exchange) => {
      throw new Error(`secret of ${exchange.head.target}`);
    });
    const client = await serving.client();
    const text = await client.send(get('/')).until('500 Internal Server Error\n');
    expect(text).not.toContain('secret');
    expect(text).toContain('content-type: text/plain; charset=utf-8');
    expect(serving.faults).toEqual([new Error('secret of /')]);
  });

  it('that rejects, or finishes without a response, is answered with 500', async () => {
    const serving = await serve(async (exchange) => {
      if (exchange.head.target === '/reject') throw new Error('later');
    });
    const client = await serving.client();
    client.send(get('/reject') + get('/nothing'));
    await client.until((text) => count(text, '500 Internal Server Error\n') === 2);
    expect(serving.faults).toEqual([
      new Error('later'),
      new Error('the handler has finished without a response'),
    ]);
  });

  it('that throws after its head cuts the connection', async () => {
    const serving = await serve((exchange) => {
      exchange.respond({ status: 200, content: endless() });
      throw new Error('too late');
    });
    const client = await serving.client();
    client.send(get('/'));
    await client.untilEnd();
    expect(client.end).toBe('reset');
    await serving.until(() => serving.causes.length === 1);
    expect(serving.causes).toEqual(['fault']);
    expect(serving.records[0]).toMatchObject({ status: 200, complete: false });
  });

  it.each(['throws', 'gives text'])('whose iterable %s cuts the connection', async (how) => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('first');
      if (how === 'throws') throw new Error('midway');
      yield 'text' as unknown as Uint8Array;
    }
    const serving = await serve((exchange) =>
      exchange.respond({ status: 200, content: failing() }),
    );
    const client = await serving.client();
    await client.send(get('/')).untilEnd();
    // Cut by RST, which some clients of Node tell from FIN only when they have read everything.
    expect(client.text).not.toMatch(/0\r\n\r\n$/);
    await serving.until(() => serving.causes.length === 1);
    expect(serving.faults).toHaveLength(1);
  });

  it('may answer later without a promise', async () => {
    const waiting = gate<HttpExchange>();
    const serving = await serve((exchange) => waiting.open(exchange));
    const client = await serving.client();
    client.send(get('/'));
    (await waiting.promise).respond({ status: 200, content: 'later' });
    expect(await client.until('later')).toContain('200 OK');
  });
});

describe('pipelining', () => {
  it('answers in order though handlers finish in any', async () => {
    const serving = await serve(async (exchange) => {
      const turns = exchange.head.target === '/slow' ? 20 : 1;
      for (let turn = 0; turn < turns; turn++)
        await new Promise((resolve) => setImmediate(resolve));
      exchange.respond({ status: 200, content: `<${exchange.head.target}>` });
    });
    const client = await serving.client();
    client.send(get('/slow') + get('/b') + get('/slow') + get('/c'));
    const text = await client.until('</c>');
    expect(text.match(/<[^>]*>/g)).toEqual(['</slow>', '</b>', '</slow>', '</c>']);
  });

  it('answers many requests of one segment', async () => {
    const serving = await serve(hello);
    const client = await serving.client();
    client.send(get('/').repeat(500));
    await client.until((text) => count(text, 'hello') === 500);
    expect(serving.records.map(({ number }) => number)).toEqual(
      Array.from({ length: 500 }, (_, index) => index + 1),
    );
  });
});

describe('an exchange over a transport under watch', () => {
  function watched() {
    const transport = new ScriptTransport();
    const time = new FakeTime();
    const server = serveHttp(hello, { clock: time, wallTime: () => time.wallNow() });
    server.accept(transport);
    return { transport, time, server };
  }

  it('is over at once when the handler answers at once', () => {
    const { transport, time } = watched();
    transport.sink?.onData(Buffer.from(get('/')));
    expect(Buffer.concat(transport.chunks).toString()).toMatch(/hello$/);
    // One deadline, the idle one.
    expect(time.size).toBe(1);
  });

  it('shares one write with all that came in one piece', () => {
    const { transport } = watched();
    transport.sink?.onData(Buffer.from(get('/').repeat(16)));
    expect(transport.log).toHaveLength(1);
    expect(count(Buffer.concat(transport.chunks).toString(), 'hello')).toBe(16);
  });
});

describe('the server', () => {
  it('warns of faults when nobody wants to hear of them', async () => {
    const warning = once(process, 'warning');
    const server = serveHttp(() => {
      throw 'not even an error';
    });
    const transport = new ScriptTransport();
    server.accept(transport);
    transport.sink?.onData(Buffer.from(get('/')));
    expect((await warning)[0]).toMatchObject({ message: 'not even an error' });
    await server.close();
  });

  it('checks its options', () => {
    expect(() => serveHttp(undefined as unknown as HttpHandler)).toThrow(TypeError);
    expect(() => serveHttp(hello, { connectionsMax: 0 })).toThrow(RangeError);
    expect(() => serveHttp(hello, { refusalsMax: -1 })).toThrow(RangeError);
    expect(() => serveHttp(hello, { tcp: { keepAlive: { delayMs: 1 } } })).toThrow(RangeError);
    expect(() => serveHttp(hello, { http1: { limits: { fieldsMax: -1 } } })).toThrow();
  });

  it('rejects a port that is taken', async () => {
    const serving = await serve(hello);
    const second = serveHttp(hello);
    await expect(second.listen({ port: serving.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    expect(second.address).toBe(null);
    expect(await second.listen()).toEqual(second.address);
    await second.close();
    await second.close();
  });

  it('reports a fault of the listener once, however often it tried to listen', async () => {
    const serving = await serve(hello);
    const faults: unknown[] = [];
    const second = serveHttp(hello, { onFault: (error) => faults.push(error) });
    const listening = vi.spyOn(Server.prototype, 'listen');
    await expect(second.listen({ port: serving.port })).rejects.toThrow('EADDRINUSE');
    await second.listen();
    const listener = listening.mock.contexts[0] as Server;
    listening.mockRestore();
    const error = new Error('EMFILE');
    listener.emit('error', error);
    expect(faults).toEqual([error]);
    await second.close();
  });

  it('shows its connections', async () => {
    const waiting = gate<HttpExchange>();
    const serving = await serve((exchange) => waiting.open(exchange));
    const client = await serving.client();
    await serving.until(() => serving.server.connections.length === 1);
    expect(serving.server.connections[0]).toMatchObject({ id: 1, state: 'idle', requests: 0 });
    client.send(get('/'));
    const exchange = await waiting.promise;
    const [active] = serving.server.connections;
    expect(active).toMatchObject({ state: 'active', requests: 1, bytesReceived: get('/').length });
    exchange.respond({ status: 200, fields: [{ name: 'connection', value: 'close' }] });
    await client.untilEnd();
    client.finish();
    await serving.until(() => serving.causes.length === 1);
    expect(serving.causes).toEqual(['local-close']);
    expect(exchange.connection.state).toBe('closed');
    expect(exchange.connection.closeCause).toBe('local-close');
    expect(exchange.connection.bytesSent).toBe(client.text.length);
    expect(serving.server.connections).toEqual([]);
  });

  it('reports exchanges as an access log needs them', async () => {
    const serving = await serve(async (exchange) => {
      const content = await exchange.readContent({ bytesMax: 100 });
      exchange.respond({ status: 201, content });
    });
    const client = await serving.client();
    await client.send(post('/new', 'content')).until('content');
    expect(serving.records).toEqual([
      {
        connection: expect.anything(),
        number: 1,
        method: 'POST',
        target: '/new',
        status: 201,
        requestBytes: 7,
        responseBytes: 7,
        durationMs: expect.any(Number),
        complete: true,
        faultCode: null,
      },
    ]);
  });

  it('refuses connections beyond its limit, politely', async () => {
    const waiting = gate<HttpExchange>();
    const options = { connectionsMax: 1, refusalsMax: 1 };
    const serving = await serve((exchange) => {
      if (exchange.connection.id === 1) waiting.open(exchange);
      else exchange.respond({ status: 200, content: 'served too' });
    }, options);
    const first = await serving.client();
    first.send(get('/'));
    const exchange = await waiting.promise;
    const second = await serving.client();
    const text = await second.send(get('/')).untilEnd();
    expect(text).toContain('503 Service Unavailable');
    expect(text.toLowerCase()).toContain('connection: close');
    second.close();
    await serving.until(() => serving.server.connections.length === 1);
    exchange.respond({ status: 200, content: 'served' });
    await first.until('served');
    first.close();
    await serving.until(() => serving.server.connections.length === 0);
    const third = await serving.client();
    await third.send(get('/')).until('served too');
  });

  it('drops unread what is far beyond its limit', async () => {
    const serving = await serve(hello, { connectionsMax: 1, refusalsMax: 0 });
    const first = await serving.client();
    await first.send(get('/')).until('hello');
    const second = await serving.client();
    await second.untilEnd();
    expect(second.text).toBe('');
  });
});

async function* endless(): AsyncGenerator<Uint8Array> {
  for (;;) yield Buffer.alloc(1000);
}
