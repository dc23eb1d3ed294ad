// A client and a server in one process, whose output goes to each other, and ways to tamper with it.
import { readFileSync } from 'node:fs';
import type { Engine, EngineEvent } from '../../src/engine.ts';
import {
  type Credential,
  clientSettings,
  serverSettings,
  TlsClient,
  type TlsClientOptions,
  TlsServer,
  type TlsServerOptions,
} from '../../src/index.ts';
import { nodeCrypto, nodeRandom, pemCredential } from '../../src/node/index.ts';

/** The kinds of certificates in the folder `credentials`, self-signed, made for these tests alone. */
export type CredentialName = 'p256' | 'p384' | 'rsa' | 'ed25519' | 'may-not-sign';

/** A certificate with its key. */
export function credential(name: CredentialName): Credential {
  const pem = readFileSync(new URL(`./credentials/${name}.pem`, import.meta.url), 'utf8');
  return pemCredential({ cert: pem, key: pem });
}

type Machine = TlsClient | TlsServer;
type EventOf<Type extends EngineEvent['type']> = Extract<EngineEvent, { type: Type }>;

/** What a pair is told besides the options of its ends. */
export interface PairOptions {
  readonly client?: Partial<TlsClientOptions>;
  readonly server?: Partial<TlsServerOptions>;
  readonly serverName?: string | null;
  /** Peers are accepted as soon as they are asked about; true. */
  readonly accepts?: boolean;
}

/** One end and all that it has reported. */
export class PairEnd<Own extends Machine> {
  readonly machine: Own;
  readonly events: EngineEvent[] = [];
  /** Bytes received as application data, as text. */
  text = '';

  constructor(machine: Own) {
    this.machine = machine;
  }

  /** The inside, for tampering. */
  get engine(): Engine {
    return (this.machine as unknown as { readonly engine: Engine }).engine;
  }

  /** The only event of a type; throws when there is none, or more than one. */
  only<Type extends EngineEvent['type']>(type: Type): EventOf<Type> {
    const found = this.all(type);
    if (found.length !== 1) {
      const seen = JSON.stringify(this.events.map((event) => event.type));
      throw new Error(`${found.length} events of ${type} among ${seen}`);
    }
    return found[0]!;
  }

  /** All events of a type. */
  all<Type extends EngineEvent['type']>(type: Type): EventOf<Type>[] {
    return this.events.filter((event): event is EventOf<Type> => event.type === type);
  }

  /** How it failed: code and alert; null when it has not. */
  get failure(): { readonly code: string; readonly alert: string | null } | null {
    const [failed] = this.all('failed');
    return failed === undefined ? null : { code: failed.code, alert: failed.alert };
  }

  /** The number of the alert that came; null for none. */
  get receivedAlert(): number | null {
    return this.all('failed')[0]?.receivedAlert ?? null;
  }

  /** Changes handshake messages on their way out; null drops one. The transcript keeps what was meant. */
  tamper(change: (message: Uint8Array) => Uint8Array | readonly Uint8Array[] | null): void {
    const { channel } = this.engine;
    const send = channel.sendHandshake.bind(channel);
    channel.sendHandshake = (message) => {
      const changed = change(message.slice());
      if (changed === null) return;
      for (const one of changed instanceof Uint8Array ? [changed] : changed) send(one);
    };
  }
}

/** Both ends. */
export class EnginePair {
  readonly client: PairEnd<TlsClient>;
  readonly server: PairEnd<TlsServer>;
  now = 0;
  private readonly accepts: boolean;

  constructor(options: PairOptions = {}) {
    const common = { crypto: nodeCrypto, random: nodeRandom, input: 'borrowed' as const };
    const { serverName = 'p256.example' } = options;
    this.accepts = options.accepts ?? true;
    const forClient = clientSettings({
      ...common,
      groups: ['x25519', 'secp256r1'],
      ...options.client,
    });
    const forServer = serverSettings({
      ...common,
      groups: ['x25519', 'secp256r1'],
      credentials: [credential('p256')],
      ...options.server,
    });
    this.client = new PairEnd(new TlsClient(forClient, 0, serverName));
    this.server = new PairEnd(new TlsServer(forServer, 0));
  }

  /** Both have completed the handshake. */
  get isSecured(): boolean {
    return this.client.machine.isSecured && this.server.machine.isSecured;
  }

  /** Hands output over in pieces of at most `pieceBytes` until nothing moves. */
  exchange(pieceBytes: number = Number.POSITIVE_INFINITY): void {
    for (let round = 0; round < 1000; round++) {
      const moved = [
        this.drain(this.client, this.server, pieceBytes),
        this.drain(this.server, this.client, pieceBytes),
      ];
      if (!moved.includes(true)) return;
    }
    throw new Error('the pair does not come to rest');
  }

  /** Pulls one end's events, then its output, which goes to the other end; true when anything moved. */
  drain(from: PairEnd<Machine>, to: PairEnd<Machine>, pieceBytes: number): boolean {
    let moved = this.pull(from);
    const { machine } = from;
    for (let chunk = machine.nextOutput(); chunk !== null; chunk = machine.nextOutput()) {
      moved = true;
      for (let start = 0; start < chunk.length; start += pieceBytes) {
        to.machine.receive(chunk.subarray(start, start + pieceBytes), this.now);
        if (pieceBytes !== Number.POSITIVE_INFINITY || !to.machine.wantsData) this.pull(to);
      }
      machine.outputAccepted(chunk.length, this.now);
    }
    return this.pull(from) || moved;
  }

  /** All events of one end. */
  pull(end: PairEnd<Machine>): boolean {
    let moved = false;
    for (;;) {
      const event = end.machine.nextEvent(this.now);
      if (event.type === 'need-data' || event.type === 'paused') return moved;
      moved = true;
      end.events.push(event);
      if (event.type === 'data') end.text += new TextDecoder().decode(event.data);
      if (event.type === 'verify-peer' && this.accepts) end.machine.acceptPeer(event.id, this.now);
    }
  }

  /** Sends text both ways and expects it there. */
  talk(): boolean {
    const before = [this.client.text, this.server.text];
    this.client.machine.sendData(new TextEncoder().encode('ping'), this.now);
    this.server.machine.sendData(new TextEncoder().encode('pong'), this.now);
    this.exchange();
    return this.client.text === `${before[0]}pong` && this.server.text === `${before[1]}ping`;
  }
}
