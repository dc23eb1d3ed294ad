// Both ends of opening handshakes over real connections, with heads written and read as text.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A field as it is on the wire. */
export interface WireField {
  readonly name: string;
  readonly value: string;
}

/** The head of a request, taken apart. */
export interface WireRequest {
  readonly method: string;
  readonly target: string;
  readonly minorVersion: number;
  readonly fields: readonly WireField[];
}

/** Takes the head of a request apart. */
function readRequest(text: string): WireRequest {
  const [line = '', ...lines] = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n');
  const [method = '', target = '', version = ''] = line.split(' ');
  return { method, target, minorVersion: Number(version.slice(-1)), fields: lines.map(readField) };
}

/** Takes the head of a response apart. */
export function readResponse(text: string): { status: number; fields: WireField[] } {
  const [line = '', ...lines] = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n');
  return { status: Number(line.split(' ')[1]), fields: lines.map(readField) };
}

function readField(line: string): WireField {
  const colon = line.indexOf(':');
  return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() };
}

/** A head as bytes. */
export function writeHead(startLine: string, fields: readonly WireField[]): Buffer {
  const lines = fields.map(({ name, value }) => `${name}: ${value}\r\n`).join('');
  return Buffer.from(`${startLine}\r\n${lines}\r\n`, 'latin1');
}

/** Sends a request, and gives the head of the response; empty when there is none. */
export async function ask(port: number, request: Buffer): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.setEncoding('latin1').on('error', () => {});
  socket.write(request);
  const text = await headOf(socket);
  socket.destroy();
  return text;
}

/** A server that answers the head of every request with what a function makes of it, until it is closed. */
export async function answering(
  answer: (request: WireRequest, text: string) => Buffer,
): Promise<{ port: number; close: () => void }> {
  const sockets: Set<Socket> = new Set();
  const server = createServer(async (socket) => {
    sockets.add(socket);
    socket.setEncoding('latin1').on('error', () => {});
    const text = await headOf(socket);
    if (text !== '') socket.write(answer(readRequest(text), text));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const close = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { port: typeof address === 'object' ? (address?.port ?? 0) : 0, close };
}

function headOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
      if (text.includes('\r\n\r\n')) resolve(text);
    });
    socket.on('close', () => resolve(''));
  });
}
