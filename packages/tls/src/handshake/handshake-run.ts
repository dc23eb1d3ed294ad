// What all states of one handshake share, and which is let go of when it is complete.
import type { Channel } from '../channel.ts';
import type { HeldSecrets } from '../held-secrets.ts';
import { type KeyLogLabel, keyLogLine } from '../key-log.ts';
import type { CryptoProvider } from '../provider.ts';
import { Transcript } from '../schedule/transcript.ts';
import type { CommonSettings } from '../settings.ts';
import type { Agreements } from './agreements.ts';

/** One handshake of either role. */
export class HandshakeRun<Settings extends CommonSettings = CommonSettings> {
  readonly settings: Settings;
  readonly channel: Channel;
  readonly transcript: Transcript;
  /** ClientHello.random; set when there is one. */
  clientRandom: Uint8Array = new Uint8Array(0);
  /** What has been agreed on so far. */
  readonly agreed: Agreements;
  /** Secrets that are overwritten if this handshake fails. */
  readonly held: HeldSecrets;
  private readonly takeId: () => number;

  /** `takeId` gives the numbers of decisions. */
  constructor(
    settings: Settings,
    channel: Channel,
    agreed: Agreements,
    held: HeldSecrets,
    takeId: () => number,
  ) {
    this.settings = settings;
    this.channel = channel;
    this.agreed = agreed;
    this.held = held;
    this.takeId = takeId;
    this.transcript = new Transcript(settings.crypto);
  }

  /** Cryptography. */
  get crypto(): CryptoProvider {
    return this.settings.crypto;
  }

  /** The number of the next decision. */
  nextId(): number {
    return this.takeId();
  }

  /** Bytes that nobody can predict, the caller's own. */
  randomBytes(byteCount: number): Uint8Array {
    const bytes = new Uint8Array(byteCount);
    this.settings.random(bytes);
    return bytes;
  }

  /** Sends a message, which becomes a part of the transcript. */
  send(message: Uint8Array): void {
    this.transcript.add(message);
    this.channel.sendHandshake(message);
  }

  /** Tells the key log of a secret, where there is one. */
  logSecret(label: KeyLogLabel, secret: Uint8Array): void {
    this.settings.keyLog?.(keyLogLine(label, this.clientRandom, secret));
  }
}
