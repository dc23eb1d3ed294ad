// The client in the shapes that programs know: the platform's `fetch`, and an agent of `node:http`.
import { request as httpRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { boundOf, LARGE_BYTES, settled } from './stage.mjs';

const OK = 'HTTP/1.1 200 OK\r\n';

/** A door, and a client for the adapter under trial. */
async function visit(stage) {
  const door = await stage.peer.listen();
  const client = new stage.net.HttpClient();
  stage.later(() => client.abort());
  return { door, client, url: `http://127.0.0.1:${door.port}` };
}

async function visitWithFetch(stage) {
  const { door, client, url } = await visit(stage);
  return { door, client, url, fetch: stage.modules.fetch.createFetch(client) };
}

async function seeFetch(stage) {
  const { door, url, fetch } = await visitWithFetch(stage);
  const seen = [];
  for (const target of ['/1', '/2']) {
    const asked = fetch(url + target);
    const line = await door.accepted();
    await line.receive(`GET ${target} `);
    line.send(`${OK}Content-Length: 5\r\n\r\nhello`);
    const response = await asked;
    seen.push(response instanceof Response, await response.text());
  }
  return `${seen.join()}, ${door.lines.length} connection`;
}

async function seeFetchUpload(stage) {
  const { door, url, fetch } = await visitWithFetch(stage);
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('one'));
      controller.enqueue(new TextEncoder().encode('two'));
      controller.close();
    },
  });
  const asked = fetch(url, { method: 'POST', body, duplex: 'half' });
  const line = await door.accepted();
  const text = await line.receive('\r\n0\r\n\r\n');
  line.send(`${OK}Content-Length: 0\r\n\r\n`);
  const { status } = await asked;
  return `${JSON.stringify(text.slice(text.indexOf('\r\n\r\n') + 4))}, ${status}`;
}

async function seeFetchDownload(stage) {
  const { door, client, url, fetch } = await visitWithFetch(stage);
  const asked = fetch(url);
  const line = await door.accepted();
  await line.receive('\r\n\r\n');
  line.send(`${OK}Content-Length: ${LARGE_BYTES}\r\n\r\n`).pour(LARGE_BYTES);
  const response = await asked;
  const held = await settled(
    () => client.connections[0]?.bytesReceived ?? 0,
    () => line.poured,
  );
  let received = 0;
  for await (const piece of response.body) received += piece.length;
  return `${boundOf(held)}, ${received === LARGE_BYTES ? 'all' : received} received`;
}

async function seeFetchCoding(stage) {
  const { door, url, fetch } = await visitWithFetch(stage);
  const asked = fetch(url);
  const line = await door.accepted();
  await line.receive('\r\n\r\n');
  const coded = gzipSync('decoded').toString('latin1');
  line.send(`${OK}Content-Encoding: gzip\r\nContent-Length: ${coded.length}\r\n\r\n${coded}`);
  return (await asked).text();
}

async function seeFetchAbort(stage) {
  const { door, url, fetch } = await visitWithFetch(stage);
  const controller = new AbortController();
  const asked = fetch(url, { signal: controller.signal }).catch((error) => error.name);
  const line = await door.accepted();
  await line.receive('\r\n\r\n');
  controller.abort();
  return `${await asked}, ${await line.untilEnd()}`;
}

/** Two requests of `node:http` in turn, and whose connections they used. */
async function seeAgent(stage) {
  const { door, client, url } = await visit(stage);
  const agent = stage.modules.agent.createAgent(client);
  const seen = [];
  for (const target of ['/1', '/2']) {
    const responded = new Promise((resolve, reject) => {
      const request = httpRequest(url + target, { agent, method: 'POST' }, resolve);
      request.on('error', reject);
      request.end('content');
    });
    await door.accepted();
    const line = door.lines.at(-1);
    await line.receive(`POST ${target} `);
    await line.receive('content');
    line.send(`${OK}Content-Length: 5\r\n\r\nhello`);
    const response = await responded;
    let text = '';
    for await (const piece of response) text += piece;
    seen.push(text);
  }
  const whose = client.connections.length === 1 ? "the client's" : "the runtime's own";
  agent.destroy();
  return `${seen}, ${door.lines.length} connection, ${whose}`;
}

/** The features of the adapters. */
export const adapterFeatures = [
  { name: 'fetch', expected: 'true,hello,true,hello, 1 connection', see: seeFetch },
  {
    name: 'fetch: a body that streams',
    expected: String.raw`"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n", 200`,
    see: seeFetchUpload,
  },
  {
    name: 'fetch: backpressure of a download',
    expected: 'bounded, all received',
    see: seeFetchDownload,
  },
  { name: 'fetch: gzip', expected: 'decoded', see: seeFetchCoding },
  { name: 'fetch: AbortSignal', expected: 'AbortError, RST', see: seeFetchAbort },
  {
    name: 'agent of node:http',
    expected: "hello,hello, 1 connection, the client's",
    see: seeAgent,
  },
];
