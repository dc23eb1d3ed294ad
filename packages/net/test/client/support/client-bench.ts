// A client on a network in memory, and what it reported.
import { afterEach } from 'vitest';
import {
  type ClientConnectionCloseCause,
  type ClientResponse,
  HttpClient,
  type HttpClientError,
  type HttpClientOptions,
  type PromisedRequest,
} from '../../../src/index.ts';
import { FakeTime } from '../../support/fake-time.ts';
import { FakeNetwork, turns } from './fake-server.ts';

const clients: HttpClient[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.abort();
});

/** What became of a request: undefined while nothing has. */
export interface Outcome {
  response?: ClientResponse;
  error?: HttpClientError;
}

/** A client, its network, its time. */
export class ClientBench {
  readonly network: FakeNetwork = new FakeNetwork();
  readonly time: FakeTime = new FakeTime();
  readonly client: HttpClient;
  readonly opened: number[] = [];
  readonly causes: ClientConnectionCloseCause[] = [];
  readonly faults: unknown[] = [];

  constructor(options: HttpClientOptions = {}) {
    this.client = new HttpClient({
      connect: this.network.connect,
      clock: this.time,
      onConnection: (connection) => this.opened.push(connection.id),
      onConnectionEnd: (_, cause) => this.causes.push(cause),
      onFault: (error) => this.faults.push(error),
      ...options,
    });
    clients.push(this.client);
  }

  /** Sends a request and lets happen what needs no time. */
  async ask(request: string | PromisedRequest = '/'): Promise<Outcome> {
    const outcome = this.start(request);
    await turns();
    return outcome;
  }

  /** Sends a request. A text is a path on the origin `http://a.example`. */
  start(request: string | PromisedRequest = '/'): Outcome {
    const full =
      typeof request === 'string' ? { origin: 'http://a.example', target: request } : request;
    const outcome: Outcome = {};
    this.client.request(full).then(
      (response) => {
        outcome.response = response;
      },
      (error: HttpClientError) => {
        outcome.error = error;
      },
    );
    return outcome;
  }

  /** A request on a connection of the origin, answered: the connection is idle behind it. */
  async warm(request: string | PromisedRequest = '/warm', ...lines: string[]): Promise<void> {
    await this.ask(request);
    const server = this.network.server();
    server.take();
    server.answer('', ...lines);
    await turns();
  }
}

/** The content of a response, which is here already. */
export async function textOf(outcome: Outcome): Promise<string> {
  if (outcome.response === undefined) throw new Error(`no response: ${outcome.error?.message}`);
  return outcome.response.content.text();
}

/** The code of what went wrong. */
export function codeOf(outcome: Outcome): string | undefined {
  if (outcome.response !== undefined) throw new Error('there is a response');
  return outcome.error?.code;
}
