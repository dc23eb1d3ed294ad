import { describe, expect, it } from 'vitest';
import { type HttpExchange, RequestContentError } from '../src/index.ts';
import { FakeTime } from './support/fake-time.ts';
import { count, get, post } from './support/raw-client.ts';
import { gate, serve } from './support/serving.ts';

async function readText(exchange: HttpExchange): Promise<string> {
  let text = '';
  for await (const piece of exchange.content) text += Buffer.from(piece).toString('latin1');
  return text;
}

describe('the content of a request', () => {
  it('is iterated as it comes', async () => {
    const pieces: string[] = [];
    const came = [gate(), gate(), gate()];
    const serving = await serve(async (exchange) => {
      for await (const piece of exchange.content) {
        pieces.push(Buffer.from(piece).toString());
        came[pieces.length - 1]?.open();
      }
      exchange.respond({ status: 200, content: 'done' });
    });
    const client = await serving.client();
    client.send('POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n');
    await came[0]?.promise;
    client.send('3\r\ntwo\r\n');
    await came[1]?.promise;
    client.send('0\r\n\r\n');
    await client.until('done');
    expect(pieces).toEqual(['one', 'two']);
  });

  it('is empty for a request without any', async () => {
    const serving = await serve(async (exchange) => {
      const whole = await exchange.readContent({ bytesMax: 0 });
      const again = await readText(exchange);
      exchange.respond({ status: 200, content: `[${whole.length}${again}]` });
    });
    const client = await serving.client();
    expect(await client.send(get('/')).until('[0]')).toContain('200 OK');
  });

  it('has trailers behind it, also for whoever did not read it', async () => {
    const serving = await serve(async (exchange) => {
      expect(exchange.trailers).toEqual([]);
      if (exchange.head.target === '/read') await readText(exchange);
      else await exchange.readContent({ bytesMax: 100 });
      exchange.respond({ status: 200, content: JSON.stringify(exchange.trailers) });
    });
    const client = await serving.client();
    for (const target of ['/read', '/whole']) {
      client.send(`POST ${target} HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n`);
      client.send('1\r\nx\r\n0\r\nChecksum: abc\r\n\r\n');
    }
    await client.until((text) => count(text, '[{"name":"checksum","value":"abc"}]') === 2);
  });

  it('can be read while the response is being sent', async () => {
    const serving = await serve((exchange) => {
      async function* echo() {
        for await (const piece of exchange.content) yield piece;
      }
      exchange.respond({ status: 200, content: echo() });
    });
    const client = await serving.client();
    client.send('POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nping\r\n');
    await client.until('4\r\nping\r\n');
    client.send('4\r\npong\r\n');
    await client.until('4\r\npong\r\n');
    client.send('0\r\n\r\n');
    await client.until('\r\n0\r\n\r\n');
    await serving.until(() => serving.records.length === 1);
    expect(serving.records[0]).toMatchObject({ requestBytes: 8, responseBytes: 8, complete: true });
  });

  it('is not read twice at a time', async () => {
    const serving = await serve(async (exchange) => {
      const iterator = exchange.content[Symbol.asyncIterator]();
      const first = iterator.next();
      const second = await iterator.next().catch((error: unknown) => error);
      const { value } = await first;
      exchange.respond({ status: 200, content: `${(second as Error).name} ${Buffer.from(value)}` });
    });
    const client = await serving.client();
    client.send('POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\n');
    client.send('data');
    await client.until('TypeError data');
  });
});

describe('limits', () => {
  it.each(['Content-Length: 11\r\n\r\n', 'Transfer-Encoding: chunked\r\n\r\nb\r\n'])(
    'answer 413 to more content than a handler takes: %j',
    async (head) => {
      const serving = await serve(async (exchange) => {
        const content = await exchange.readContent({ bytesMax: 10 });
        exchange.respond({ status: 200, content });
      });
      const client = await serving.client();
      client.send(`POST / HTTP/1.1\r\nHost: test\r\n${head}hello world`);
      await client.until('413 Content Too Large\n');
      expect(serving.faults).toEqual([]);
    },
  );

  it('answer 413 to more content than the protocol settings allow', async () => {
    const serving = await serve(
      async (exchange) => {
        await exchange.readContent({ bytesMax: 1000 });
      },
      { http1: { limits: { contentBytesMax: 10 } } },
    );
    const client = await serving.client();
    client.send('POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n');
    client.send('b\r\nhello world\r\n');
    const text = await client.untilEnd();
    expect(text).toContain('413 Content Too Large');
    expect(text.toLowerCase()).toContain('connection: close');
    expect(serving.records[0]).toMatchObject({ status: 413, faultCode: 'HTTP1_CONTENT_TOO_LARGE' });
  });

  it('let a handler catch the error and answer itself', async () => {
    const serving = await serve(async (exchange) => {
      try {
        await exchange.readContent({ bytesMax: 1 });
      } catch (error) {
        expect(error).toBeInstanceOf(RequestContentError);
        expect(error).toMatchObject({ code: 'NET_CONTENT_TOO_LARGE', status: 413 });
        exchange.respond({ status: 400, content: 'my own words' });
      }
    });
    const client = await serving.client();
    await client.send(post('/', 'hello')).until('my own words');
  });
});

describe('100 (Continue)', () => {
  const expecting =
    'POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n';

  it('is sent when the handler starts to read', async () => {
    const start = gate();
    const serving = await serve(async (exchange) => {
      await start.promise;
      exchange.respond({ status: 200, content: await exchange.readContent({ bytesMax: 100 }) });
    });
    const client = await serving.client();
    client.send(expecting);
    await serving.until(() => serving.server.connections.length === 1);
    expect(client.text).toBe('');
    start.open();
    expect(await client.until('\r\n\r\n')).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\n$/);
    await client.send('data').until('\r\n\r\ndata');
  });

  it('is sent once, also by the handler itself', async () => {
    const serving = await serve((exchange) => {
      exchange.sendInformational({ status: 100, fields: [] });
      exchange.respond({ status: 200, content: exchange.content });
    });
    const client = await serving.client();
    await client.send(expecting).until('200 OK');
    const text = await client.send('data').until('data');
    expect(count(text, '100 Continue')).toBe(1);
  });

  it('is sent for a handler that says nothing, and then the content is due', async () => {
    const clock = new FakeTime();
    const asked = gate();
    const serving = await serve(
      (): Promise<void> => {
        asked.open();
        return new Promise(() => {});
      },
      { clock, http1: { timeouts: { contentGraceMs: 4000 } } },
    );
    const client = await serving.client();
    client.send(expecting);
    await asked.promise;
    clock.advance(3999);
    expect(serving.server.connections[0]?.bytesSent).toBe(0);
    clock.advance(1);
    expect(await client.until('\r\n\r\n')).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\n$/);
    clock.advance(4000);
    expect(await client.untilEnd()).toMatch(/\r\n\r\nHTTP\/1.1 408 Request Timeout\r\n/);
    client.finish();
    await serving.until(() => serving.causes.length === 1);
    expect(serving.records).toMatchObject([{ status: 408, faultCode: 'HTTP1_CONTENT_TIMEOUT' }]);
  });

  it('is not sent when the handler answers without reading', async () => {
    const serving = await serve((exchange) => exchange.respond({ status: 403, content: 'no' }));
    const client = await serving.client();
    const text = await client.send(expecting).untilEnd();
    expect(text).toContain('403 Forbidden');
    expect(text).not.toContain('100 Continue');
    expect(text.toLowerCase()).toContain('connection: close');
  });

  it('is not sent when the content is known to be too large', async () => {
    const serving = await serve(async (exchange) => {
      await exchange.readContent({ bytesMax: 1 });
    });
    const client = await serving.client();
    const text = await client.send(expecting).untilEnd();
    expect(text).toMatch(/^HTTP\/1.1 413/);
  });

  it('is not sent to a client that did not wait', async () => {
    const serving = await serve(async (exchange) => {
      exchange.respond({ status: 200, content: await exchange.readContent({ bytesMax: 100 }) });
    });
    const client = await serving.client();
    const text = await client.send(`${expecting}data`).until('\r\n\r\ndata');
    expect(count(text, 'HTTP/1.1 200')).toBe(1);
  });

  it.each([
    ['Expect: something', 417],
    ['Expect: 100-continue, more', 417],
    ['Expect: 100-CONTINUE', 200],
    ['Expect: ', 200],
  ])('%s is answered with %i', async (field, status) => {
    const serving = await serve((exchange) => exchange.respond({ status: 200 }));
    const client = await serving.client();
    const text = await client.send(get('/', field)).until('\r\n\r\n');
    expect(text).toContain(`HTTP/1.1 ${status} `);
  });

  it('means nothing in HTTP/1.0', async () => {
    const serving = await serve((exchange) => exchange.respond({ status: 200 }));
    const client = await serving.client();
    const text = await client.send('GET / HTTP/1.0\r\nExpect: something\r\n\r\n').untilEnd();
    expect(text).toContain('HTTP/1.1 200 ');
  });
});

describe('content that will not come', () => {
  it('rejects when the client is reset, and aborts the signal', async () => {
    const started = gate();
    const ended = gate<unknown>();
    const serving = await serve(async (exchange) => {
      const { signal } = exchange;
      const reading = exchange.readContent({ bytesMax: 100 });
      started.open();
      const error = await reading.catch((caught: unknown) => caught);
      ended.open([error, signal.aborted]);
      // To nobody, and without a throw.
      exchange.respond({ status: 200 });
      exchange.sendInformational({ status: 103, fields: [] });
    });
    const client = await serving.client();
    client.send('POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nda');
    await started.promise;
    client.reset();
    const [error, aborted] = (await ended.promise) as [unknown, boolean];
    expect(error).toMatchObject({ name: 'RequestContentError', code: 'NET_CONTENT_INCOMPLETE' });
    expect(aborted).toBe(true);
    await serving.until(() => serving.causes.length === 1);
    expect(serving.causes).toEqual(['reset']);
    expect(serving.records[0]).toMatchObject({ complete: false, status: 0 });
    expect(serving.faults).toEqual([]);
  });

  it('rejects when it is faulty, which has been answered then', async () => {
    const errors: unknown[] = [];
    const serving = await serve(async (exchange) => {
      await readText(exchange).catch((error: unknown) => errors.push(error));
      exchange.respond({ status: 200, content: 'too late' });
    });
    const client = await serving.client();
    client.send('POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\nXYZ\r\n');
    const text = await client.untilEnd();
    expect(text).toContain('400 Bad Request');
    expect(text).not.toContain('too late');
    expect(errors).toEqual([expect.any(RequestContentError)]);
    expect(serving.records[0]).toMatchObject({
      status: 400,
      faultCode: 'HTTP1_INVALID_CHUNK_SIZE',
    });
    expect(serving.faults).toEqual([]);
  });

  it('settles a read that is under way when the response ends with it', async () => {
    const settled = gate<unknown>();
    const serving = await serve((exchange) => {
      const iterator = exchange.content[Symbol.asyncIterator]();
      exchange.respond({ status: 200, content: exchange.content });
      // Another reader of the same content waits behind the piece that is being sent.
      void Promise.resolve().then(() => iterator.return?.().then(settled.open));
    });
    const client = await serving.client();
    client.send('POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\n');
    expect(await settled.promise).toEqual({ done: true, value: undefined });
    await client.until('0\r\n\r\n');
  });

  it('rejects behind the response', async () => {
    const errors = gate<unknown>();
    const serving = await serve(async (exchange) => {
      exchange.respond({ status: 200, content: 'early' });
      errors.open(await readText(exchange).catch((error: unknown) => error));
    });
    const client = await serving.client();
    client.send('POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nda');
    expect(await errors.promise).toMatchObject({ code: 'NET_CONTENT_DISCARDED' });
    client.send(`ta${get('/')}`);
    await client.until((text) => count(text, 'early') === 2);
  });
});
