// The other end of the lines, in a process of its own on the Node release of the workspace, so that
// what a runtime under trial does is seen from the outside. Takes commands as lines of JSON on
// stdin, reports events as lines of JSON on stdout, and ends with stdin.
import { connect, createServer } from 'node:net';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { connect as connectSecurely, createServer as createSecureServer } from 'node:tls';
import { CERTIFICATE, KEY } from './certificate.mjs';

const PIECE = Buffer.alloc(65_536, 'x');

/** Text of a line that is reported; behind it only its length counts. */
const TEXT_MAX = 400_000;

const lines = new Map();

function report(event) {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

function watch(id, socket) {
  lines.set(id, socket);
  let reported = 0;
  socket.on('data', (data) => {
    const text = data.toString('latin1').slice(0, Math.max(0, TEXT_MAX - reported));
    reported += text.length;
    report({ id, event: 'data', bytes: data.length, text });
  });
  socket.on('end', () => report({ id, event: 'end', how: 'FIN' }));
  socket.on('error', ({ code }) =>
    report({ id, event: 'end', how: code === 'ECONNRESET' ? 'RST' : code }),
  );
  socket.on('close', () => report({ id, event: 'end', how: 'closed' }));
}

/** Writes that many bytes, no faster than they are taken, and reports when they have been. */
function pour(id, socket, bytes) {
  let left = bytes;
  const next = () => {
    if (left === 0) {
      report({ id, event: 'poured' });
      return;
    }
    const piece = PIECE.subarray(0, left);
    left -= piece.length;
    socket.write(piece, (error) => {
      if (error === null || error === undefined) next();
    });
  };
  next();
}

function open({ id, port, path, secure }) {
  const target = { ...(path === undefined ? { port, host: '127.0.0.1' } : { path }) };
  const socket =
    secure === undefined
      ? connect({ ...target, allowHalfOpen: true, noDelay: true })
      : connectSecurely({ ...target, ...secured(secure), rejectUnauthorized: false });
  watch(id, socket);
  const ready = secure === undefined ? 'connect' : 'secureConnect';
  socket.once(ready, () => report({ id, event: 'open' }));
}

const secured = (version) => ({ minVersion: version, maxVersion: version, allowHalfOpen: true });

/** Listens; each connection becomes a line of the id that it is told with. */
function listen({ id, secure }) {
  let accepted = 0;
  const take = (socket) => {
    accepted += 1;
    const line = `${id}.${accepted}`;
    socket.setNoDelay(true);
    watch(line, socket);
    report({ id, event: 'accepted', line, resumed: socket.isSessionReused?.() ?? false });
  };
  const server =
    secure === undefined
      ? createServer({ allowHalfOpen: true }, take)
      : createSecureServer({ ...secured(secure), key: KEY, cert: CERTIFICATE }, take);
  server.listen(0, '127.0.0.1', () => report({ id, event: 'open', port: server.address().port }));
  lines.set(id, server);
}

const COMMANDS = {
  open,
  listen,
  send: ({ id, text }) => lines.get(id).write(Buffer.from(text, 'latin1')),
  pour: ({ id, bytes }) => pour(id, lines.get(id), bytes),
  end: ({ id }) => lines.get(id).end(),
  reset: ({ id }) => lines.get(id).resetAndDestroy(),
  pause: ({ id }) => lines.get(id).pause(),
  resume: ({ id }) => lines.get(id).resume(),
  destroy: ({ id }) => lines.get(id).destroy(),
  close: ({ id }) => lines.get(id).close(() => report({ id, event: 'closed' })),
};

const commands = createInterface({ input: process.stdin });
commands.on('line', (line) => {
  const command = JSON.parse(line);
  COMMANDS[command.do](command);
});
commands.on('close', () => process.exit(0));
