// `holdline connect` as scripts run it: a pipe in, a pipe out, and an exit code.
import { afterEach, describe, expect, test } from 'vitest';
import { Command, endCommands } from '../support/command.ts';
import {
  agreement,
  closePayload,
  endServers,
  frame,
  HostileServer,
} from '../support/hostile-server.ts';

afterEach(async () => {
  await endCommands();
  await endServers();
});

const TIME = /^\d\d:\d\d:\d\d\.\d{3} /gm;

const echoOf = (server: Command): string => `ws://127.0.0.1:${server.port}/echo`;

describe('lines of a pipe', () => {
  test('are messages, whatever they begin with, and are answered before the end', async () => {
    const url = echoOf(await Command.serve());
    const end = await Command.connect('a\n/close 1011\n\r\n\u001b[2Jlast', url).end;
    expect(end.stdout.replace(TIME, '')).toBe(
      '< text 1 B  a\n< text 11 B  /close 1011\n< text 0 B\n< text 8 B  \\x1b[2Jlast\n',
    );
    expect(end.stderr).toMatch(
      /^holdline: connected to ws:\/\/127\.0\.0\.1:\d+\/echo, permessage-deflate\nholdline: closed with 1000 after \d+\.\d s\n$/,
    );
    expect(end).toMatchObject({ code: 0, signal: null });
  });

  test('are commands, too, when asked', async () => {
    const url = echoOf(await Command.serve());
    const input = '/ping\n//slash\n/help\n/close 4000 by\u0007e\nnever sent\n';
    const { code, stdout, stderr } = await Command.connect(input, url, '-c').end;
    expect(stdout.replace(TIME, '')).toMatch(/^< pong \d+(?:\.\d+)? ms\n< text 6 B {2}\/slash\n$/);
    expect(stderr).toContain('\n/ping [TEXT] ');
    expect(stderr).toMatch(/\nholdline: closed with 4000 "by\\x07e" after \d+\.\d s\n$/);
    expect(code).toBe(3);
  });

  test.each([
    ['/fly', 'there is no command /fly: /help, or // to send it'],
    ['/close 999', 'codes to close with are 1000-1003, 1007-1014, 3000-4999'],
    ['/close bye', 'a reason needs a code before it: /close 1000 bye'],
    [`/ping ${'x'.repeat(126)}`, 'a ping has at most 125 bytes'],
  ])('that are no commands end it: exit code 2 for %s', async (line, why) => {
    const url = echoOf(await Command.serve());
    const input = `hello\n${line}\nnever sent\n`;
    const { code, stdout, stderr } = await Command.connect(input, url, '-c', '-q').end;
    expect(stdout.replace(TIME, '')).toBe('< text 5 B  hello\n');
    expect(stderr).toBe(`holdline: line 2: ${why}\n`);
    expect(code).toBe(2);
  });

  test('are bytes, with --binary, and come back as they were with --raw', async () => {
    const url = echoOf(await Command.serve());
    const bytes = Buffer.from([0, 0xff, 0x80, 0x0d, 0x61]);
    const shown = await Command.connect(bytes, url, '--binary').end;
    expect(shown.stdout.replace(TIME, '')).toBe('< binary 5 B  00 ff 80 0d 61\n');
    const raw = await Command.connect('ü\u001b', url, '--raw', '--quiet').end;
    expect(raw).toEqual({ code: 0, signal: null, stdout: 'ü\u001b\n', stderr: '' });
  });

  test('that are not UTF-8 are not text: exit code 2', async () => {
    const url = echoOf(await Command.serve());
    const { code, stdout, stderr } = await Command.connect(
      Buffer.from('a\n\xff\nb', 'latin1'),
      url,
      '-q',
    ).end;
    expect(stdout.replace(TIME, '')).toBe('< text 1 B  a\n');
    expect(stderr).toBe('holdline: line 2 is not UTF-8; --binary sends any bytes\n');
    expect(code).toBe(2);
  });

  test('that are too long are not sent: exit code 2', async () => {
    const url = echoOf(await Command.serve());
    const { code, stderr } = await Command.connect(Buffer.alloc(16_777_217, 'x'), url, '-q').end;
    expect(stderr).toBe('holdline: the input: line 1 has more than 16777216 bytes\n');
    expect(code).toBe(2);
  });

  test('of many megabytes come back whole', async () => {
    const url = echoOf(await Command.serve());
    const line = `${'0123456789abcdef'.repeat(65_536)}\n`;
    const { code, stdout } = await Command.connect(line.repeat(8), url, '-r', '-q').end;
    expect(code).toBe(0);
    expect(stdout === line.repeat(8)).toBe(true);
  });

  test('may come slowly, and be none at all', async () => {
    const url = echoOf(await Command.serve());
    const client = Command.connect(null, url, '-q');
    client.child.stdin.write('sl');
    client.child.stdin.write('ow\n');
    await client.line(/slow/);
    client.child.stdin.end();
    expect((await client.end).code).toBe(0);
    expect(await Command.connect('', url, '-q').end).toMatchObject({ code: 0, stdout: '' });
  });

  test('are waited behind with --wait', async () => {
    const server = await HostileServer.start((socket, head) => {
      socket.write(agreement(head));
      socket.once('data', () => setTimeout(() => socket.write(frame(0x81, 'late')), 100));
      setTimeout(() => socket.end(frame(0x88, closePayload(1000))), 300);
    });
    const { code, stdout } = await Command.connect('early', server.url, '--wait', '60').end;
    expect([code, stdout.replace(TIME, '')]).toEqual([0, '< text 4 B  late\n']);
  });
});

describe('the opening request', () => {
  test('says what was asked for', async () => {
    const server = await HostileServer.start((socket) =>
      socket.end('HTTP/1.1 404 Not Found\r\n\r\n'),
    );
    const words = [
      '-H',
      'X-One: 1',
      '-H',
      'x-two:2',
      '-s',
      'chat',
      '-s',
      'superchat',
      '--origin',
      'http://a.example',
    ];
    await Command.connect('', `${server.url}a?b`, ...words).end;
    await Command.connect('', server.url, '--no-deflate').end;
    const [said = '', plain = ''] = server.heads;
    expect(said).toMatch(/^GET \/a\?b HTTP\/1\.1\r\n/);
    for (const line of [
      'X-One: 1',
      'x-two: 2',
      'Sec-WebSocket-Protocol: chat, superchat',
      'Origin: http://a.example',
    ]) {
      expect(said.split('\r\n')).toContain(line);
    }
    expect(said).toMatch(
      /\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits/,
    );
    expect(plain).not.toContain('Extensions');
  });

  test('gets a subprotocol', async () => {
    const url = echoOf(await Command.serve());
    const { stderr } = await Command.connect('', url, '-s', 'chat', '--no-deflate').end;
    expect(stderr).toContain('/echo, subprotocol chat\n');
  });
});

describe('what is not opened is exit code 1, and one line that says why', () => {
  const answer =
    (text: string) =>
    (socket: import('node:net').Socket): void => {
      socket.end(text);
    };
  test.each([
    [
      'a 401',
      answer('HTTP/1.1 401 Who Are You\r\nWWW-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n'),
      /^refused: the server answered 401 Who Are You$/,
    ],
    [
      'a redirect',
      answer('HTTP/1.1 302 Found\r\nLocation: http://a.example/\r\nContent-Length: 0\r\n\r\n'),
      /^refused: .* 302 Found, to http:\/\/a\.example\/, which is not followed$/,
    ],
    [
      'a page',
      answer('HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 3\r\n\r\n<p>'),
      /^refused: the server answered 200 OK$/,
    ],
    [
      'an explanation',
      answer(
        'HTTP/1.1 503 Busy\r\nContent-Type: text/plain\r\nContent-Length: 14\r\n\r\nlater\u001b[m\nplease',
      ),
      /^refused: the server answered 503 Busy: later\\x1b\[m$/,
    ],
    [
      'a wrong accept',
      (socket, head) => socket.end(agreement(head, 'AAAAAAAAAAAAAAAAAAAAAAAAAAA=')),
      /^never-opened: wrong accept \(RFC 6455 section 4\.1\)/,
    ],
    ['no HTTP', answer('SSH-2.0-OpenSSH_9.6\r\n\r\n'), /^never-opened: /],
    ['nothing', answer(''), /^never-opened: unexpected end at byte 0/],
    ['an RST', (socket) => socket.resetAndDestroy(), /^never-opened: /],
    ['no answer', () => {}, /^never-opened: no answer within 300 ms$/],
    [
      'content without an end',
      (socket) =>
        socket.write('HTTP/1.1 403 No\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nno'),
      /^refused: the server answered 403 No/,
    ],
  ] as [string, (socket: import('node:net').Socket, head: string) => void, RegExp][])(
    '%s',
    async (_name, behave, line) => {
      const server = await HostileServer.start(behave);
      const { code, stdout, stderr } = await Command.connect('x', server.url, '--timeout', '0.3')
        .end;
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^holdline: [^\n]*\n$/);
      expect(stderr.slice('holdline: '.length, -1)).toMatch(line);
    },
  );

  test('somebody who does not speak TLS', async () => {
    const { port } = await Command.serve();
    const { code, stderr } = await Command.connect('x', `wss://127.0.0.1:${port}/echo`).end;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^holdline: never-opened: no connection to wss:[^ ]*: TLS is not spoken there \(ERR_SSL_\w+\)\n$/,
    );
  });

  test('nobody there', async () => {
    const server = await HostileServer.start(() => {});
    const { url } = server;
    await server.end();
    const { code, stderr } = await Command.connect('x', url).end;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^holdline: never-opened: no connection to ws:[^ ]*: nothing listens there \(ECONNREFUSED\)\n$/,
    );
  });
});

describe('the end of what was open', () => {
  const close = (code: number, reason = '') => frame(0x88, closePayload(code, reason));
  test.each([
    ['1000', 0, [close(1000)], /closed by the server with 1000 after/],
    ['1001', 0, [close(1001, 'bye')], /closed by the server with 1001 "bye" after/],
    ['no code', 0, [frame(0x88, '')], /closed by the server without a code after/],
    ['1008', 3, [close(1008, 'not "you"')], /closed by the server with 1008 "not \\"you\\"" after/],
    ['4999', 3, [close(4999)], /closed by the server with 4999 after/],
    [
      'a FIN',
      4,
      ['fin'],
      /fin-without-close, likely peer-or-path: There was the end of the stream/,
    ],
    ['an RST', 4, ['reset'], /reset, likely peer-or-path: There was an RST/],
    [
      'a FIN in a message',
      4,
      [Buffer.of(0x81, 5, 0x61), 'fin'],
      /ended-in-message, likely peer-or-path/,
    ],
    [
      'a masked frame',
      4,
      [Buffer.of(0x81, 0x80, 0, 0, 0, 0)],
      /protocol-error \(masked frame at byte 4 of the input \(RFC 6455 section 5\.1\)\), likely this-side: /,
    ],
    [
      'wrong text',
      4,
      [frame(0x81, Uint8Array.of(0xff))],
      /protocol-error \(invalid utf8 at byte 6/,
    ],
  ] as [string, number, (Buffer | 'fin' | 'reset')[], RegExp][])(
    '%s',
    async (_name, code, acts, line) => {
      const server = await HostileServer.start((socket, head) => {
        socket.write(Buffer.concat([Buffer.from(agreement(head)), frame(0x81, 'hi')]));
        // The request and the first line were read: an RST now throws nothing away.
        socket.once('data', () => {
          for (const act of acts) {
            if (act === 'fin') socket.end();
            else if (act === 'reset') socket.resetAndDestroy();
            else socket.write(act);
          }
          socket.on('data', () => socket.end());
        });
      });
      const end = await Command.connect('x', server.url, '-w', '60', '--no-deflate').end;
      expect(end.stdout.replace(TIME, '')).toBe('< text 2 B  hi\n');
      expect(end.stderr).toMatch(/^holdline: connected to [^\n]*\nholdline: [^\n]*\n$/);
      expect(end.stderr).toMatch(line);
      expect(end.code).toBe(code);
    },
  );
});

describe('signals', () => {
  test.each([['SIGINT'], ['SIGTERM']] as const)('%s closes', async (signal) => {
    const server = await Command.serve();
    const client = Command.connect(null, echoOf(server), '-q');
    client.child.stdin.write('x\n');
    await client.line(/ < text 1 B/);
    client.signal(signal);
    expect(await client.end).toMatchObject({ code: 0, signal: null, stderr: '' });
    await server.line(/"GET \/echo" 101 .* closed 1000$/);
  });

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('a second %s cuts', async (signal, code) => {
    // Agrees, and then answers nothing.
    const server = await HostileServer.start((socket, head) => socket.write(agreement(head)));
    const client = Command.connect(null, server.url);
    await client.line(/connected/);
    client.signal(signal);
    // Within a tenth of a second it would count as the same key.
    await new Promise((resolve) => setTimeout(resolve, 150));
    client.signal(signal);
    const end = await client.end;
    expect(end.stderr).toMatch(new RegExp(`\nholdline: cut by ${signal}\n$`));
    expect(end.code).toBe(code);
  });

  test('SIGINT gives up an attempt', async () => {
    let asked: () => void = () => {};
    const wasAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const server = await HostileServer.start(() => asked());
    const client = Command.connect('x', server.url);
    await wasAsked;
    client.signal('SIGINT');
    expect(await client.end).toMatchObject({ code: 130, stderr: 'holdline: cut by SIGINT\n' });
  });

  test('a reader that has gone ends it', async () => {
    const server = await Command.serve();
    const client = Command.connect(null, echoOf(server));
    await client.line(/connected/);
    client.child.stdout.destroy();
    client.child.stdin.write('x\n');
    await server.line(/"GET \/echo" 101 .* closed 1000$/);
    expect((await client.end).code).toBe(0);
  });
});
