import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Command, endCommands } from './support/command.ts';
import { makeFolder, SECRET, type TestFolder } from './support/folder.ts';
import { RawClient } from './support/raw-client.ts';

let files: TestFolder;
let command: Command;
let client: RawClient;

beforeAll(async () => {
  files = await makeFolder();
  command = await Command.serve(files.site);
  client = await RawClient.open(command.port);
});

afterAll(async () => {
  client.close();
  await endCommands();
  files.remove();
});

test('says what it serves and where', () => {
  expect(command.stdout).toMatch(
    new RegExp(`^holdline serving ${files.site} at http://127\\.0\\.0\\.1:\\d+/\n`),
  );
});

describe('files', () => {
  test.each([
    ['/a.txt', 'text/plain; charset=utf-8', 'first\n'],
    ['/a.txt?query=ignored', 'text/plain; charset=utf-8', 'first\n'],
    ['/docs/deep/data.json', 'application/json', '{}'],
    ['/empty.css', 'text/css; charset=utf-8', ''],
    ['/gr%C3%BC%C3%9Fe.txt', 'text/plain; charset=utf-8', 'umlaut'],
    ['/stays/page.html', 'text/html; charset=utf-8', '<p>page'],
    ['/with-index/', 'text/html; charset=utf-8', '<h1>index</h1>'],
    ['http://localhost/a.txt', 'text/plain; charset=utf-8', 'first\n'],
  ])('%s', async (target, type, content) => {
    const response = await client.request(`GET ${target}`);
    expect(response.status).toBe(200);
    expect(response.content.toString()).toBe(content);
    expect(response.fields.get('content-type')).toBe(type);
    expect(response.fields.get('x-content-type-options')).toBe('nosniff');
    expect(Date.parse(response.fields.get('date') ?? '')).not.toBeNaN();
  });

  test('were last modified when they were, but never in the future', async () => {
    const path = join(files.site, 'dated.txt');
    writeFileSync(path, '');
    utimesSync(path, 0, Date.UTC(2020, 1, 2, 3, 4, 5) / 1000);
    const past = await client.request('GET /dated.txt');
    expect(past.fields.get('last-modified')).toBe('Sun, 02 Feb 2020 03:04:05 GMT');
    utimesSync(path, 0, Date.UTC(2199, 0) / 1000);
    const { fields } = await client.request('GET /dated.txt');
    const lastModified = Date.parse(fields.get('last-modified') ?? '');
    expect(lastModified).toBeLessThanOrEqual(Date.parse(fields.get('date') ?? ''));
  });

  test('of many pieces come whole', async () => {
    const bytes = Buffer.from(Array.from({ length: 1_000_001 }, (_, index) => (index * 31) & 0xff));
    writeFileSync(join(files.site, 'large.bin'), bytes);
    const response = await client.request('GET /large.bin');
    expect(response.fields.get('content-length')).toBe('1000001');
    expect(response.content.equals(bytes)).toBe(true);
  });
});

describe('folders', () => {
  test('without a slash are redirected to where relative links work', async () => {
    const { status, fields } = await client.request('GET /docs/deep?a=b');
    expect(status).toBe(301);
    expect(fields.get('location')).toBe('/docs/deep/?a=b');
  });

  test('without an index are listed', async () => {
    const { status, content, fields } = await client.request('GET /docs/');
    expect(status).toBe(200);
    expect(fields.get('content-type')).toBe('text/html; charset=utf-8');
    expect(fields.get('content-security-policy')).toContain("default-src 'none'");
    const links = [...content.toString().matchAll(/<a href="([^"]*)">/g)].map(([, href]) => href);
    expect(links).toEqual(['../', 'deep/', 'page.html']);
  });

  test('hide what is hidden, and what would not be served', async () => {
    const html = (await client.request('GET /')).content.toString();
    for (const name of ['.env', '.git', 'leaves', 'to-hidden', 'dangling', 'fifo', 'socket']) {
      expect(html).not.toContain(name);
    }
    expect(html).toContain('<a href="stays.html">');
  });

  test('name files so that the names are no HTML, and their links lead to them', async () => {
    const html = (await client.request('GET /')).content.toString();
    const name = 'sp ace &amp; &quot;quo&#39;te&quot; &lt;b&gt;.txt';
    const href = /<a href="(sp%20[^"]*)">/.exec(html)?.[1] ?? '';
    expect(html).toContain(`>${name}</a>`);
    expect((await client.request(`GET /${href.replace('&#39;', "'")}`)).content.toString()).toBe(
      'odd',
    );
  });
});

test('one connection carries them all, and says how long it is kept', async () => {
  const other = await RawClient.open(command.port);
  for (let index = 1; index <= 3; index++) {
    const { fields } = await other.request('GET /a.txt');
    expect(fields.get('connection')?.toLowerCase()).toBe('keep-alive');
    expect(fields.get('keep-alive')).toBe('timeout=65');
  }
  await command.line(/#2\.3 "GET \/a\.txt" 200 6B /);
  other.socket.end();
  await command.line(/#2 closed peer-end 3 requests \d+B in \d+B out /);
  other.close();
});

test.each(['/', '/a.txt', '/with-index/', '/docs', '/missing', '/..', '/empty.css'])(
  'HEAD %s has the fields of GET, without content',
  async (target) => {
    const got = await client.request(`GET ${target}`);
    const head = await client.request(`HEAD ${target}`);
    const withoutDate = (text: string): string => text.replace(/^date: .*$/m, '');
    expect(withoutDate(head.head)).toBe(withoutDate(got.head));
    // What followed it would have been taken for content.
    expect((await client.request('GET /a.txt')).content.toString()).toBe('first\n');
  },
);

describe('methods', () => {
  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE'])(
    '%s is known, but not allowed',
    async (method) => {
      const { status, fields } = await client.request(`${method} /a.txt`);
      expect(status).toBe(405);
      expect(fields.get('allow')).toBe('GET, HEAD, OPTIONS');
    },
  );

  test.each(['FOO', 'get', 'PROPFIND', '__proto__'])('%s is not known', async (method) => {
    expect((await client.request(`${method} /a.txt`)).status).toBe(501);
  });

  test.each(['/', '/missing', '*'])('OPTIONS %s says what is allowed', async (target) => {
    const { status, fields } = await client.request(`OPTIONS ${target}`);
    expect(status).toBe(204);
    expect(fields.get('allow')).toBe('GET, HEAD, OPTIONS');
    expect(fields.has('content-length')).toBe(false);
  });

  test('CONNECT does not make a tunnel of this', async () => {
    // What follows may be meant for the tunnel, so the connection ends here.
    const other = await RawClient.open(command.port);
    const { status, fields } = await other.request('CONNECT localhost:80');
    expect(status).toBe(405);
    expect(fields.get('connection')).toBe('close');
  });

  test('content that comes with a request does not disturb the next one', async () => {
    const { status } = await client.request('POST /a.txt', { 'Content-Length': '0' });
    expect(status).toBe(405);
    client.send('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nGET /');
    expect((await client.response()).status).toBe(405);
    expect((await client.request('GET /a.txt')).status).toBe(200);
  });
});

describe('hostile paths', () => {
  test.each([
    [400, '/../secret.txt'],
    [400, '/docs/../../secret.txt'],
    [400, '/%2e%2e/secret.txt'],
    [400, '/..%2fsecret.txt'],
    [400, '/..%5csecret.txt'],
    [400, '/docs%2f..%2f..%2fsecret.txt'],
    [400, '/a.txt%00'],
    [400, '/a.txt%0a'],
    [400, 'http://localhost/../secret.txt'],
    [404, '/%252e%252e/secret.txt'],
    [404, '/%c0%ae%c0%ae/secret.txt'],
    [404, '//secret.txt'],
    [404, '//evil.example/..'],
    [404, '/.env'],
    [404, '/%2Eenv'],
    [404, '/.git/config'],
    [404, '/leaves.txt'],
    [404, '/leaves-absolute.txt'],
    [404, '/leaves-folder'],
    [404, '/leaves-folder/'],
    [404, '/leaves-folder/secret.txt'],
    [404, '/to-hidden'],
    [404, '/dangling'],
    [404, '/loop'],
    [404, '/fifo'],
    [404, '/socket'],
    [404, '/missing'],
    [404, '/a.txt/'],
    [404, '/a.txt/b'],
    [404, `/${'n'.repeat(256)}`],
    [404, `/${'n/'.repeat(3000)}n`],
  ])('%i for %s', async (status, target) => {
    const response = await client.request(`GET ${target}`);
    expect(response.status).toBe(status);
    expect(response.content.toString()).not.toContain(SECRET);
    expect(response.fields.has('location')).toBe(false);
  });

  test('what is malformed is refused by the protocol', async () => {
    for (const target of ['/%', '/%zz', '/a b', '/\x01', '/\xff', 'a.txt', '/#a']) {
      const other = await RawClient.open(command.port);
      expect((await other.request(`GET ${target}`)).status).toBe(400);
      await other.over();
      other.close();
    }
  });

  test('a redirect cannot lead to another server', async () => {
    mkdirSync(join(files.site, 'docs', 'evil.example'));
    const { status, fields } = await client.request('GET /docs/evil.example');
    expect([status, fields.get('location')]).toEqual([301, '/docs/evil.example/']);
    expect((await client.request('GET //docs/evil.example')).status).toBe(404);
  });
});
