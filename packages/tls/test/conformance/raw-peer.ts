// The other end of a conversation: it sends whatever it is told to, right or wrong, and notes what comes.
import { ALERT } from '../../src/alert.ts';
import type { EngineEvent } from '../../src/engine.ts';
import type { TlsClient, TlsServer } from '../../src/index.ts';
import { filled, join, list, number } from '../support/wire.ts';
import type { PeerKeys } from './peer-secrets.ts';

/** ContentType. */
export const TYPE = { ccs: 20, alert: 21, handshake: 22, data: 23, heartbeat: 24 } as const;

const HEADER_BYTES = 5;
const FRAGMENT_BYTES_MAX = 16_384;
const EXCHANGE_ROUNDS_MAX = 1000;

/** How a record is made; what is not given is right. */
export interface RecordOptions {
  readonly version?: number;
  /** Zeros behind the inner type. */
  readonly paddingBytes?: number;
  /** Bytes of the ciphertext that are damaged, from its end. */
  readonly damagedBytes?: number;
}

/** A record that came, opened. */
export interface SeenRecord {
  readonly type: number;
  readonly content: Uint8Array;
  readonly isProtected: boolean;
  readonly version: number;
  /** Bytes of the plaintext with type and padding; of a clear record, of its content. */
  readonly innerBytes: number;
}

/** What both roles of a raw peer share. */
export abstract class RawPeer<Machine extends TlsClient | TlsServer> {
  readonly machine: Machine;
  readonly records: SeenRecord[] = [];
  /** Handshake messages that came. */
  readonly messages: Uint8Array[] = [];
  readonly events: EngineEvent[] = [];
  /** All messages of both sides, as the transcript has them. */
  transcript: Uint8Array[] = [];
  /** Null while records are in the clear. */
  writing: PeerKeys | null = null;
  reading: PeerKeys | null = null;
  now = 0;
  /** Whether the machine's question about this peer is answered by yes. */
  accepts = true;
  private input: Uint8Array = new Uint8Array(0);
  private partial: Uint8Array = new Uint8Array(0);

  constructor(machine: Machine) {
    this.machine = machine;
  }

  /** A whole message came. */
  protected abstract receiveMessage(message: Uint8Array): void;

  /** Sends bytes as they are. */
  sendBytes(data: Uint8Array): void {
    if (data.length > 0) this.machine.receive(data.slice(), this.now);
    this.exchange();
  }

  /** The bytes of a record under the present keys. */
  record(type: number, content: Uint8Array, options: RecordOptions = {}): Uint8Array {
    const { version = 0x0303, paddingBytes = 0, damagedBytes = 0 } = options;
    const { writing } = this;
    if (writing === null) return clearRecord(type, content, version);
    const inner = join(content, number(1, type), filled(paddingBytes, 0));
    const header = join(number(1, TYPE.data), number(2, version), number(2, inner.length + 16));
    const sealed = writing.seal(header, inner);
    for (let index = 1; index <= damagedBytes; index += 1) sealed[sealed.length - index]! ^= 1;
    return join(header, sealed);
  }

  /** Sends a record under the present keys. */
  sendRecord(type: number, content: Uint8Array, options: RecordOptions = {}): void {
    this.sendBytes(this.record(type, content, options));
  }

  /** Sends a record in the clear whatever the keys. */
  sendClear(type: number, content: Uint8Array, version = 0x0303): void {
    this.sendBytes(clearRecord(type, content, version));
  }

  /** Sends handshake messages in as few records as it takes; the transcript does not see them. */
  sendHandshake(...messages: readonly Uint8Array[]): void {
    const content = join(...messages);
    let at = 0;
    do {
      this.sendRecord(TYPE.handshake, content.subarray(at, at + FRAGMENT_BYTES_MAX));
      at += FRAGMENT_BYTES_MAX;
    } while (at < content.length);
  }

  /** Sends messages and adds them to the transcript. */
  send(...messages: readonly Uint8Array[]): void {
    this.transcript.push(...messages);
    this.sendHandshake(...messages);
  }

  /** Sends an alert. */
  sendAlert(level: number, description: number): void {
    this.sendRecord(TYPE.alert, Uint8Array.of(level, description));
  }

  /** Sends text as application data. */
  sendText(text: string): void {
    this.sendRecord(TYPE.data, new TextEncoder().encode(text));
  }

  /** Sends a KeyUpdate and goes on under new keys. */
  updateKeys(request = 0): void {
    this.sendHandshake(join(number(1, 24), list(3, number(1, request))));
    this.writing = this.writing!.next();
  }

  /** Pulls events and reads output until nothing moves. */
  exchange(): void {
    for (let round = 0; round < EXCHANGE_ROUNDS_MAX; round += 1) {
      const moved = this.pull();
      if (!this.readOutput() && !moved) return;
    }
    throw new Error('the conversation does not come to rest');
  }

  /** The names of the alerts that came, each with its level if that is not the usual one. */
  get alerts(): string[] {
    return this.records.filter(({ type }) => type === TYPE.alert).map(alertText);
  }

  /** The text of application data that came. */
  get text(): string {
    const data = this.records.filter(({ type }) => type === TYPE.data);
    return new TextDecoder().decode(join(...data.map(({ content }) => content)));
  }

  /** The text that the machine has reported. */
  get machineText(): string {
    const data = this.events.flatMap((event) => (event.type === 'data' ? [event.data] : []));
    return new TextDecoder().decode(join(...data));
  }

  /** Whether data goes both ways. */
  talks(): boolean {
    const before = [this.text, this.machineText];
    if (!this.machine.isSecured) return false;
    this.machine.sendData(new TextEncoder().encode('pong'), this.now);
    this.sendText('ping');
    this.exchange();
    return this.text === `${before[0]}pong` && this.machineText === `${before[1]}ping`;
  }

  private pull(): boolean {
    for (let moved = false; ; moved = true) {
      const event = this.machine.nextEvent(this.now);
      if (event.type === 'need-data' || event.type === 'paused') return moved;
      this.events.push(event.type === 'data' ? { ...event, data: event.data.slice() } : event);
      if (event.type === 'verify-peer' && this.accepts) {
        this.machine.acceptPeer(event.id, this.now);
      }
    }
  }

  private readOutput(): boolean {
    const { machine } = this;
    let moved = false;
    for (let chunk = machine.nextOutput(); chunk !== null; chunk = machine.nextOutput()) {
      moved = true;
      this.input = join(this.input, chunk);
      machine.outputAccepted(chunk.length, this.now);
    }
    while (this.readRecord());
    return moved;
  }

  private readRecord(): boolean {
    const { input } = this;
    if (input.length < HEADER_BYTES) return false;
    const end = HEADER_BYTES + input[3]! * 256 + input[4]!;
    if (input.length < end) return false;
    this.input = input.subarray(end);
    const header = input.subarray(0, HEADER_BYTES);
    const fragment = input.subarray(HEADER_BYTES, end);
    const version = header[1]! * 256 + header[2]!;
    const { reading } = this;
    const isProtected = reading !== null && header[0] === TYPE.data;
    const inner = isProtected ? reading.open(header, fragment) : fragment.slice();
    let typeAt = inner.length - 1;
    while (isProtected && inner[typeAt] === 0) typeAt -= 1;
    const type = isProtected ? inner[typeAt]! : header[0]!;
    const content = isProtected ? inner.subarray(0, typeAt) : inner;
    this.records.push({ type, content, isProtected, version, innerBytes: inner.length });
    if (type === TYPE.handshake) this.readMessages(content);
    return true;
  }

  private readMessages(content: Uint8Array): void {
    this.partial = join(this.partial, content);
    while (this.partial.length >= 4) {
      const [, high = 0, middle = 0, low = 0] = this.partial;
      const end = 4 + high * 65_536 + middle * 256 + low;
      if (this.partial.length < end) return;
      const message = this.partial.slice(0, end);
      this.partial = this.partial.slice(end);
      this.messages.push(message);
      this.receiveMessage(message);
    }
  }
}

/** A record in the clear. */
export function clearRecord(type: number, content: Uint8Array, version = 0x0303): Uint8Array {
  return join(number(1, type), number(2, version), list(2, content));
}

function alertText({ content }: SeenRecord): string {
  const [level, description] = content;
  const entry = Object.entries(ALERT).find(([, code]) => code === description);
  const name = entry?.[0] ?? `alert ${description}`;
  const isClosure = name === 'close_notify' || name === 'user_canceled';
  return level === (isClosure ? 1 : 2) ? name : `${name} at level ${level}`;
}
