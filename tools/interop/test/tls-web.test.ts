// https and wss by our TLS, with whom people use: curl, Chromium, and proxies in front and behind.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpClient, type HttpClientError, serveHttp } from '@holdline/net';
import { type TlsServerEngineOptions, tlsConnector, tlsServer } from '@holdline/net/tls';
import { serveWebSocket } from '@holdline/net/websocket';
import { afterAll, afterEach, describe, expect, it, type TestContext } from 'vitest';
import { Certificates } from './support/certificates.ts';
import { openContext, openPage, useChromium } from './support/chromium.ts';
import { useEcho } from './support/in-page.ts';
import { Daemon, freePort, need, run } from './support/programs.ts';

const certificates = new Certificates();
const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => certificates.remove());

const FAR_BYTES = 5_000_000;

/** An https server: `/echo`, `/far` with much content, `/tls` with what it knows, `/socket` a WebSocket. */
async function site(context: TestContext, options: Partial<TlsServerEngineOptions> = {}) {
  const { credential } = await certificates.of(context);
  const faults: unknown[] = [];
  const onFault = (error: unknown): void => void faults.push(error);
  const echo = serveWebSocket({
    subprotocols: ['superchat'],
    onMessage: (message, connection) => connection.send(message),
  });
  const server = serveHttp(
    async (exchange) => {
      const { tls } = exchange.connection;
      if (exchange.head.target === '/socket') return echo.handle(exchange);
      if (exchange.head.target === '/echo') {
        const content = await exchange.readContent({ bytesMax: 2 * FAR_BYTES });
        return exchange.respond({ status: 200, content });
      }
      if (exchange.head.target === '/far') {
        return exchange.respond({ status: 200, content: Buffer.alloc(FAR_BYTES, 'far ') });
      }
      if (exchange.head.target === '/tls') {
        const told = { version: tls?.version, protocol: tls?.protocol, group: tls?.group };
        return exchange.respond({ status: 200, content: JSON.stringify(told) });
      }
      const fields = [{ name: 'content-type', value: 'text/html' }];
      exchange.respond({
        status: 200,
        fields,
        content: '<link rel="icon" href="data:,"><p>A page.',
      });
    },
    { security: tlsServer({ credentials: [credential], onFault, ...options }), onFault },
  );
  closers.push(
    () => server.close(),
    () => expect(faults).toEqual([]),
  );
  const { port } = await server.listen({ host: '127.0.0.1' });
  return { port, origin: `https://localhost:${port}`, faults };
}

describe('curl', () => {
  it('gets pages on one connection, and uploads', async (context) => {
    const { origin } = await site(context);
    const { certificateFile } = await certificates.of(context);
    const curl = (...args: string[]) =>
      run(need(context, 'curl'), ['-sS', '--noproxy', '*', '--cacert', certificateFile, ...args]);
    const told = await curl('--write-out', '%{num_connects} ', `${origin}/tls`, `${origin}/tls`);
    const tls = '{"version":"TLS 1.3","protocol":"http/1.1","group":"x25519"}';
    expect(told).toMatchObject({ code: 0, stderr: '' });
    expect(told.stdout.toString()).toBe(`${tls}1 ${tls}0 `);
    const file = join(certificates.folder, 'upload');
    writeFileSync(file, Buffer.alloc(FAR_BYTES, 'near '));
    const echoed = await curl('--data-binary', `@${file}`, '-H', 'Expect:', `${origin}/echo`);
    expect(echoed.stdout.equals(Buffer.alloc(FAR_BYTES, 'near '))).toBe(true);
    const far = await curl(`${origin}/far`);
    expect(far.stdout.length).toBe(FAR_BYTES);
  });

  it('is asked for a certificate', async (context) => {
    const own = await certificates.of(context, 'RSA');
    const { origin } = await site(context, {
      clientCertificate: 'require',
      pinnedCertificates: own.pins,
    });
    const { certificateFile } = await certificates.of(context);
    const base = ['-sS', '--noproxy', '*', '--cacert', certificateFile, `${origin}/tls`];
    const shown = ['--cert', own.certificateFile, '--key', own.keyFile];
    expect(await run(need(context, 'curl'), [...base, ...shown])).toMatchObject({ code: 0 });
    const refused = await run(need(context, 'curl'), base);
    expect(refused.stderr).toMatch(/certificate required/);
  });
});

interface Proxy {
  readonly program: string;
  /** TLS on both of its sides: it verifies the server behind, and shows the same certificate. */
  config(place: { folder: string; port: number; behind: number; pem: string }): string;
  args(folder: string): string[];
}

const proxies: readonly Proxy[] = [
  {
    program: 'nginx',
    config: ({ folder, port, behind, pem }) => `
      daemon off; master_process off; pid ${folder}/pid; error_log stderr;
      events {}
      http {
        access_log off; client_max_body_size 0;
        client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
        fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
        upstream origin { server 127.0.0.1:${behind}; keepalive 4; }
        server {
          listen 127.0.0.1:${port} ssl; ssl_protocols TLSv1.3;
          ssl_certificate ${pem}; ssl_certificate_key ${pem};
          location / {
            proxy_pass https://origin; proxy_http_version 1.1; proxy_set_header Connection "";
            proxy_ssl_protocols TLSv1.3; proxy_ssl_server_name on; proxy_ssl_name localhost;
            proxy_ssl_verify on; proxy_ssl_trusted_certificate ${pem};
          }
        }
      }`,
    args: (folder) => ['-p', folder, '-c', `${folder}/config`, '-e', 'stderr'],
  },
  {
    program: 'haproxy',
    config: ({ port, behind, pem }) => `
global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  http-reuse always
frontend front
  bind 127.0.0.1:${port} ssl crt ${pem} ssl-min-ver TLSv1.3 alpn http/1.1
  default_backend back
backend back
  server origin 127.0.0.1:${behind} ssl verify required ca-file ${pem} sni str(localhost) verifyhost localhost ssl-min-ver TLSv1.3 alpn http/1.1
`,
    args: (folder) => ['-db', '-f', `${folder}/config`],
  },
];

describe.each(proxies)('$program between our client and our server', (proxy) => {
  it('carries contents both ways', async (context) => {
    const file = need(context, proxy.program);
    const { port: behind } = await site(context);
    const { certificate, key, pins } = await certificates.of(context);
    const folder = mkdtempSync(join(tmpdir(), 'holdline-proxy-'));
    closers.push(() => rmSync(folder, { recursive: true, force: true }));
    const pem = join(folder, 'pem');
    writeFileSync(pem, `${certificate}${key}`);
    const port = await freePort();
    writeFileSync(join(folder, 'config'), proxy.config({ folder, port, behind, pem }));
    const daemon = await Daemon.start(file, proxy.args(folder), port);
    closers.push(() => daemon.stop());
    const client = new HttpClient({ connect: tlsConnector({ pinnedCertificates: pins }) });
    closers.push(() => client.close());
    const origin = `https://localhost:${port}`;
    const told = await client.request({ url: `${origin}/tls` });
    expect(await told.content.json()).toMatchObject({ version: 'TLS 1.3' });
    for (let round = 0; round < 3; round += 1) {
      const sent = Buffer.alloc(FAR_BYTES, `round ${round} `);
      const echoed = await client.request({ method: 'POST', url: `${origin}/echo`, content: sent });
      expect(Buffer.from(await echoed.content.bytes()).equals(sent)).toBe(true);
    }
    const responses = await Promise.all(
      Array.from({ length: 20 }, () =>
        client.request({ url: `${origin}/far` }).then(({ content }) => content.bytes()),
      ),
    );
    expect(responses.map(({ length }) => length)).toEqual(Array(20).fill(FAR_BYTES));
  });
});

describe('Chromium', () => {
  useChromium();

  it('opens an https page and its wss', async (context) => {
    const { origin, faults } = await site(context);
    const browser = await openContext({ ignoreHTTPSErrors: true });
    const { page, complaints } = await openPage(browser);
    const response = await page.goto(`${origin}/`);
    expect(await response?.securityDetails()).toMatchObject({ protocol: 'TLS 1.3' });
    expect(await page.textContent('p')).toBe('A page.');
    const url = `${origin.replace('https', 'wss')}/socket`;
    const outcome = await page.evaluate(useEcho, { url, code: 3999, reason: 'bye' });
    expect(outcome.close).toEqual({ code: 3999, reason: 'bye', wasClean: true });
    expect(outcome.echoes).toEqual(Array(14).fill('same'));
    const far = `${origin}/far`;
    const length = (from: string): Promise<number> =>
      fetch(from).then(async (got) => (await got.arrayBuffer()).byteLength);
    expect(await page.evaluate(length, far)).toBe(FAR_BYTES);
    expect(complaints).toEqual([]);
    expect(faults).toEqual([]);
    await browser.close();
  });

  it('is told that it does not know us', async (context) => {
    const { origin } = await site(context);
    const { page } = await openPage();
    await expect(page.goto(`${origin}/`)).rejects.toThrow(/ERR_CERT_AUTHORITY_INVALID/);
    await page.context().close();
  });
});

it('a response that ends with the connection is whole only with close_notify', async (context) => {
  const { createServer } = await import('node:tls');
  const { certificate, key, pins } = await certificates.of(context);
  const server = createServer({ cert: certificate, key, minVersion: 'TLSv1.3' }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', (data) => {
      socket.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nno length');
      if (String(data).includes('/whole')) socket.end();
      // The TCP connection below ends, of which TLS knows nothing.
      else
        setTimeout(() => (socket as unknown as { _handle: { close(): void } })._handle.close(), 50);
    });
  });
  closers.push(() => server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as import('node:net').AddressInfo;
  const client = new HttpClient({ connect: tlsConnector({ pinnedCertificates: pins }) });
  closers.push(() => client.close());
  const get = async (target: string): Promise<string> => {
    const response = await client.request({ url: `https://localhost:${port}${target}` });
    return response.content.text().catch(({ code }: HttpClientError) => code);
  };
  expect(await get('/whole')).toBe('no length');
  expect(await get('/cut')).toBe('HTTP_CLIENT_RESPONSE_INCOMPLETE');
});
