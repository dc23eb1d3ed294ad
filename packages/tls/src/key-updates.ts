// New keys within a connection (RFC 9846 sections 4.7.3, 5.5, 7.2): by hand, since the peer asks, and
// before a key has done or lasted too much.

import type { Instant } from './bytes/connection.ts';
import { RateBudget } from './bytes/rate-budget.ts';
import type { Channel } from './channel.ts';
import type { CipherSuite } from './cipher-suite.ts';
import type { KeyUpdateEvent } from './events.ts';
import { parseKeyUpdate, serializeKeyUpdate } from './messages/key-update.ts';
import { PeerFault } from './peer-fault.ts';
import { nextTrafficSecret } from './schedule/traffic-keys.ts';
import { wipe } from './secret-bytes.ts';
import type { CommonSettings } from './settings.ts';

/** How many updates of the peer's may come at once, in seconds' worth. */
const BURST_SECONDS = 4;

/** The traffic secrets of both directions, and how often they have changed. */
export class KeyUpdates {
  /** How often we have updated; "MUST NOT exceed 2^48-1". */
  sendingEpoch = 0;
  /** How often the peer has; "receiving implementations MUST NOT enforce this rule". */
  receivingEpoch = 0;
  /** We have asked the peer to update, and it has not: "MUST NOT send another KeyUpdate with update_requested". */
  isAwaited = false;
  /** The peer has asked us to update: to be done before the next data is sent, once however often it asked. */
  isOwed = false;
  /** When our key began. */
  private keyedAt: Instant;
  private sendingSecret: Uint8Array;
  private receivingSecret: Uint8Array;
  private readonly suite: CipherSuite;
  private readonly settings: CommonSettings;
  private budget: RateBudget | null = null;

  /** Takes over the secrets. */
  constructor(
    settings: CommonSettings,
    suite: CipherSuite,
    sendingSecret: Uint8Array,
    receivingSecret: Uint8Array,
    now: Instant,
  ) {
    this.settings = settings;
    this.suite = suite;
    this.sendingSecret = sendingSecret;
    this.receivingSecret = receivingSecret;
    this.keyedAt = now;
  }

  /** The base key of a Finished that we send now (section 4.5). */
  get sendingBaseKey(): Uint8Array {
    return this.sendingSecret;
  }

  /** The base key of a Finished that the peer sends now. */
  get receivingBaseKey(): Uint8Array {
    return this.receivingSecret;
  }

  /** Whether we may update once more. */
  get isPossible(): boolean {
    return this.sendingEpoch < this.settings.limits.keyUpdatesMax;
  }

  /** When our key is too old; Infinity where that does not matter, or cannot be helped. */
  get deadline(): Instant {
    return this.isPossible ? this.keyedAt + this.settings.timeouts.keyAgeMs : Infinity;
  }

  /**
   * A KeyUpdate came, and was the last in its record: the next is under new keys. Throws PeerFault for one
   * that is malformed, and for too many in a second.
   */
  receive(message: Uint8Array, channel: Channel, now: Instant): KeyUpdateEvent {
    const isRequest = parseKeyUpdate(message) === 'update_requested';
    this.countOne(now);
    this.receivingSecret = this.successor(this.receivingSecret);
    channel.protectReceiving(this.suite, this.receivingSecret);
    this.receivingEpoch++;
    this.isAwaited = false;
    // "It MUST NOT send its own KeyUpdate if that would cause it to exceed these limits and SHOULD
    // instead ignore the update_requested flag."
    if (isRequest && this.isPossible) this.isOwed = true;
    const cause = isRequest ? 'peer-requests' : 'peer';
    return { type: 'key-update', direction: 'receiving', epoch: this.receivingEpoch, cause };
  }

  /** Sends a KeyUpdate; everything behind it is under new keys. Only when `isPossible`. */
  send(
    channel: Channel,
    requestsPeer: boolean,
    cause: KeyUpdateEvent['cause'],
    now: Instant,
  ): KeyUpdateEvent {
    const request = requestsPeer ? 'update_requested' : 'update_not_requested';
    channel.sendHandshake(serializeKeyUpdate(request));
    this.sendingSecret = this.successor(this.sendingSecret);
    channel.protectSending(this.suite, this.sendingSecret);
    this.sendingEpoch++;
    this.isOwed = false;
    this.isAwaited ||= requestsPeer;
    this.keyedAt = now;
    return { type: 'key-update', direction: 'sending', epoch: this.sendingEpoch, cause };
  }

  /** Overwrites both secrets. */
  destroy(): void {
    wipe(this.sendingSecret);
    wipe(this.receivingSecret);
  }

  private successor(secret: Uint8Array): Uint8Array {
    const next = nextTrafficSecret(this.settings.crypto, this.suite.hash, secret);
    wipe(secret);
    return next;
  }

  /** By rate, so that a long connection may have as many as it likes. */
  private countOne(now: Instant): void {
    const { keyUpdatesPerSecondMax } = this.settings.limits;
    const burst = keyUpdatesPerSecondMax * BURST_SECONDS;
    this.budget ??= new RateBudget(keyUpdatesPerSecondMax, burst, now);
    if (this.budget.spend(now)) return;
    const detail = `more than ${keyUpdatesPerSecondMax} in a second`;
    throw new PeerFault('TLS_TOO_MANY_KEY_UPDATES', detail);
  }
}
