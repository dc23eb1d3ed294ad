// The inside of a connection: what comes is read record by record, and each message moves the handshake,
// or what follows it, one step on.
import type { AlertName } from './alert.ts';
import { assert } from './bytes/assert.ts';
import {
  type End,
  type Instant,
  NEED_DATA,
  type NeedData,
  PAUSED,
  type Paused,
} from './bytes/connection.ts';
import { Channel } from './channel.ts';
import { Closure } from './closure.ts';
import { receiveHeartbeat } from './engine-heartbeat.ts';
import type { CloseCause, TlsClientEvent, TlsServerEvent } from './events.ts';
import { FAULTS, type FaultCode, faultMessage } from './faults.ts';
import { type Answers, type AnyDecision, Decision } from './handshake/decision.ts';
import { Secured, type SecuredContent } from './handshake/secured.ts';
import type { HandshakeState, Step } from './handshake/state.ts';
import type { HeldSecrets } from './held-secrets.ts';
import { HANDSHAKE_TYPE } from './messages/handshake-type.ts';
import { ParkedDecisions } from './parked-decisions.ts';
import { PeerFault } from './peer-fault.ts';
import { parseAlert } from './record/alert-message.ts';
import { CONTENT_TYPE } from './record/content-type.ts';
import type { TlsRecord } from './record/record-reader.ts';
import type { CommonSettings } from './settings.ts';
import { Traffic } from './traffic.ts';

/** Events of either role. */
export type EngineEvent = TlsClientEvent<FaultCode> | TlsServerEvent<FaultCode>;

/** What a role adds to the engine. */
export interface Role {
  /** The handshake is complete: what takes the messages from now on. */
  afterHandshake(content: SecuredContent): HandshakeState;
}

const NO_EVENTS: EngineEvent[] = [];

/** Reads, decides, fails. */
export class Engine {
  readonly settings: CommonSettings;
  readonly channel: Channel;
  readonly closure: Closure = new Closure();
  /** Decisions for which nothing stands still. */
  readonly parked: ParkedDecisions = new ParkedDecisions();
  /** Null until the handshake is complete. */
  traffic: Traffic | null = null;
  /** The last instant heard of, for calls that bring none. */
  now: Instant;
  /** Input has come since more was last asked for. */
  isUnread = false;
  /** close_notify is to be sent as soon as the handshake is complete. */
  closesLater = false;
  private readonly role: Role;
  private step: Step | null = null;
  private pending: EngineEvent[] = NO_EVENTS;
  /** Secrets of the handshake; null when it is over. */
  private held: HeldSecrets | null;
  /** When the handshake is to be complete. */
  readonly handshakeDeadline: Instant;
  private endIsReported = false;

  constructor(settings: CommonSettings, role: Role, held: HeldSecrets, now: Instant) {
    this.settings = settings;
    this.role = role;
    this.held = held;
    this.now = now;
    this.channel = new Channel(settings);
    this.handshakeDeadline = now + settings.timeouts.handshakeMs;
  }

  /** Enters the first state. */
  begin(step: Step): void {
    this.step = step;
  }

  /** An event for the next pull. */
  report(event: EngineEvent): void {
    if (this.pending === NO_EVENTS) this.pending = [];
    this.pending.push(event);
  }

  /** Parses one event. */
  nextEvent(now: Instant): EngineEvent | NeedData | Paused {
    this.now = now;
    for (;;) {
      const pending = this.takePending();
      if (pending !== null) return pending;
      const { closure } = this;
      if (closure.isDue(this.channel.outputBytes)) return this.reportClosed();
      if (closure.isDeaf || closure.isReported) return this.needData();
      if (this.step instanceof Decision) return PAUSED;
      const event = this.attempt(() => this.read());
      if (event !== null) return event;
    }
  }

  /** Does what may meet a fault of the peer's, which fails the connection; null then. */
  attempt<Result>(action: () => Result): Result | null {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof PeerFault)) throw error;
      this.fail(error.code, error.message, FAULTS[error.code].alert, -1, error.cause);
      return null;
    }
  }

  /** The answer to a decision; one that is no longer open is a no-op. */
  answer<Kind extends keyof Answers>(kind: Kind, id: number, answer: Answers[Kind]): void {
    const decision = this.openDecision(id);
    if (decision === null || decision.event.type !== kind) return;
    const step = this.attempt(() => decision.answer(answer as never));
    if (step === null) return;
    if (decision === this.step) this.enter(step);
    else this.parked.replace(decision, step, this);
  }

  /** The caller refuses the peer, and the connection fails; a no-op for a decision that is no longer open. */
  refuse(id: number, alert: AlertName): void {
    if (this.openDecision(id) === null) return;
    this.fail('TLS_REFUSED', 'the caller has refused the peer', alert);
  }

  /** The transport's end, abrupt ones at once. */
  receiveEnd(end: End): void {
    const { closure } = this;
    const isAbrupt = end === 'reset' || end === 'failed';
    this.isUnread = true;
    closure.peerEnd ??= end;
    if (isAbrupt) {
      this.reportEnd(end);
      this.cut(end === 'reset' ? 'reset' : 'transport-failed');
    } else if (closure.isDeaf && closure.transport === 'half-close') {
      closure.close('failed');
    }
  }

  /** Sends close_notify behind what is queued. */
  sendCloseNotify(): void {
    this.channel.sendCloseNotify();
    this.closure.send(this.now, this.settings.timeouts.closingMs);
  }

  /** "This alert MUST be followed by a close_notify" (section 6.1). */
  cancel(): void {
    const { channel, closure, settings } = this;
    channel.output.dropData();
    channel.sendAlert('user_canceled');
    channel.sendAlert('close_notify');
    closure.isSent = true;
    closure.linger('aborted', this.now, settings.timeouts.lingerMs);
    this.forget();
  }

  /** No more patience: what is queued is given up. */
  cut(cause: CloseCause): void {
    this.closure.cut(cause);
    this.channel.destroy();
    this.forget();
  }

  /** The peer's fault or a refusal: tells the peer by the alert, once, and the caller by an event. */
  fail(
    code: FaultCode,
    detail: string,
    alert: AlertName | null,
    receivedAlert = -1,
    cause: unknown = null,
  ): void {
    const { closure, channel, settings } = this;
    // close_notify says "that the sender will not send any more messages".
    const sends = alert !== null && !closure.isSent;
    const offset = channel.reader.recordOffset;
    this.report({
      type: 'failed',
      code,
      alert: sends ? alert : null,
      receivedAlert: receivedAlert < 0 ? null : receivedAlert,
      message: faultMessage(code, detail, offset),
      offset,
      cause,
    });
    if (alert === null) {
      // "Upon receipt of a fatal alert message, both parties MUST immediately close the connection".
      channel.destroy();
      closure.close('failed');
      closure.isDeaf = true;
    } else {
      if (sends) channel.output.dropData();
      if (sends) channel.sendAlert(alert);
      channel.reader.destroy();
      closure.linger('failed', this.now, settings.timeouts.lingerMs);
    }
    this.forget();
  }

  private read(): EngineEvent | NeedData | null {
    const { channel, closure } = this;
    if (closure.isReceived) {
      channel.input.clear();
      return this.endInput();
    }
    const message = channel.reassembler.nextMessage();
    if (message !== null) {
      this.receiveMessage(message);
      return null;
    }
    const record = channel.reader.next(this.now);
    return record === null ? this.endInput() : this.receiveRecord(record);
  }

  /** All that came has been read. */
  private endInput(): NeedData | null {
    const { closure } = this;
    if (closure.peerEnd === null || this.endIsReported) return this.needData();
    this.reportEnd('truncated');
    closure.truncate(this.traffic !== null);
    return null;
  }

  private receiveMessage(message: Uint8Array): void {
    const step = this.step as HandshakeState;
    const { traffic } = this;
    if (traffic !== null && step.takesData && message[0] === HANDSHAKE_TYPE.key_update) {
      this.report(traffic.keys.receive(message, this.channel, this.now));
      return;
    }
    this.enter(step.receive(message));
  }

  private enter(step: Step): void {
    if (step instanceof Secured) {
      this.secure(step.content);
      return;
    }
    this.step = step;
    if (step instanceof Decision) this.report(step.event);
  }

  private secure(content: SecuredContent): void {
    const { channel } = this;
    this.traffic = new Traffic(this.settings, channel, content, this.now);
    this.held = null;
    this.report(content.event);
    this.step = this.role.afterHandshake(content);
    channel.output.releaseData();
    if (this.closesLater) this.sendCloseNotify();
  }

  private receiveRecord({ type, content }: TlsRecord): EngineEvent | null {
    const { channel } = this;
    if (type === CONTENT_TYPE.handshake) {
      channel.reassembler.receive(content);
      return null;
    }
    channel.reassembler.checkNotInterleaved();
    if (type === CONTENT_TYPE.application_data) return this.receiveData(content);
    if (type === CONTENT_TYPE.alert) this.receiveAlert(content);
    else receiveHeartbeat(this, content);
    return null;
  }

  private receiveData(data: Uint8Array): EngineEvent | null {
    const { takesData } = this.step as HandshakeState;
    if (takesData !== true) {
      throw new PeerFault('TLS_UNEXPECTED_DATA', 'application data within authentication');
    }
    return data.length === 0 ? null : { type: 'data', data };
  }

  /** "Unknown Alert types MUST be treated as error alerts", whatever their level (section 6). */
  private receiveAlert(content: Uint8Array): void {
    const { closure } = this;
    const { name, description } = parseAlert(content);
    if (name === 'user_canceled') {
      this.report({ type: 'user-canceled' });
    } else if (name === 'close_notify') {
      this.reportEnd('finished');
      closure.receive();
      if (this.traffic === null) this.endUnsecured();
    } else {
      this.fail('TLS_ALERT_RECEIVED', name ?? `alert ${description}`, null, description);
    }
  }

  /** The peer ends before there was anything to end. */
  private endUnsecured(): void {
    this.channel.sendCloseNotify();
    this.closure.isSent = true;
    this.closure.close('canceled');
    this.forget();
  }

  private reportEnd(end: End): void {
    if (this.endIsReported) return;
    this.endIsReported = true;
    this.report({ type: 'end', end });
  }

  private reportClosed(): EngineEvent {
    const { closure } = this;
    closure.isReported = true;
    this.channel.destroy();
    this.forget();
    const { cause, isSent: sentCloseNotify, isReceived: receivedCloseNotify } = closure;
    assert(cause !== null, 'what ends has a cause');
    return { type: 'closed', cause, sentCloseNotify, receivedCloseNotify };
  }

  /** "Servers and clients MUST forget the secret values and keys established in failed connections" (section 6). */
  private forget(): void {
    this.held?.destroy();
    this.held = null;
    this.traffic?.destroy();
    this.step = null;
    this.parked.clear();
  }

  private needData(): NeedData {
    this.isUnread = false;
    return NEED_DATA;
  }

  private takePending(): EngineEvent | null {
    if (this.pending === NO_EVENTS) return null;
    const event = this.pending.shift() ?? null;
    if (this.pending.length === 0) this.pending = NO_EVENTS;
    return event;
  }

  private openDecision(id: number): AnyDecision | null {
    if (this.step instanceof Decision && this.step.event.id === id) return this.step;
    return this.parked.find(id);
  }
}
