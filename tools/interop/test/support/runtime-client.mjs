// A program for any runtime with a WebSocket of its own: sends text and bytes of many sizes to an echo,
// compares what comes back, closes, and prints what it saw as JSON. Arguments: URL, code, reason.
const [url, code, reason] = process.argv.slice(2);
const socket = new WebSocket(url, ['chat', 'superchat']);
socket.binaryType = 'arraybuffer';

const next = (type) =>
  new Promise((resolve, reject) => {
    socket.addEventListener(type, resolve, { once: true });
    const failed = new Error(`the WebSocket ended while ${type} was waited for`);
    if (type !== 'close') socket.addEventListener('close', () => reject(failed), { once: true });
  });

function isSame(message, data) {
  if (typeof message === 'string') return data === message;
  return (
    data instanceof ArrayBuffer &&
    data.byteLength === message.length &&
    new Uint8Array(data).every((byte, at) => byte === message[at])
  );
}

await next('open');
const echoes = [];
for (const size of [0, 1, 125, 126, 65_535, 65_536, 1_048_576]) {
  const text = 'ü'.repeat(size / 2) + 'x'.repeat(size % 2);
  const bytes = Uint8Array.from({ length: size }, (_, at) => (at * at) % 251);
  for (const message of [text, bytes]) {
    socket.send(message);
    const { data } = await next('message');
    echoes.push(isSame(message, data) ? 'same' : `${size}: another`);
  }
}
const { extensions, protocol } = socket;
const closed = next('close');
socket.close(Number(code), reason);
const end = await closed;
const close = { code: end.code, reason: end.reason, wasClean: end.wasClean };
console.log(JSON.stringify({ extensions, protocol, echoes, close }));
