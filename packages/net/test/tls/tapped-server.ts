// A server of plain TCP that notes what a client sends and how it ends, whoever plays the server.
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

const HEADER_BYTES = 5;
const ALERT = 21;
const APPLICATION_DATA = 23;
/** Level, description, inner type and tag. */
const SEALED_ALERT_BYTES = 2 + 1 + 16;

/** Records by their types; `sealed alert` for one that is as long as an alert, with the number of one in the clear. */
export function recordNames(wire: Uint8Array): string[] {
  const names: string[] = [];
  for (let at = 0; at + HEADER_BYTES <= wire.length; ) {
    const byteCount = wire[at + 3]! * 256 + wire[at + 4]!;
    const type = wire[at]!;
    if (type === ALERT) names.push(`clear alert ${wire[at + 6]}`);
    else if (type === APPLICATION_DATA && byteCount === SEALED_ALERT_BYTES)
      names.push('sealed alert');
    else names.push(String(type));
    at += HEADER_BYTES + byteCount;
  }
  return names;
}

/** What one connection brought. */
export class Tap {
  readonly socket: Socket;
  /** `end` for FIN, `error` for RST, `close` when the socket is no more, in their order. */
  readonly ends: string[] = [];
  readonly closed: Promise<unknown>;
  #chunks: Buffer[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => this.#chunks.push(chunk));
    socket.on('end', () => this.ends.push('end'));
    socket.on('error', () => this.ends.push('error'));
    this.closed = new Promise((resolve) => {
      socket.on('close', () => {
        this.ends.push('close');
        resolve(null);
      });
    });
  }

  /** Records that came. */
  get records(): string[] {
    return recordNames(Buffer.concat(this.#chunks));
  }
}

/** Listens on the loopback interface. */
export class TappedServer {
  readonly taps: Tap[] = [];
  readonly #server: Server;

  constructor(play: (socket: Socket) => void) {
    this.#server = createServer({ allowHalfOpen: true }, (socket) => {
      this.taps.push(new Tap(socket));
      play(socket);
    });
  }

  /** Where it listens. */
  async listen(): Promise<{ host: string; port: number }> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  /** Ends with all that is left. */
  close(): void {
    this.#server.close();
    for (const { socket } of this.taps) socket.destroy();
  }
}
