// node:tls of the release that runs this file: `server CERTIFICATE KEY` or `client PORT CERTIFICATE`, and
// options in JSON. Echoes, or says what comes by stdin; prints what it sees, a line of JSON each.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { connect, createServer } from 'node:tls';

const [role, first, second, json = '{}'] = process.argv.slice(2);
const options = { minVersion: 'TLSv1.3', ...JSON.parse(json) };

function tell(what) {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

function follow(socket) {
  socket.on('end', () => tell({ type: 'end' }));
  socket.on('error', ({ code }) => tell({ type: 'error', code }));
  socket.on('close', (hadError) => tell({ type: 'close', hadError }));
}

function tellSecured(socket) {
  const { name: cipher } = socket.getCipher();
  const exported = socket.exportKeyingMaterial(32, 'a label', Buffer.alloc(0)).toString('hex');
  const protocol = socket.alpnProtocol;
  const group = socket.getEphemeralKeyInfo()?.name ?? null;
  tell({ type: 'secured', protocol, cipher, exported, group, version: process.version });
}

if (role === 'server') {
  const files = { cert: readFileSync(first), key: readFileSync(second) };
  const server = createServer({ ...files, ...options }, (socket) => {
    tellSecured(socket);
    follow(socket);
    socket.on('data', (data) => socket.write(data));
  });
  server.on('tlsClientError', ({ code }) => tell({ type: 'refused', code }));
  server.listen(0, '127.0.0.1', () => tell({ type: 'listening', port: server.address().port }));
} else {
  const to = { port: Number(first), host: '127.0.0.1', servername: 'localhost' };
  const socket = connect({ ...to, ca: readFileSync(second), ...options }, () =>
    tellSecured(socket),
  );
  follow(socket);
  socket.on('data', (data) => tell({ type: 'data', text: data.toString('latin1') }));
  process.stdin.on('data', (data) => socket.write(data)).on('end', () => socket.end());
}
