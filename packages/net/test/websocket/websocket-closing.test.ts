// The closing handshake and what is still to be sent: behind messages in pieces, and behind the
// answers to messages that came with the peer's Close frame.
import { describe, expect, it } from 'vitest';
import type {
  IncomingMessage,
  WebSocketConnection,
  WebSocketServeOptions,
} from '../../src/websocket/index.ts';
import { FakeTime } from '../support/fake-time.ts';
import { openPair, type Served, served, take, turns } from './support/websocket-pair.ts';

const OPENING = [
  'GET / HTTP/1.1',
  'Host: a',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version: 13',
  '\r\n',
].join('\r\n');
/** Of a client, with the masking key 0. */
const CLOSE_4001 = '\x88\x82\0\0\0\0\x0f\xa1';
const CLOSED_4001 = '\x88\x02\x0f\xa1';

/** A text frame of a client, with the masking key 0. */
function textFrame(text: string): string {
  return `\x81${String.fromCharCode(0x80 | text.length)}\0\0\0\0${text}`;
}

/**
 * What a server sends, behind its 101, to a client that sends `frames` in chunks of that many bytes, each
 * in a turn of the event loop of its own.
 */
function speak(
  all: Served,
  frames: string,
  chunkBytes = Number.POSITIVE_INFINITY,
): { readonly answer: string } {
  const transport = all.transport();
  let answer = '';
  transport.attach({
    onData(data) {
      answer += Buffer.from(data).toString('latin1');
    },
    onEnd: () => transport.end(),
    onDrain() {},
  });
  const data = Buffer.from(OPENING + frames, 'latin1');
  void (async () => {
    for (let at = 0; at < data.length; ) {
      // The opening handshake goes with what is behind it in the same chunk.
      const end = Math.max(OPENING.length, at) + Math.min(chunkBytes, data.length);
      transport.write(data.subarray(at, end));
      at = end;
      if (at < data.length) await turns(2);
    }
  })();
  return {
    get answer() {
      return answer.slice(answer.indexOf('\r\n\r\n') + 4);
    },
  };
}

/** Gives pieces when it is told to. */
class Tap {
  #give: (result: IteratorResult<string, undefined>) => void = () => {};

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<string, undefined>> {
    return new Promise((resolve) => {
      this.#give = resolve;
    });
  }

  async give(piece: string): Promise<void> {
    this.#give({ done: false, value: piece });
    await turns(1);
  }

  end(): void {
    this.#give({ done: true, value: undefined });
  }
}

describe('a close behind a message in pieces', () => {
  it('lets it and what waits behind it out first', async () => {
    const { client, server } = await openPair();
    const tap = new Tap();
    const sent = client.sendStream('text', tap);
    client.send('waited');
    const later = client.sendStream('text', ['in ', 'pieces']);
    client.send('last');
    const closed = client.close(4001, 'done');
    expect(client.isOpen).toBe(false);
    expect(client.send('too late')).toBe(false);
    await expect(client.sendStream('text', ['too late'])).rejects.toThrow('WEBSOCKET_ENDED');
    expect(client.close(4002)).toBeInstanceOf(Promise);
    await tap.give('fir');
    expect(server.closedEvent).toBeNull();
    await tap.give('st');
    tap.end();
    expect(await take(server, 4)).toEqual(['first', 'waited', 'in pieces', 'last']);
    await Promise.all([sent, later]);
    const expected = { code: 4001, reason: 'done', wasClean: true, startedBy: 'us' };
    expect(await closed).toMatchObject(expected);
  });

  it('waits while the peer does not read, and not with more memory', async () => {
    const { client, server } = await openPair();
    let produced = 0;
    async function* source(): AsyncGenerator<Uint8Array> {
      while (produced < 4_194_304) {
        produced += 16_384;
        yield new Uint8Array(16_384);
      }
    }
    void client.sendStream('binary', source());
    client.send('last');
    server.hold();
    const closed = client.close();
    await turns(20);
    expect(produced).toBeLessThan(1_048_576);
    server.resume();
    const [first, last] = await take(server, 2);
    expect([first?.length, last]).toEqual([4_194_304, 'last']);
    expect((await closed).wasClean).toBe(true);
  });

  it.each([
    [{}, { code: 1011, startedBy: 'peer', wasClean: true }],
    [{ byteCount: 5 }, { code: 1006, observation: 'reset' }],
  ])(
    'that takes longer than closing may is a failure, told to all, with %j',
    async (options, seen) => {
      const clock = new FakeTime();
      const timeouts = { closingMs: 3_000 };
      const { client, server } = await openPair({ websocket: { timeouts } }, {}, undefined, clock);
      const tap = new Tap();
      const sent = server.sendStream('text', tap, options);
      const rejected = expect(sent).rejects.toThrow('WEBSOCKET_ENDED');
      server.send('behind');
      await tap.give('a');
      void server.close();
      clock.advance(2_999);
      await tap.give('b');
      expect(server.closedEvent).toBeNull();
      clock.advance(1);
      await rejected;
      expect(await client.closed).toMatchObject(seen);
    },
  );

  it('takes no code that may not be sent', async () => {
    const { client, server } = await openPair();
    const tap = new Tap();
    const sent = client.sendStream('text', tap);
    expect(() => client.close(1006)).toThrow('WS_CLOSE_NOT_ALLOWED');
    expect(client.isOpen).toBe(true);
    await tap.give('a');
    tap.end();
    await sent;
    expect(await take(server, 1)).toEqual(['a']);
  });

  it('is no reason to wait where the connection is cut', async () => {
    const { client } = await openPair();
    const sent = client.sendStream('text', new Tap());
    void client.close();
    client.abort();
    await expect(sent).rejects.toThrow('WEBSOCKET_ENDED');
    expect((await client.closed).observation).toBe('aborted');
  });
});

describe('the peer’s Close frame, in one chunk with messages', () => {
  const TWO = textFrame('one') + textFrame('two');
  const REPLIES = '\x81\x05<one>\x81\x05<two>';
  const later = () => new Promise<void>((resolve) => setImmediate(resolve));

  it.each([
    ['at once', async () => {}, true],
    // What comes behind a message waits no longer than that.
    ['after two turns of the event loop', () => turns(2), false],
  ])('is answered behind the replies of who iterates, %s', async (_when, work, wasOpen) => {
    const seen: boolean[] = [];
    const all = served({
      async onOpen(connection) {
        for await (const message of connection) {
          await work();
          connection.send(`<${message}>`);
          seen.push(connection.isOpen);
        }
      },
    });
    const peer = speak(all, TWO + CLOSE_4001);
    const event = await (await all.next()).closed;
    expect(peer.answer).toBe(REPLIES + CLOSED_4001);
    expect(event).toMatchObject({ code: 4001, startedBy: 'peer', wasClean: true });
    expect(seen).toEqual([wasOpen, wasOpen]);
    expect(all.faults).toEqual([]);
  });

  it('is answered behind the replies of an onMessage that returns a promise', async () => {
    const all = served({
      async onMessage(message, connection) {
        await later();
        connection.send(`<${message}>`);
      },
    });
    const peer = speak(all, TWO + CLOSE_4001);
    await (await all.next()).closed;
    expect(peer.answer).toBe(REPLIES + CLOSED_4001);
  });

  it('is answered behind replies in pieces', async () => {
    const all = served({
      websocket: { delivery: 'pieces' },
      onStream: (message, connection) => connection.sendStream(message.kind, message),
    });
    const peer = speak(all, TWO + CLOSE_4001);
    await (await all.next()).closed;
    expect(peer.answer).toBe(`\x01\x03one\x80\0\x01\x03two\x80\0${CLOSED_4001}`);
  });

  it('is answered behind the replies of who iterates over messages in pieces', async () => {
    const all = served({
      websocket: { delivery: 'pieces' },
      async onOpen(connection) {
        for await (const message of connection.streams()) {
          connection.send(`<${await message.text()}>`);
        }
      },
    });
    const peer = speak(all, TWO + CLOSE_4001);
    await (await all.next()).closed;
    expect(peer.answer).toBe(REPLIES + CLOSED_4001);
  });

  it('is answered once nobody iterates any more', async () => {
    const all = served({
      async onOpen(connection) {
        for await (const message of connection) {
          connection.send(`<${message}>`);
          if (message === 'two') break;
        }
      },
    });
    const peer = speak(all, TWO + CLOSE_4001);
    await (await all.next()).closed;
    expect(peer.answer).toBe(REPLIES + CLOSED_4001);
  });

  it('within a message in pieces ends that, and whoever reads it keeps nobody waiting', async () => {
    const errors: unknown[] = [];
    const options: WebSocketServeOptions = {
      websocket: { delivery: 'pieces' },
      async onOpen(connection) {
        for await (const message of connection.streams()) {
          await message.text().catch((error) => errors.push(error));
        }
      },
    };
    // Its time stands still: nothing is answered because it was late.
    const all = served(options, new FakeTime());
    const peer = speak(all, `\x01\x83\0\0\0\0one${CLOSE_4001}`);
    await turns();
    expect(peer.answer).toBe(CLOSED_4001);
    expect(errors).toMatchObject([{ code: 'WEBSOCKET_ENDED' }]);
  });

  const never = new Promise<void>(() => {});
  it.each<[string, (connection: WebSocketConnection) => unknown]>([
    ['a reader', async (connection) => connection[Symbol.asyncIterator]().next()],
    ['nobody, who leaves messages where they are', () => {}],
    [
      'a message in pieces',
      (connection) => {
        connection.sendStream('text', new Tap()).catch(() => {});
        return connection[Symbol.asyncIterator]().next();
      },
    ],
  ])('is answered after two seconds, whatever else %s may do', async (_who, onOpen) => {
    const clock = new FakeTime();
    const all = served({ onOpen: (connection) => void onOpen(connection) }, clock);
    const peer = speak(all, TWO + CLOSE_4001);
    const server = await all.next();
    await turns();
    clock.advance(1_999);
    await turns();
    expect(peer.answer).toBe('');
    clock.advance(1);
    await turns();
    expect(peer.answer).toBe(CLOSED_4001);
    expect(server.closedEvent).toMatchObject({ code: 4001, wasClean: true });
  });

  it('is answered after two seconds, whatever a promise of onMessage still waits for', async () => {
    const clock = new FakeTime();
    const all = served({ onMessage: () => never }, clock);
    const peer = speak(all, TWO + CLOSE_4001);
    await turns();
    expect(peer.answer).toBe('');
    clock.advance(2_000);
    await turns();
    expect(peer.answer).toBe(CLOSED_4001);
  });

  it('is answered at once where nobody is at work', async () => {
    const clock = new FakeTime();
    const messages: IncomingMessage[] = [];
    for (const options of [
      { onMessage() {} },
      {
        websocket: { delivery: 'pieces' as const },
        onStream: (m: IncomingMessage) => void messages.push(m),
      },
    ]) {
      const all = served(options, clock);
      const peer = speak(all, TWO + CLOSE_4001);
      await turns();
      expect(peer.answer).toBe(CLOSED_4001);
    }
    const idle = served({}, clock);
    const peer = speak(idle, CLOSE_4001);
    await turns();
    expect(peer.answer).toBe(CLOSED_4001);
  });

  it('is answered at once by a close of this side, with the same code', async () => {
    const all = served({}, new FakeTime());
    const peer = speak(all, TWO + CLOSE_4001);
    const server = await all.next();
    await turns();
    expect(peer.answer).toBe('');
    expect(server.isOpen).toBe(false);
    expect((await server.close(1001)).code).toBe(4001);
    expect(peer.answer).toBe(CLOSED_4001);
  });
});

describe('what is answered without waiting for anything', () => {
  const PING = '\x89\x81\0\0\0\0p';
  const PONG = '\x8a\x01p';
  /** With RSV3, which nobody has agreed on. */
  const BAD = '\x91\x80\0\0\0\0';
  const FAILED_1002 = '\x88\x02\x03\xea';
  const ONE = '\x81\x05<one>';
  const TWO = '\x81\x05<two>';
  const reply = (connection: WebSocketConnection, text: unknown) => connection.send(`<${text}>`);

  const programs: [string, WebSocketServeOptions][] = [
    ['onMessage', { onMessage: (message, connection) => reply(connection, message) }],
    [
      'who iterates',
      {
        async onOpen(connection) {
          for await (const message of connection) reply(connection, message);
        },
      },
    ],
    [
      'who iterates, in pieces',
      {
        websocket: { delivery: 'pieces' },
        async onOpen(connection) {
          for await (const message of connection.streams()) reply(connection, await message.text());
        },
      },
    ],
    [
      'onStream',
      {
        websocket: { delivery: 'pieces' },
        onStream: async (message, connection) => reply(connection, await message.text()),
      },
    ],
  ];

  it.each(programs)(
    'leaves before what comes behind it, by %s, in all chunks',
    async (_who, options) => {
      const wrong = textFrame('one') + textFrame('two') + BAD;
      const right = textFrame('one') + PING + textFrame('two') + CLOSE_4001;
      const answers = async (frames: string): Promise<Set<string>> => {
        const all: string[] = [];
        for (let size = 1; size <= frames.length; size += 1) {
          const server = served(options);
          const peer = speak(server, frames, size);
          await (await server.next()).closed;
          all.push(peer.answer);
          expect(server.faults).toEqual([]);
        }
        return new Set(all);
      };
      expect(await answers(wrong)).toEqual(new Set([ONE + TWO + FAILED_1002]));
      // A pong waits behind no message that has not begun to leave.
      const [inOrder, urgent] = [ONE + PONG + TWO, PONG + ONE + TWO].map(
        (each) => each + CLOSED_4001,
      );
      expect([inOrder, urgent]).toEqual(expect.arrayContaining([...(await answers(right))]));
    },
  );

  it('by a client that reads as soon as it is connected', async () => {
    const all = served({ onOpen: (connection) => void connection.send('one') });
    const client = await all.connect();
    const server = await all.next();
    for await (const message of client) {
      reply(client, message);
      break;
    }
    expect(await take(server, 1)).toEqual(['<one>']);
    await client.close();
  });

  it('keeps pings waiting for a turn of the event loop at most', async () => {
    const all = served({
      async onOpen(connection) {
        for await (const _message of connection) await new Promise(() => {});
      },
    });
    const peer = speak(all, textFrame('one') + textFrame('two') + PING);
    await turns(3);
    expect(peer.answer).toBe(PONG);
    all.opened[0]?.abort();
  });
});
