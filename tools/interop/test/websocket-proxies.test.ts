// WebSockets through reverse proxies, which have an opinion on how long nothing may come.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveHttp } from '@holdline/net';
import {
  type ClosedEvent,
  connectWebSocket,
  serveWebSocket,
  type WebSocketConnection,
  type WebSocketConnectOptions,
  type WebSocketServeOptions,
} from '@holdline/net/websocket';
import { nodeCompression } from '@holdline/websocket/node';
import { describe, expect, it, type TestContext } from 'vitest';
import { Daemon, freePort, need } from './support/programs.ts';

const { POSITIVE_INFINITY: NEVER } = Number;

interface ProxySettings {
  readonly folder: string;
  readonly port: number;
  readonly originPort: number;
  /** A line on which nothing comes is cut. */
  readonly idleSeconds: number;
  readonly passesUpgrades: boolean;
}

interface Proxy {
  readonly program: string;
  config(settings: ProxySettings): string;
  args(folder: string, configFile: string): string[];
}

const nginx: Proxy = {
  program: 'nginx',
  // One process, so that to kill it leaves no workers behind.
  config: ({ folder, port, originPort, idleSeconds, passesUpgrades }) => `
    daemon off; master_process off; pid ${folder}/pid; error_log stderr;
    events {}
    http {
      access_log off;
      client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass http://127.0.0.1:${originPort}; proxy_http_version 1.1;
          proxy_read_timeout ${idleSeconds}s;
          ${passesUpgrades ? 'proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection upgrade;' : ''}
        }
      }
    }`,
  args: (folder, configFile) => ['-p', folder, '-c', configFile, '-e', 'stderr'],
};

const haproxy: Proxy = {
  program: 'haproxy',
  config: ({ port, originPort, idleSeconds, passesUpgrades }) => `
global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
  timeout tunnel ${idleSeconds}s
frontend front
  bind 127.0.0.1:${port}
  ${passesUpgrades ? '' : 'http-request del-header upgrade'}
  default_backend back
backend back
  server origin 127.0.0.1:${originPort}
`,
  args: (_folder, configFile) => ['-db', '-f', configFile],
};

/** A server behind a proxy. */
interface Line {
  connect(options?: WebSocketConnectOptions): Promise<WebSocketConnection>;
  /** How connections of the server ended, in that order. */
  readonly ends: readonly ClosedEvent[];
  /** Waits until so many of the server's have ended. */
  ended(count: number): Promise<void>;
}

/** Runs `use` with an echo behind a proxy, both of which are gone afterwards. */
async function behind(
  context: TestContext,
  proxy: Proxy,
  options: WebSocketServeOptions & { idleSeconds?: number; passesUpgrades?: boolean },
  use: (line: Line) => Promise<void>,
): Promise<void> {
  const { idleSeconds = 60, passesUpgrades = true, ...serving } = options;
  const file = need(context, proxy.program);
  const ends: ClosedEvent[] = [];
  let notify = (): void => {};
  const server = serveWebSocket({
    onMessage: (message, connection) => connection.send(message),
    onClosed(event) {
      ends.push(event);
      notify();
    },
    ...serving,
  });
  const http = serveHttp(server.handle);
  const { port: originPort } = await http.listen({ host: '127.0.0.1' });
  const folder = mkdtempSync(join(tmpdir(), 'holdline-interop-'));
  const port = await freePort();
  const configFile = join(folder, 'config');
  writeFileSync(
    configFile,
    proxy.config({ folder, port, originPort, idleSeconds, passesUpgrades }),
  );
  const daemon = await Daemon.start(file, proxy.args(folder, configFile), port);
  try {
    await use({
      connect: (connecting) => connectWebSocket(`ws://127.0.0.1:${port}/`, connecting),
      ends,
      async ended(count) {
        while (ends.length < count) await new Promise<void>((resolve) => (notify = resolve));
      },
    });
  } finally {
    await daemon.stop();
    await http.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const next = async (connection: WebSocketConnection): Promise<unknown> =>
  (await connection[Symbol.asyncIterator]().next()).value;

const withoutPings = { timeouts: { pingMs: NEVER } };

describe.each([nginx, haproxy])('$program in front of a server', (proxy) => {
  it.for(['plain', 'compressed'])('passes messages on both ways: %s', async (how, context) => {
    const compression = how === 'compressed' ? { compression: nodeCompression } : {};
    await behind(context, proxy, { ...compression, subprotocols: ['echo'] }, async (line) => {
      const client = await line.connect({ ...compression, subprotocols: ['echo'] });
      expect(client.subprotocol).toBe('echo');
      expect(client.deflate !== null).toBe(how === 'compressed');
      for (const size of [0, 1, 125, 126, 65_535, 65_536, 1_048_576]) {
        const bytes = Uint8Array.from({ length: size }, (_, at) => (at * at) % 251);
        client.send(bytes);
        expect(Buffer.from(bytes).equals((await next(client)) as Uint8Array)).toBe(true);
        client.send('ü'.repeat(size / 2));
        expect((await next(client)) === 'ü'.repeat(size / 2)).toBe(true);
      }
      expect(await client.ping()).toBeGreaterThanOrEqual(0);
      const agreed = {
        wasClean: true,
        observation: 'closing-handshake',
        likely: { cause: 'agreed' },
      };
      expect(await client.close(4001, 'done')).toMatchObject({ code: 4001, ...agreed });
      await line.ended(1);
      expect(line.ends[0]).toMatchObject({
        code: 4001,
        reason: 'done',
        startedBy: 'peer',
        ...agreed,
      });
    });
  });

  it('tells each side that the other one is gone', async (context) => {
    await behind(context, proxy, { onMessage: (_, each) => each.abort() }, async (line) => {
      const [one, other] = [await line.connect(), await line.connect()];
      one.send('go');
      const cut = { code: 1006, wasClean: false, likely: { cause: 'peer-or-path' } };
      expect(await one.closed).toMatchObject(cut);
      other.abort();
      await line.ended(2);
      expect(line.ends[0]).toMatchObject({ observation: 'aborted' });
      expect(line.ends[1]).toMatchObject(cut);
    });
  });

  it('is asked for upgrades that it does not pass on', async (context) => {
    await behind(context, proxy, { passesUpgrades: false }, async (line) => {
      const error = await line.connect().catch((reason) => reason);
      expect(error).toMatchObject({ code: 'WEBSOCKET_REFUSED', observation: 'refused' });
      const { status, fields, content } = error.response;
      expect(status).toBe(426);
      expect(fields).toContainEqual({ name: 'sec-websocket-version', value: '13' });
      expect(Buffer.from(content).toString()).toContain('a proxy may not have passed it on');
    });
  });
});

// The silence itself is ten seconds long, for proxies are known by such numbers: they wait together.
describe.concurrent.each([nginx, haproxy])('$program with an idle timeout', (proxy) => {
  it('cuts a silent line, which both sides understand, and not one with pings', async (context) => {
    const silent = { websocket: withoutPings, idleSeconds: 10 };
    await behind(context, proxy, silent, async (line) => {
      const pinging = await line.connect({ websocket: { timeouts: { pingMs: 2_000 } } });
      const quiet = await line.connect({ websocket: withoutPings });
      const event = await quiet.closed;
      await line.ended(1);
      // What each side sees is the proxy's affair: nginx sends FIN to both, haproxy RST to the server.
      const sign = expect.stringMatching(/^(?:fin-without-close|reset)$/);
      for (const { evidence, ...end } of [event, line.ends[0] as ClosedEvent]) {
        // The guess is right as long as this machine is not so busy that it hears of it seconds later.
        const cause = evidence.idleMs < 11_500 ? 'idle-timeout-on-path' : 'peer-or-path';
        const likely = expect.objectContaining({ cause });
        const expected = {
          code: 1006,
          wasClean: false,
          startedBy: null,
          observation: sign,
          likely,
        };
        context.expect(end).toMatchObject(expected);
        context.expect(evidence).toMatchObject({ unacceptedBytes: 0, withinMessage: false });
      }
      pinging.send('still here');
      context.expect(await next(pinging)).toBe('still here');
      context.expect(pinging.roundTrip).not.toBeNull();
      context.expect(await pinging.close()).toMatchObject({ code: 1000, wasClean: true });
    });
  });
});
