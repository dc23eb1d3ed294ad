// The WebSockets of Bun and Deno, which are written in other languages.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serveHttp } from '@holdline/net';
import {
  connectWebSocket,
  serveWebSocket,
  type WebSocketConnection,
  type WebSocketServeOptions,
} from '@holdline/net/websocket';
import { nodeCompression } from '@holdline/websocket/node';
import { afterEach, describe, expect, it, type TestContext } from 'vitest';
import { launchers } from '../../platforms/launchers.mjs';
import { run } from './support/programs.ts';

interface Launcher {
  readonly name: string;
  readonly words: readonly string[];
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** The words that start a file; skips the test, and says why, where the runtime is not installed. */
function need(context: TestContext, name: string): readonly [string, ...string[]] {
  const found = (launchers as readonly Launcher[]).find((launcher) => launcher.name === name);
  const [file = '', ...words] = found?.words ?? [];
  if (!existsSync(file)) context.skip(`needs ${name} from tools/platforms`);
  return [file, ...words];
}

const fileOf = (name: string): string => fileURLToPath(new URL(`support/${name}`, import.meta.url));

const compressions = {
  'no compression': {},
  'node:zlib': { compression: nodeCompression },
  'both windows kept': {
    compression: nodeCompression,
    deflate: { clientNoContextTakeover: false },
  },
} satisfies Record<string, WebSocketServeOptions>;

describe.each(['Bun', 'Deno'])('the client of %s', (name) => {
  it.for(Object.entries(compressions))('hears an echo: %s', async ([, options], context) => {
    const [file, ...words] = need(context, name);
    const opened: WebSocketConnection[] = [];
    const server = serveWebSocket({
      subprotocols: ['superchat'],
      websocket: { compressBytesMin: 0 },
      onOpen: (connection) => void opened.push(connection),
      onMessage: (message, connection) => connection.send(message),
      ...options,
    });
    const http = serveHttp(server.handle);
    closing.push(() => http.close());
    const { port } = await http.listen({ host: '127.0.0.1' });
    const program = [...words, fileOf('runtime-client.mjs')];
    const outcome = await run(file, [...program, `ws://127.0.0.1:${port}/`, '4001', 'bye']);
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    const [connection] = opened;
    // Deno offers no compression.
    expect(connection?.deflate !== null).toBe('compression' in options && name === 'Bun');
    expect(JSON.parse(String(outcome.stdout))).toMatchObject({
      protocol: 'superchat',
      echoes: Array(14).fill('same'),
      close: { code: 4001, reason: 'bye', wasClean: true },
    });
    expect(await connection?.closed).toMatchObject({ code: 4001, reason: 'bye', wasClean: true });
  });
});

describe('the server of Bun', () => {
  it.for([
    ['without compression', {}],
    ['with compression', { compression: nodeCompression, websocket: { compressBytesMin: 0 } }],
  ] as const)('echoes: %s', async ([, options], context) => {
    const [file, ...words] = need(context, 'Bun');
    const child = spawn(file, [...words, fileOf('bun-server.mjs')]);
    closing.push(() => child.kill('SIGKILL'));
    const [port] = await once(child.stdout, 'data');
    const client = await connectWebSocket(`ws://127.0.0.1:${Number(String(port))}/`, options);
    expect(client.deflate !== null).toBe('compression' in options);
    const messages = client[Symbol.asyncIterator]();
    for (const size of [0, 1, 125, 126, 65_535, 65_536, 1_048_576]) {
      const bytes = Buffer.from(Uint8Array.from({ length: size }, (_, at) => (at * at) % 251));
      client.send(bytes);
      expect(bytes.equals((await messages.next()).value as Uint8Array)).toBe(true);
      const text = 'ü'.repeat(size / 2);
      await client.sendStream('text', [text, '', '.']);
      expect((await messages.next()).value === `${text}.`).toBe(true);
    }
    expect(await client.ping()).toBeGreaterThanOrEqual(0);
    client.send('close');
    const end = { code: 4001, reason: 'as asked', wasClean: true, startedBy: 'peer' };
    expect(await client.closed).toMatchObject(end);
  });
});
