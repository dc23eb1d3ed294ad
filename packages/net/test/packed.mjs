// Run against the packed tarball on every runtime: a server from its modules and exchanges over
// loopback, cut at random; and what `runtimes/features.mjs` lists, one by one. Plain JavaScript without
// a test framework.
import { connect } from 'node:net';

export { differences } from './runtimes/differences.mjs';
export { observe } from './runtimes/observe.mjs';

/** Answers every request with what it carried. */
async function echo(exchange) {
  const content = await exchange.readContent({ bytesMax: 1_000_000 });
  if (exchange.head.target === '/stream') {
    exchange.respond({ status: 200, content: [content, content] });
  } else {
    exchange.respond({ status: 200, content });
  }
}

/** Sends pieces in turn and resolves with all that comes back until the server ends. */
function converse(port, pieces) {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.on('data', (data) => {
      text += data.toString('latin1');
    });
    socket.on('end', () => {
      socket.end();
      resolve(text);
    });
    socket.on('error', reject);
    const sendNext = () => {
      const piece = pieces.shift();
      if (piece !== undefined) socket.write(piece, () => setImmediate(sendNext));
    };
    sendNext();
  });
}

/** Pseudo-random numbers in [0, 1) (mulberry32). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Cuts a text at random points. */
function cut(text, next) {
  const pieces = [];
  for (let start = 0; start < text.length; ) {
    const end = start + 1 + Math.floor(next() * 200);
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

const CHECKS = [
  {
    name: 'a request and its end',
    request: 'GET / HTTP/1.0\r\n\r\n',
    expected: /^HTTP\/1\.1 200 OK\r\n(?=[\s\S]*content-length: 0\r\n)[\s\S]*\r\n\r\n$/i,
  },
  {
    name: 'pipelined requests in order',
    request:
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none' +
      'POST /stream HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n' +
      'HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    expected:
      /\r\n\r\none[\s\S]*\r\n\r\n3\r\ntwo\r\n3\r\ntwo\r\n0\r\n\r\nHTTP\/1\.1 200[\s\S]*\r\n\r\n$/,
  },
  {
    name: 'a malformed request',
    request: 'GET / HTTP/1.1\r\nHost : a\r\n\r\n',
    expected:
      /^HTTP\/1\.1 400 Bad Request\r\n[\s\S]*\r\nconnection: close\r\n[\s\S]*\r\n\r\n400 Bad Request\n$/i,
  },
  {
    name: 'too much content',
    request: 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n',
    expected: /^HTTP\/1\.1 413 /,
  },
];

/** Runs the sample; `runs` is how many random conversations are tried. */
export async function run(modules, { seed, runs }) {
  const net = modules.index;
  const counts = { passed: 0, failed: 0, failures: [] };
  const check = (name, condition, detail) => {
    if (condition) counts.passed += 1;
    else {
      counts.failed += 1;
      counts.failures.push(`${name}: ${detail}`);
    }
  };
  const server = net.serveHttp(echo);
  const { port } = await server.listen();
  const next = random(seed);
  for (const { name, request, expected } of CHECKS) {
    const text = await converse(port, [request]);
    check(name, expected.test(text), JSON.stringify(text));
  }
  for (let round = 0; round < Math.min(runs, 50); round += 1) {
    const content = 'x'.repeat(Math.floor(next() * 5000));
    const request = `POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${content.length}\r\n\r\n${content}`;
    const text = await converse(port, cut(request, next));
    check(`seed ${seed}, round ${round}`, text.endsWith(`\r\n\r\n${content}`), text.slice(0, 500));
  }
  const report = await server.drain({ timeoutMs: 5000 });
  check('drain', report.connectionsCut === 0, JSON.stringify(report));
  check('capabilities', net.tcpCapabilities().noDelay === true, 'no report');
  return counts;
}
