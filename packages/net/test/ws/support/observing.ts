// What programs for the package `ws` see, as lists that can be compared.
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ServerOptions } from '../../../src/ws/index.ts';
import type { WsModule } from './implementations.ts';

/** Writes down what it sees. */
export type Program = (module: WsModule) => Promise<unknown[]> | unknown[];

/** A connection of either. */
export type AnySocket = InstanceType<WsModule['WebSocket']>;
type AnyServer = InstanceType<WsModule['WebSocketServer']>;

/** What a call throws, if anything. */
export function thrown(act: () => unknown): unknown {
  try {
    act();
    return 'nothing';
  } catch (error) {
    return [(error as Error).name, (error as Error).message];
  }
}

/** Runs `act` with a server, and ends it. */
export async function withServer<Result>(
  { WebSocketServer }: WsModule,
  options: ServerOptions,
  act: (server: AnyServer, url: string) => Promise<Result>,
): Promise<Result> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', ...options });
  server.on('connection', (socket) => socket.on('error', () => {}));
  if (server.address() === null) await once(server, 'listening');
  try {
    return await act(server, `ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    for (const client of server.clients ?? []) client.terminate();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

/** All that a socket emits until it is over. */
export function untilClosed(socket: AnySocket): Promise<unknown[]> {
  const log: unknown[] = [];
  socket.on('open', () =>
    log.push(['open', socket.readyState, socket.protocol, socket.extensions]),
  );
  socket.on('message', (data, isBinary) => log.push(['message', String(data), isBinary]));
  socket.on('ping', (data) => log.push(['ping', String(data)]));
  socket.on('pong', (data) => log.push(['pong', String(data)]));
  socket.on('upgrade', ({ statusCode }) => log.push(['upgrade', statusCode, socket.readyState]));
  socket.on('error', (error) => {
    // Which one it was, ours do not say.
    const message = error.message.replace(/(?<=opcode|status code) \d+$/, '');
    log.push(['error', error.name, message, (error as { code?: string }).code]);
  });
  return new Promise((resolve) => {
    socket.on('close', (code, reason) => {
      log.push(['close', code, String(reason), socket.readyState]);
      resolve(log);
    });
  });
}

/** A server of TCP that answers each connection with the same bytes. */
export async function withRawServer<Result>(
  answer: (key: string, socket: Duplex) => void,
  act: (url: string) => Promise<Result>,
): Promise<Result> {
  const server = createServer();
  server.on('upgrade', ({ headers }, socket) => {
    socket.on('error', () => {});
    answer(headers['sec-websocket-key'] ?? '', socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await act(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** The status and content of an answer to a request of a client's that is no WebSocket. */
export async function ask(
  url: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<unknown> {
  const asked = request(url.replace('ws:', 'http:'), { headers, method });
  asked.end();
  const [response] = await once(asked, 'response');
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  return response.statusCode;
}

/** Fields of an opening handshake. */
export const UPGRADE = { connection: 'Upgrade', upgrade: 'websocket' };
/** A key of one. */
export const KEY = { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' };

/** Sends raw frames to a server's connection, and says what that emits. */
export async function receiving(
  module: WsModule,
  options: ServerOptions,
  frames: Buffer,
): Promise<unknown[]> {
  return withServer(module, options, async (server, url) => {
    const { port } = new URL(url);
    const raw = connect(Number(port), '127.0.0.1');
    raw.on('error', () => {});
    const fields = Object.entries({ host: 'h', ...UPGRADE, ...KEY, 'sec-websocket-version': '13' });
    const lines = fields.map(([name, value]) => `${name}: ${value}`);
    raw.write(['GET / HTTP/1.1', ...lines, '', ''].join('\r\n'));
    const [socket] = await once(server, 'connection');
    const log = untilClosed(socket as AnySocket);
    await once(raw, 'data');
    raw.end(frames);
    raw.resume();
    return log;
  });
}

/** A frame of a client's, whose masking key is 0. */
export function masked(
  first: number,
  payload: Buffer,
  length: number[] = [payload.length],
): Buffer {
  const [short = 0, ...others] = length;
  return Buffer.concat([Buffer.from([first, 0x80 | short, ...others, 0, 0, 0, 0]), payload]);
}

/** Waits until so much was seen. */
export async function expectLength(log: unknown[], length: number): Promise<void> {
  while (log.length < length) await new Promise((resolve) => setImmediate(resolve));
}
