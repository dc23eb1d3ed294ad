// What a feature is tried with: servers on the runtime under trial, far ends in the peer process,
// and everything gone when the feature is over.
import { createServer } from 'node:net';

/** A server, and what it told. */
export class Serving {
  /** Set once it listens. */
  port = 0;
  server;
  /** Calls of the handler. */
  requests = 0;
  /** Why each connection ended. */
  causes = [];
  faults = [];

  constructor(net, handler, options) {
    const change = () => this.onChange();
    const counting = (exchange) => {
      this.requests += 1;
      change();
      return handler(exchange);
    };
    this.server = net.serveHttp(counting, {
      ...options,
      onConnection: change,
      onConnectionEnd: (_connection, cause) => change(this.causes.push(cause)),
      onFault: (error) => change(this.faults.push(error)),
    });
  }

  /** Something was told. */
  onChange() {}

  /** Waits until what it told satisfies a condition. */
  async until(condition) {
    while (!condition()) {
      await new Promise((resolve) => {
        this.onChange = resolve;
      });
    }
  }

  /** Why the first connection ended. */
  async cause() {
    await this.until(() => this.causes.length > 0);
    return this.causes[0];
  }

  /** The one connection as it is now. */
  get connection() {
    return this.server.connections[0];
  }
}

/** Writes down what a transport reports. */
export class Ear {
  text = '';
  ends = [];
  drains = 0;
  #notify = () => {};

  onData(data) {
    this.text += Buffer.from(data).toString('latin1');
    this.#notify();
  }

  onEnd(end) {
    this.ends.push(end);
    this.#notify();
  }

  onDrain() {
    this.drains += 1;
    this.#notify();
  }

  async until(condition) {
    while (!condition()) {
      await new Promise((resolve) => {
        this.#notify = resolve;
      });
    }
  }
}

/** What one feature has at its disposal. */
export class Stage {
  /** The modules of the package under trial, by entry. */
  modules;
  /** Its main one. */
  net;
  peer;
  /** Imports as the package's consumer does. */
  load;
  #cleanUps = [];
  #over = false;

  constructor(modules, peer, load) {
    this.modules = modules;
    this.net = modules.index;
    this.peer = peer;
    this.load = load;
  }

  /** Serves on a free port. */
  async serve(handler, options = {}) {
    const serving = new Serving(this.net, handler, options);
    this.later(() => serving.server.close());
    serving.port = (await serving.server.listen()).port;
    return serving;
  }

  /** A line to a server. */
  call(serving) {
    return this.peer.open({ port: serving.port });
  }

  /** A connected socket of this runtime, and the line at its other end. */
  async socket(path) {
    const server = createServer({ allowHalfOpen: true });
    this.later(() => server.close());
    const accepted = new Promise((resolve) => server.on('connection', resolve));
    await new Promise((resolve) => {
      if (path === undefined) server.listen(0, '127.0.0.1', resolve);
      else server.listen(path, resolve);
    });
    const target = path === undefined ? { port: server.address().port } : { path };
    const [line, socket] = await Promise.all([this.peer.open(target), accepted]);
    this.later(() => socket.destroy());
    return { socket, line };
  }

  /** Waits for something that nobody tells. */
  async until(condition) {
    while (!condition()) {
      if (this.#over) throw new Error('it is over');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** What has to be done at the end, last things first. */
  later(cleanUp) {
    this.#cleanUps.unshift(cleanUp);
  }

  /** Ends all that is left. */
  async end() {
    this.#over = true;
    for (const cleanUp of this.#cleanUps) await cleanUp();
    this.peer.clear();
  }
}

/** A GET request. */
export function get(target, ...lines) {
  return [`GET ${target} HTTP/1.1`, 'Host: test', ...lines, '', ''].join('\r\n');
}

/** The head of a POST request. */
export function post(target, ...lines) {
  return [`POST ${target} HTTP/1.1`, 'Host: test', ...lines, '', ''].join('\r\n');
}

/** Far more than what the buffers of the system and the machine hold. */
export const LARGE_BYTES = 64 * 1024 * 1024;

/** Those buffers, on loopback, and generous reads of the runtime. */
const HELD_BYTES_MAX = 16 * 1024 * 1024;

/** Whether so many bytes can be what buffers hold. */
export const boundOf = (bytes) => (bytes < HELD_BYTES_MAX ? 'bounded' : `${bytes} bytes`);

/** A large content, whose pieces are counted as they are asked for. */
export async function* pieces(bytes, count) {
  const piece = new Uint8Array(65_536);
  for (let sent = 0; sent < bytes; sent += piece.length) {
    count(piece.length);
    yield piece;
  }
}

/** Turns of the event loop. */
export async function turns(count) {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * Waits until a number has not grown for a while, or something has happened. Whoever waits too short
 * sees less than there would have been, so that only a bound from above may be concluded from it.
 */
export async function settled(read, happened = () => false) {
  let before = -1;
  for (let quiet = 0; quiet < 8 && !happened(); quiet += 1) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    if (read() !== before) quiet = 0;
    before = read();
  }
  return before;
}
