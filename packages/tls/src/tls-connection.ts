// One TLS connection in either role: bytes and time in, data out; data in, bytes out.
import { type AlertName, isErrorAlert } from './alert.ts';
import type {
  Connection,
  End,
  Instant,
  NeedData,
  Paused,
  TrailingData,
  TransportWish,
} from './bytes/connection.ts';
import { checkInput } from './bytes/receive-buffer.ts';
import type { Credential } from './credential.ts';
import { Engine, type EngineEvent } from './engine.ts';
import { meetDeadline, nextDeadline } from './engine-deadlines.ts';
import { answerHeartbeat } from './engine-heartbeat.ts';
import { nextOutput, updateKeys } from './engine-output.ts';
import { Agreements } from './handshake/agreements.ts';
import { HandshakeRun } from './handshake/handshake-run.ts';
import type { SecuredContent } from './handshake/secured.ts';
import type { HandshakeState } from './handshake/state.ts';
import { HeldSecrets } from './held-secrets.ts';
import { LocalProtocolError } from './local-error.ts';
import type { HeartbeatRequestOptions } from './record/heartbeat.ts';
import type { CommonSettings } from './settings.ts';
import type { Traffic } from './traffic.ts';

/** What both roles have. */
export abstract class TlsConnection<Settings extends CommonSettings, Event extends EngineEvent>
  implements Connection<Event>
{
  protected readonly settings: Settings;
  protected readonly engine: Engine;

  constructor(
    settings: Settings,
    now: Instant,
    begin: (run: HandshakeRun<Settings>, engine: Engine) => void,
  ) {
    this.settings = settings;
    const held = new HeldSecrets();
    const engine = new Engine(settings, this, held, now);
    this.engine = engine;
    const takeId = (): number => engine.parked.takeId();
    begin(new HandshakeRun(settings, engine.channel, new Agreements(), held, takeId), engine);
  }

  /** The handshake is complete: data flows. */
  get isSecured(): boolean {
    return this.engine.traffic !== null;
  }

  /** False: stop reading the transport. */
  get wantsData(): boolean {
    const { closure, isUnread, channel } = this.engine;
    const isOpen = closure.transport === 'open' || closure.transport === 'half-close';
    if (!isOpen || closure.peerEnd !== null) return false;
    return !isUnread || channel.input.length < this.settings.limits.inputBytesMax;
  }

  /** Bytes queued or handed out and not yet accepted: of records, and of data that is to become records. */
  get outputBytes(): number {
    return this.engine.channel.outputBytes;
  }

  /** What to do with the transport once `outputBytes` is 0; `abort` at once. */
  get transport(): TransportWish {
    return this.engine.closure.transport;
  }

  /**
   * Takes over bytes, and decrypts them where they are unless the option `input` is `borrowed`. Throws
   * TypeError for what is not a Uint8Array of unshared memory, RangeError when more than
   * `inputBytesMax` was already unread.
   */
  receive(data: Uint8Array, now: Instant): void {
    checkInput(data);
    const { engine, settings } = this;
    const { closure, channel, traffic } = engine;
    const { inputBytesMax } = settings.limits;
    if (engine.isUnread && channel.input.length > inputBytesMax) {
      throw new RangeError(`more than ${inputBytesMax} bytes are unread: heed wantsData`);
    }
    engine.now = now;
    // "Any data received after a closure alert has been received MUST be ignored" (section 6.1).
    if (closure.isDeaf || closure.isReceived) {
      closure.ignore(data.length, settings.limits.lingerBytesMax);
      return;
    }
    closure.stillMoves(now, settings.timeouts.closingMs);
    traffic?.heartbeat?.received(now);
    channel.input.append(data);
    engine.isUnread = true;
  }

  /** The peer's direction of the transport ended. */
  receiveEnd(now: Instant, end: End): void {
    this.engine.now = now;
    this.engine.receiveEnd(end);
  }

  /** Parses exactly one event. */
  nextEvent(now: Instant): Event | NeedData | Paused {
    return this.engine.nextEvent(now) as Event | NeedData | Paused;
  }

  /**
   * The next chunk to write, or null. It may bring new keys with it, of which a `key-update` event tells:
   * events are to be pulled again behind output.
   */
  nextOutput(): Uint8Array | null {
    return nextOutput(this.engine);
  }

  /** The transport took bytes; throws RangeError for more than were handed out. */
  outputAccepted(byteCount: number, now: Instant): void {
    const { engine } = this;
    if (engine.channel.isDestroyed) return;
    if (!engine.channel.output.accept(byteCount)) {
      throw new RangeError('outputAccepted: more bytes than nextOutput handed out');
    }
    engine.now = now;
    engine.closure.stillMoves(now, this.settings.timeouts.closingMs);
    answerHeartbeat(engine);
  }

  /** The instant at which `onDeadline` wants to be called; Infinity when none. */
  deadline(): Instant {
    return nextDeadline(this.engine);
  }

  /** Time has come; a spurious call is a no-op. */
  onDeadline(now: Instant): void {
    if (now < nextDeadline(this.engine)) return;
    this.engine.now = now;
    meetDeadline(this.engine);
  }

  /** TLS is never followed by another protocol on its transport: throws LocalProtocolError. */
  takeTrailingData(): TrailingData {
    throw new LocalProtocolError('TLS_CLOSED', 'there is no switch from this protocol');
  }

  /**
   * Sends data, borrowed until `outputAccepted` has passed it; before the handshake is complete it waits.
   * Throws LocalProtocolError after `closeNotify`. On a connection that has failed or ended otherwise,
   * which its events tell, it is a no-op.
   */
  sendData(data: Uint8Array, now: Instant): void {
    const { engine } = this;
    if (engine.closesLater || engine.closure.isSent) {
      throw new LocalProtocolError('TLS_CLOSED', 'close_notify is on its way');
    }
    if (engine.closure.transport !== 'open') return;
    engine.now = now;
    engine.channel.output.sendData(data, now);
  }

  /**
   * Ends our direction by close_notify, behind all data; the peer's may go on (RFC 9846 section 6.1). Before
   * the handshake is complete it waits for that. A no-op when it was called before, or the connection
   * has ended.
   */
  closeNotify(now: Instant): void {
    const { engine } = this;
    if (engine.closesLater || engine.closure.isSent || engine.closure.transport !== 'open') return;
    engine.now = now;
    if (engine.traffic === null) engine.closesLater = true;
    else engine.sendCloseNotify();
  }

  /** Gives the handshake up by user_canceled and close_notify (section 6.1); after it, as `closeNotify`. */
  cancel(now: Instant): void {
    const { engine } = this;
    if (engine.traffic !== null) {
      this.closeNotify(now);
      return;
    }
    if (engine.closure.transport !== 'open') return;
    engine.now = now;
    engine.cancel();
  }

  /** Cuts the connection: the transport is to be aborted. */
  abort(now: Instant): void {
    const { engine } = this;
    if (engine.closure.isReported) return;
    engine.now = now;
    engine.cut('aborted');
  }

  /**
   * Updates our sending keys; `requestsPeer`: the peer's, too (section 4.7.3). Throws LocalProtocolError
   * before the handshake is complete, after `closeNotify`, while the peer has not answered an earlier
   * request, and when 2^48-1 updates are spent.
   */
  updateKeys(now: Instant, requestsPeer: boolean = false): void {
    const traffic = this.inUse();
    const { keys } = traffic;
    if (!keys.isPossible) {
      throw new LocalProtocolError('TLS_KEY_UPDATES_SPENT', 'no key update is left');
    }
    if (requestsPeer && keys.isAwaited) {
      throw new LocalProtocolError('TLS_OUTSTANDING', 'the peer has not updated its keys yet');
    }
    this.engine.now = now;
    updateKeys(this.engine, traffic, requestsPeer);
  }

  /**
   * Sends a heartbeat request (RFC 6520); its answer is a `heartbeat` event. Throws LocalProtocolError
   * when that was not agreed or one is in flight, RangeError for sizes that do not fit.
   */
  sendHeartbeat(now: Instant, options: HeartbeatRequestOptions = {}): void {
    const { heartbeat } = this.inUse();
    if (heartbeat === null) {
      throw new LocalProtocolError('TLS_NOT_AGREED', 'heartbeats were not agreed on');
    }
    this.engine.channel.sendHeartbeat(heartbeat.request(now, options));
    this.engine.now = now;
  }

  /**
   * Keying material for another protocol (section 7.5), the caller's own. Throws LocalProtocolError before
   * the handshake is complete or after the end, RangeError for a label that is empty, not ASCII or
   * longer than 249 characters, and for more bytes than 255 hashes.
   */
  exportKeyingMaterial(label: string, context: Uint8Array | null, byteCount: number): Uint8Array {
    const { traffic, closure } = this.engine;
    if (traffic === null || closure.isDeaf || closure.isReported) {
      throw new LocalProtocolError('TLS_NOT_SECURED', 'there is no secret to export from');
    }
    return traffic.exportKeyingMaterial(label, context, byteCount);
  }

  /** Answers `verify-peer`: the peer is who it should be. A no-op when `id` is no longer open, as for all answers. */
  acceptPeer(id: number, now: Instant): void {
    this.engine.now = now;
    this.engine.answer('verify-peer', id, true);
  }

  /**
   * Answers any decision: the connection fails with this alert. Throws TypeError for an alert that nobody
   * has, or that is no error: close_notify and user_canceled.
   */
  refuse(id: number, alert: AlertName, now: Instant): void {
    if (!isErrorAlert(alert)) throw new TypeError('alert must be the name of an error');
    this.engine.now = now;
    this.engine.refuse(id, alert);
  }

  /**
   * Answers `choose-certificate`. Null: a client shows none, a server fails the handshake. Throws
   * LocalProtocolError, with nothing changed, when the key signs under no scheme that the peer accepts.
   */
  chooseCertificate(id: number, credential: Credential | null, now: Instant): void {
    this.engine.now = now;
    this.engine.answer('choose-certificate', id, credential);
  }

  /** Answers `sign`. */
  answerSignature(id: number, signature: Uint8Array, now: Instant): void {
    this.engine.now = now;
    this.engine.answer('sign', id, signature);
  }

  /** For the engine: what takes messages when the handshake is complete. */
  abstract afterHandshake(content: SecuredContent): HandshakeState;

  /** A secured connection whose sending direction is open. */
  protected inUse(): Traffic {
    const { traffic, closure } = this.engine;
    if (traffic === null) {
      throw new LocalProtocolError('TLS_NOT_SECURED', 'the handshake is not complete');
    }
    if (closure.isSent || closure.transport !== 'open') {
      throw new LocalProtocolError('TLS_CLOSED', 'nothing more is sent');
    }
    return traffic;
  }
}
