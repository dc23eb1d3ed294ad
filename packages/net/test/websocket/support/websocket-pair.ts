// Servers and clients for tests, over memory or over real sockets; all are gone after each test.
import { afterEach } from 'vitest';
import {
  type Clock,
  type HttpServer,
  type MemoryPairOptions,
  type MemoryTransport,
  memoryPair,
  serveHttp,
} from '../../../src/index.ts';
import {
  connectWebSocket,
  serveWebSocket,
  type WebSocketConnection,
  type WebSocketConnectOptions,
  type WebSocketServeOptions,
  type WebSocketServer,
} from '../../../src/websocket/index.ts';

const servers: HttpServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** An HTTP server that speaks nothing but WebSocket. */
export interface Served {
  readonly http: HttpServer;
  readonly server: WebSocketServer;
  /** The server's side of each connection, in order. */
  readonly opened: WebSocketConnection[];
  readonly faults: unknown[];
  /** Where it listens, once `listen` was called. */
  readonly url: string;
  listen(): Promise<string>;
  /** A client over memory. */
  connect(
    options?: WebSocketConnectOptions,
    link?: MemoryPairOptions,
  ): Promise<WebSocketConnection>;
  /** The transport of a client that speaks for itself. */
  transport(link?: MemoryPairOptions): MemoryTransport;
  /** The next server's side. */
  next(): Promise<WebSocketConnection>;
}

export function served(options: WebSocketServeOptions = {}, clock?: Clock): Served {
  const opened: WebSocketConnection[] = [];
  const faults: unknown[] = [];
  let notify: () => void = () => {};
  let taken = 0;
  let url = '';
  const timed = clock === undefined ? {} : { clock };
  const server = serveWebSocket({
    ...options,
    ...timed,
    onOpen(connection) {
      opened.push(connection);
      notify();
      return options.onOpen?.(connection);
    },
    onFault(error, connection) {
      faults.push(error);
      options.onFault?.(error, connection);
    },
  });
  const http = serveHttp(server.handle, { ...timed, onFault: (error) => faults.push(error) });
  servers.push(http);
  const transport = (link?: MemoryPairOptions): MemoryTransport => {
    const [near, far] = memoryPair(link);
    http.accept(far);
    return near;
  };
  return {
    http,
    server,
    opened,
    faults,
    get url() {
      return url;
    },
    async listen() {
      const { port } = await http.listen();
      url = `ws://127.0.0.1:${port}/`;
      return url;
    },
    connect(connectOptions = {}, link) {
      return connectWebSocket('ws://memory/', {
        ...timed,
        connect: async () => ({ transport: transport(link) }),
        ...connectOptions,
      });
    },
    transport,
    async next() {
      while (opened.length <= taken) {
        await new Promise<void>((resolve) => {
          notify = resolve;
        });
      }
      return opened[taken++] as WebSocketConnection;
    },
  };
}

/** Both sides of one connection over memory. */
export async function openPair(
  serverOptions: WebSocketServeOptions = {},
  clientOptions: WebSocketConnectOptions = {},
  link?: MemoryPairOptions,
  clock?: Clock,
): Promise<{ served: Served; server: WebSocketConnection; client: WebSocketConnection }> {
  const all = served(serverOptions, clock);
  const client = await all.connect(clientOptions, link);
  return { served: all, client, server: await all.next() };
}

/** The next `count` messages. */
export async function take(
  connection: WebSocketConnection,
  count: number,
): Promise<(string | Uint8Array)[]> {
  const messages: (string | Uint8Array)[] = [];
  if (count === 0) return messages;
  for await (const message of connection) {
    messages.push(message);
    if (messages.length === count) break;
  }
  return messages;
}

/** Bytes of which each has its place in them. */
export function patterned(byteCount: number): Uint8Array {
  return Uint8Array.from({ length: byteCount }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
}

/** What is waiting in the event loop comes first, some turns deep. */
export async function turns(count = 5): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}
