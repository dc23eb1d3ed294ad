// A server to be ill-treated, in a process of its own with --expose-gc: what it holds can be measured.
// It is told over IPC: `memory`, answered when the connections are as many as `connections`; `close`.
import { serveHttp } from '@holdline/net';
import { serveWebSocket } from '@holdline/net/websocket';
import { nodeCompression } from '@holdline/websocket/node';

const options = JSON.parse(process.argv[2] ?? '{}');
const ends = {};
const codes = {};
let bufferedBytesMax = 0;

const count = (record, name) => {
  record[name] = (record[name] ?? 0) + 1;
};

const server = serveWebSocket({
  ...(options.compressed && { compression: nodeCompression }),
  websocket: { compressBytesMin: 0, ...options.websocket },
  onMessage(message, connection) {
    if (message === 'close') connection.close();
    else if (message === 'flood') {
      // Whatever it is advised.
      while (connection.isOpen) {
        connection.send(new Uint8Array(65_536));
        bufferedBytesMax = Math.max(bufferedBytesMax, connection.bufferedBytes);
      }
    } else connection.send(message);
    bufferedBytesMax = Math.max(bufferedBytesMax, connection.bufferedBytes);
  },
  onClosed(event, { failure }) {
    count(ends, event.observation);
    if (failure !== null) count(codes, failure.code);
  },
});
const http = serveHttp(server.handle);
const { port } = await http.listen({ host: '127.0.0.1', backlog: 4096 });

const turn = () => new Promise((resolve) => setTimeout(resolve, 10));

process.on('message', async ({ connections }) => {
  while (server.connections.size !== connections) await turn();
  // What has ended is let go of in a few turns, and finalizers run behind a collection.
  for (let round = 0; round < 5; round++) {
    await turn();
    gc();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  const { contextBytes } = server;
  process.send({ heapUsed, external, rss, contextBytes, ends, codes, bufferedBytesMax });
});
process.on('disconnect', () => process.exit());
process.send({ port });
