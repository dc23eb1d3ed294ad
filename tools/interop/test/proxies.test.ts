// Reverse proxies in front, which keep their connections to the server alive.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, type TestContext } from 'vitest';
import { Origin } from './support/origin.ts';
import { Daemon, freePort, need } from './support/programs.ts';

const UPSTREAM_CONNECTIONS = 4;

interface Proxy {
  readonly program: string;
  config(folder: string, port: number, originPort: number): string;
  args(folder: string, configFile: string): string[];
}

const nginx: Proxy = {
  program: 'nginx',
  // One process, so that to kill it leaves no workers behind.
  config: (folder, port, originPort) => `
    daemon off; master_process off; pid ${folder}/pid; error_log stderr;
    events {}
    http {
      access_log off; client_max_body_size 0;
      client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
      upstream origin { server 127.0.0.1:${originPort}; keepalive ${UPSTREAM_CONNECTIONS}; }
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection "";
          proxy_request_buffering off;
        }
      }
    }`,
  args: (folder, configFile) => ['-p', folder, '-c', configFile, '-e', 'stderr'],
};

const haproxy: Proxy = {
  program: 'haproxy',
  config: (_folder, port, originPort) => `
global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  http-reuse always
frontend front
  bind 127.0.0.1:${port}
  default_backend back
backend back
  server origin 127.0.0.1:${originPort} pool-max-conn ${UPSTREAM_CONNECTIONS}
`,
  args: (_folder, configFile) => ['-db', '-f', configFile],
};

let origin: Origin;
let folder: string;
let daemon: Daemon | null = null;
beforeEach(async () => {
  origin = await new Origin().start();
  folder = mkdtempSync(join(tmpdir(), 'holdline-interop-'));
});
afterEach(async () => {
  await daemon?.stop();
  daemon = null;
  await origin.server.close();
  rmSync(folder, { recursive: true, force: true });
  expect(origin.faults).toEqual([]);
});

/** Starts the proxy in front of the origin; the result makes URLs of it. */
async function inFront(context: TestContext, proxy: Proxy): Promise<(target: string) => string> {
  const file = need(context, proxy.program);
  const port = await freePort();
  const configFile = join(folder, 'config');
  writeFileSync(configFile, proxy.config(folder, port, origin.port));
  daemon = await Daemon.start(file, proxy.args(folder, configFile), port);
  return (target) => origin.url(target, port);
}

function isWhole(text: string): boolean {
  return text.startsWith('piece 0\n') && text.endsWith('\npiece 999\n');
}

describe.each([nginx, haproxy])('$program in front', (proxy) => {
  it('keeps its connections', async (context) => {
    const url = await inFront(context, proxy);
    for (let round = 0; round < 50; round++) {
      const response = await fetch(url('/which'));
      expect(response.status).toBe(200);
      await response.text();
    }
    const ids = new Set(origin.records.map(({ connection }) => connection.id));
    expect(origin.records).toHaveLength(50);
    expect(ids.size).toBeLessThanOrEqual(UPSTREAM_CONNECTIONS);
  });

  it('passes on many requests at a time', async (context) => {
    const url = await inFront(context, proxy);
    const texts = await Promise.all(
      Array.from({ length: 100 }, async () => (await fetch(url('/pieces'))).text()),
    );
    expect(texts.filter(isWhole)).toHaveLength(100);
  });

  it('passes on content both ways', async (context) => {
    const url = await inFront(context, proxy);
    const content = randomBytes(5_000_000);
    const response = await fetch(url('/echo'), { method: 'POST', body: content });
    expect(Buffer.from(await response.arrayBuffer()).equals(content)).toBe(true);
  });

  it('passes on HEAD, 204, 404 and 413', async (context) => {
    const url = await inFront(context, proxy);
    const head = await fetch(url('/hello'), { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('6');
    expect((await fetch(url('/limited'), { method: 'POST', body: 'few' })).status).toBe(204);
    expect((await fetch(url('/nowhere'))).status).toBe(404);
    const large = { method: 'POST', body: Buffer.alloc(100_000) };
    expect((await fetch(url('/limited'), large)).status).toBe(413);
    // None of these has spoiled a connection.
    expect(await (await fetch(url('/hello'))).text()).toBe('hello\n');
  });

  it('does not make the server wait for a client that is gone', async (context) => {
    const url = await inFront(context, proxy);
    const controller = new AbortController();
    const response = await fetch(url('/endless'), { signal: controller.signal });
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    await reader.read();
    controller.abort();
    await origin.until(() => origin.records.length === 1);
    expect(origin.records[0]).toMatchObject({ target: '/endless', complete: false });
  });

  it('loses no response when the server drains', async (context) => {
    const url = await inFront(context, proxy);
    const responses = Array.from({ length: 20 }, async () => {
      const response = await fetch(url('/pieces'));
      return response.text();
    });
    while (!origin.server.connections.some(({ state }) => state === 'active')) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    // Those that have reached the server by now are finished.
    const active = origin.server.connections.filter(({ state }) => state === 'active').length;
    const report = await origin.server.drain({ timeoutMs: Number.POSITIVE_INFINITY });
    expect(report.connectionsCut).toBe(0);
    expect(report.exchangesFinished).toBeGreaterThanOrEqual(active);
    const texts = await Promise.all(responses);
    const whole = texts.filter((text) => isWhole(text));
    expect(whole.length).toBe(report.exchangesFinished);
  });
});
