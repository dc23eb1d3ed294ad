// How connections end: nothing that was answered may be lost.
import { describe, expect, it } from 'vitest';
import type { HttpExchange } from '../src/index.ts';
import { FakeTime } from './support/fake-time.ts';
import { count, get, post } from './support/raw-client.ts';
import { gate, serve } from './support/serving.ts';

const CLOSE = [{ name: 'connection', value: 'close' }];

describe('lingering close', () => {
  it('loses no response to a client that keeps sending', async () => {
    const serving = await serve((exchange) => {
      exchange.respond({ status: 403, fields: CLOSE, content: 'x'.repeat(20_000) });
    });
    for (let round = 0; round < 20; round++) {
      const client = await serving.client();
      client.send('POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100000000\r\n\r\n');
      const piece = Buffer.alloc(16_384);
      // A socket that were closed meanwhile would answer each piece by RST, which takes away what
      // the client has not read.
      while (client.end === 'open') {
        client.socket.write(piece);
        await new Promise((resolve) => setImmediate(resolve));
      }
      client.finish();
      expect(client.end).toBe('finished');
      expect(client.text).toMatch(/x{20000}$/);
    }
    await serving.until(() => serving.causes.length === 20);
  });

  it('is bounded in bytes', async () => {
    const limits = { lingerBytesMax: 100_000, discardBytesMax: 1000 };
    const serving = await serve((exchange) => exchange.respond({ status: 200, fields: CLOSE }), {
      http1: { limits },
    });
    const client = await serving.client();
    client.send('POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100000000\r\n\r\n');
    await client.untilEnd();
    const piece = Buffer.alloc(16_384);
    while (serving.causes.length === 0) {
      client.socket.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(serving.causes).toHaveLength(1);
  });

  it('is bounded in time', async () => {
    const clock = new FakeTime();
    const serving = await serve((exchange) => exchange.respond({ status: 200, fields: CLOSE }), {
      clock,
    });
    const client = await serving.client();
    await client.send(get('/')).untilEnd();
    expect(client.end).toBe('finished');
    expect(serving.causes).toEqual([]);
    clock.advance(5_000);
    await serving.until(() => serving.causes.length === 1);
    expect(serving.causes).toEqual(['local-close']);
    expect(clock.size).toBe(0);
  });

  it('ends with the client', async () => {
    const serving = await serve((exchange) => exchange.respond({ status: 200, fields: CLOSE }));
    const client = await serving.client();
    await client.send(get('/') + get('/never answered')).untilEnd();
    expect(count(client.text, 'HTTP/1.1 ')).toBe(1);
    client.finish();
    await serving.until(() => serving.causes.length === 1);
  });
});

describe('a half-closed client', () => {
  it('gets all its responses', async () => {
    const serving = await serve(async (exchange) => {
      await new Promise((resolve) => setImmediate(resolve));
      exchange.respond({ status: 200, content: `<${exchange.head.target}>` });
    });
    const client = await serving.client();
    client.send(get('/1') + get('/2') + get('/3')).finish();
    const text = await client.untilEnd();
    expect(text.match(/<[^>]*>/g)).toEqual(['</1>', '</2>', '</3>']);
    expect(client.end).toBe('finished');
    await serving.until(() => serving.causes.length === 1);
    expect(serving.causes).toEqual(['peer-end']);
  });

  it('gets a response that streams', async () => {
    async function* slowly() {
      for (let piece = 0; piece < 5; piece++) {
        await new Promise((resolve) => setImmediate(resolve));
        yield Buffer.from(`piece ${piece};`);
      }
    }
    const serving = await serve((exchange) => exchange.respond({ status: 200, content: slowly() }));
    const client = await serving.client();
    const text = await client.send(get('/')).finish().untilEnd();
    expect(text).toContain('piece 4;');
    expect(text).toMatch(/0\r\n\r\n$/);
  });
});

describe('a response until the client ends', () => {
  /** A piece, and another when it is let go. */
  function stream() {
    const released = gate();
    const more = gate();
    async function* content() {
      try {
        yield Buffer.from('first;');
        await more.promise;
        yield Buffer.from('too late;');
      } finally {
        released.open();
      }
    }
    return { content: content(), released, more };
  }

  it('is complete then, and its content released', async () => {
    const { content, released, more } = stream();
    const serving = await serve((exchange) =>
      exchange.respond({ status: 200, content, untilClientEnd: true }),
    );
    const client = await serving.client();
    await client.send(get('/')).until('first;');
    const text = await client.finish().untilEnd();
    expect(text).toMatch(/first;\r\n0\r\n\r\n$/);
    more.open();
    await released.promise;
    await serving.until(() => serving.causes.length === 1);
    expect(serving.causes).toEqual(['peer-end']);
    expect(serving.records).toMatchObject([{ complete: true }]);
  });

  it('is complete at once for a client that had ended before', async () => {
    const serving = await serve(async (exchange) => {
      for (let turn = 0; turn < 10; turn += 1) await new Promise((next) => setImmediate(next));
      const [content, untilClientEnd] = [stream().content, true];
      exchange.respond({ status: 200, content, untilClientEnd });
    });
    const client = await serving.client();
    const text = await client.send(get('/')).finish().untilEnd();
    expect(text).toMatch(/^HTTP\/1\.1 200 .*\r\n0\r\n\r\n$/s);
    await serving.until(() => serving.causes.length === 1);
    expect(serving.causes).toEqual(['peer-end']);
  });

  it('that announced more is cut', async () => {
    const fields = [{ name: 'content-length', value: '100' }];
    const { content } = stream();
    const serving = await serve((exchange) =>
      exchange.respond({ status: 200, fields, content, untilClientEnd: true }),
    );
    const client = await serving.client();
    await client.send(get('/')).until('first;');
    await client.finish().untilEnd();
    expect(client.end).toBe('reset');
    expect(serving.faults).toMatchObject([{ code: 'HTTP1_CONTENT_LENGTH_MISMATCH' }]);
  });
});

describe('a client that vanishes', () => {
  it('by RST aborts the signal and releases the content', async () => {
    const released = gate();
    const signals: AbortSignal[] = [];
    async function* endless() {
      try {
        for (;;) {
          await new Promise((resolve) => setImmediate(resolve));
          yield Buffer.from('more');
        }
      } finally {
        released.open();
      }
    }
    const serving = await serve((exchange) => {
      signals.push(exchange.signal);
      exchange.respond({ status: 200, content: endless() });
    });
    const client = await serving.client();
    await client.send(get('/')).until('more');
    client.reset();
    await released.promise;
    expect(signals[0]?.aborted).toBe(true);
    await serving.until(() => serving.causes.length === 1);
    expect(serving.causes).toEqual(['reset']);
    expect(serving.records[0]).toMatchObject({ status: 200, complete: false });
  });

  it('leaves nothing to a handler that answers too late', async () => {
    const waiting = gate<HttpExchange>();
    const serving = await serve((exchange) => waiting.open(exchange));
    const client = await serving.client();
    client.send(get('/'));
    const exchange = await waiting.promise;
    client.reset();
    await serving.until(() => serving.causes.length === 1);
    let destroyed = false;
    const content = {
      destroy: () => {
        destroyed = true;
      },
      *[Symbol.iterator]() {},
    };
    exchange.respond({ status: 200, content });
    exchange.switchTo(() => expect.fail('there is nothing to switch'), { status: 101, fields: [] });
    expect(destroyed).toBe(true);
    expect(exchange.signal.aborted).toBe(true);
    expect(serving.faults).toEqual([]);
  });

  it('is no fault of a handler that stumbles over the signal', async () => {
    const serving = await serve(async (exchange) => {
      const { signal } = exchange;
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    });
    const client = await serving.client();
    client.send(get('/'));
    await serving.until(() => serving.server.connections.length === 1);
    while (serving.server.connections[0]?.state !== 'active') {
      await new Promise((resolve) => setImmediate(resolve));
    }
    client.reset();
    await serving.until(() => serving.causes.length === 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(serving.faults).toEqual([]);
  });

  it('does not hide a fault of a handler that never asked for the signal', async () => {
    const waiting = gate<HttpExchange>();
    const go = gate();
    const serving = await serve(async (exchange) => {
      waiting.open(exchange);
      await go.promise;
      throw new Error('after the end');
    });
    const client = await serving.client();
    client.send(get('/'));
    await waiting.promise;
    client.reset();
    await serving.until(() => serving.causes.length === 1);
    go.open();
    await serving.until(() => serving.faults.length === 1);
    expect(serving.faults).toEqual([new Error('after the end')]);
  });

  it('by FIN while idle is no fault', async () => {
    const serving = await serve((exchange) => exchange.respond({ status: 200, content: 'ok' }));
    const client = await serving.client();
    await client.send(get('/')).until('ok');
    client.finish();
    await client.untilEnd();
    await serving.until(() => serving.causes.length === 1);
    expect(serving.causes).toEqual(['peer-end']);
  });

  it('does not abort the signal of what was answered', async () => {
    const signals: AbortSignal[] = [];
    const serving = await serve((exchange) => {
      signals.push(exchange.signal);
      exchange.respond({ status: 200, content: 'ok' });
    });
    const client = await serving.client();
    await client.send(get('/')).until('ok');
    client.reset();
    await serving.until(() => serving.causes.length === 1);
    expect(signals[0]?.aborted).toBe(false);
  });
});

describe('default answers', () => {
  it.each([
    ['what is no request', 'GARBAGE\r\n\r\n', 400],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    [
      'two lengths',
      'GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n',
      400,
    ],
    ['a long target', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n`, 414],
    ['a large head', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(40_000)}`, 431],
    [
      'an unknown coding',
      'GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n',
      501,
    ],
    ['another version', 'GET / HTTP/2.0\r\nHost: a\r\n\r\n', 505],
    ['a faulty HEAD', 'HEAD / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
  ])('%s is answered and closed: %#', async (_what, request, status) => {
    const serving = await serve(() => {
      throw new Error('no handler should see this');
    });
    const client = await serving.client();
    client.send(request);
    const text = await client.untilEnd();
    expect(client.end).toBe('finished');
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(text.toLowerCase()).toContain('connection: close');
    expect(text).toMatch(/\r\nDate: /);
    if (request.startsWith('HEAD')) expect(text).toMatch(/\r\n\r\n$/);
    else expect(text).toMatch(new RegExp(`\r\n\r\n${status} [A-Za-z ]+\n`));
    // RFC 9110 section 15.6.6: what is spoken instead.
    if (status === 505) expect(text).toContain('This server speaks HTTP/1.1');
    expect(serving.records).toMatchObject([{ number: 0, status, method: '' }]);
    expect(serving.faults).toEqual([]);
  });

  it('408 when a head does not arrive in time', async () => {
    const clock = new FakeTime();
    const serving = await serve(() => {}, { clock });
    const client = await serving.client();
    client.send('GET / HTTP/1.1\r\n');
    // Arrived when counted: the deadline starts with the first byte.
    await expectBytes(serving, 16);
    clock.advance(20_000);
    expect(await client.untilEnd()).toMatch(/^HTTP\/1.1 408 /);
  });

  it('408 when content arrives too slowly', async () => {
    const clock = new FakeTime();
    const serving = await serve(
      async (exchange) => {
        await exchange.readContent({ bytesMax: 1000 });
      },
      { clock },
    );
    const client = await serving.client();
    const request = 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nslow';
    client.send(request);
    await expectBytes(serving, request.length);
    clock.advance(11_000);
    expect(await client.untilEnd()).toMatch(/^HTTP\/1.1 408 /);
    expect(serving.records[0]).toMatchObject({ status: 408, faultCode: 'HTTP1_CONTENT_TIMEOUT' });
  });

  it('nothing but FIN when an idle connection has had its time', async () => {
    const clock = new FakeTime();
    const serving = await serve((exchange) => exchange.respond({ status: 200, content: 'ok' }), {
      clock,
    });
    const client = await serving.client();
    const text = await client.send(get('/')).until('ok');
    clock.advance(66_000);
    expect(await client.untilEnd()).toBe(text);
    client.finish();
    await serving.until(() => serving.causes.length === 1);
    expect(serving.causes).toEqual(['idle-timeout']);
  });
});

describe('a client that does not read', () => {
  it('is cut when it takes nothing for too long', async () => {
    const clock = new FakeTime();
    const serving = await serve(
      (exchange) => exchange.respond({ status: 200, content: new Uint8Array(50_000_000) }),
      { clock },
    );
    const client = await serving.client();
    client.socket.pause();
    client.send(get('/'));
    await serving.until(() => serving.records.length === 1);
    // What the kernel takes is progress; time stands still meanwhile.
    await settled(() => serving.server.connections[0]?.bytesSent ?? 0);
    clock.advance(60_000);
    await serving.until(() => serving.causes.length === 1);
    expect(serving.causes).toEqual(['write-stall']);
  });
});

/** The server has received this many bytes. */
async function expectBytes(
  serving: Awaited<ReturnType<typeof serve>>,
  byteCount: number,
): Promise<void> {
  const { server } = serving;
  while (server.connections[0]?.bytesReceived !== byteCount) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A number has stopped changing for many turns of the event loop. */
async function settled(value: () => number): Promise<void> {
  for (let quiet = 0, last = value(); quiet < 200; quiet++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (value() !== last) quiet = 0;
    last = value();
  }
}

describe('an early response', () => {
  it('leaves the connection usable when the rest is small', async () => {
    const serving = await serve((exchange) => {
      exchange.respond({ status: 200, content: `<${exchange.head.target}>` });
    });
    const client = await serving.client();
    client.send('POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc');
    await client.until('</early>');
    client.send('defghij').send(get('/next'));
    await client.until('</next>');
  });

  it('leaves a pipelined request behind content that waited unread', async () => {
    const exchanges: HttpExchange[] = [];
    const first = gate();
    const serving = await serve((exchange) => {
      exchanges.push(exchange);
      if (exchange.number === 1) first.open();
      else exchange.respond({ status: 200, content: 'second' });
    });
    const client = await serving.client();
    client.send(post('/', 'unread content') + get('/'));
    await first.promise;
    exchanges[0]?.respond({ status: 200, content: 'first' });
    const text = await client.until('second');
    expect(text.indexOf('first')).toBeLessThan(text.indexOf('second'));
  });
});
