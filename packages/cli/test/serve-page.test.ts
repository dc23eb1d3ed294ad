import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Command, endCommands } from './support/command.ts';
import { RawClient } from './support/raw-client.ts';

let command: Command;
let client: RawClient;

beforeAll(async () => {
  command = await Command.serve('--idle', '30', '--requests', '100');
  client = await RawClient.open(command.port);
});

afterAll(async () => {
  client.close();
  await endCommands();
});

describe('the page without a folder', () => {
  test('shows the connection, and the request number grow on it', async () => {
    for (let number = 1; number <= 3; number++) {
      const { status, content, fields } = await client.request('GET /');
      const html = content.toString();
      expect(status).toBe(200);
      expect(html).toContain(`data-connection="1" data-request="${number}"`);
      expect(html).toContain(`127.0.0.1:${client.socket.localPort}`);
      expect(html).toContain('<dd>30 s</dd>');
      expect(html).toContain(`<dd>${100 - number}</dd>`);
      expect(fields.get('keep-alive')).toBe(`timeout=30, max=${100 - number}`);
      expect(fields.get('cache-control')).toBe('no-store');
    }
  });

  test('counts another connection by itself', async () => {
    const other = await RawClient.open(command.port);
    const html = (await other.request('GET /')).content.toString();
    expect(html).toContain('data-connection="2" data-request="1"');
    other.close();
  });

  test('shows what the client sent, as text', async () => {
    const { content } = await client
      .request('GET /?<script>', {
        'User-Agent': `<img src=x onerror="alert('1')">\xfc`,
      })
      .catch(() => ({ content: Buffer.alloc(0) }));
    // `<` may not be in a target.
    expect(content.toString()).not.toContain('<script>');
    const other = await RawClient.open(command.port);
    const page = await other.request('GET /?%3Cscript%3E', {
      'User-Agent': `<img src=x onerror="alert('1')">\xfc`,
    });
    const html = page.content.toString();
    expect(html).toContain(
      'User-Agent: &lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;\\xfc',
    );
    expect(html).not.toContain('<img');
    other.close();
  });

  test('does not show what is secret', async () => {
    const other = await RawClient.open(command.port);
    const secrets = { Cookie: 'a=veiled1', AUTHORIZATION: 'Basic veiled2', 'X-Cookie': 'shown' };
    const html = (await other.request('GET /', secrets)).content.toString();
    expect(html).toContain('\nCookie: (not shown)\nAUTHORIZATION: (not shown)\nX-Cookie: shown');
    expect(html).not.toContain('veiled');
    other.close();
  });

  test('is the only one', async () => {
    const other = await RawClient.open(command.port);
    expect((await other.request('GET /favicon.ico')).status).toBe(404);
    expect((await other.request('HEAD /')).status).toBe(200);
    expect((await other.request('POST /')).status).toBe(405);
    other.close();
  });
});

describe('Host names', () => {
  test.each([
    [200, 'localhost'],
    [200, 'LOCALHOST:1'],
    [200, '127.0.0.1:8080'],
    [200, '[::1]'],
    [421, 'evil.example'],
    [421, 'localhost.evil.example'],
    [421, '169.254.169.254'],
    [421, 'localhost.'],
    [421, ''],
  ])('%i for %j, and the connection persists', async (status, host) => {
    const other = await RawClient.open(command.port);
    const response = await other.request('GET /', { Host: host });
    expect(response.status).toBe(status);
    if (status === 421) {
      expect(response.fields.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(response.content.length).toBeLessThan(200);
    }
    expect((await other.request('GET /')).status).toBe(200);
    other.close();
  });

  test.each([
    [200, 'http://localhost/', 'evil.example'],
    [421, 'http://evil.example/', 'localhost'],
    [421, 'https://localhost/', 'localhost'],
  ])('%i for the target %s with Host: %s', async (status, target, host) => {
    const other = await RawClient.open(command.port);
    expect((await other.request(`GET ${target}`, { Host: host })).status).toBe(status);
    other.close();
  });

  test.each([
    [400, 'GET / HTTP/1.1\r\n\r\n'],
    [400, 'GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n'],
    [400, 'GET / HTTP/1.1\r\nHost: local host\r\n\r\n'],
    [200, 'GET / HTTP/1.0\r\n\r\n'],
    [421, 'GET / HTTP/1.0\r\nHost: evil.example\r\n\r\n'],
  ])('%i for %j, and the connection ends', async (status, text) => {
    const other = await RawClient.open(command.port);
    other.send(text);
    expect((await other.response()).status).toBe(status);
    await other.over();
    other.close();
  });

  test('every method is guarded', async () => {
    for (const method of ['HEAD', 'POST', 'OPTIONS', 'FOO']) {
      const other = await RawClient.open(command.port);
      expect((await other.request(`${method} /`, { Host: 'evil.example' })).status).toBe(421);
      other.close();
    }
  });

  test('--host adds names', async () => {
    const guarded = await Command.serve('--host', 'dev.example', '--host', 'b.example');
    const other = await RawClient.open(guarded.port);
    expect((await other.request('GET /', { Host: 'Dev.Example:81' })).status).toBe(200);
    expect((await other.request('GET /', { Host: 'b.example' })).status).toBe(200);
    expect((await other.request('GET /', { Host: 'c.example' })).status).toBe(421);
    other.close();
  });
});

describe('the access log', () => {
  test('has one line for each request, whatever it said', async () => {
    const other = await RawClient.open(command.port);
    await other.request('GET /%22%20200%0a?\'"'.replace('"', '%22'));
    await other.request("X!%$'*+ /");
    const line = await command.line(/"X!%\$'\*\+ \/" 501 /);
    expect(line).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z 127\.0\.0\.1:\d+ #\d+\.2 "X!%\$'\*\+ \/" 501 \d+B \d+\.\d+ms$/,
    );
    other.close();
  });

  test('names what was wrong with what was no request', async () => {
    const other = await RawClient.open(command.port);
    other.send('GET / HTTP/1.1\nHost: \x1b[31m\n\n');
    expect((await other.response()).status).toBe(400);
    const line = await command.line(/HTTP1_BARE_LF/);
    expect(line).toMatch(/ #\d+\.0 "-" 400 /);
    expect(command.stdout).not.toContain('\x1b');
    const id = /#(\d+)\.0/.exec(line)?.[1];
    other.close();
    await command.line(new RegExp(`#${id} closed failed `));
  });

  test('is silent with --quiet', async () => {
    const quiet = await Command.serve('--quiet');
    const other = await RawClient.open(quiet.port);
    expect((await other.request('GET /')).status).toBe(200);
    other.close();
    quiet.signal('SIGINT');
    const { code, stdout } = await quiet.end;
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => !line.startsWith('holdline'))).toEqual(['']);
  });
});
