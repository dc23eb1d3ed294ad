// Opens many connections in a process of its own, makes one request on each and then keeps silent.
// Arguments: port, number of connections, the request. Prints a line when all are idle.
import { connect } from 'node:net';
import process from 'node:process';

const [port = '', countText = '', request = ''] = process.argv.slice(2);
const IN_FLIGHT = 200;
// A port that was in use is not for a while: on Linux all of 127.0.0.0/8 is this machine, so that there
// are enough of them.
const ADDRESSES = process.platform === 'linux' ? 200 : 0;
const count = Number(countText);
let opened = 0;
let answered = 0;

function openNext() {
  if (opened === count) return;
  opened += 1;
  const own = `127.0.${process.pid % 256}.${2 + (opened % ADDRESSES)}`;
  const local = ADDRESSES > 0 ? { localAddress: own } : {};
  const socket = connect({ port: Number(port), host: '127.0.0.1', ...local });
  socket.write(JSON.parse(request));
  socket.once('data', () => {
    answered += 1;
    if (answered === count) process.stdout.write('idle\n');
    openNext();
  });
  socket.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
}

for (let started = 0; started < IN_FLIGHT; started += 1) openNext();
