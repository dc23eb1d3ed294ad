// What an HTTP server has to do with a well-behaved client.
import process from 'node:process';
import { boundOf, get, LARGE_BYTES, pieces, post, settled } from './stage.mjs';

const answer = (exchange) => exchange.respond({ status: 200, content: exchange.head.target });

/** The content lengths of the requests' targets, in the order of the responses. */
const targetsIn = (text) => [...text.matchAll(/\r\n\r\n(\/\d+)/g)].map(([, target]) => target);

async function seeKeepAlive(stage) {
  const serving = await stage.serve(answer);
  const line = await stage.call(serving);
  for (const target of ['/1', '/2', '/3']) {
    await line.send(get(target)).receive(`\r\n\r\n${target}`);
  }
  return `${serving.connection.requests} requests on ${serving.server.connections.length} connection`;
}

async function seePipelining(stage) {
  const serving = await stage.serve(async (exchange) => {
    // The first takes longest.
    const delay = Math.max(0, 5 - exchange.number);
    for (let turn = 0; turn < delay; turn += 1) await new Promise((next) => setImmediate(next));
    answer(exchange);
  });
  const line = await stage.call(serving);
  const numbers = Array.from({ length: 20 }, (_, index) => `/${index + 1}`);
  line.send(numbers.map((target) => get(target)).join(''));
  await line.receive('/20');
  const inOrder = targetsIn(line.text).join() === numbers.join();
  return `${numbers.length} responses, ${inOrder ? 'in order' : targetsIn(line.text).join()}`;
}

async function seeChunkedRequest(stage) {
  const serving = await stage.serve(async (exchange) => {
    const content = await exchange.readContent({ bytesMax: 1000 });
    const trailers = exchange.trailers.map(({ name, value }) => `${name}: ${value}`);
    exchange.respond({ status: 200, content: `[${Buffer.from(content)}] ${trailers}` });
  });
  const line = await stage.call(serving);
  const text = `${post('/', 'Transfer-Encoding: chunked')}3\r\none\r\n5;a=b\r\n, two\r\n0\r\nX: y\r\n\r\n`;
  for (const byte of text) line.send(byte);
  return /\[.*/.exec(await line.receive('x: y'))[0];
}

async function seeChunkedResponse(stage) {
  const serving = await stage.serve((exchange) => {
    exchange.respond({ status: 200, content: [Buffer.from('one'), Buffer.from('two')] });
  });
  const line = await stage.call(serving);
  const text = await line.send(get('/')).receive('\r\n0\r\n\r\n');
  return JSON.stringify(text.slice(text.indexOf('\r\n\r\n') + 4));
}

async function seeContinue(stage) {
  const serving = await stage.serve(async (exchange) => {
    const content = await exchange.readContent({ bytesMax: 1000 });
    exchange.respond({ status: 200, content });
  });
  const line = await stage.call(serving);
  line.send(post('/', 'Expect: 100-continue', 'Content-Length: 4'));
  const before = await line.receive('\r\n\r\n');
  await line.send('data').receive('\r\n\r\ndata');
  return `${before.slice(9, 12)}, then ${line.text.slice(before.length + 9).slice(0, 3)}`;
}

/** How much of an upload is taken while nobody reads it, and whether all of it comes then. */
async function seeUpload(stage) {
  let start;
  const started = new Promise((resolve) => {
    start = resolve;
  });
  let received = 0;
  const serving = await stage.serve(async (exchange) => {
    await started;
    for await (const piece of exchange.content) received += piece.length;
    exchange.respond({ status: 200, content: 'all' });
  });
  const line = await stage.call(serving);
  line.send(post('/', `Content-Length: ${LARGE_BYTES}`)).pour(LARGE_BYTES);
  const held = await settled(
    () => serving.connection?.bytesReceived ?? 0,
    () => line.poured,
  );
  start();
  await line.receive('\r\n\r\nall');
  return `${boundOf(held)}, ${received === LARGE_BYTES ? 'all' : received} received`;
}

/** How much is produced for a client that does not read, and whether all of it goes out then. */
async function seeDownload(stage) {
  let produced = 0;
  const count = (bytes) => {
    produced += bytes;
  };
  const serving = await stage.serve((exchange) => {
    exchange.respond({ status: 200, content: pieces(LARGE_BYTES, count) });
  });
  const line = await stage.call(serving);
  line.pause();
  line.send(get('/', 'Connection: close'));
  const held = await settled(
    () => produced,
    () => produced === LARGE_BYTES,
  );
  line.resume();
  await line.untilEnd();
  return `${boundOf(held)}, ${line.bytes > LARGE_BYTES ? 'all' : line.bytes} received`;
}

async function seeDrain(stage) {
  let respond;
  const serving = await stage.serve((exchange) => {
    respond = () => answer(exchange);
  });
  const busy = await stage.call(serving);
  const idle = await stage.call(serving);
  busy.send(get('/1'));
  await serving.until(() => serving.server.connections.length === 2 && serving.requests === 1);
  const report = serving.server.drain({ timeoutMs: 5000 });
  const idleEnd = await idle.untilEnd();
  idle.finish();
  respond();
  await busy.receive('\r\n\r\n/1');
  const announced = /connection: close/i.test(busy.text) ? 'announced' : 'not announced';
  busy.finish();
  const { exchangesFinished, connectionsCut } = await report;
  const refused = await stage.call(serving).catch((error) => error.message);
  return `idle ${idleEnd}; ${announced}; ${exchangesFinished} finished, ${connectionsCut} cut; ${refused}`;
}

async function seeUpgrade(stage) {
  // Here, so that the features can be listed before anything is built.
  const { ToyUpgrade } = await import('../../../testkit/dist/index.js');
  const log = [];
  const sink = {
    onEvent: (event) => log.push(event.type),
    onWritable: () => {},
    onReleased: () => log.push('released'),
    onFault: (error) => log.push(String(error)),
  };
  const serving = await stage.serve((exchange) => {
    const head = { status: 101, fields: [{ name: 'upgrade', value: 'toy' }] };
    exchange.switchTo((_driver, now) => ({ connection: new ToyUpgrade(now, true), sink }), head);
  });
  const line = await stage.call(serving);
  line.send(`${get('/', 'Connection: upgrade', 'Upgrade: toy')}\x05hello`);
  await line.receive('\x05hello');
  await line.send('\x03you').receive('\x03you');
  line.send('\0');
  const end = await line.untilEnd();
  line.finish();
  return `${line.text.slice(9, 12)}, ${log.join()}, ${end}, ${await serving.cause()}`;
}

async function seeRefusal(stage) {
  const serving = await stage.serve(answer, { connectionsMax: 1, refusalsMax: 1 });
  const first = await stage.call(serving);
  await first.send(get('/1')).receive('/1');
  const second = await stage.call(serving);
  await second.send(get('/2')).receive('\r\n\r\n');
  const third = await stage.call(serving);
  const end = await third.untilEnd();
  return `${second.text.slice(9, 12)}, then ${third.bytes} bytes and ${end}`;
}

/** A handler throws, and nobody asked to be told. */
async function seeWarning(stage) {
  const server = stage.net.serveHttp(() => {
    throw new Error('told to');
  });
  stage.later(() => server.close());
  const { port } = await server.listen();
  const warning = new Promise((resolve) => process.once('warning', resolve));
  const line = await stage.peer.open({ port });
  await line.send(get('/')).receive('\r\n\r\n');
  return `${line.text.slice(9, 12)}, ${(await warning).message}`;
}

/** The features of a server, its client doing what it should. */
export const serverFeatures = [
  { name: 'keep-alive', expected: '3 requests on 1 connection', see: seeKeepAlive },
  { name: 'pipelined requests', expected: '20 responses, in order', see: seePipelining },
  { name: 'chunked request, byte by byte', expected: '[one, two] x: y', see: seeChunkedRequest },
  {
    name: 'chunked response',
    expected: String.raw`"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"`,
    see: seeChunkedResponse,
  },
  { name: 'Expect: 100-continue', expected: '100, then 200', see: seeContinue },
  { name: 'backpressure of an upload', expected: 'bounded, all received', see: seeUpload },
  { name: 'backpressure of a download', expected: 'bounded, all received', see: seeDownload },
  {
    name: 'drain',
    expected: 'idle FIN; announced; 1 finished, 0 cut; no connection: ECONNREFUSED',
    see: seeDrain,
  },
  {
    name: 'Upgrade to another protocol',
    expected: '101, message,message,closed,released, FIN, switched',
    see: seeUpgrade,
  },
  { name: 'a fault becomes a warning', expected: '500, told to', see: seeWarning },
  { name: 'connections above the limit', expected: '503, then 0 bytes and FIN', see: seeRefusal },
];
