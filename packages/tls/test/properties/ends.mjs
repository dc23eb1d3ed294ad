// A client and a server in one process, of any build of the package and over any provider.

/** Nonces and hellos that need not be secret here. */
export function countingRandom(target) {
  for (let index = 0; index < target.length; index++) target[index] = (index * 37 + 11) & 255;
}

const preSharedKeys = [{ identity: Uint8Array.of(1, 2), secret: new Uint8Array(16).fill(3) }];

/** Handshakes of all shapes: options of the client and of the server. */
const shapes = {
  'a certificate': [{}, {}],
  'a pre-shared key': [{ preSharedKeys }, { preSharedKeys, credentials: [] }],
  'a cookie': [{ preSharedKeys }, { preSharedKeys, sendsCookie: true, credentials: [] }],
  'another group': [{ keyShareGroups: [] }, {}],
  'both certificates': ['credential', { clientCertificate: 'require' }],
  grease: [{ grease: true, middleboxCompatibility: false }, { grease: true }],
  'small records': [
    { recordSizeLimit: 64, preSharedKeys },
    { preSharedKeys, credentials: [] },
  ],
  heartbeats: [
    { heartbeat: 'peer-allowed-to-send', preSharedKeys },
    { heartbeat: 'peer-not-allowed-to-send', preSharedKeys, credentials: [] },
  ],
};

/** The names of the shapes. */
export const shapeNames = Object.keys(shapes);

/** Both ends of one connection, and everything that they reported. */
export class Ends {
  constructor(subject, shape, more = {}) {
    const { index, crypto, credential } = subject;
    const common = { random: countingRandom, input: 'borrowed', groups: ['x25519'], ...more };
    const [clientOptions, serverOptions] = shapes[shape];
    const ofClient = clientOptions === 'credential' ? { credential } : clientOptions;
    const forClient = { ...common, crypto: crypto.client, ...ofClient };
    const forServer = {
      ...common,
      crypto: crypto.server,
      credentials: [credential],
      ...serverOptions,
    };
    this.now = 0;
    this.client = new index.TlsClient(index.clientSettings(forClient), 0, 'ed25519.example');
    this.server = new index.TlsServer(index.serverSettings(forServer), 0);
    /** Events of each, data as lists of numbers. */
    this.heard = { client: [], server: [] };
  }

  /** The other end. */
  other(name) {
    return name === 'client' ? 'server' : 'client';
  }

  /** Pulls all events of one end. */
  pull(name) {
    const machine = this[name];
    for (;;) {
      const event = machine.nextEvent(this.now);
      if (event.type === 'need-data' || event.type === 'paused') return;
      this.heard[name].push(event);
      if (event.type === 'verify-peer') machine.acceptPeer(event.id, this.now);
    }
  }

  /** All output of one end, in one piece; it counts as accepted. */
  take(name) {
    const machine = this[name];
    const chunks = [];
    for (let chunk = machine.nextOutput(); chunk !== null; chunk = machine.nextOutput()) {
      chunks.push(...chunk);
      machine.outputAccepted(chunk.length, this.now);
    }
    return Uint8Array.from(chunks);
  }

  /** Gives bytes to one end, cut as told, as far as it wants them. */
  give(name, bytes, sizes) {
    for (let at = 0, turn = 0; at < bytes.length && this[name].wantsData; turn++) {
      const end = at + sizes[turn % sizes.length];
      this[name].receive(bytes.slice(at, end), this.now);
      this.pull(name);
      at = end;
    }
  }

  /** Carries output both ways until nothing moves. */
  exchange(sizes = [65_536]) {
    for (let quiet = 0; quiet < 2; ) {
      const moved = ['client', 'server'].map((name) => {
        this.pull(name);
        const bytes = this.take(name);
        this.give(this.other(name), bytes, sizes);
        return bytes.length > 0;
      });
      quiet = moved.includes(true) ? 0 : quiet + 1;
    }
  }

  /** What one end has heard, with adjacent data merged and what differs in each run left out. */
  story(name) {
    const told = [];
    for (const event of this.heard[name]) {
      const last = told.at(-1);
      if (event.type === 'data' && last?.type === 'data') last.data.push(...event.data);
      else if (event.type === 'data') told.push({ type: 'data', data: [...event.data] });
      else if (event.type === 'verify-peer') told.push({ type: event.type });
      else told.push(event);
    }
    return told;
  }

  /** The bytes of data that one end has heard. */
  data(name) {
    return this.heard[name].flatMap((event) => (event.type === 'data' ? [...event.data] : []));
  }

  /** The only event of a type, or undefined. */
  event(name, type) {
    return this.heard[name].find((event) => event.type === type);
  }
}

/** Throws unless both are the same as JSON. */
export function same(seen, wanted, what) {
  const [left, right] = [seen, wanted].map((value) => JSON.stringify(value));
  if (left !== right) throw new Error(`${what}: ${left} instead of ${right}`);
}
