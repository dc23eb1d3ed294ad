// The server under test, with something to answer for every case.
import {
  type ConnectionCloseCause,
  type ExchangeRecord,
  type HttpExchange,
  type HttpServer,
  serveHttp,
} from '@holdline/net';

const TEXT = [{ name: 'content-type', value: 'text/plain' }];
const CLOSE = [{ name: 'connection', value: 'close' }];

async function answer(exchange: HttpExchange): Promise<void> {
  const { method, target } = exchange.head;
  switch (target) {
    case '/hello':
      exchange.respond({ status: 200, fields: TEXT, content: 'hello\n' });
      return;
    case '/which':
      exchange.respond({ status: 200, content: `${exchange.connection.id}.${exchange.number}\n` });
      return;
    case '/echo':
      exchange.respond({
        status: 200,
        content: await exchange.readContent({ bytesMax: 50_000_000 }),
      });
      return;
    case '/duplex':
      // Both directions at a time, which nginx cannot: it stops sending once the response begins.
      exchange.respond({ status: 200, content: exchange.content });
      return;
    case '/pieces':
      exchange.respond({ status: 200, content: pieces(1000) });
      return;
    case '/endless':
      exchange.respond({ status: 200, content: pieces(Number.POSITIVE_INFINITY) });
      return;
    case '/refuse':
      exchange.respond({ status: 403, fields: CLOSE, content: 'not here\n' });
      return;
    case '/limited':
      await exchange.readContent({ bytesMax: 1000 });
      exchange.respond({ status: 204 });
      return;
    default:
      exchange.respond({ status: 404, content: `${method} what?\n` });
  }
}

async function* pieces(count: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index++) {
    if (index % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
    yield Buffer.from(`piece ${index}\n`);
  }
}

/** A server, and what it reported. */
export class Origin {
  readonly server: HttpServer;
  readonly records: ExchangeRecord[] = [];
  readonly causes: ConnectionCloseCause[] = [];
  readonly faults: unknown[] = [];
  port = 0;
  #notify: () => void = () => {};

  constructor() {
    this.server = serveHttp(answer, {
      onExchangeEnd: (record) => {
        this.records.push(record);
        this.#notify();
      },
      onConnectionEnd: (_connection, cause) => {
        this.causes.push(cause);
        this.#notify();
      },
      onFault: (error) => this.faults.push(error),
    });
  }

  async start(): Promise<this> {
    this.port = (await this.server.listen()).port;
    return this;
  }

  url(target: string, port: number = this.port): string {
    return `http://127.0.0.1:${port}${target}`;
  }

  /** Waits for something that it reports. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        this.#notify = resolve;
      });
    }
  }
}
