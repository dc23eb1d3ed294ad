// Servers for tests, all of which are gone after each test, whatever happened.
import { afterEach, expect } from 'vitest';
import {
  type ConnectionCloseCause,
  type ExchangeRecord,
  type HttpHandler,
  type HttpServer,
  type HttpServerOptions,
  serveHttp,
} from '../../src/index.ts';
import { RawClient } from './raw-client.ts';

const servers: HttpServer[] = [];
const clients: RawClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const server of servers.splice(0)) await server.close();
});

/** A server, and what it reported. */
export class Serving {
  readonly server: HttpServer;
  readonly port: number;
  readonly records: ExchangeRecord[];
  readonly faults: unknown[];
  readonly causes: ConnectionCloseCause[];
  readonly #change: { notify: () => void };

  constructor(server: HttpServer, port: number, log: Log) {
    this.server = server;
    this.port = port;
    this.records = log.records;
    this.faults = log.faults;
    this.causes = log.causes;
    this.#change = log.change;
  }

  async client(): Promise<RawClient> {
    const client = await RawClient.open(this.port);
    clients.push(client);
    return client;
  }

  /** Waits for something the server reports. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#change.notify = resolve;
      });
    }
  }
}

interface Log {
  readonly records: ExchangeRecord[];
  readonly faults: unknown[];
  readonly causes: ConnectionCloseCause[];
  readonly change: { notify: () => void };
}

/** Serves on a free port until the test is over. */
export async function serve(
  handler: HttpHandler,
  options: HttpServerOptions = {},
): Promise<Serving> {
  const log: Log = { records: [], faults: [], causes: [], change: { notify: () => {} } };
  const server = serveHttp(handler, {
    ...options,
    onConnection: (connection) => {
      options.onConnection?.(connection);
      log.change.notify();
    },
    onExchangeEnd: (record) => {
      log.records.push(record);
      options.onExchangeEnd?.(record);
      log.change.notify();
    },
    onConnectionEnd: (connection, cause) => {
      log.causes.push(cause);
      options.onConnectionEnd?.(connection, cause);
      log.change.notify();
    },
    onFault: (error, connection) => {
      log.faults.push(error);
      options.onFault?.(error, connection);
      log.change.notify();
    },
  });
  servers.push(server);
  const { port } = await server.listen();
  return new Serving(server, port, log);
}

/** Splits a response's text and checks that its content has the length that it states. */
export function parseResponse(text: string): { status: number; head: string; content: string } {
  const end = text.indexOf('\r\n\r\n');
  expect(end).toBeGreaterThan(0);
  const head = text.slice(0, end);
  return { status: Number(head.slice(9, 12)), head, content: text.slice(end + 4) };
}

/** A promise to be settled from outside. */
export function gate<Value = void>(): { promise: Promise<Value>; open: (value: Value) => void } {
  let open: (value: Value) => void = () => {};
  const promise = new Promise<Value>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}
