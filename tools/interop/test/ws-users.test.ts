// Libraries that were written for the package `ws`, each with `ws` and with the facades in its place.
import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { WebSocket as StandardWebSocket } from '@holdline/net/websocket-api';
import * as facade from '@holdline/net/ws';
import { type Client, createClient } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { Server as SocketServer } from 'socket.io';
import { io } from 'socket.io-client';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';

const require = createRequire(import.meta.url);
// There must be one module of GraphQL, and graphql-ws has the one of CommonJS.
const { GraphQLNonNull, GraphQLObjectType, GraphQLSchema, GraphQLString } =
  require('graphql') as typeof import('graphql');
type Reconnecting = typeof import('reconnecting-websocket').default;
const ReconnectingWebSocket = require('reconnecting-websocket') as unknown as Reconnecting;

/** What a library asks of a server's class. */
const SERVERS = [
  ['ws', WebSocketServer],
  ['@holdline/net/ws', facade.WebSocketServer as unknown as typeof WebSocketServer],
] as const;

const CLIENTS = [
  ['ws', WebSocket],
  ['@holdline/net/ws', facade.WebSocket],
  ['@holdline/net/websocket-api', StandardWebSocket],
] as const;

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function listening(server: HttpServer): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

describe('Socket.IO', () => {
  for (const [name, wsEngine] of SERVERS) {
    for (const transports of [['websocket'], ['polling', 'websocket']]) {
      test(`with ${name} as its engine, by ${transports.join(', then ')}`, async () => {
        const http = createServer();
        const server = new SocketServer(http, {
          wsEngine,
          perMessageDeflate: true,
          pingInterval: 50,
        });
        const port = await listening(http);
        ends.push(() => server.close());
        server.on('connection', (socket) => {
          socket.on('sum', (one: number, other: number, answer) => answer(one + other));
          socket.on('bytes', (data: Buffer) => socket.emit('bytes', Buffer.from(data).reverse()));
          socket.on('room', () => {
            socket.join('all');
            server.to('all').emit('joined', 'x'.repeat(5000));
          });
        });
        const client = io(`http://127.0.0.1:${port}`, { transports, reconnection: false });
        ends.push(() => client.close());
        await new Promise((resolve) => client.once('connect', () => resolve(null)));
        const { engine } = client.io;
        if (engine.transport.name !== 'websocket') {
          await new Promise((resolve) => engine.once('upgrade', resolve));
        }
        expect(engine.transport.name).toBe('websocket');
        expect(await client.emitWithAck('sum', 1, 2)).toBe(3);
        const bytes = new Promise((resolve) => client.once('bytes', resolve));
        client.emit('bytes', Buffer.from([1, 2, 3]));
        expect(Buffer.from((await bytes) as Buffer)).toEqual(Buffer.from([3, 2, 1]));
        const joined = new Promise((resolve) => client.once('joined', resolve));
        client.emit('room');
        expect(await joined).toBe('x'.repeat(5000));
        // A ping of Socket.IO's own and its answer.
        await new Promise((resolve) => engine.once('heartbeat', () => resolve(null)));
        const [socket] = await server.fetchSockets();
        const left = new Promise((resolve) => {
          server.sockets.sockets.get(socket?.id ?? '')?.once('disconnect', resolve);
        });
        client.close();
        expect(await left).toBe('client namespace disconnect');
      });
    }
  }
});

const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: { hello: { type: GraphQLString, resolve: () => 'world' } },
  }),
  subscription: new GraphQLObjectType({
    name: 'Subscription',
    fields: {
      count: {
        type: new GraphQLNonNull(GraphQLString),
        async *subscribe() {
          for (let value = 0; value < 100; value++) yield { count: `${value}` };
        },
      },
    },
  }),
});

/** All that a query or a subscription gives. */
async function results(client: Client, query: string): Promise<unknown[]> {
  const log: unknown[] = [];
  for await (const { data } of client.iterate({ query })) log.push(Object.values(data ?? {})[0]);
  return log;
}

describe('graphql-ws', () => {
  for (const [serverName, Server] of SERVERS) {
    for (const [clientName, webSocketImpl] of CLIENTS) {
      test(`on a server of ${serverName} with a client of ${clientName}`, async () => {
        const http = createServer();
        const server = new Server({ server: http, path: '/graphql' });
        const { dispose } = useServer({ schema }, server);
        const port = await listening(http);
        ends.push(() => dispose());
        const url = `ws://127.0.0.1:${port}/graphql`;
        const client = createClient({
          url,
          webSocketImpl,
          lazy: false,
          retryAttempts: 0,
          onNonLazyError: () => {},
        });
        ends.push(() => client.dispose());
        expect(await results(client, '{ hello }')).toEqual(['world']);
        const counted = Array.from({ length: 100 }, (_, value) => `${value}`);
        expect(await results(client, 'subscription { count }')).toEqual(counted);
        const closed = new Promise((resolve) => client.on('closed', resolve));
        void client.terminate();
        expect((await closed) as object).toMatchObject({ code: 4499, reason: 'Terminated' });
      });
    }
  }
});

describe('reconnecting-websocket', () => {
  for (const [name, implementation] of CLIENTS) {
    test(`with ${name}`, async () => {
      const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
      ends.push(() => new Promise((resolve) => server.close(resolve)));
      await once(server, 'listening');
      let count = 0;
      server.on('connection', (socket) => {
        count += 1;
        if (count < 3) socket.terminate();
        else socket.on('message', (data) => socket.send(`${data}, on connection ${count}`));
      });
      const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const socket = new ReconnectingWebSocket(url, [], {
        WebSocket: implementation,
        minReconnectionDelay: 1,
        maxReconnectionDelay: 5,
        minUptime: 20,
      });
      socket.onopen = () => socket.send('hello');
      const message = await new Promise((resolve) => {
        socket.onmessage = (event: MessageEvent) => resolve(event.data);
      });
      expect(message).toMatch(/^hello, on connection [3-9]$/);
      const closed = new Promise((resolve) => {
        socket.onclose = resolve;
      });
      socket.close(1000, 'done');
      await closed;
    });
  }
});
