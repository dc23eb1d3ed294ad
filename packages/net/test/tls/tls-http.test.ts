// https and wss on either engine, and what one of them knows that the other does not.
import { readFileSync } from 'node:fs';
import { connect as connectSocket, createServer } from 'node:net';
import { connect as connectNodeTls } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import {
  HttpClient,
  type HttpHandler,
  type HttpServer,
  type HttpServerOptions,
  type ServerSecurity,
  serveHttp,
  socketTransport,
} from '../../src/index.ts';
import { nodeTlsServer, serveTls, tlsConnector, tlsServer } from '../../src/tls/index.ts';
import { connectWebSocket, serveWebSocket } from '../../src/websocket/index.ts';
import { TEST_CERTIFICATE, TEST_KEY } from '../support/test-certificate.ts';
import { PINS } from './support.ts';

const PEM = { cert: TEST_CERTIFICATE, key: TEST_KEY };
/** Certificates with their keys, for clients. */
const [KNOWN = '', STRANGE = ''] = ['p256', 'p384'].map((name) =>
  readFileSync(
    new URL(`../../../tls/test/support/credentials/${name}.pem`, import.meta.url),
    'utf8',
  ),
);
const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function serve(
  handler: HttpHandler,
  security: ServerSecurity,
  options: HttpServerOptions = {},
): Promise<{ server: HttpServer; url: string; port: number }> {
  const server = serveHttp(handler, { security, ...options });
  ends.push(() => server.close());
  const { port } = await server.listen();
  return { server, url: `https://localhost:${port}/`, port };
}

const OPENSSL = { tls: { ca: TEST_CERTIFICATE } };
const HOLDLINE = { connect: tlsConnector({ pinnedCertificates: PINS }) };

function client(engine: typeof OPENSSL | typeof HOLDLINE): HttpClient {
  const made = new HttpClient(engine);
  ends.push(() => made.close());
  return made;
}

describe.each([
  ['holdline', tlsServer(PEM)],
  ['node', nodeTlsServer(PEM)],
])('a server with the TLS of %s', (engine, security) => {
  it.each([
    ['node', OPENSSL],
    ['holdline', HOLDLINE],
  ])('answers a client with that of %s, again and again', async (clientEngine, options) => {
    const { server, url, port } = await serve((exchange) => {
      exchange.respond({ status: 200, content: exchange.head.target.repeat(10_000) });
    }, security);
    const made = client(options);
    for (const target of ['one', 'two', 'three']) {
      const response = await made.request({ url: url + target });
      expect(await response.content.text()).toBe(`/${target}`.repeat(10_000));
    }
    const agreed = { version: 'TLS 1.3', protocol: 'http/1.1' };
    expect(server.connections.map(({ tls }) => tls)).toMatchObject([
      { engine, serverName: 'localhost', ...agreed },
    ]);
    expect(server.connections[0]?.remotePort).not.toBe(port);
    expect(made.connections.map(({ tls }) => tls)).toMatchObject([
      { engine: clientEngine, ...agreed },
    ]);
    expect(made.connections[0]?.tls?.cipherSuite).toMatch(/^TLS_/);
  });

  it.each([
    ['node', OPENSSL],
    ['holdline', HOLDLINE],
  ])('carries WebSockets of a client with that of %s', async (_, options) => {
    const sockets = serveWebSocket({
      onMessage: (message, connection) => connection.send(message),
    });
    const { url } = await serve((exchange) => sockets.handle(exchange), security);
    const socket = await connectWebSocket(url.replace('https', 'wss'), options);
    socket.send('x'.repeat(100_000));
    const { value } = await socket[Symbol.asyncIterator]().next();
    expect(value).toBe('x'.repeat(100_000));
    expect(await socket.close(4000, 'done')).toMatchObject({ code: 4000, wasClean: true });
  });

  it('tells of handshakes that fail, and serves on', async () => {
    const failures: [string, string][] = [];
    const { url, port } = await serve((exchange) => exchange.respond({ status: 204 }), security, {
      onHandshakeFailure: (error, address) => failures.push([error.name, address]),
    });
    const plain = connectSocket(port, '127.0.0.1');
    plain.on('error', () => {});
    plain.end('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await new Promise((resolve) => plain.resume().on('close', resolve));
    while (failures.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(failures).toEqual([[engine === 'holdline' ? 'TlsError' : 'Error', '127.0.0.1']]);
    expect((await client(OPENSSL).request({ url })).status).toBe(204);
  });

  it('is no secret from whoever speaks another protocol only', async () => {
    const { port } = await serve((exchange) => exchange.respond({ status: 204 }), security);
    const refused = new Promise<NodeJS.ErrnoException>((resolve) => {
      const options = {
        port,
        ca: TEST_CERTIFICATE,
        servername: 'localhost',
        ALPNProtocols: ['h2'],
      };
      connectNodeTls(options).on('error', resolve);
    });
    expect((await refused).code).toMatch(/NO_APPLICATION_PROTOCOL/);
  });

  it('waits for no handshake when it drains', async () => {
    const { server, port } = await serve((exchange) => exchange.respond({ status: 204 }), security);
    const silent = connectSocket(port, '127.0.0.1');
    const closed = new Promise((resolve) => silent.on('error', () => {}).on('close', resolve));
    await new Promise((resolve) => silent.on('connect', resolve));
    // The server has accepted it once it has answered another.
    await client(OPENSSL).request({ url: `https://localhost:${port}/` });
    const report = await server.drain({ timeoutMs: Number.POSITIVE_INFINITY });
    expect(report.connectionsCut).toBe(0);
    await closed;
  });
});

it.each([
  [{}, [403, 'DEPTH_ZERO_SELF_SIGNED_CERT']],
  [{ rejectUnauthorized: false }, [200, '']],
])(
  'by node:tls accepts clients whose certificate is valid, others by %o',
  async (options, expected) => {
    let code = '';
    const security = nodeTlsServer({ ...PEM, ca: KNOWN, requestCert: true, ...options });
    const { url } = await serve((exchange) => exchange.respond({ status: 200 }), security, {
      onHandshakeFailure: (error) => {
        ({ code = '' } = error as NodeJS.ErrnoException);
      },
    });
    const tls = { ca: TEST_CERTIFICATE };
    const good = new HttpClient({ tls: { ...tls, cert: KNOWN, key: KNOWN } });
    const stranger = new HttpClient({ tls: { ...tls, cert: STRANGE, key: STRANGE } });
    ends.push(
      () => good.close(),
      () => stranger.close(),
    );
    expect((await good.request({ url })).status).toBe(200);
    const status = await stranger.request({ url }).then(
      (response) => response.status,
      () => 403,
    );
    expect([status, code]).toEqual(expected);
  },
);

it('refuses options without a certificate at once', () => {
  expect(() => tlsServer({})).toThrow('cert and key, or credentials, are missing');
  expect(() => tlsConnector({})).toThrow('whom to trust');
});

describe('content that ends with its connection', () => {
  /** A server of TLS alone, which says so much and then ends in one of two ways. */
  async function saying(text: string, isOrderly: boolean): Promise<string> {
    const listener = serveTls((connection) => {
      connection.transport.attach({
        onData() {
          connection.transport.write(Buffer.from(text, 'latin1'));
          if (isOrderly) connection.transport.end();
          else cut();
        },
        onEnd() {},
        onDrain() {},
      });
    }, PEM);
    let cut = (): void => {};
    const below = createServer({ allowHalfOpen: true }, (socket) => {
      const transport = socketTransport(socket);
      // FIN of TCP behind what was written, and no close_notify.
      cut = () => setTimeout(() => transport.end(), 20);
      listener.accept(transport);
    });
    await new Promise<void>((resolve) => below.listen(0, '127.0.0.1', resolve));
    ends.push(
      () => below.close(),
      () => listener.close(),
    );
    const { port } = below.address() as { port: number };
    return `https://127.0.0.1:${port}/`;
  }

  const HEAD = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n';

  it('is whole behind close_notify', async () => {
    const response = await client(HOLDLINE).request({ url: await saying(`${HEAD}all`, true) });
    expect(await response.content.text()).toBe('all');
  });

  it('is reported incomplete without it (RFC 9112 section 9.8)', async () => {
    const response = await client(HOLDLINE).request({ url: await saying(`${HEAD}not al`, false) });
    await expect(response.content.text()).rejects.toMatchObject({ name: 'HttpClientError' });
  });

  it('looks whole to node:tls, which does not tell', async () => {
    const response = await client({ tls: { ca: TEST_CERTIFICATE } }).request({
      url: await saying(`${HEAD}not al`, false),
    });
    expect(await response.content.text()).toBe('not al');
  });
});
