// The server that all clients are measured against: one write for each request, no protocol. It takes
// every chunk that ends in an empty line for a whole request, which is what clients send that do not
// pipeline. Prints its port.
import { createServer } from 'node:net';
import process from 'node:process';

const CONTENT = 'Hello, world!';
const response = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ndate: ${new Date().toUTCString()}\r\n` +
    `content-length: ${CONTENT.length}\r\nConnection: keep-alive\r\nKeep-Alive: timeout=600\r\n\r\n${CONTENT}`,
);
const LF = 0x0a;

function onData(data) {
  if (data.at(-1) === LF && data.at(-3) === LF) this.write(response);
}

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', onData);
  socket.on('error', () => {});
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`);
});
