// Whoever is slow is waited for, and memory stays bounded meanwhile.
import { describe, expect, it } from 'vitest';
import { get } from './support/raw-client.ts';
import { gate, serve } from './support/serving.ts';

const PIECE_BYTES = 65_536;

/** Turns of the event loop in which everything on its way arrives. */
async function turns(number: number): Promise<void> {
  for (let turn = 0; turn < number; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Waits until a number has stopped changing for many turns. */
async function settled(value: () => number): Promise<number> {
  let last = value();
  for (let quiet = 0; quiet < 50; quiet++) {
    await turns(4);
    if (value() !== last) quiet = 0;
    last = value();
  }
  return last;
}

describe('a response that streams', () => {
  it.each(['sync', 'async'])('%s, and ends before its Content-Length is cut', async (kind) => {
    const pieces = [new Uint8Array(5)];
    async function* slowly(): AsyncGenerator<Uint8Array> {
      yield* pieces;
    }
    const fields = [{ name: 'content-length', value: '10' }];
    const serving = await serve((exchange) =>
      exchange.respond({ status: 200, fields, content: kind === 'sync' ? pieces : slowly() }),
    );
    const client = await serving.client();
    client.send(get('/'));
    await client.untilEnd();
    expect(client.end).toBe('reset');
    expect(serving.faults).toMatchObject([{ code: 'HTTP1_CONTENT_LENGTH_MISMATCH' }]);
  });

  it.each(['sync', 'async'])(
    'pulls a %s iterable no faster than the client reads',
    async (kind) => {
      let pulled = 0;
      const piece = new Uint8Array(PIECE_BYTES);
      function* pieces() {
        while (pulled < 2000) {
          pulled += 1;
          yield piece;
        }
      }
      async function* piecesLater() {
        yield* pieces();
      }
      const serving = await serve((exchange) =>
        exchange.respond({ status: 200, content: kind === 'sync' ? pieces() : piecesLater() }),
      );
      const client = await serving.client();
      client.socket.pause();
      client.send(get('/'));
      const stopped = await settled(() => pulled);
      const sent = serving.server.connections[0]?.bytesSent ?? 0;
      expect(stopped).toBeLessThan(2000);
      // What was pulled and is not in the kernel's hands: a few pieces.
      expect(stopped * PIECE_BYTES - sent).toBeLessThan(8 * PIECE_BYTES);
      client.keptMax = 5;
      client.socket.resume();
      await client.until('0\r\n\r\n');
      expect(pulled).toBe(2000);
    },
  );

  it('does not grow with its length', async () => {
    const piece = new Uint8Array(PIECE_BYTES);
    const total = 3000;
    function* pieces() {
      for (let index = 0; index < total; index++) yield piece;
    }
    const serving = await serve((exchange) => exchange.respond({ status: 200, content: pieces() }));
    const client = await serving.client();
    client.keptMax = 5;
    let peak = 0;
    client.socket.on('data', () => {
      peak = Math.max(peak, process.memoryUsage().arrayBuffers);
    });
    await client.send(get('/')).until('0\r\n\r\n');
    expect(client.bytes).toBeGreaterThan(total * PIECE_BYTES);
    // 200 MB went through; what the reader has not thrown away yet is in this process, too.
    expect(peak).toBeLessThan(100_000_000);
  });
});

describe('a request that streams', () => {
  it('fills no memory while the handler does not read', async () => {
    const start = gate();
    let received = 0;
    const total = 100_000_000;
    const serving = await serve(async (exchange) => {
      await start.promise;
      for await (const piece of exchange.content) received += piece.length;
      exchange.respond({ status: 200, content: 'all of it' });
    });
    const client = await serving.client();
    client.send(`POST / HTTP/1.1\r\nHost: test\r\nContent-Length: ${total}\r\n\r\n`);
    const piece = Buffer.alloc(1_000_000);
    for (let sent = 0; sent < total; sent += piece.length) client.socket.write(piece);
    const taken = await settled(() => serving.server.connections[0]?.bytesReceived ?? 0);
    // The machine's input limit and one read beyond it, and the piece that waits for the handler.
    expect(taken).toBeLessThan(65_536 * 4);
    start.open();
    await client.until('all of it');
    expect(received).toBe(total);
  });

  it('waits for a handler that reads slowly, and loses nothing', async () => {
    const sizes: number[] = [];
    const total = 5_000_000;
    let sum = 0;
    const serving = await serve(async (exchange) => {
      for await (const piece of exchange.content) {
        await turns(1);
        sizes.push(piece.length);
        for (const byte of piece) sum = (sum + byte) % 1_000_003;
      }
      exchange.respond({ status: 200, content: 'all of it' });
    });
    const content = Buffer.alloc(total);
    let expected = 0;
    for (let index = 0; index < total; index++) {
      content[index] = index % 251;
      expected = (expected + (index % 251)) % 1_000_003;
    }
    const client = await serving.client();
    client.send(`POST / HTTP/1.1\r\nHost: test\r\nContent-Length: ${total}\r\n\r\n`).send(content);
    await client.until('all of it');
    expect(sizes.reduce((left, right) => left + right, 0)).toBe(total);
    expect(sum).toBe(expected);
  });
});

describe('a client that pipelines and does not read', () => {
  it('is not read from either', async () => {
    let handled = 0;
    const serving = await serve((exchange) => {
      handled += 1;
      exchange.respond({ status: 200, content: Buffer.alloc(50_000) });
    });
    const client = await serving.client();
    client.socket.pause();
    client.send(get('/').repeat(5000));
    const stopped = await settled(() => handled);
    expect(stopped).toBeLessThan(2000);
    const sent = serving.server.connections[0]?.bytesSent ?? 0;
    expect(stopped * 50_000 - sent).toBeLessThan(1_000_000);
    client.keptMax = 100;
    client.socket.resume();
    await client.until(() => handled === 5000 && client.bytes > 5000 * 50_000);
  });
});
