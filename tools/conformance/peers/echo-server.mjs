// Servers that read the content of a request before they answer: 200 with the site's content for
// GET and HEAD, and with what was received for other methods. `node echo-server.mjs KIND PORT`.
import { createServer } from 'node:http';
import process from 'node:process';
import { SITE } from './site.mjs';

/** More than any case sends. */
const CONTENT_BYTES_MAX = 16_000_000;

const ALLOWED = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];

const [kind = '', port = '0'] = process.argv.slice(2);

/** The response to a request whose content has been read; it is the same for every kind. */
function responseTo(method, target, content) {
  const allow = ALLOWED.join(', ');
  if (!ALLOWED.includes(method)) return { status: 501, fields: {}, content: 'unknown method' };
  if (method === 'OPTIONS') return { status: 200, fields: { allow }, content: allow };
  const path = pathOf(target);
  if (path === null) return { status: 421, fields: {}, content: 'not here' };
  if (method !== 'GET' && method !== 'HEAD') return { status: 200, fields: {}, content };
  const found = SITE.get(path);
  if (found === undefined) return { status: 404, fields: {}, content: 'none' };
  return { status: 200, fields: {}, content: found };
}

/** The path of a target that this server has; null for what is directed at another. */
function pathOf(target) {
  if (target.startsWith('/')) return target.replace(/\?.*$/, '');
  const match = /^http:\/\/([^/?]+)([^?]*)/i.exec(target);
  if (match === null || !/^(localhost|127\.|\[::1\])/i.test(match[1])) return null;
  return match[2] === '' ? '/' : match[2];
}

function startNode() {
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => {
      const { status, fields, content } = responseTo(
        request.method,
        request.url,
        Buffer.concat(chunks),
      );
      response.writeHead(status, { ...fields, 'content-length': content.length });
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
    const { status, fields, content } = responseTo(method, target, received);
    const list = Object.entries(fields).map(([name, value]) => ({ name, value }));
    exchange.respond({ status, fields: list, content });
  });
  await server.listen({ port: Number(port), host: '127.0.0.1' });
}

if (kind === 'node') startNode();
else await startHoldline();
