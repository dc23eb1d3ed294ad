// What a connection keeps when its handshake is over: little, since it may be idle for days.
import type { Instant } from './bytes/connection.ts';
import { RateBudget } from './bytes/rate-budget.ts';
import type { Channel } from './channel.ts';
import type { HeartbeatModes } from './handshake/agreements.ts';
import type { SecuredContent } from './handshake/secured.ts';
import { KeyUpdates } from './key-updates.ts';
import { PeerFault } from './peer-fault.ts';
import type { HashName } from './provider.ts';
import { Heartbeat } from './record/heartbeat.ts';
import { exportKeyingMaterial } from './schedule/exporter.ts';
import { wipe } from './secret-bytes.ts';
import type { CommonSettings } from './settings.ts';

/** How many heartbeats of the peer's may come at once, in seconds' worth. */
const BURST_SECONDS = 4;
const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);

/** Keys, exporter and heartbeat of a secured connection. */
export class Traffic {
  readonly keys: KeyUpdates;
  /** Null where none was agreed on. */
  readonly heartbeat: Heartbeat | null;
  private readonly hash: HashName;
  private readonly exporterSecret: Uint8Array;
  private readonly settings: CommonSettings;
  private heartbeatBudget: RateBudget | null = null;

  constructor(
    settings: CommonSettings,
    channel: Channel,
    { suite, sendingSecret, receivingSecret, exporterSecret, heartbeat }: SecuredContent,
    now: Instant,
  ) {
    this.settings = settings;
    this.hash = suite.hash;
    this.exporterSecret = exporterSecret;
    this.keys = new KeyUpdates(settings, suite, sendingSecret, receivingSecret, now);
    this.heartbeat = heartbeat === null ? null : newHeartbeat(settings, channel, heartbeat, now);
  }

  /** Keying material for another protocol (RFC 9846 section 7.5). */
  exportKeyingMaterial(label: string, context: Uint8Array | null, byteCount: number): Uint8Array {
    const { crypto } = this.settings;
    const secret = this.exporterSecret;
    return exportKeyingMaterial(crypto, this.hash, secret, label, context ?? NO_BYTES, byteCount);
  }

  /**
   * A heartbeat came: each costs work that the peer gets for little, and "a HeartbeatResponse MUST be
   * sent" (RFC 6520 section 4), so that a flood is failed, not thrown away. Throws PeerFault.
   */
  countHeartbeat(now: Instant): void {
    const { heartbeatsPerSecondMax } = this.settings.limits;
    const burst = heartbeatsPerSecondMax * BURST_SECONDS;
    this.heartbeatBudget ??= new RateBudget(heartbeatsPerSecondMax, burst, now);
    if (this.heartbeatBudget.spend(now)) return;
    const detail = `more than ${heartbeatsPerSecondMax} in a second`;
    throw new PeerFault('TLS_TOO_MANY_HEARTBEATS', detail);
  }

  /** Overwrites all secrets. */
  destroy(): void {
    this.keys.destroy();
    wipe(this.exporterSecret);
  }
}

function newHeartbeat(
  { random, timeouts }: CommonSettings,
  { output }: Channel,
  { local, peer }: HeartbeatModes,
  now: Instant,
): Heartbeat {
  const { heartbeatMs: idleMs, heartbeatAnswerMs: answerMs } = timeouts;
  const heartbeat = new Heartbeat({ local, peer, random, idleMs, answerMs }, now);
  // "The total length of a HeartbeatMessage MUST NOT exceed 2^14 or max_fragment_length" (RFC 6520 section 4).
  heartbeat.messageBytesMax = Math.min(heartbeat.messageBytesMax, output.plaintextBytesMax - 1);
  return heartbeat;
}
