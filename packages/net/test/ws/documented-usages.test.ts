// The programs that the documentation of `ws` shows, each run on `ws` and on our facade, and with a
// client of either at a server of either.
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { TEST_CERTIFICATE, TEST_KEY } from '../support/test-certificate.ts';
import { IMPLEMENTATIONS, type WsModule } from './support/implementations.ts';

type Server1 = InstanceType<WsModule['WebSocketServer']>;
type Socket = InstanceType<WsModule['WebSocket']>;
type Heart = Socket & { isAlive?: boolean };

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Ends with the test: its clients are cut. */
function closing<Kind extends Server1>(server: Kind): Kind {
  ends.push(async () => {
    for (const client of server.clients ?? []) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  });
  return server;
}

async function listening(server: Server): Promise<number> {
  server.listen(0);
  await once(server, 'listening');
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

async function portOf(server: Server1): Promise<number> {
  if (server.address() === null) await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

for (const [serverName, Serving] of IMPLEMENTATIONS) {
  for (const [clientName, Connecting] of IMPLEMENTATIONS) {
    const { WebSocketServer } = Serving;
    const { default: WebSocket, createWebSocketStream } = Connecting;

    describe(`a server of ${serverName}, a client of ${clientName}`, () => {
      it('sends and receives text data (simple server)', async () => {
        const wss = closing(new WebSocketServer({ port: 0 }));
        const received: string[] = [];
        wss.on('connection', (ws) => {
          ws.on('error', console.error);
          ws.on('message', (data) => {
            received.push(`received: ${data}`);
            ws.close();
          });
          ws.send('something');
        });
        const ws = new WebSocket(`ws://127.0.0.1:${await portOf(wss)}/path`);
        ws.on('open', () => ws.send('something else'));
        const [data, isBinary] = await once(ws, 'message');
        expect([data.toString(), isBinary, Buffer.isBuffer(data)]).toEqual([
          'something',
          false,
          true,
        ]);
        expect(await once(ws, 'close')).toEqual([1005, Buffer.alloc(0)]);
        expect(received).toEqual(['received: something else']);
      });

      it('sends binary data', async () => {
        const wss = closing(new WebSocketServer({ port: 0 }));
        wss.on('connection', (ws) => {
          ws.on('message', (data, isBinary) => ws.send(data as Buffer, { binary: isBinary }));
        });
        const ws = new WebSocket(`ws://127.0.0.1:${await portOf(wss)}`);
        const array = new Float32Array(5);
        for (let i = 0; i < array.length; ++i) array[i] = i / 2;
        ws.on('open', () => ws.send(array));
        const [data, isBinary] = await once(ws, 'message');
        expect(isBinary).toBe(true);
        expect(data).toEqual(Buffer.from(array.buffer));
        ws.close();
        await once(ws, 'close');
      });

      it('serves an external HTTPS server', async () => {
        const server = createSecureServer({ key: TEST_KEY, cert: TEST_CERTIFICATE });
        const wss = closing(new WebSocketServer({ server }));
        wss.on('connection', (ws) => ws.send('something'));
        const port = await listening(server);
        const ws = new WebSocket(`wss://localhost:${port}`, { rejectUnauthorized: false });
        const [data] = await once(ws, 'message');
        expect(String(data)).toBe('something');
        ws.close(4000, 'enough');
        expect(await once(ws, 'close')).toEqual([4000, Buffer.from('enough')]);
      });

      it('lets multiple servers share a single HTTP server', async () => {
        const server = createServer();
        const wss1 = closing(new WebSocketServer({ noServer: true }));
        const wss2 = closing(new WebSocketServer({ noServer: true }));
        wss1.on('connection', (ws) => ws.send('foo'));
        wss2.on('connection', (ws) => ws.send('bar'));
        server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
          const { pathname } = new URL(request.url ?? '', 'wss://base.url');
          if (pathname === '/foo') {
            wss1.handleUpgrade(request, socket, head, (ws) => wss1.emit('connection', ws, request));
          } else if (pathname === '/bar') {
            wss2.handleUpgrade(request, socket, head, (ws) => wss2.emit('connection', ws, request));
          } else {
            socket.destroy();
          }
        });
        const port = await listening(server);
        for (const name of ['foo', 'bar']) {
          const ws = new WebSocket(`ws://127.0.0.1:${port}/${name}`);
          const [data] = await once(ws, 'message');
          expect(String(data)).toBe(name);
          const closed = once(ws, 'close');
          ws.terminate();
          expect(await closed).toEqual([1006, Buffer.alloc(0)]);
        }
        const ws = new WebSocket(`ws://127.0.0.1:${port}/qux`);
        const seen: unknown[] = [];
        ws.on('error', (error) => seen.push(error.message));
        await new Promise((resolve) => ws.on('close', resolve));
        expect(seen).toEqual(['socket hang up']);
      });

      it('authenticates clients', async () => {
        const server = createServer();
        const wss = closing(new WebSocketServer({ noServer: true }));
        const lines: string[] = [];
        wss.on('connection', (ws, _request, client) => {
          ws.on('message', (data) => {
            lines.push(`Received message ${data} from user ${client}`);
            ws.close();
          });
        });
        const onSocketError = (error: Error): void => console.error(error);
        server.on('upgrade', (request, socket: Duplex, head: Buffer) => {
          socket.on('error', onSocketError);
          setImmediate(() => {
            if (request.headers.authorization !== 'Bearer me') {
              socket.write('HTTP/1.1 401 Unauthorized\r\n\r\n');
              socket.destroy();
              return;
            }
            socket.removeListener('error', onSocketError);
            wss.handleUpgrade(request, socket, head, (ws) => {
              wss.emit('connection', ws, request, 'me');
            });
          });
        });
        const port = await listening(server);
        const headers = { Authorization: 'Bearer me' };
        const known = new WebSocket(`ws://127.0.0.1:${port}`, { headers });
        known.on('open', () => known.send('hello'));
        await once(known, 'close');
        expect(lines).toEqual(['Received message hello from user me']);
        const unknown = new WebSocket(`ws://127.0.0.1:${port}`);
        const seen: unknown[] = [];
        unknown.on('error', (error) => seen.push(error.message, unknown.readyState));
        await new Promise((resolve) => unknown.on('close', resolve));
        expect(seen).toEqual(['Unexpected server response: 401', WebSocket.CLOSING]);
        expect(unknown.readyState).toBe(WebSocket.CLOSED);
      });

      it('broadcasts to every other client', async () => {
        const wss = closing(new WebSocketServer({ port: 0 }));
        wss.on('connection', (ws) => {
          ws.on('message', (data, isBinary) => {
            for (const client of wss.clients ?? []) {
              if (client !== ws && client.readyState === WebSocket.OPEN) {
                client.send(data as Buffer, { binary: isBinary });
              }
            }
          });
        });
        const url = `ws://127.0.0.1:${await portOf(wss)}`;
        const clients = [new WebSocket(url), new WebSocket(url), new WebSocket(url)];
        await Promise.all(clients.map((client) => once(client, 'open')));
        const heard: string[] = [];
        for (const [index, client] of clients.entries()) {
          client.on('message', (data, isBinary) => heard.push(`${index} ${data} ${isBinary}`));
        }
        const others = clients.slice(1).map((client) => once(client, 'message'));
        clients[0]?.send('to all');
        await Promise.all(others);
        expect(heard.sort()).toEqual(['1 to all false', '2 to all false']);
      });

      it('detects and closes broken connections', async () => {
        const wss = closing(new WebSocketServer({ port: 0 }));
        function heartbeat(this: Heart): void {
          this.isAlive = true;
        }
        wss.on('connection', (ws: Heart) => {
          ws.isAlive = true;
          ws.on('pong', heartbeat);
        });
        const beat = (): void => {
          for (const ws of (wss.clients ?? []) as Set<Heart>) {
            if (ws.isAlive === false) {
              ws.terminate();
              continue;
            }
            ws.isAlive = false;
            ws.ping();
          }
        };
        const url = `ws://127.0.0.1:${await portOf(wss)}`;
        const alive = new WebSocket(url);
        const broken = new WebSocket(url);
        await Promise.all([once(alive, 'open'), once(broken, 'open')]);
        // It reads nothing any more, and so answers nothing.
        broken.pause();
        const answered = [...(wss.clients ?? [])].map((ws) => once(ws, 'pong'));
        beat();
        await Promise.race(answered);
        const ends = [...(wss.clients ?? [])].map((ws) => once(ws, 'close'));
        beat();
        expect((await Promise.race(ends))[0]).toBe(1006);
        expect([wss.clients?.size, alive.readyState]).toEqual([1, WebSocket.OPEN]);
        const ended = once(broken, 'close');
        broken.resume();
        expect((await ended)[0]).toBe(1006);
      });

      it('measures the round trip', async () => {
        const wss = closing(new WebSocketServer({ port: 0 }));
        wss.on('connection', (ws) => ws.on('message', (data) => ws.send(String(data))));
        const ws = new WebSocket(`ws://127.0.0.1:${await portOf(wss)}`);
        let rounds = 0;
        ws.on('open', () => ws.send(Date.now()));
        ws.on('message', (data) => {
          expect(Date.now() - Number(data)).toBeGreaterThanOrEqual(0);
          rounds += 1;
          if (rounds < 5) setImmediate(() => ws.send(Date.now()));
          else ws.close();
        });
        expect(await once(ws, 'close')).toEqual([1005, Buffer.alloc(0)]);
        expect(rounds).toBe(5);
      });

      it('uses the streams API', async () => {
        const wss = closing(new WebSocketServer({ port: 0 }));
        wss.on('connection', (ws) => {
          const duplex = Serving.createWebSocketStream(ws);
          duplex.pipe(duplex);
        });
        const ws = new WebSocket(`ws://127.0.0.1:${await portOf(wss)}`);
        const duplex = createWebSocketStream(ws, { encoding: 'utf8' });
        const sent = Array.from(
          { length: 200 },
          (_, index) => `${index} ${'x'.repeat(index * 7)}\n`,
        );
        let read = '';
        duplex.on('data', (text: string) => {
          read += text;
          if (read.length === sent.join('').length) duplex.end();
        });
        for (const text of sent) duplex.write(text);
        await once(duplex, 'close');
        expect(read).toBe(sent.join(''));
        expect(ws.readyState).toBe(WebSocket.CLOSED);
      });
    });
  }
}
