// Messages between the two sides, over memory.
import { pureCompression } from '@holdline/websocket/deflate';
import { nodeCompression } from '@holdline/websocket/node';
import { describe, expect, it } from 'vitest';
import type {
  IncomingMessage,
  WebSocketConnection,
  WebSocketMessage,
} from '../../src/websocket/index.ts';
import { openPair, patterned, served, take, turns } from './support/websocket-pair.ts';

const SIZES = [0, 1, 125, 126, 65_535, 65_536, 1_048_576];
const echo = {
  onMessage(message: WebSocketMessage, connection: WebSocketConnection): void {
    connection.send(message);
  },
};

describe('whole messages', () => {
  for (const compression of [undefined, nodeCompression, pureCompression]) {
    const name =
      compression === undefined ? 'plain' : compression === nodeCompression ? 'node' : 'pure';
    it(`are echoed in every size, ${name}`, async () => {
      const options = compression === undefined ? {} : { compression };
      const { client } = await openPair({ ...echo, ...options }, options);
      expect(client.deflate === null).toBe(compression === undefined);
      for (const size of SIZES) {
        const bytes = patterned(size);
        client.send(bytes);
        client.send('é'.repeat(size >> 1));
        const [binary, text] = await take(client, 2);
        expect(Buffer.compare(binary as Uint8Array, bytes)).toBe(0);
        expect(text === 'é'.repeat(size >> 1)).toBe(true);
      }
      expect((await client.close()).wasClean).toBe(true);
    });
  }

  it('may be text in bytes, and bytes in text', async () => {
    const { client, server } = await openPair();
    client.send(Buffer.from('grün'), { kind: 'text' });
    client.send('grün', { kind: 'binary' });
    expect(await take(server, 2)).toEqual(['grün', new Uint8Array(Buffer.from('grün'))]);
    expect(() => client.send(Uint8Array.of(0xff), { kind: 'text' })).toThrow('WS_TEXT_NOT_UTF8');
  });

  it('that are not read wait, at last with the peer, and none is lost', async () => {
    const { client, server } = await openPair();
    let sent = 0;
    while (client.send('x'.repeat(1_000))) sent += 1;
    sent += 1;
    await turns();
    while (sent < 2_000) {
      client.send('x'.repeat(1_000));
      sent += 1;
    }
    await turns(20);
    // What the inbox, the machine and the link take together is far less than was sent.
    expect(client.bufferedBytes).toBeGreaterThan(1_000_000);
    expect(client.send('y')).toBe(false);
    const drained = client.drained();
    const messages = await take(server, sent + 1);
    await drained;
    expect(messages.length).toBe(sent + 1);
    expect(messages.at(-1)).toBe('y');
    expect(client.bufferedBytes).toBe(0);
  });

  it('can be read by one reader at a time, and by another later', async () => {
    const { client, server } = await openPair();
    const iterator = server[Symbol.asyncIterator]();
    const first = iterator.next();
    await expect(iterator.next()).rejects.toThrow(TypeError);
    client.send('one');
    expect(await first).toEqual({ done: false, value: 'one' });
    client.send('two');
    expect(await take(server, 1)).toEqual(['two']);
    const waiting = iterator.next();
    await iterator.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    client.send('three');
    expect(await take(server, 1)).toEqual(['three']);
    void client.close();
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it('can be held and resumed where they are called back', async () => {
    const seen: WebSocketMessage[] = [];
    const { client, server } = await openPair({ onMessage: (message) => void seen.push(message) });
    server.hold();
    client.send('one');
    await turns();
    expect(seen).toEqual([]);
    server.resume();
    expect(seen).toEqual(['one']);
    server.hold();
    client.send('two');
    // Who closes hears the end, whoever holds.
    const { wasClean } = await server.close();
    expect(wasClean).toBe(true);
  });

  it('are not iterated where somebody is called, nor streamed where they come whole', async () => {
    const { server, client } = await openPair(echo, {
      onStream() {},
      websocket: { delivery: 'pieces' },
    });
    expect(() => server[Symbol.asyncIterator]()).toThrow('onMessage');
    expect(() => server.streams()).toThrow("delivery is 'pieces'");
    expect(() => client[Symbol.asyncIterator]()).toThrow('streams()');
    expect(() => client.streams()).toThrow('onStream');
  });

  it('that nobody reads do not keep a connection from being closed', async () => {
    const { client, server } = await openPair();
    for (let count = 0; count < 1_000; count++) server.send('x'.repeat(1_000));
    await turns();
    const event = await client.close(4000, 'enough');
    expect(event).toMatchObject({ code: 4000, reason: 'enough', wasClean: true });
    // What had come before is still there, and not more than is kept.
    let count = 0;
    for await (const message of client) count += (message as string).length;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(200_000);
  });
});

describe('messages in pieces', () => {
  it('go out as they come, and others wait behind them', async () => {
    const { client, server } = await openPair();
    const pieces = ['grü', Buffer.from('n ist'), '', ' gut'];
    const sent = client.sendStream('text', pieces);
    expect(client.send('behind')).toBe(true);
    const other = client.sendStream('binary', [Uint8Array.of(1), 'a']);
    await Promise.all([sent, other]);
    expect(await take(server, 3)).toEqual(['grün ist gut', 'behind', Uint8Array.of(1, 97)]);
  });

  it('let nothing wait that cannot be sent', async () => {
    const { client, server } = await openPair();
    const sent = client.sendStream('text', ['a']);
    const send = (message: unknown) => client.send(message as Uint8Array, { kind: 'text' });
    expect(() => send(Uint8Array.of(255))).toThrow('WS_TEXT_NOT_UTF8');
    expect(() => send(7)).toThrow(TypeError);
    send(Uint8Array.of(98));
    await sent;
    expect(await take(server, 2)).toEqual(['a', 'b']);
  });

  it('let what waited behind them out before a close', async () => {
    const { client, server } = await openPair();
    const sent = client.sendStream('text', ['a']);
    client.send('waited');
    await sent;
    client.send('behind');
    await client.sendStream('text', ['b']);
    client.send('last');
    const closed = client.close();
    expect(await take(server, 5)).toEqual(['a', 'waited', 'behind', 'b', 'last']);
    expect(await closed).toMatchObject({ code: 1000, wasClean: true });
  });

  it('have a declared length in one frame, from a server only', async () => {
    const { client, server } = await openPair({}, { websocket: { delivery: 'pieces' } });
    const sent = server.sendStream('binary', ['abc', Uint8Array.of(100)], { byteCount: 4 });
    const { value: message } = await client.streams()[Symbol.asyncIterator]().next();
    expect((message as IncomingMessage).byteCount).toBe(4);
    expect(await (message as IncomingMessage).text()).toBe('abcd');
    await sent;
    await server.sendStream('binary', [], { byteCount: 0 });
    await expect(client.sendStream('binary', ['a'], { byteCount: 1 })).rejects.toThrow(TypeError);
  });

  it.each([
    ['less', ['ab']],
    ['more', ['ab', 'cd']],
  ])('with %s than was declared end the connection', async (_what, pieces) => {
    const { client, server } = await openPair();
    const sent = server.sendStream('binary', pieces, { byteCount: 3 });
    await expect(sent).rejects.toThrow('WS_FRAME_LENGTH_MISMATCH');
    expect((await client.closed).code).toBe(1006);
    expect((await server.closed).observation).toBe('aborted');
  });

  it('whose source fails cannot be taken back: 1011', async () => {
    const { client, server } = await openPair();
    async function* source(): AsyncGenerator<string> {
      yield 'a';
      throw new Error('no more');
    }
    await expect(client.sendStream('text', source())).rejects.toThrow('no more');
    expect(await server.closed).toMatchObject({ code: 1011, wasClean: true });
  });

  it('stop when the connection ends, and so does their source', async () => {
    const { client, server } = await openPair();
    let stopped = false;
    const waiting = new Promise<never>(() => {});
    const source = {
      [Symbol.asyncIterator]: () => ({
        next: () => waiting,
        return: async () => {
          stopped = true;
          return { done: true as const, value: undefined };
        },
      }),
    };
    const sent = client.sendStream('text', source);
    const later = client.sendStream('text', ['never']);
    const results = Promise.allSettled([sent, later]);
    server.abort();
    expect((await results).map((each) => (each as PromiseRejectedResult).reason.code)).toEqual([
      'WEBSOCKET_ENDED',
      'WEBSOCKET_ENDED',
    ]);
    expect(stopped).toBe(true);
    expect(client.send('after')).toBe(false);
    await expect(client.sendStream('text', ['after'])).rejects.toThrow('WEBSOCKET_ENDED');
  });

  it('are read as they come, in little memory', async () => {
    const { client, server } = await openPair({
      websocket: { delivery: 'pieces', limits: { messageBytesMax: Number.POSITIVE_INFINITY } },
    });
    const PIECE = new Uint8Array(16_384).fill(7);
    const COUNT = 2_048;
    let inFlightMax = 0;
    let produced = 0;
    let consumed = 0;
    async function* source(): AsyncGenerator<Uint8Array> {
      for (let count = 0; count < COUNT; count++) {
        produced += PIECE.length;
        inFlightMax = Math.max(inFlightMax, produced - consumed);
        yield PIECE;
      }
    }
    const sent = client.sendStream('binary', source());
    for await (const message of server.streams()) {
      for await (const piece of message) {
        consumed += piece.length;
        await Promise.resolve();
      }
      break;
    }
    await sent;
    expect(consumed).toBe(COUNT * PIECE.length);
    expect(inFlightMax).toBeLessThan(1_048_576);
  });

  it('that nobody has begun to read make way for the next', async () => {
    const { client, server } = await openPair({ websocket: { delivery: 'pieces' } });
    client.send('x'.repeat(300_000));
    client.send('short');
    const texts: string[] = [];
    let isFirst = true;
    for await (const message of server.streams()) {
      if (isFirst) isFirst = false;
      else {
        texts.push(await message.text());
        break;
      }
    }
    expect(texts).toEqual(['short']);
  });

  it('can be too large, be discarded, and be cut', async () => {
    const seen: IncomingMessage[] = [];
    const { client } = await openPair({
      websocket: { delivery: 'pieces' },
      onStream: (message) => void seen.push(message),
    });
    client.send('x'.repeat(1_000));
    void client
      .sendStream(
        'text',
        (async function* () {
          yield 'begin';
          await new Promise<never>(() => {});
        })(),
      )
      .catch(() => {});
    await turns();
    await expect(seen[0]?.bytes({ bytesMax: 999 })).rejects.toThrow('WEBSOCKET_MESSAGE_TOO_LARGE');
    await expect(seen[0]?.bytes()).rejects.toThrow('WEBSOCKET_MESSAGE_DISCARDED');
    const read = seen[1]?.text();
    client.abort();
    await expect(read).rejects.toThrow('WEBSOCKET_ENDED');
  });
});

describe('pings', () => {
  it('resolve with the round trip', async () => {
    const seen: string[] = [];
    const { client, server } = await openPair({
      onPing: (payload) => void seen.push(`ping ${payload.length}`),
      onPong: (payload, roundTripMs) => void seen.push(`pong ${payload.length} ${roundTripMs}`),
    });
    expect(await client.ping()).toBeGreaterThanOrEqual(0);
    expect(client.roundTrip?.samples).toBe(1);
    expect(await client.ping(Uint8Array.of(1, 2))).toBeGreaterThanOrEqual(0);
    client.pong(Uint8Array.of(9));
    await server.ping();
    expect(seen.slice(0, 3)).toEqual(['ping 8', 'ping 2', 'pong 1 null']);
    expect(() => client.ping(new Uint8Array(126))).toThrow('WS_CONTROL_PAYLOAD_TOO_LONG');
    server.hold();
    const lost = client.ping();
    server.abort();
    await expect(lost).rejects.toMatchObject({ code: 'WEBSOCKET_ENDED' });
    await expect(client.ping()).rejects.toThrow('WEBSOCKET_ENDED');
    client.pong();
  });
});

describe('broadcasting', () => {
  it('reaches all but those that are left out', async () => {
    const all = served({ compression: nodeCompression });
    const clients = await Promise.all([
      all.connect(),
      all.connect({ compression: nodeCompression }),
      all.connect({ compression: pureCompression, deflate: [{ serverMaxWindowBits: 9 }] }),
      all.connect(),
    ]);
    await turns();
    const [, second, , fourth] = all.opened as [
      WebSocketConnection,
      WebSocketConnection,
      WebSocketConnection,
      WebSocketConnection,
    ];
    fourth.data = 'elsewhere';
    const long = 'all the same '.repeat(500);
    const filter = (connection: WebSocketConnection) => connection.data !== 'elsewhere';
    second.send('own '.repeat(1_000));
    expect(all.server.broadcast(long, { filter })).toBe(3);
    second.send('own '.repeat(1_000));
    expect(all.server.broadcast(patterned(3_000), { except: second })).toBe(3);
    expect(await take(clients[0], 2)).toEqual([long, patterned(3_000)]);
    expect(await take(clients[1], 3)).toEqual(['own '.repeat(1_000), long, 'own '.repeat(1_000)]);
    expect(await take(clients[2], 2)).toEqual([long, patterned(3_000)]);
    expect(await take(clients[3], 1)).toEqual([patterned(3_000)]);
  });

  it('waits behind a message in pieces', async () => {
    const { served: all, client, server } = await openPair();
    const sent = server.sendStream('text', ['a', 'b']);
    all.server.broadcast('behind');
    await sent;
    expect(await take(client, 2)).toEqual(['ab', 'behind']);
  });

  it('gives up who does not read, and nobody else', async () => {
    const all = served({ websocket: { limits: { outputBytesMax: 200_000 } } });
    const reader = await all.connect({ onMessage() {} });
    const sleeper = await all.connect();
    for (let count = 0; count < 60; count++) {
      all.server.broadcast('x'.repeat(10_000));
      await turns(1);
    }
    await turns();
    expect(all.opened.map(({ isOpen }) => isOpen)).toEqual([true, false]);
    expect(all.opened[1]?.failure?.code).toBe('WS_BACKLOG_TOO_LARGE');
    expect(reader.isOpen).toBe(true);
    sleeper.abort();
  });
});
