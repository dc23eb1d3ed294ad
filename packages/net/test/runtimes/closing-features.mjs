// How connections end, told from outside and from inside.
import { get, post, turns } from './stage.mjs';

const answer = (exchange) => exchange.respond({ status: 200, content: 'answer' });

/** Longer than any test, so that one deadline alone comes. */
const LONG_MS = 60_000;

async function seeHalfClose(stage) {
  const serving = await stage.serve(async (exchange) => {
    await turns(50);
    answer(exchange);
  });
  const line = await stage.call(serving);
  line.send(get('/') + get('/')).finish();
  const end = await line.untilEnd();
  return `${line.text.split('\r\n\r\nanswer').length - 1} responses, ${end}, ${await serving.cause()}`;
}

/** A response that comes before its request has been sent, and must not be lost by a RST. */
async function seeLinger(stage) {
  const serving = await stage.serve((exchange) => {
    const fields = [{ name: 'connection', value: 'close' }];
    exchange.respond({ status: 413, fields, content: 'too much' });
  });
  const line = await stage.call(serving);
  line.send(post('/', 'Content-Length: 500000')).pour(400_000);
  const end = await line.untilEnd();
  const text = line.text.endsWith('\r\n\r\ntoo much') ? 'whole' : JSON.stringify(line.text);
  await line.until(() => line.poured);
  line.pour(100_000);
  await line.until(() => line.poured);
  line.finish();
  return `${text}, ${end}, ${await serving.cause()}`;
}

async function seeFin(stage) {
  const serving = await stage.serve(answer);
  const line = await stage.call(serving);
  await line.send(get('/')).receive('answer');
  line.finish();
  return `${await serving.cause()}, ${await line.untilEnd()}`;
}

async function seeReset(stage) {
  const serving = await stage.serve(answer);
  const line = await stage.call(serving);
  await line.send(get('/')).receive('answer');
  line.reset();
  return serving.cause();
}

/** A request whose content is cut: what its handler hears. */
async function cutContent(stage, cut) {
  let heard = '';
  const serving = await stage.serve(async (exchange) => {
    try {
      await exchange.readContent({ bytesMax: 1000 });
    } catch (error) {
      heard = error.code;
      throw error;
    }
  });
  const line = await stage.call(serving);
  line.send(`${post('/', 'Content-Length: 100')}some`);
  await stage.until(() => serving.connection?.bytesReceived >= 56);
  cut(line);
  const cause = await serving.cause();
  await stage.until(() => heard !== '');
  return `${heard}, ${cause}`;
}

const seeContentReset = (stage) => cutContent(stage, (line) => line.reset());
const seeContentEnd = (stage) => cutContent(stage, (line) => line.finish());

async function seeCut(stage) {
  const serving = await stage.serve((exchange) => exchange.connection.abort());
  const line = await stage.call(serving);
  line.send(get('/'));
  return `${await line.untilEnd()}, ${await serving.cause()}`;
}

async function seeSignal(stage) {
  let aborted = false;
  const serving = await stage.serve(async (exchange) => {
    await new Promise((resolve) => exchange.signal.addEventListener('abort', resolve));
    aborted = exchange.signal.aborted;
  });
  const line = await stage.call(serving);
  line.send(get('/'));
  await serving.until(() => serving.requests === 1);
  line.reset();
  const cause = await serving.cause();
  await turns(1);
  return `${aborted ? 'aborted' : 'not aborted'}, ${cause}`;
}

async function seeIdle(stage) {
  const timeouts = { idleMs: 50, idleGraceMs: 0, lingerMs: 1000 };
  const serving = await stage.serve(answer, { http1: { timeouts } });
  const line = await stage.call(serving);
  await line.send(get('/')).receive('answer');
  const end = await line.untilEnd();
  line.finish();
  return `${end}, ${await serving.cause()}`;
}

async function seeSlowHead(stage) {
  const serving = await stage.serve(answer, { http1: { timeouts: { headMs: 50 } } });
  const line = await stage.call(serving);
  line.send('GET / HTTP/1.1\r\n');
  const end = await line.untilEnd();
  line.finish();
  await serving.cause();
  return `${line.text.slice(9, 12)}, ${end}`;
}

async function seeWriteStall(stage) {
  const timeouts = { writeStallMs: 300, idleMs: LONG_MS };
  const content = Array.from({ length: 500 }, () => new Uint8Array(65_536));
  const serving = await stage.serve((exchange) => exchange.respond({ status: 200, content }), {
    http1: { timeouts },
  });
  const line = await stage.call(serving);
  line.pause();
  line.send(get('/'));
  const cause = await serving.cause();
  line.resume();
  return `${cause}, ${await line.untilEnd()}`;
}

async function seeCutDrain(stage) {
  const serving = await stage.serve(() => {});
  const line = await stage.call(serving);
  line.send(get('/'));
  await serving.until(() => serving.requests === 1);
  const report = await serving.server.drain({ timeoutMs: 50 });
  return `${report.connectionsCut} cut, ${await line.untilEnd()}`;
}

/** The features of endings. */
export const closingFeatures = [
  { name: 'client half-closes', expected: '2 responses, FIN, peer-end', see: seeHalfClose },
  { name: 'lingering close', expected: 'whole, FIN, content-unread', see: seeLinger },
  { name: 'FIN between requests', expected: 'peer-end, FIN', see: seeFin },
  { name: 'RST between requests', expected: 'reset', see: seeReset },
  { name: 'FIN within content', expected: 'NET_CONTENT_INCOMPLETE, failed', see: seeContentEnd },
  { name: 'RST within content', expected: 'NET_CONTENT_INCOMPLETE, reset', see: seeContentReset },
  { name: 'AbortSignal of an exchange', expected: 'aborted, reset', see: seeSignal },
  { name: 'cut by the server', expected: 'RST, cut', see: seeCut },
  { name: 'idle timeout', expected: 'FIN, idle-timeout', see: seeIdle },
  { name: 'timeout of a head', expected: '408, FIN', see: seeSlowHead },
  { name: 'write stall', expected: 'write-stall, RST', see: seeWriteStall },
  { name: 'drain that runs out of time', expected: '1 cut, RST', see: seeCutDrain },
];
