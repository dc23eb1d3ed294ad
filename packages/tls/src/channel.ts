// What the handshake and the connection share of the record layer: both directions, their keys, and
// the handshake messages within.

import type { AlertName } from './alert.ts';
import { ReceiveBuffer } from './bytes/receive-buffer.ts';
import type { CipherSuite } from './cipher-suite.ts';
import { HANDSHAKE_LIMITS } from './messages/handshake-limits.ts';
import { HandshakeReassembler } from './messages/handshake-reassembler.ts';
import type { CryptoProvider } from './provider.ts';
import { serializeAlert } from './record/alert-message.ts';
import { CONTENT_TYPE } from './record/content-type.ts';
import { FIRST_RECORD_VERSION } from './record/record-header.ts';
import { DEFAULT_RECORD_LIMITS, type KeyLimits, keyLimits } from './record/record-limits.ts';
import { RecordOutput } from './record/record-output.ts';
import { RecordReader } from './record/record-reader.ts';
import { Tls13Opener } from './record/tls13-opener.ts';
import { Tls13Sealer } from './record/tls13-sealer.ts';
import { trafficKeys } from './schedule/traffic-keys.ts';
import { wipe } from './secret-bytes.ts';
import type { CommonSettings } from './settings.ts';

/** The one byte of a change_cipher_spec (RFC 9846 section 5). */
const CHANGE_CIPHER_SPEC: Uint8Array = /* @__PURE__ */ Uint8Array.of(1);
const NO_FLIGHT: Uint8Array[] = [];

/** Both directions of one connection. */
export class Channel {
  readonly input: ReceiveBuffer = new ReceiveBuffer();
  readonly reader: RecordReader;
  readonly output: RecordOutput;
  readonly reassembler: HandshakeReassembler;
  /** Everything was let go of. */
  isDestroyed = false;
  private readonly settings: CommonSettings;
  /** Handshake messages that leave together: "MAY be coalesced into a single TLSPlaintext record" (section 5.1). */
  private flight: Uint8Array[] = NO_FLIGHT;
  private flightBytes = 0;

  constructor(settings: CommonSettings) {
    const { inputBytesMax } = settings.limits;
    this.settings = settings;
    const limits = { ...DEFAULT_RECORD_LIMITS, inputBytesMax };
    this.reader = new RecordReader(this.input, limits, settings.copiesInput);
    this.output = new RecordOutput({ sizes: settings.recordSizes, padding: settings.padding });
    this.reassembler = new HandshakeReassembler(HANDSHAKE_LIMITS);
  }

  private get crypto(): CryptoProvider {
    return this.settings.crypto;
  }

  /** Bytes queued or handed out and not yet accepted. */
  get outputBytes(): number {
    return this.output.pendingBytes + this.flightBytes;
  }

  /** Sends a handshake message under the present key, together with those that follow at once. */
  sendHandshake(message: Uint8Array): void {
    if (this.flightBytes === 0) this.flight = [];
    this.flight.push(message);
    this.flightBytes += message.length;
  }

  /** Makes records of the handshake messages that wait. */
  flush(): void {
    if (this.flightBytes === 0) return;
    const { flight } = this;
    const content = flight.length === 1 ? flight[0]! : joined(flight, this.flightBytes);
    this.flight = NO_FLIGHT;
    this.flightBytes = 0;
    this.output.send(CONTENT_TYPE.handshake, content);
  }

  /** Sends the content of a heartbeat record. */
  sendHeartbeat(content: Uint8Array): void {
    this.flush();
    this.output.send(CONTENT_TYPE.heartbeat, content);
  }

  /** Sends the first ClientHello, whose record "SHOULD have version 0x0301" (section 5.1). */
  sendFirstHello(message: Uint8Array): void {
    this.output.sendClear(CONTENT_TYPE.handshake, message, FIRST_RECORD_VERSION);
  }

  /** Sends the record of middlebox compatibility mode (section E.4). */
  sendChangeCipherSpec(): void {
    this.flush();
    this.output.sendClear(CONTENT_TYPE.change_cipher_spec, CHANGE_CIPHER_SPEC);
  }

  /** Sends an alert at once, "encrypted as specified by the current connection state" (section 6). */
  sendAlert(name: AlertName): void {
    this.flush();
    this.output.send(CONTENT_TYPE.alert, serializeAlert(name));
  }

  /** Sends close_notify behind all data. */
  sendCloseNotify(): void {
    this.flush();
    this.output.sendLast(CONTENT_TYPE.alert, serializeAlert('close_notify'));
  }

  /** What is sent from now on is under the keys of this traffic secret, which is not kept. */
  protectSending(suite: CipherSuite, secret: Uint8Array): void {
    this.flush();
    const { key, iv } = trafficKeys(this.crypto, suite.hash, suite.aead, secret);
    const aeadKey = this.crypto.aeadKey(suite.aead, key);
    this.output.protect(new Tls13Sealer(aeadKey, iv, this.sealingLimits(suite)));
    wipe(key);
  }

  /**
   * What is received from now on is under the keys of this traffic secret, which is not kept. Throws
   * PeerFault when the message that brought this about is not the last in its record (section 5.1).
   */
  protectReceiving(suite: CipherSuite, secret: Uint8Array): void {
    this.reassembler.checkAligned();
    const { key, iv } = trafficKeys(this.crypto, suite.hash, suite.aead, secret);
    this.reader.protect(new Tls13Opener(this.crypto.aeadKey(suite.aead, key), iv));
    wipe(key);
  }

  /** Forgets all keys and all that is stored. */
  destroy(): void {
    this.isDestroyed = true;
    this.reader.destroy();
    this.output.destroy();
    this.reassembler.clear();
    this.input.clear();
    this.flight = NO_FLIGHT;
    this.flightBytes = 0;
  }

  /** "Implementations MUST either close the connection or do a key update prior to reaching these limits" (section 5.5). */
  private sealingLimits(suite: CipherSuite): KeyLimits {
    const { recordsSoftMax, recordsHardMax, bytesSoftMax } = keyLimits(suite.aead);
    const { keyRecordsMax, keyBytesMax } = this.settings.limits;
    return {
      recordsSoftMax: Math.min(recordsSoftMax, keyRecordsMax),
      recordsHardMax,
      bytesSoftMax: Math.min(bytesSoftMax, keyBytesMax),
    };
  }
}

function joined(messages: readonly Uint8Array[], byteCount: number): Uint8Array {
  const bytes = new Uint8Array(byteCount);
  let end = 0;
  for (const message of messages) {
    bytes.set(message, end);
    end += message.length;
  }
  return bytes;
}
