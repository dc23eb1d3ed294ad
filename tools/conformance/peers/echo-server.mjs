// Servers that read the content of a request before they answer: 200 with the site's content for
// GET and HEAD, and with what was received for other methods. `node echo-server.mjs KIND PORT`.
import { createServer } from 'node:http';
import process from 'node:process';
import { SITE } from './site.mjs';

/** More than any case sends. */
const CONTENT_BYTES_MAX = 16_000_000;

const [kind = '', port = '0'] = process.argv.slice(2);

/** The response to a request whose content has been read; it is the same for every kind. */
function responseTo(method, target, content) {
  if (method !== 'GET' && method !== 'HEAD') return { status: 200, content };
  const path = target.replace(/^http:\/\/[^/?]*/i, '').replace(/\?.*$/, '') || '/';
  const found = SITE.get(path);
  return found === undefined ? { status: 404, content: 'none' } : { status: 200, content: found };
}

function startNode() {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => {
      const { status, content } = responseTo(request.method, request.url, Buffer.concat(chunks));
      response.writeHead(status, { 'content-length': content.length });
      response.end(content);
    });
  });
  server.listen(Number(port), '127.0.0.1');
}

async function startHoldline() {
  const { serveHttp } = await import('@holdline/net');
  const server = serveHttp(async (exchange) => {
    const received = await exchange.readContent({ bytesMax: CONTENT_BYTES_MAX });
    const { method, target } = exchange.head;
    const { status, content } = responseTo(method, target, received);
    exchange.respond({ status, content });
  });
  await server.listen({ port: Number(port), host: '127.0.0.1' });
}

if (kind === 'node') startNode();
else await startHoldline();
