// The far ends of lines, for the features: a handle on `peer-process.mjs`.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROCESS_FILE = fileURLToPath(new URL('peer-process.mjs', import.meta.url));

/** Something whose state changes, and who waits for that. */
class Watched {
  #waiters = [];

  /** Waits until a condition holds. */
  async until(condition) {
    while (!condition()) await new Promise((resolve) => this.#waiters.push(resolve));
  }

  /** The state has changed. */
  tell() {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}

/** The far end of one connection. */
class Line extends Watched {
  /** What was received, one character per byte, up to 400000 of them. */
  text = '';
  /** Bytes received. */
  bytes = 0;
  /** The connection is there, and secured if it is to be. */
  opened = false;
  /** How the near end ended: `open` so far, `FIN`, `RST`, `closed` without either, or a code. */
  end = 'open';
  /** Everything poured has been taken. */
  poured = false;
  /** Secured by what TLS remembered of an earlier connection. */
  resumed = false;
  #command;

  constructor(command) {
    super();
    this.#command = command;
  }

  send(text) {
    this.#command({ do: 'send', text });
    return this;
  }

  /** Sends that many bytes; see `poured`. */
  pour(bytes) {
    this.poured = false;
    this.#command({ do: 'pour', bytes });
  }

  /** FIN; the near end can still be heard. */
  finish() {
    this.#command({ do: 'end' });
  }

  /** RST. */
  reset() {
    this.#command({ do: 'reset' });
  }

  /** Ends both directions at once. */
  destroy() {
    this.#command({ do: 'destroy' });
  }

  /** Reads no more. */
  pause() {
    this.#command({ do: 'pause' });
  }

  /** Reads again. */
  resume() {
    this.#command({ do: 'resume' });
  }

  /** Waits for a text; throws when the line ends without it. */
  async receive(part) {
    await this.until(() => this.text.includes(part) || this.end !== 'open');
    if (this.text.includes(part)) return this.text;
    throw new Error(`${this.end} after ${JSON.stringify(this.text.slice(-300))}`);
  }

  /** Waits for the end and says how it came. */
  async untilEnd() {
    await this.until(() => this.end !== 'open');
    return this.end;
  }

  /** For the peer: what the process reported. */
  take({ event, bytes, text, how }) {
    if (event === 'data') {
      this.bytes += bytes;
      this.text += text;
    } else if (event === 'open') this.opened = true;
    else if (event === 'poured') this.poured = true;
    else if (event === 'end' && this.end === 'open') this.end = how;
    this.tell();
  }
}

/** Where lines come in. */
class Door extends Watched {
  /** 0 before it listens. */
  port = 0;
  /** The lines so far. */
  lines = [];
  #peer;
  #command;
  #closed = false;

  constructor(peer, command) {
    super();
    this.#peer = peer;
    this.#command = command;
  }

  /** Listens no more; what came in stays. */
  async close() {
    this.#command({ do: 'close' });
    await this.until(() => this.#closed || this.lines.length > 0);
  }

  /** Waits for the first lines and returns the last of them. */
  async accepted(number = 1) {
    await this.until(() => this.lines.length >= number);
    return this.lines[number - 1];
  }

  /** Ends it at once. */
  destroy() {
    this.#command({ do: 'close' });
  }

  /** For the peer: what the process reported. */
  take({ event, port, line, resumed }) {
    if (event === 'open') this.port = port;
    else if (event === 'closed') this.#closed = true;
    else if (event === 'accepted') {
      const accepted = this.#peer.lineAt(line);
      accepted.resumed = resumed;
      this.lines.push(accepted);
    }
    this.tell();
  }
}

/** The process that holds the far ends. */
export class Peer {
  #child;
  #known = new Map();
  #count = 0;
  #exit;
  #stopped = false;

  /** `nodeFile` is the Node that the far ends run on. */
  constructor(nodeFile) {
    this.#child = spawn(nodeFile, [PROCESS_FILE], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#exit = new Promise((resolve) => this.#child.on('exit', resolve));
    createInterface({ input: this.#child.stdout }).on('line', (text) => {
      // Its last line may be cut short.
      if (this.#stopped) return;
      const event = JSON.parse(text);
      this.#known.get(event.id)?.take(event);
    });
  }

  /** Opens a line to a `port` or a `path`, by TLS of the version `secure` if there is one. */
  async open(target) {
    const id = this.#newId();
    const line = this.lineAt(id);
    this.#command({ ...target, do: 'open', id });
    await line.until(() => line.opened || line.end !== 'open');
    if (!line.opened) throw new Error(`no connection: ${line.end}`);
    return line;
  }

  /** Listens for lines. */
  async listen(options = {}) {
    const id = this.#newId();
    const door = new Door(this, (command) => this.#command({ ...command, id }));
    this.#known.set(id, door);
    this.#command({ ...options, do: 'listen', id });
    await door.until(() => door.port !== 0);
    return door;
  }

  /** Forgets everything, cutting what is open. */
  clear() {
    for (const known of this.#known.values()) known.destroy();
    this.#known.clear();
  }

  /** Ends the process. */
  async stop() {
    this.#stopped = true;
    this.#child.stdin.end();
    await this.#exit;
  }

  /** The line of that id, for the door that it came through. */
  lineAt(id) {
    const line = new Line((command) => this.#command({ ...command, id }));
    this.#known.set(id, line);
    return line;
  }

  #newId() {
    this.#count += 1;
    return String(this.#count);
  }

  #command(command) {
    this.#child.stdin.write(`${JSON.stringify(command)}\n`);
  }
}
