// Upgrade and CONNECT: another machine takes the connection over, with what has come behind the head.
import { expect, it } from 'vitest';
import {
  type ClientUpgrade,
  type Driver,
  type HttpClientError,
  memoryPair,
  type PartyFactory,
  type PromisedRequest,
  serveHttp,
} from '../../src/index.ts';
import { RecordingSink } from '../support/recording-sink.ts';
import { type ScriptEvent, ScriptMachine } from '../support/script-machine.ts';
import { ClientBench, codeOf, textOf } from './support/client-bench.ts';
import { turns } from './support/fake-server.ts';

const origin = 'http://a.example';
const SWITCHED = 'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: toy\r\n\r\n';

/** Offers to switch; the outcome is settled by `turns`. */
async function offer(
  bench: ClientBench,
  request: PromisedRequest = { origin, upgrade: 'toy' },
): Promise<{ upgrade?: ClientUpgrade; error?: HttpClientError }> {
  const outcome: { upgrade?: ClientUpgrade; error?: HttpClientError } = {};
  bench.client.upgrade(request).then(
    (upgrade) => {
      outcome.upgrade = upgrade;
    },
    (error: HttpClientError) => {
      outcome.error = error;
    },
  );
  await turns();
  return outcome;
}

/** The next protocol's machine, and what its sink heard. */
class Next {
  readonly machine: ScriptMachine = new ScriptMachine();
  readonly sink: RecordingSink = new RecordingSink();
  readonly factory: PartyFactory<ScriptEvent>;
  drained = 0;
  driver: Driver | null = null;

  constructor() {
    this.factory = (driver) => {
      this.driver = driver;
      const onDrain = (): void => {
        this.drained += 1;
      };
      return { connection: this.machine, sink: this.sink, onDrain };
    };
  }
}

it('offers the protocol, and gives the connection to whoever speaks it', async () => {
  const bench = new ClientBench();
  const outcome = await offer(bench);
  const server = bench.network.server();
  expect(server.take()).toMatch(/\r\nUpgrade: toy\r\nConnection: keep-alive, Upgrade\r\n\r\n$/);
  server.send(`${SWITCHED}hello`);
  await turns();
  const upgrade = outcome.upgrade as ClientUpgrade;
  expect([upgrade.protocol, upgrade.response.status]).toEqual(['toy', 101]);
  expect(await upgrade.response.content.text()).toBe('');
  expect(bench.client.connections[0]?.state).toBe('switched');
  const next = new Next();
  upgrade.switchTo(next.factory);
  expect(next.machine.received).toEqual(['hello']);
  next.machine.send('hi');
  next.driver?.wake();
  server.send('again');
  await turns();
  expect(next.machine.received).toEqual(['hello', 'again']);
  expect(server.text).toBe('hi');
  expect(next.sink.log).toEqual(['data hello', 'data again']);
  server.transport.end();
  await turns();
  next.driver?.close();
  await turns();
  expect(next.machine.ends).toEqual(['finished']);
  expect(next.sink.log.at(-1)).toBe('released');
  expect(bench.causes).toEqual(['switched']);
  expect(() => upgrade.switchTo(next.factory)).toThrow(TypeError);
});

it('keeps what comes before anybody has taken over', async () => {
  const bench = new ClientBench();
  const outcome = await offer(bench);
  const server = bench.network.server().send(SWITCHED);
  await turns();
  server.send('one');
  await turns();
  server.send('two').transport.end();
  await turns();
  const next = new Next();
  outcome.upgrade?.switchTo(next.factory);
  expect(next.machine.received.join('')).toBe('onetwo');
  expect(next.machine.ends).toEqual(['finished']);
});

it('opens a tunnel by CONNECT', async () => {
  const bench = new ClientBench();
  const request = { origin, method: 'CONNECT', target: 'b.example:443' };
  const outcome = await offer(bench, request);
  const server = bench.network.server();
  expect(server.take()).toBe('CONNECT b.example:443 HTTP/1.1\r\nHost: b.example:443\r\n\r\n');
  server.send('HTTP/1.1 200 Connected\r\n\r\ntunnelled');
  await turns();
  expect(outcome.upgrade?.protocol).toBe('connect');
  const next = new Next();
  outcome.upgrade?.switchTo(next.factory);
  expect(next.machine.received).toEqual(['tunnelled']);
});

it('resolves with the response of a server that does not switch', async () => {
  const bench = new ClientBench();
  const seen: number[] = [];
  const outcome = await offer(bench, {
    origin,
    upgrade: 'toy',
    onInformational: ({ status }) => seen.push(status),
  });
  bench.network.server().send('HTTP/1.1 103 Early Hints\r\n\r\n').answer('as ever');
  await turns();
  expect(outcome.upgrade?.protocol).toBe(null);
  expect(await outcome.upgrade?.response.content.text()).toBe('as ever');
  expect(() => outcome.upgrade?.switchTo(new Next().factory)).toThrow(TypeError);
  expect(seen).toEqual([103]);
  await bench.ask('/next');
  expect(bench.network.servers).toHaveLength(1);
});

it('fails with the connection before there is an answer, and within one', async () => {
  const bench = new ClientBench();
  const before = await offer(bench);
  bench.network.server().transport.end();
  await turns();
  expect(before.error?.code).toBe('HTTP_CLIENT_CONNECTION_ENDED');
  const within = await offer(bench);
  bench.network.server().send('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n').transport.end();
  await turns();
  await expect(within.upgrade?.response.content.text()).rejects.toMatchObject({
    code: 'HTTP_CLIENT_RESPONSE_INCOMPLETE',
  });
});

it('fails a switch that was not offered, or that nobody can take over', async () => {
  const bench = new ClientBench();
  const plain = await bench.ask('/');
  bench.network.server().send(SWITCHED);
  await turns();
  expect(codeOf(plain)).toBe('HTTP_CLIENT_RESPONSE_INVALID');
  const fields = [{ name: 'Upgrade', value: 'toy' }];
  const offered = await bench.ask({ origin, fields });
  bench.network.server().send(SWITCHED);
  await turns();
  expect(codeOf(offered)).toBe('HTTP_CLIENT_SWITCH');
  expect(bench.network.server().end).toBe('reset');
  expect(bench.client.connections).toEqual([]);
});

it('tells who takes over too late', async () => {
  const bench = new ClientBench();
  const outcome = await offer(bench);
  bench.network.server().send(SWITCHED);
  await turns();
  bench.network.server().transport.abort();
  await turns();
  expect(() => outcome.upgrade?.switchTo(new Next().factory)).toThrow(/has ended/);
  expect(bench.causes).toEqual(['switched']);
});

it('does not count a switched connection, and lets it be cut', async () => {
  const bench = new ClientBench({ connectionsPerOriginMax: 1, connectionsMax: 1 });
  const outcome = await offer(bench);
  const waiting = await bench.ask('/');
  bench.network.server(0).send(SWITCHED);
  await turns();
  bench.network.server(1).answer('next');
  await turns();
  expect(await textOf(waiting)).toBe('next');
  expect(bench.client.connections).toHaveLength(2);
  outcome.upgrade?.abort();
  await turns();
  expect(bench.network.server(0).end).toBe('reset');
  expect(bench.client.connections).toHaveLength(1);
});

it('lets the next protocol say goodbye when the client closes', async () => {
  const bench = new ClientBench();
  const outcome = await offer(bench);
  const untaken = await offer(bench);
  for (const server of bench.network.servers) server.send(SWITCHED);
  await turns();
  const next = new Next();
  outcome.upgrade?.switchTo(next.factory);
  const closed = bench.client.close();
  expect(next.drained).toBe(1);
  next.driver?.close();
  await closed;
  expect(bench.network.server(1).end).toBe('reset');
  expect(() => untaken.upgrade?.switchTo(new Next().factory)).toThrow(/has ended/);
});

it('reports what the next protocol throws', async () => {
  const bench = new ClientBench();
  const outcome = await offer(bench);
  bench.network.server().send(`${SWITCHED}x`);
  await turns();
  const next = new Next();
  next.sink.act = () => {
    throw new Error('thrown behind the switch');
  };
  outcome.upgrade?.switchTo(next.factory);
  expect(bench.faults).toEqual([new Error('thrown behind the switch')]);
  expect(next.sink.log).toContain('fault');
});

it('switches with the server of this package', async () => {
  const server = serveHttp((exchange) => {
    exchange.switchTo(echo, { status: 101, fields: [{ name: 'upgrade', value: 'toy' }] });
  });
  const echo: PartyFactory<ScriptEvent> = () => {
    const connection = new ScriptMachine();
    const sink = new RecordingSink();
    sink.act = (event) => connection.send(event.data ?? '');
    return { connection, sink };
  };
  const bench = new ClientBench({
    connect: async () => {
      const [client, accepted] = memoryPair();
      server.accept(accepted);
      return { transport: client };
    },
  });
  const outcome = await offer(bench);
  // A transport in memory has no address.
  expect(bench.client.connections[0]).toMatchObject({ remoteAddress: '', remotePort: 0 });
  const next = new Next();
  next.machine.send('around');
  outcome.upgrade?.switchTo(next.factory);
  await turns();
  expect(next.machine.received).toEqual(['around']);
  await server.close();
});
