// One WebSocket connection after its opening handshake, in either role (RFC 6455): bytes and time
// in, messages out; messages in, bytes out. While it is idle it is little more than a heartbeat.
import {
  type Connection,
  type End,
  type Instant,
  NEED_DATA,
  type NeedData,
  type TrailingData,
  type TransportWish,
} from './bytes/connection.ts';
import { CLOSE_CODE } from './close-code.ts';
import type { DeflateContext, MessageDeflater, MessageInflater } from './compression.ts';
import type { ConnectionRecord } from './connection-record.ts';
import type { ControlBudget } from './control-budget.ts';
import type { WebSocketEvent } from './events.ts';
import { LocalProtocolError, type WebSocketFaultCode } from './faults.ts';
import { Heartbeat } from './heartbeat.ts';
import type { SendOptions } from './message-sender.ts';
import type { MessageKind } from './opcode.ts';
import type { RoundTrip } from './round-trip.ts';
import { Session } from './session.ts';
import type { WebSocketSettings } from './settings.ts';

type Event = WebSocketEvent<WebSocketFaultCode>;

const NO_BYTES: Uint8Array = /* @__PURE__ */ new Uint8Array(0);
/** Sessions kept for whoever is next; as many connections as are busy at once in one turn or so. */
const SPARES_MAX = 64;

/** What both roles have. */
export abstract class Endpoint implements Connection<Event>, ConnectionRecord {
  /** {@link ConnectionRecord} */
  readonly settings: WebSocketSettings;
  /** {@link ConnectionRecord} */
  readonly openedAt: Instant;
  /** {@link ConnectionRecord} */
  readonly heartbeat: Heartbeat;
  /** {@link ConnectionRecord} */
  deflater: MessageDeflater | null = null;
  /** {@link ConnectionRecord} */
  inflater: MessageInflater | null = null;
  /** {@link ConnectionRecord} */
  budget: ControlBudget | null = null;
  /** {@link ConnectionRecord} */
  consumedBytes = 0;
  /** {@link ConnectionRecord} */
  stallMs = 0;
  /** Null while the connection is idle. */
  private session: Session | null = null;

  constructor(settings: WebSocketSettings, now: Instant) {
    this.settings = settings;
    this.openedAt = Math.ceil(now);
    this.heartbeat = new Heartbeat(this.openedAt);
  }

  /** What to do with the transport once `outputBytes` is 0; `abort` at once. */
  get transport(): TransportWish {
    return this.session === null ? 'open' : this.session.core.transport;
  }

  /** False: stop reading the transport. */
  get wantsData(): boolean {
    return this.session === null || this.session.core.wantsData;
  }

  /** Bytes queued or handed out and not yet accepted. */
  get outputBytes(): number {
    return this.session === null ? 0 : this.session.core.output.pendingBytes;
  }

  /** Messages may be sent: no closing handshake has begun, and the connection has not ended. */
  get isOpen(): boolean {
    return this.session === null || this.session.isOpen;
  }

  /** Whether messages still leave: no Close frame of ours is queued, and the connection has not ended. */
  get maySend(): boolean {
    return this.session === null || this.session.sender.isOpen;
  }

  /** The peer's Close frame has come, and `answerClose` is due (see `closeAnswer`). */
  get awaitsAnswer(): boolean {
    return this.session?.awaitsAnswer === true;
  }

  /** How long the peer takes to answer pings; null before the first pong. */
  get roundTrip(): RoundTrip | null {
    return this.heartbeat.roundTrip;
  }

  /**
   * Takes over bytes, and unmasks them where they are unless the option `input` is `borrowed`. Throws
   * TypeError for what is not a Uint8Array of unshared memory, RangeError when more than
   * `inputBytesMax` was already unread.
   */
  receive(data: Uint8Array, now: Instant): void {
    this.awake(now).receive(data, now);
  }

  /** The peer's direction ended. */
  receiveEnd(now: Instant, end: End): void {
    this.awake(now).receiveEnd(now, end);
  }

  /** Parses exactly one event. */
  nextEvent(now: Instant): Event | NeedData {
    const { session } = this;
    if (session === null) return NEED_DATA;
    let event = session.advance(now);
    while (event === null) event = session.advance(now);
    if (event === NEED_DATA && session.isAtRest) this.rest(session);
    return event;
  }

  /** The next chunk to write, or null. */
  nextOutput(): Uint8Array | null {
    return this.session === null ? null : this.session.core.nextOutput();
  }

  /** The transport took bytes; throws RangeError for more than were handed out. */
  outputAccepted(byteCount: number, now: Instant): void {
    const session = this.awake(now);
    session.core.outputAccepted(byteCount, now);
    if (session.isAtRest) this.rest(session);
  }

  /** The instant at which `onDeadline` wants to be called; Infinity when none. */
  deadline(): Instant {
    const { session, heartbeat, settings } = this;
    const nextBeat = heartbeat.deadline(settings.timeouts);
    if (session === null) return nextBeat;
    return session.isOpen ? Math.min(nextBeat, session.core.deadline) : session.core.deadline;
  }

  /** Time has come; a spurious call is a no-op. */
  onDeadline(now: Instant): void {
    if (now < this.deadline()) return;
    const session = this.awake(now);
    session.onDeadline(now);
    if (session.isOpen) session.onHeartbeat(now);
  }

  /** A WebSocket is never followed by another protocol: throws LocalProtocolError. */
  takeTrailingData(): TrailingData {
    throw new LocalProtocolError('WS_NOT_OPEN', 'there is no switch from this protocol');
  }

  /**
   * A text message. A string becomes UTF-8, in which lone surrogates are U+FFFD; bytes must be UTF-8,
   * and are borrowed until `outputAccepted` has passed them. Throws LocalProtocolError when the
   * connection is closing, when another message is under way, and for bytes that are not UTF-8.
   */
  sendText(text: string | Uint8Array, now: Instant, options?: SendOptions): void {
    const session = this.awake(now);
    if (session.hasRoom()) session.sender.message('text', text, options);
  }

  /** A binary message, borrowed as in `sendText`, with the same errors. */
  sendBinary(data: Uint8Array, now: Instant, options?: SendOptions): void {
    const session = this.awake(now);
    if (session.hasRoom()) session.sender.message('binary', data, options);
  }

  /**
   * Begins a message whose length is unknown; it leaves in as many frames as it has pieces (RFC 6455
   * section 5.4). Throws LocalProtocolError as `sendText` does.
   */
  beginMessage(kind: MessageKind, now: Instant, options?: SendOptions): void {
    const session = this.awake(now);
    if (session.hasRoom()) session.sender.beginMessage(kind, options);
  }

  /**
   * A piece of the message that was begun. An empty one is not sent unless it is the last. Throws
   * LocalProtocolError when none is under way.
   */
  sendPiece(piece: string | Uint8Array, isLast: boolean, now: Instant): void {
    const session = this.awake(now);
    if (session.hasRoom()) session.sender.piece(piece, isLast);
  }

  /** A ping of 0-125 bytes, copied; its pong has the same payload. Goes before messages that wait. */
  ping(payload: Uint8Array = NO_BYTES, now: Instant): void {
    this.awake(now).ping(payload, now);
  }

  /** A pong of 0-125 bytes that nobody has asked for, as a heartbeat in one direction (section 5.5.3). */
  pong(payload: Uint8Array, now: Instant): void {
    this.awake(now).pong(payload);
  }

  /**
   * Begins the closing handshake, behind the messages that are queued; a message under way ends where
   * it is. 1005 stands for a Close frame without a code. A no-op once the handshake has begun. Throws
   * LocalProtocolError for a code or reason that may not be sent (section 7.4).
   */
  close(now: Instant, code: number = CLOSE_CODE.normal, reason: string = ''): void {
    this.awake(now).close(code, reason);
  }

  /**
   * Answers the peer's Close frame, where `closeAnswer` is `held`, with the code that it has. `close`
   * does the same, and so does time. A no-op where none waits for an answer.
   */
  answerClose(now: Instant): void {
    if (this.awaitsAnswer) this.awake(now).answerClose();
  }

  /** Cut the connection: the transport is to be aborted. */
  abort(now: Instant): void {
    this.awake(now).cut('aborted');
  }

  /** Compression was agreed: what is made for either direction; throws TypeError when the settings have none. */
  protected compress(sending: DeflateContext, receiving: DeflateContext): void {
    const { compression } = this.settings;
    if (compression === null) throw new TypeError('the settings have no compression');
    this.deflater = compression.createDeflater(sending);
    this.inflater = compression.createInflater(receiving);
  }

  protected awake(now: Instant): Session {
    if (this.session !== null) {
      this.session.core.now = now;
      return this.session;
    }
    const session = this.settings.spares.pop() ?? new Session(this.settings);
    session.begin(this, now);
    this.session = session;
    return session;
  }

  /** Idle: what is to be remembered stands in this object. */
  private rest(session: Session): void {
    this.consumedBytes = session.core.input.consumedBytes;
    this.session = null;
    const { spares } = this.settings;
    if (spares.length < SPARES_MAX) spares.push(session);
  }
}
