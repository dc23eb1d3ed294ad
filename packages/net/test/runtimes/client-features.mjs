// What an HTTP client has to do with servers of every kind.
import { CERTIFICATE } from './certificate.mjs';
import { boundOf, LARGE_BYTES, pieces, settled } from './stage.mjs';

const OK = 'HTTP/1.1 200 OK\r\n';

/** A client, a door for it to knock at, and its requests. */
async function visit(stage, options = {}, doorOptions = {}) {
  const door = await stage.peer.listen(doorOptions);
  const ends = [];
  const client = new stage.net.HttpClient({
    ...options,
    onConnectionEnd: (_connection, cause) => ends.push(cause),
  });
  stage.later(() => client.abort());
  const scheme = doorOptions.secure === undefined ? 'http' : 'https';
  const ask = (target, request = {}) =>
    client.request({ url: `${scheme}://127.0.0.1:${door.port}${target}`, ...request });
  return { door, client, ask, ends };
}

/** Answers a request once it has come. */
async function answer(line) {
  await line.receive('\r\n\r\n');
  line.send(`${OK}Content-Length: 0\r\n\r\n`);
}

const failureOf = (promise) =>
  promise.then(
    () => 'no error',
    ({ code, cause }) => (cause?.code === undefined ? code : `${code}, ${cause.code}`),
  );

async function seeReuse(stage) {
  const { door, ask } = await visit(stage);
  for (const target of ['/1', '/2', '/3']) {
    const asked = ask(target);
    const line = await door.accepted();
    await line.receive(`GET ${target} `);
    line.send(`${OK}Content-Length: 2\r\n\r\n${target}`);
    const response = await asked;
    if ((await response.content.text({ bytesMax: 10 })) !== target) return 'wrong content';
  }
  return `3 requests on ${door.lines.length} connection`;
}

async function seeChunked(stage) {
  const { door, ask } = await visit(stage);
  const asked = ask('/');
  const line = await door.accepted();
  await line.receive('\r\n\r\n');
  for (const byte of `${OK}Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\nX: y\r\n\r\n`) {
    line.send(byte);
  }
  const response = await asked;
  const text = await response.content.text({ bytesMax: 10 });
  return `${text}, ${response.trailers.map(({ name, value }) => `${name}: ${value}`)}`;
}

async function seeUpload(stage) {
  const { door, ask } = await visit(stage);
  let produced = 0;
  const content = pieces(LARGE_BYTES, (bytes) => {
    produced += bytes;
  });
  const asked = ask('/', { method: 'POST', content, contentLength: LARGE_BYTES });
  const line = await door.accepted();
  line.pause();
  const held = await settled(
    () => produced,
    () => produced === LARGE_BYTES,
  );
  line.resume();
  await line.until(() => line.bytes > LARGE_BYTES);
  line.send(`${OK}Content-Length: 0\r\n\r\n`);
  return `${boundOf(held)}, ${(await asked).status}`;
}

async function seeDownload(stage) {
  const { door, ask } = await visit(stage);
  const asked = ask('/');
  const line = await door.accepted();
  await line.receive('\r\n\r\n');
  line.send(`${OK}Content-Length: ${LARGE_BYTES}\r\n\r\n`).pour(LARGE_BYTES);
  const { content, connection } = await asked;
  const held = await settled(
    () => connection.snapshot().bytesReceived,
    () => line.poured,
  );
  let received = 0;
  for await (const piece of content) received += piece.length;
  return `${boundOf(held)}, ${received === LARGE_BYTES ? 'all' : received} received`;
}

async function seeAbort(stage) {
  const { door, ask } = await visit(stage);
  const controller = new AbortController();
  const asked = failureOf(ask('/', { signal: controller.signal }));
  const line = await door.accepted();
  await line.receive('\r\n\r\n');
  controller.abort(new Error('enough'));
  return `${await asked}, ${await line.untilEnd()}`;
}

/** A response that is cut: what the reader of its content hears. */
async function cutResponse(stage, cut) {
  const { door, ask } = await visit(stage);
  const asked = ask('/');
  const line = await door.accepted();
  await line.receive('\r\n\r\n');
  line.send(`${OK}Content-Length: 100\r\n\r\nsome`);
  const { content } = await asked;
  cut(line);
  return failureOf(content.text({ bytesMax: 1000 }));
}

const seeFin = (stage) => cutResponse(stage, (line) => line.finish());
const seeReset = (stage) => cutResponse(stage, (line) => line.reset());

/** The server ends an idle connection: the next request goes elsewhere and meets no error. */
async function endIdle(stage, end) {
  const { door, ask, ends } = await visit(stage);
  const first = ask('/');
  const line = await door.accepted();
  await answer(line);
  await (await first).content.discard();
  end(line);
  await stage.until(() => ends.length === 1);
  const second = ask('/');
  await answer(await door.accepted(2));
  return `${ends[0]}, then ${(await second).status} on another`;
}

const seeIdleFin = (stage) => endIdle(stage, (line) => line.finish());
const seeIdleReset = (stage) => endIdle(stage, (line) => line.reset());
const seePoison = (stage) => endIdle(stage, (line) => line.send(`${OK}Content-Length: 0\r\n\r\n`));

async function seeRetry(stage) {
  const { door, ask } = await visit(stage);
  const first = ask('/1');
  const line = await door.accepted();
  await answer(line);
  await (await first).content.discard();
  const second = ask('/2');
  await line.receive('GET /2 ');
  line.reset();
  await answer(await door.accepted(2));
  const response = await second;
  return `${response.status}, ${response.retried ? 'retried' : 'not retried'}`;
}

async function seeRefused(stage) {
  const { door, ask } = await visit(stage);
  await door.close();
  return failureOf(ask('/'));
}

async function seeTimeout(stage) {
  const { door, ask } = await visit(stage, { http1: { timeouts: { headMs: 50 } } });
  const asked = failureOf(ask('/'));
  const line = await door.accepted();
  return `${await asked}, ${await line.untilEnd()}`;
}

async function seeUpgrade(stage) {
  // Here, so that the features can be listed before anything is built.
  const { ToyUpgrade } = await import('../../../testkit/dist/index.js');
  const { door, client } = await visit(stage);
  const asked = client.upgrade({ url: `http://127.0.0.1:${door.port}/`, upgrade: 'toy' });
  const line = await door.accepted();
  await line.receive('\r\n\r\n');
  line.send(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: toy\r\n\r\n\x03you',
  );
  const upgrade = await asked;
  const log = [];
  const sink = {
    onEvent: (event) => log.push(event.type),
    onWritable: () => {},
    onReleased: () => log.push('released'),
    onFault: (error) => log.push(String(error)),
  };
  upgrade.switchTo((_driver, now) => ({ connection: new ToyUpgrade(now, true), sink }));
  await line.receive('\x03you');
  line.send('\0').finish();
  await stage.until(() => log.includes('released'));
  return `${upgrade.protocol}, ${log}`;
}

async function seeName(stage) {
  const { door, client } = await visit(stage);
  const asked = client.request({ url: `http://localhost:${door.port}/` });
  const line = await door.accepted();
  await line.receive(`Host: localhost:${door.port}\r\n`);
  await answer(line);
  return String((await asked).status);
}

/** One exchange over TLS, and how the certificate's owner is verified. */
async function seeTls(stage, secure) {
  const { door, ask } = await visit(stage, { tls: { ca: CERTIFICATE } }, { secure });
  const asked = ask('/', { method: 'POST', content: 'x'.repeat(100_000) });
  asked.catch(() => {});
  const line = await Promise.race([door.accepted(), asked.then(() => door.accepted())]);
  await line.until(() => line.text.endsWith('x') && line.bytes > 100_000);
  line.send(`${OK}Content-Length: 200000\r\n\r\n`).pour(200_000);
  const content = await (await asked).content.bytes({ bytesMax: 1_000_000 });
  return `${content.length} bytes`;
}

async function seeUntrusted(stage) {
  const { ask } = await visit(stage, {}, { secure: 'TLSv1.3' });
  return failureOf(ask('/'));
}

async function seeWrongName(stage) {
  const tls = { ca: CERTIFICATE, servername: 'elsewhere.test' };
  const { ask } = await visit(stage, { tls }, { secure: 'TLSv1.3' });
  return failureOf(ask('/'));
}

/** What TLS remembers of one connection spares the next one most of its handshake. */
async function seeResumption(stage) {
  const { door, ask } = await visit(stage, { tls: { ca: CERTIFICATE } }, { secure: 'TLSv1.3' });
  for (const number of [1, 2]) {
    const asked = ask('/');
    const line = await door.accepted(number);
    await line.receive('\r\n\r\n');
    line.send(`${OK}Connection: close\r\nContent-Length: 0\r\n\r\n`);
    await (await asked).content.discard();
    await line.untilEnd();
  }
  return door.lines.map((line) => (line.resumed ? 'resumed' : 'full')).join(', ');
}

/** The features of a client. */
export const clientFeatures = [
  { name: 'connections are used again', expected: '3 requests on 1 connection', see: seeReuse },
  { name: 'chunked response, byte by byte', expected: 'one, x: y', see: seeChunked },
  { name: 'backpressure of an upload', expected: 'bounded, 200', see: seeUpload },
  { name: 'backpressure of a download', expected: 'bounded, all received', see: seeDownload },
  { name: 'AbortSignal', expected: 'HTTP_CLIENT_ABORTED, RST', see: seeAbort },
  { name: 'FIN within a response', expected: 'HTTP_CLIENT_RESPONSE_INCOMPLETE', see: seeFin },
  { name: 'RST within a response', expected: 'HTTP_CLIENT_RESPONSE_INCOMPLETE', see: seeReset },
  { name: 'FIN on an idle connection', expected: 'peer-end, then 200 on another', see: seeIdleFin },
  { name: 'RST on an idle connection', expected: 'reset, then 200 on another', see: seeIdleReset },
  { name: 'bytes on an idle connection', expected: 'failed, then 200 on another', see: seePoison },
  { name: 'RST instead of a response', expected: '200, retried', see: seeRetry },
  { name: 'nobody listens', expected: 'HTTP_CLIENT_CONNECT_FAILED, ECONNREFUSED', see: seeRefused },
  { name: 'timeout of a response', expected: 'HTTP_CLIENT_RESPONSE_TIMEOUT, FIN', see: seeTimeout },
  {
    name: 'Upgrade to another protocol',
    expected: 'toy, message,closed,released',
    see: seeUpgrade,
  },
  { name: 'a name that is looked up', expected: '200', see: seeName },
  { name: 'TLS 1.2', expected: '200000 bytes', see: (stage) => seeTls(stage, 'TLSv1.2') },
  { name: 'TLS 1.3', expected: '200000 bytes', see: (stage) => seeTls(stage, 'TLSv1.3') },
  { name: 'TLS session', expected: 'full, resumed', see: seeResumption },
  {
    name: 'a certificate that nobody trusts',
    expected: 'HTTP_CLIENT_CONNECT_FAILED, DEPTH_ZERO_SELF_SIGNED_CERT',
    see: seeUntrusted,
  },
  {
    name: 'a certificate of somebody else',
    expected: 'HTTP_CLIENT_CONNECT_FAILED, ERR_TLS_CERT_ALTNAME_INVALID',
    see: seeWrongName,
  },
];
