import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ConnectionRow } from '../../src/live/page/live-events.ts';
import { Command, endCommands } from '../support/command.ts';
import { FeedReader } from '../support/feed-reader.ts';
import { RawClient } from '../support/raw-client.ts';

const PAGE = '/.holdline/';
const FEED = '/live';

let folder: string;
const clients: RawClient[] = [];
const readers: FeedReader[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdline-'));
  mkdirSync(join(folder, '.holdline'));
  writeFileSync(join(folder, '.holdline', 'probe'), 'a file');
  writeFileSync(join(folder, 'live'), 'a file called live');
  writeFileSync(join(folder, 'a.txt'), 'a file');
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const reader of readers.splice(0)) reader.close();
  await endCommands();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function connect(command: Command): Promise<RawClient> {
  const client = await RawClient.open(command.port);
  clients.push(client);
  return client;
}

/** The fields of a browser's request, by which it is known. */
const known = ({ socket }: RawClient, cookie: string): Record<string, string> => ({
  Host: `localhost:${socket.remotePort}`,
  Cookie: cookie,
});

/** Opens the page as a browser would; returns the cookie that came with it. */
async function visit(client: RawClient): Promise<string> {
  const { fields } = await client.request(`GET ${PAGE}`, known(client, ''));
  return fields.get('set-cookie')?.split(';')[0] ?? '';
}

/** A live page's feed, over a connection of its own. */
async function watch(command: Command, cookie: string): Promise<FeedReader> {
  const reader = await FeedReader.open(command.port, cookie === '' ? {} : { cookie });
  readers.push(reader);
  return reader;
}

/** The fields of an opening handshake at `/live`. */
const opening = (fields: Record<string, string>): Record<string, string> => ({
  Upgrade: 'websocket',
  Connection: 'Upgrade',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version': '13',
  ...fields,
});

type Row = ConnectionRow;

describe('the page', () => {
  test('comes with its policy and a cookie that nobody else is shown', async () => {
    const command = await Command.serve();
    const client = await connect(command);
    const { status, fields, content } = await client.request(`GET ${PAGE}`);
    expect(status).toBe(200);
    expect(content.toString()).toContain('<h1>Live connections</h1>');
    expect(Object.fromEntries(fields)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = fields.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(fields.get('set-cookie')).toMatch(
      /^holdline-80=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
  });

  test('has nothing inline, and all that it names is there', async () => {
    const command = await Command.serve();
    const client = await connect(command);
    const html = (await client.request(`GET ${PAGE}`)).content.toString();
    expect(html).not.toMatch(/<style|style=|<script(?![^>]* src=)|\son\w+=/);
    const names = [...html.matchAll(/(?:src|href)="([\w.-]+)"/g)].map((match) => match[1] ?? '');
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) {
      const { status, fields, content } = await client.request(`GET ${PAGE}${name}`);
      expect(status).toBe(200);
      const imports = [...content.toString().matchAll(/^import .* from '\.\/(.*)';$/gm)];
      // What a module imports is announced in the page, so that all of it is asked for at once.
      for (const [, imported = ''] of imports) expect(names).toContain(imported);
      const cached = { 'If-None-Match': fields.get('etag') ?? '' };
      expect((await client.request(`GET ${PAGE}${name}`, cached)).status).toBe(304);
    }
  });

  test('obeys conditions, though the page itself has no validators', async () => {
    const client = await connect(await Command.serve());
    const ifAny = await client.request(`GET ${PAGE}`, { 'If-None-Match': '*' });
    expect([ifAny.status, ifAny.fields.get('content-type')]).toEqual([304, undefined]);
    const ifMatch = { 'If-Match': '"another"' };
    for (const name of ['', 'main.js']) {
      expect((await client.request(`GET ${PAGE}${name}`, ifMatch)).status).toBe(412);
    }
  });

  test('gives no second cookie, and none to who follows a link from elsewhere', async () => {
    const command = await Command.serve();
    const client = await connect(command);
    const cookie = await visit(client);
    const again = await client.request(`GET ${PAGE}`, known(client, cookie));
    expect(again.fields.has('set-cookie')).toBe(false);
    const other = await connect(command);
    const followed = await other.request(`GET ${PAGE}`, { 'Sec-Fetch-Site': 'cross-site' });
    expect(followed.status).toBe(200);
    expect(followed.fields.has('set-cookie')).toBe(false);
  });

  test.each([
    [404, 'GET /.holdline/absent'],
    [404, 'GET /.holdline/index.html'],
    [404, 'GET /.holdline/../live-site.js'],
    [404, 'GET /.holdline/main.ts'],
    [404, 'GET /.holdline'],
    [404, 'GET /%2eholdline/'],
    [405, `POST ${PAGE}probe`],
    [400, `GET ${PAGE}probe?kind=evil`],
    [200, `HEAD ${PAGE}`],
    [404, `GET ${PAGE}events`],
    [404, `GET ${FEED}`],
    [200, 'GET http://localhost/.holdline/'],
    [421, 'GET http://evil.example/.holdline/'],
  ])('%i for %s', async (status, line) => {
    const command = await Command.serve();
    const client = await connect(command);
    expect((await client.request(line)).status).toBe(status);
    expect((await client.request('HEAD /')).status).toBe(200);
  });

  test('is beside a folder, of which no file can be in its way', async () => {
    const command = await Command.serve(folder);
    expect(await command.line(/live page/)).toBe(
      `holdline: live page at http://127.0.0.1:${command.port}${PAGE}`,
    );
    const client = await connect(command);
    expect((await client.request(`GET ${PAGE}`)).content.toString()).toContain('Live connections');
    expect((await client.request(`GET ${PAGE}probe`)).content.toString()).toContain('connection');
    // Who does not ask for a WebSocket gets what lies there.
    expect((await client.request(`GET ${FEED}`)).content.toString()).toBe('a file called live');
    expect((await (await watch(command, '')).next())?.type).toBe('connections');
    expect((await client.request('GET /a.txt')).content.toString()).toBe('a file');
  });

  test('is not there with --no-live', async () => {
    for (const args of [[], [folder]]) {
      const command = await Command.serve('--no-live', ...args);
      const client = await connect(command);
      for (const target of [PAGE, `${PAGE}main.js`, FEED]) {
        const { status, fields } = await client.request(`GET ${target}`, opening({}));
        if (target === FEED && args.length > 0) {
          expect(status).toBe(200);
          continue;
        }
        expect(status).toBe(404);
        expect(fields.has('set-cookie')).toBe(false);
      }
      expect((await client.request('GET /')).content.toString()).not.toContain(PAGE);
      expect(command.stdout).not.toContain('live page');
    }
  });
});

describe('the feed', () => {
  test('shows what this browser does, as it was announced', async () => {
    const command = await Command.serve('--idle', '30', '--requests', '10', folder);
    const client = await connect(command);
    const cookie = await visit(client);
    const reader = await watch(command, cookie);
    const first = await reader.next();
    expect(first).toMatchObject({ type: 'connections', own: 2 });
    expect(first?.rows.map(({ isObserver }: Row) => isObserver)).toEqual([false, true]);
    const { fields } = await client.request('GET /a.txt?q=1', known(client, cookie));
    const isShown = ({ target, idle }: Row): boolean => target === '/a.txt?q=1' && idle !== null;
    const { now, rows } = await reader.until(({ rows }) => rows.some(isShown));
    const row = rows.find(isShown) as Row;
    expect(row).toMatchObject({ id: 1, requests: 2, state: 'idle' });
    expect(row.announced).toBe(fields.get('keep-alive'));
    const { announcedUntil = 0, closesAt = 0 } = row.idle ?? {};
    expect(closesAt - announcedUntil).toBe(1000);
    expect(announcedUntil).toBeGreaterThan(now);
    expect(announcedUntil).toBeLessThanOrEqual(now + 30_000);
  });

  test('shows neither other browsers nor what showed no cookie', async () => {
    const command = await Command.serve(folder);
    const mine = await connect(command);
    const cookie = await visit(mine);
    const others = await connect(command);
    const otherCookie = await visit(others);
    const anonymous = await connect(command);
    expect(otherCookie).not.toBe(cookie);
    const reader = await watch(command, cookie);
    const first = await reader.next();
    expect(first?.rows.map(({ id }: Row) => id)).toEqual([1, 4]);
    await others.request('GET /a.txt?others', known(others, otherCookie));
    await anonymous.request('GET /a.txt?anonymous');
    await mine.request('GET /a.txt?mine', known(mine, cookie));
    const event = await reader.until(({ rows }) =>
      rows.some(({ target }: Row) => target === '/a.txt?mine'),
    );
    expect(event.rows.map(({ id }: Row) => id)).toEqual([1]);
  });

  test('tells why a connection ended', async () => {
    const command = await Command.serve('--idle', '0.2');
    const client = await connect(command);
    const reader = await watch(command, await visit(client));
    const isOver = ({ ending }: Row): boolean => ending !== null;
    const over = reader.until(({ rows }) => rows.some(isOver));
    await client.over();
    client.close();
    const [row] = (await over).rows.filter(isOver);
    expect(row).toMatchObject({ id: 1, state: 'closed', ending: { code: 'idle-timeout' } });
  });

  test.each([
    ['fin-without-close', 'end'],
    ['reset', 'resetAndDestroy'],
  ] as const)('of a page that leaves without a word is over at once: %s', async (seen, leave) => {
    const command = await Command.serve();
    const page = await connect(command);
    const cookie = await visit(page);
    const reader = await watch(command, cookie);
    const fields = Object.entries(opening(known(page, cookie)));
    const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
    page.send(`GET ${FEED} HTTP/1.1\r\n${lines.join('')}\r\n`);
    const isWatching = ({ id, isObserver }: Row): boolean => id === 1 && isObserver;
    await reader.until(({ rows }) => rows.some(isWatching));
    page.socket[leave]();
    const isOver = ({ id, ending }: Row): boolean => id === 1 && ending !== null;
    const { rows } = await reader.until((event) => event.rows.some(isOver));
    const row = rows.find(isOver);
    expect(row).toMatchObject({
      isObserver: false,
      state: 'closed',
      webSocket: { ending: { code: 1006, observation: seen, cause: 'peer-or-path' } },
    });
  });

  test('gives a cookie to a page that has none, and is refused on a proxy’s connection', async () => {
    const command = await Command.serve();
    const anonymous = await connect(command);
    const { status, fields } = await anonymous.request(`GET ${FEED}`, opening({}));
    expect(status).toBe(101);
    expect(fields.get('set-cookie')).toMatch(/^holdline-\d+=[\w-]{43}; Path=/);
    const shared = await connect(command);
    await visit(shared);
    const cookie = await visit(shared);
    const refusal = await shared.request(`GET ${FEED}`, opening(known(shared, cookie)));
    expect([refusal.status, refusal.fields.get('retry-after')]).toEqual([503, '10']);
  });

  test.each([
    ['http://evil.example', 403],
    ['http://localhost:1', 403],
    ['https://localhost.evil.example', 403],
    ['null', 403],
    ['', 403],
    [null, 101],
    ['own', 101],
  ])('with the Origin %s is answered %i', async (origin, status) => {
    const command = await Command.serve();
    const client = await connect(command);
    const host = `localhost:${command.port}`;
    const said = origin === 'own' ? `http://${host}` : origin;
    const fields = opening({ Host: host, ...(said !== null && { Origin: said }) });
    expect((await client.request(`GET ${FEED}`, fields)).status).toBe(status);
  });

  test.each([['same-site'], ['cross-site']])(
    'and the rest are not for pages of a %s',
    async (site) => {
      const command = await Command.serve();
      const client = await connect(command);
      const cookie = await visit(client);
      for (const target of [`${PAGE}probe`, `${PAGE}main.js`]) {
        const fields = { ...known(client, cookie), 'Sec-Fetch-Site': site };
        expect((await client.request(`GET ${target}`, fields)).status).toBe(403);
      }
    },
  );
});

describe('the buttons’ answers', () => {
  test('name their connection and request', async () => {
    const command = await Command.serve();
    const client = await connect(command);
    await client.request('HEAD /');
    const { content, fields } = await client.request(`GET ${PAGE}probe`);
    expect(JSON.parse(content.toString())).toEqual({ connection: 1, request: 2 });
    expect(fields.get('cache-control')).toBe('no-store');
  });

  test('come slowly', async () => {
    const command = await Command.serve();
    const response = await fetch(`http://localhost:${command.port}${PAGE}probe?kind=slow`);
    expect(await response.json()).toEqual({ connection: 1, request: 1 });
    await command.line(/kind=slow" 200 2\d{4}B /);
  });

  test('close, or are cut off', async () => {
    const command = await Command.serve();
    const closed = await connect(command);
    const { fields } = await closed.request(`GET ${PAGE}probe?kind=close`);
    expect(fields.get('connection')).toBe('close');
    await closed.over();
    closed.close();
    await command.line(/ #1 closed local-close 1 request /);
    const cut = await connect(command);
    cut.send(`GET ${PAGE}probe?kind=cut HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    expect((await cut.over()).toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\n./s);
    await command.line(/ #2 closed cut 1 request /);
  });
});

describe('a drain', () => {
  test('tells live pages first, and waits for nobody else', async () => {
    const command = await Command.serve();
    const client = await connect(command);
    const cookie = await visit(client);
    const readers = [await watch(command, cookie), await watch(command, cookie)];
    for (const reader of readers) await reader.next();
    command.signal('SIGINT');
    for (const reader of readers) {
      expect(await reader.closed()).toMatchObject({
        code: 1001,
        reason: 'drain',
        startedBy: 'peer',
      });
    }
    client.close();
    const end = await command.end;
    expect(end).toMatchObject({ code: 0, signal: null, stderr: '' });
    expect(end.stdout).toContain(
      '\nholdline: SIGINT: 2 live pages told, nothing else is under way\n',
    );
    expect(end.stdout).toMatch(
      /\nholdline: done in \d+\.\d s: 0 requests finished, \d connections? closed\n$/,
    );
    const feeds = end.stdout.match(
      /"GET \/live" 101 \d+B \d+\.\dms websocket 0 in \d+ out \d+B in closed 1001\n/g,
    );
    expect(feeds).toHaveLength(2);
  });

  test('finishes what is under way besides', async () => {
    const command = await Command.serve();
    const client = await connect(command);
    const cookie = await visit(client);
    const reader = await watch(command, cookie);
    const slow = fetch(`http://localhost:${command.port}${PAGE}probe?kind=slow`, {
      headers: { cookie },
    });
    const isBusy = ({ target, state }: Row): boolean =>
      target.endsWith('slow') && state === 'active';
    await reader.until(({ rows }) => rows.some(isBusy));
    command.signal('SIGTERM');
    expect((await reader.closed()).code).toBe(1001);
    expect(await (await slow).json()).toMatchObject({ request: 1 });
    const { code, stdout } = await command.end;
    expect(code).toBe(0);
    expect(stdout).toContain(
      '\nholdline: SIGTERM: 1 live page told, waiting for 1 request on 1 connection; once more to cut\n',
    );
    expect(stdout).toMatch(/: 1 request finished, 2 connections closed\n$/);
  });
});
