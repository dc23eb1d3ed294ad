// Opening WebSockets as a client, and every way in which that fails.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import {
  duplexTransport,
  memoryPair,
  serveHttp,
  type Transport,
  tlsSocketTransport,
} from '../../src/index.ts';
import {
  connectWebSocket,
  serveWebSocket,
  type WebSocketConnectOptions,
  type WebSocketOpenError,
} from '../../src/websocket/index.ts';
import { FakeTime } from '../support/fake-time.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../support/test-certificate.ts';
import { served, take, turns } from './support/websocket-pair.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const SWITCH = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n';

/** Connects to a server that answers each request with a text. */
async function failure(
  answer: string | null,
  options: WebSocketConnectOptions = {},
  url = 'ws://server.example/',
): Promise<WebSocketOpenError> {
  const connect = async (): Promise<{ transport: Transport }> => {
    const [near, far] = memoryPair();
    let request = '';
    far.attach({
      onData(data) {
        request += Buffer.from(data).toString('latin1');
        if (!request.includes('\r\n\r\n')) return;
        if (answer === null) far.abort();
        else far.write(Buffer.from(answer, 'latin1'));
      },
      onEnd() {},
      onDrain() {},
    });
    return { transport: near };
  };
  return connectWebSocket(url, { connect, ...options }).then(
    () => {
      throw new Error('it was opened');
    },
    (error) => error as WebSocketOpenError,
  );
}

describe('a server that refuses', () => {
  it('is heard, with as much of its content as is wanted', async () => {
    const head = 'HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 10\r\n\r\n';
    const error = await failure(`${head}0123456789`, { refusalBytesMax: 10 });
    expect(error).toMatchObject({ code: 'WEBSOCKET_REFUSED', observation: 'refused' });
    expect(error.response).toMatchObject({ status: 302, reason: 'Found', isWhole: true });
    expect(error.response?.fields).toContainEqual({ name: 'location', value: '/other' });
    expect(Buffer.from(error.response?.content ?? []).toString()).toBe('0123456789');
    const cut = await failure(`${head}0123456789`, { refusalBytesMax: 9 });
    expect(cut.response).toMatchObject({ status: 302, isWhole: false });
    expect(Buffer.from(cut.response?.content ?? []).toString()).toBe('012345678');
    const none = await failure('HTTP/1.1 401 No\r\nContent-Length: 0\r\n\r\n');
    expect(none.response).toMatchObject({ status: 401, isWhole: true });
  });

  it('and whose content breaks off has refused all the same', async () => {
    const error = await failure(
      'HTTP/1.1 403 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n',
    );
    expect(error.response).toMatchObject({ status: 403, isWhole: false });
  });
});

describe('a connection that never opens', () => {
  it.each([
    ['no HTTP', 'SSH-2.0-OpenSSH\r\n\r\n', 'HTTP1_'],
    ['no accept', `${SWITCH}\r\n`, 'WS_MISSING_ACCEPT'],
    ['a wrong accept', `${SWITCH}Sec-WebSocket-Accept: x\r\n\r\n`, 'WS_WRONG_ACCEPT'],
    [
      'another protocol',
      SWITCH.replace('websocket', 'toy').concat('\r\n'),
      'HTTP1_UNEXPECTED_SWITCH',
    ],
  ])('has an answer that is not valid: %s', async (_what, answer, faultCode) => {
    const error = await failure(answer);
    expect(error).toMatchObject({
      name: 'WebSocketOpenError',
      code: 'WEBSOCKET_HANDSHAKE_INVALID',
      observation: 'never-opened',
      response: null,
    });
    expect(error.faultCode).toContain(faultCode);
  });

  it('was ended before an answer', async () => {
    expect(await failure(null)).toMatchObject({
      code: 'WEBSOCKET_HANDSHAKE_ENDED',
      observation: 'never-opened',
    });
  });

  it('takes too long', async () => {
    const clock = new FakeTime();
    const late = failure('', { clock, handshakeMs: 3_000 });
    await turns();
    clock.advance(2_999);
    await turns();
    clock.advance(1);
    expect((await late).code).toBe('WEBSOCKET_HANDSHAKE_TIMEOUT');
    let isAborted = false;
    const never = failure('', {
      clock,
      connectMs: 2_000,
      connect: (_origin, signal) => {
        signal.addEventListener('abort', () => {
          isAborted = true;
        });
        return new Promise(() => {});
      },
    });
    clock.advance(2_000);
    expect((await never).message).toBe(
      'WEBSOCKET_CONNECT_TIMEOUT: no connection to ws://server.example within 2000 ms',
    );
    expect(isAborted).toBe(true);
  });

  it('has nobody at the other end', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    const error = await connectWebSocket(`ws://127.0.0.1:${port}/`).catch((reason) => reason);
    expect(error).toMatchObject({
      code: 'WEBSOCKET_CONNECT_FAILED',
      message: `WEBSOCKET_CONNECT_FAILED: no connection to ws://127.0.0.1:${port}`,
      observation: 'never-opened',
      cause: { code: 'ECONNREFUSED' },
    });
  });

  it('is given up by a signal, at every stage', async () => {
    const reason = new Error('enough');
    const before = await failure('', { signal: AbortSignal.abort(reason) });
    expect(before).toMatchObject({ code: 'WEBSOCKET_ABORTED', cause: reason });
    const controller = new AbortController();
    const within = failure('', { signal: controller.signal });
    await turns();
    controller.abort(reason);
    expect(await within).toMatchObject({ code: 'WEBSOCKET_ABORTED', cause: reason });
    const all = served();
    const other = new AbortController();
    const client = await all.connect({ signal: other.signal });
    other.abort();
    expect(client.isOpen).toBe(true);
  });

  it.each([
    ['a fragment', 'ws://a/#b', {}],
    ['another scheme', 'ftp://a/', {}],
    ['no URL', 'a', {}],
    ['a subprotocol that is no token', 'ws://a/', { subprotocols: ['a b'] }],
    [
      'a field of the handshake',
      'ws://a/',
      { fields: [{ name: 'Sec-WebSocket-Key', value: 'x' }] },
    ],
    ['a time that is none', 'ws://a/', { connectMs: -1 }],
  ])('was asked for with %s', async (_what, url, options) => {
    const error = await connectWebSocket(url, options).catch((reason) => reason);
    expect(error instanceof TypeError || error instanceof RangeError).toBe(true);
  });
});

describe('a connection', () => {
  it('goes over TLS', async () => {
    const chat = serveWebSocket({ onMessage: (message, peer) => peer.send(message) });
    const http = serveHttp(chat.handle);
    const names: unknown[] = [];
    const tls = createTlsServer({ key: TEST_KEY, cert: TEST_CERTIFICATE }, (socket) => {
      names.push(socket.servername);
      http.accept(tlsSocketTransport(socket), socket);
    });
    closing.push(
      () => http.close(),
      () => tls.close(),
    );
    tls.listen(0, '127.0.0.1');
    await once(tls, 'listening');
    const { port } = tls.address() as { port: number };
    const refused = await connectWebSocket(`wss://127.0.0.1:${port}/`).catch((error) => error);
    expect(refused.code).toBe('WEBSOCKET_CONNECT_FAILED');
    expect(refused.message).toContain(`no connection to wss://127.0.0.1:${port}`);
    const client = await connectWebSocket(`wss://127.0.0.1:${port}/`, {
      tls: { rejectUnauthorized: false },
    });
    client.send('secret'.repeat(100_000));
    expect((await take(client, 1))[0]).toBe('secret'.repeat(100_000));
    expect(client.remotePort).toBe(port);
    expect(client.bytesSent).toBeGreaterThan(600_000);
    expect(await client.close()).toMatchObject({ wasClean: true });
    const named = await connectWebSocket(`wss://localhost:${port}/`, {
      tls: { rejectUnauthorized: false },
    });
    await named.close();
    // The one whose certificate was refused has never been seen here.
    expect(names).toEqual([false, 'localhost']);
  });

  it('goes over any stream, with the bytes that come with the answer', async () => {
    const sockets: Socket[] = [];
    const server: Server = createServer((socket) => {
      sockets.push(socket);
      socket.once('data', (data) => {
        const key = /sec-websocket-key: (.*)\r\n/i.exec(data.toString())?.[1] ?? '';
        void import('node:crypto').then(({ createHash }) => {
          const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
          const accept = createHash('sha1')
            .update(key + guid)
            .digest('base64');
          socket.write(`${SWITCH}Sec-WebSocket-Accept: ${accept}\r\n\r\n\x81\x02hi`, 'latin1');
        });
      });
    });
    closing.push(() => server.close());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { connect } = await import('node:net');
    const socket = connect((server.address() as { port: number }).port, '127.0.0.1');
    await once(socket, 'connect');
    const client = await connectWebSocket('ws://wherever/', {
      connect: async () => ({ transport: duplexTransport(socket) }),
    });
    expect(await take(client, 1)).toEqual(['hi']);
    expect([client.remoteAddress, client.remotePort]).toEqual(['', 0]);
    sockets[0]?.resetAndDestroy();
    expect(await client.closed).toMatchObject({ code: 1006, wasClean: false });
  });

  it('sends what it was told to, and nothing before its frames', async () => {
    const all = served({ decide: (_request, exchange) => ({ data: exchange.head.fields }) });
    const client = await all.connect({
      origin: 'https://a.example',
      fields: [{ name: 'Authorization', value: 'Bearer x' }],
    });
    const { data } = await all.next();
    expect(data).toEqual(
      expect.arrayContaining([
        { name: 'origin', value: 'https://a.example' },
        { name: 'authorization', value: 'Bearer x' },
      ]),
    );
    expect(JSON.stringify(data)).not.toContain('extensions');
    await client.close();
  });

  it("reports what its callbacks throw, as the process's warning where nobody listens", async () => {
    const faults: unknown[] = [];
    const all = served({ onOpen: (connection) => connection.send('x') });
    const onMessage = (): never => {
      throw new Error('oops');
    };
    const client = await all.connect({ onMessage, onFault: (error) => void faults.push(error) });
    expect((await client.closed).code).toBe(1011);
    expect(faults).toMatchObject([{ message: 'oops' }]);
    const warned = once(process, 'warning');
    const other = await all.connect({ onMessage });
    expect(await warned).toMatchObject([{ message: 'oops' }]);
    await other.closed;
  });
});
