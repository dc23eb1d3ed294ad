// A connection while anything is under way: its messages, its closing handshake and its end. An
// idle connection has none of this (see `endpoint.ts`).
import { type End, type Instant, NEED_DATA, type NeedData } from './bytes/connection.ts';
import { closeFaultAt, parseClosePayload, serializeClosePayload } from './close-payload.ts';
import { isEndOfTransport, isVerdict, type Observation } from './closed-event.ts';
import { Closing } from './closing.ts';
import type { ConnectionRecord } from './connection-record.ts';
import { ControlBudget } from './control-budget.ts';
import type { WebSocketEvent } from './events.ts';
import { FAULTS, faultMessage, LocalProtocolError, type WebSocketFaultCode } from './faults.ts';
import { frameHeaderBytes } from './frame-header.ts';
import { MessageReader } from './message-reader.ts';
import { MessageSender, requireShort } from './message-sender.ts';
import { OPCODE } from './opcode.ts';
import type { ControlFrame } from './read-step.ts';
import { SessionTransport } from './session-transport.ts';
import type { WebSocketSettings } from './settings.ts';

type Event = WebSocketEvent<WebSocketFaultCode>;

const TOO_BIG = 1009;
const POLICY = 1008;

/** Everything of a connection that is not idle. */
export class Session {
  readonly core: SessionTransport;
  readonly sender: MessageSender;
  private readonly reader: MessageReader;
  private record!: ConnectionRecord;
  private readonly closing = new Closing();
  /** An event that a call has left for the next pull. */
  private pending: Event | null = null;
  /** Of the answer to the peer's Close frame, while the caller holds it. */
  private answer: Uint8Array | null = null;
  /** Of the Close frame that waits for the end of a declared frame. */
  private closeDue: Uint8Array | null = null;
  private closedReported = false;

  constructor(settings: WebSocketSettings) {
    this.core = new SessionTransport(settings);
    this.reader = new MessageReader(this.core.input, settings);
    this.sender = new MessageSender(this.core.output);
  }

  /** Serves a connection that has been idle. */
  begin(record: ConnectionRecord, now: Instant): void {
    const { settings, inflater, deflater } = record;
    this.record = record;
    this.core.begin(record.consumedBytes, now);
    this.reader.begin(inflater);
    this.sender.begin(deflater, settings.compressBytesMin);
  }

  /** Nothing is under way: the record has all that is to be remembered. */
  get isAtRest(): boolean {
    const { core, reader, sender } = this;
    const isQuiet = core.isQuiet && this.pending === null && !reader.isInMessage;
    return isQuiet && sender.state === 'idle' && this.closing.state === 'open';
  }

  /** No closing handshake has begun, and the connection has not ended. */
  get isOpen(): boolean {
    return this.closing.state === 'open' && !this.core.isDeaf;
  }

  /** The peer's direction ended. */
  receiveEnd(now: Instant, end: End): void {
    const { core } = this;
    if (!core.receiveEnd(now, end)) return;
    this.cut(end === 'reset' ? 'reset' : 'local-error');
  }

  /** Takes bytes over; what comes behind the end of messages is thrown away. */
  receive(data: Uint8Array, now: Instant): void {
    this.core.receive(data, now);
    this.record.heartbeat.received(now);
    this.record.stallMs = 0;
  }

  /** The next event, or null when the state has changed without one. */
  advance(now: Instant): Event | NeedData | null {
    const { core, pending } = this;
    core.now = now;
    if (pending !== null) {
      this.pending = null;
      return pending;
    }
    if (core.isDeaf) return this.afterEnd();
    const step = this.reader.next();
    if (step === null) return null;
    if (typeof step === 'string') return this.fail(step, this.reader.faultOffset);
    if (step.type === 'control') return this.control(step);
    if (step === NEED_DATA) return core.peerEnd === null ? core.needData() : this.peerEnded();
    return step as Event;
  }

  /** The peer's Close frame waits for an answer. */
  get awaitsAnswer(): boolean {
    return this.answer !== null;
  }

  /** Answers the peer's Close frame, «typically [with] the status code it received» (section 5.5.1). */
  answerClose(): void {
    const { answer, closing } = this;
    if (answer === null) return;
    this.answer = null;
    closing.sentCode = closing.receivedCode;
    closing.move('close-sent');
    this.queueClose(answer);
  }

  /** Whether there is room for more output; else the connection has failed, since nobody reads what is sent. */
  hasRoom(): boolean {
    const { core } = this;
    const hasRoom = core.output.pendingBytes <= core.settings.limits.outputBytesMax;
    if (hasRoom) return true;
    if (this.answer !== null) {
      // The peer has closed and does not read: it is sent no more.
      this.answerClose();
      return false;
    }
    if (!this.isOpen) return true;
    this.pending = this.fail('WS_BACKLOG_TOO_LARGE', 0);
    return false;
  }

  /** Payload of a declared frame, behind which a Close frame may be waiting. */
  sendFrameData(data: Uint8Array): void {
    this.sender.frameData(data);
    if (this.closeDue !== null && this.sender.state === 'idle') this.writeClose(this.closeDue);
  }

  /** A ping with the caller's payload (RFC 6455 section 5.5.2). */
  ping(payload: Uint8Array, now: Instant): void {
    requireShort(payload);
    this.requireOpen();
    const kept = new Uint8Array(payload);
    this.record.heartbeat.pinged(kept, now);
    this.core.output.writePing(kept);
  }

  /** A pong that nobody asked for (section 5.5.3). */
  pong(payload: Uint8Array): void {
    requireShort(payload);
    this.requireOpen();
    this.core.output.writePong(payload);
  }

  /** Begins the closing handshake (section 7.1.2); a no-op once it has begun. */
  close(code: number, reason: string): void {
    const payload = serializeClosePayload(code, reason);
    this.answerClose();
    if (this.closing.state !== 'open' || this.core.isEnding) return;
    this.closing.sentCode = code;
    this.closing.move('close-sent');
    this.core.awaitClose();
    this.queueClose(payload);
  }

  /** Cuts the connection; `observation` is why. */
  cut(observation: Observation): void {
    const { closing, core } = this;
    if (this.closedReported || core.transport === 'abort') return;
    // A Close frame that never left was exchanged with nobody.
    const isUnsent = closing.observation === 'closing-handshake' && core.output.pendingBytes > 0;
    if (isUnsent) closing.observation = null;
    this.observe(observation);
    this.stop();
    core.cut();
  }

  /** An own deadline of the session has come: the peer's time to close is over, or it takes no output. */
  onDeadline(now: Instant): void {
    const { core } = this;
    core.now = now;
    if (core.forgiveAfterStall(now)) return;
    if (core.writeIsStalled(now)) this.cut('write-stall');
    else if (!core.phaseIsOver(now)) return;
    else if (core.phase === 'linger') core.endLinger();
    else if (this.answer !== null) this.answerClose();
    // The time went by while input lay here unread: that is not the peer's fault.
    else if (core.unread && !core.isDeaf) core.forgive();
    else this.cut('close-unanswered');
  }

  /** A heartbeat's deadline has come. */
  onHeartbeat(now: Instant): void {
    const { heartbeat, settings } = this.record;
    const due = heartbeat.due(settings.timeouts, now);
    if (due === null) return;
    this.noteStall();
    if (this.core.unread) {
      heartbeat.postpone(now);
      return;
    }
    if (due === 'dead') {
      this.cut('ping-unanswered');
      return;
    }
    this.core.output.writePing(heartbeat.ask(now));
  }

  private control({ opcode, payload }: ControlFrame): Event | null {
    const { record, core } = this;
    const { limits, peerMasks } = record.settings;
    record.budget ??= new ControlBudget(limits.controlFramesPerSecondMax, core.now);
    if (!record.budget.spend(core.now)) {
      const frameBytes = frameHeaderBytes(payload.length, peerMasks) + payload.length;
      return this.fail('WS_TOO_MANY_CONTROL_FRAMES', -frameBytes);
    }
    if (opcode === OPCODE.close) return this.closeReceived(payload);
    if (opcode === OPCODE.pong) {
      return {
        type: 'pong',
        data: payload,
        roundTripMs: record.heartbeat.answered(payload, core.now),
      };
    }
    core.output.answerPing(payload);
    return { type: 'ping', data: payload };
  }

  private closeReceived(payload: Uint8Array): Event | null {
    const { closing } = this;
    const parsed = parseClosePayload(payload);
    if (typeof parsed === 'string')
      return this.fail(parsed, closeFaultAt(payload) - payload.length);
    closing.receivedCode = parsed.code;
    closing.receivedReason = parsed.reason;
    closing.move('close-received');
    this.stopReading();
    if (closing.state === 'closing-by-peer') {
      this.answer = payload;
      const { holdsCloseAnswer, timeouts } = this.core.settings;
      if (holdsCloseAnswer && timeouts.closingMs > 0) this.core.awaitAnswer();
      else this.answerClose();
    } else if (this.closeDue === null) {
      this.endWell();
    }
    return { type: 'close', code: parsed.code, reason: parsed.reason };
  }

  /** Queues our Close frame, behind what is queued already. */
  private queueClose(payload: Uint8Array): void {
    if (this.sender.state !== 'frame') {
      this.writeClose(payload);
      return;
    }
    this.closeDue = payload;
    this.core.awaitClose();
  }

  private writeClose(payload: Uint8Array): void {
    this.closeDue = null;
    this.core.output.writeClose(payload);
    this.sender.close();
    if (this.closing.isComplete) this.endWell();
  }

  /** Both Close frames are there: the server ends first (section 7.1.1). */
  private endWell(): void {
    this.observe('closing-handshake');
    this.core.beginEnd(!this.core.settings.peerMasks);
  }

  /** The peer's fault: it is told so, and whatever else it sends is thrown away (section 7.1.7). */
  private fail(code: WebSocketFaultCode, bytesBefore: number): Event {
    const { closing, core } = this;
    const { closeCode } = FAULTS[code];
    const offset = core.input.consumedBytes + bytesBefore;
    const message = faultMessage(code, offset);
    // Within a frame of declared length there is no place for another.
    const tellsPeer = closing.sentCode === null && this.sender.state !== 'frame';
    if (tellsPeer) closing.sentCode = closeCode;
    this.observe(closeCode === TOO_BIG || closeCode === POLICY ? 'limit' : 'protocol-error');
    this.stopReading();
    if (tellsPeer) core.output.writeClose(serializeClosePayload(closeCode, ''));
    this.closeDue = null;
    closing.move('fail');
    this.sender.stop();
    core.beginEnd(false);
    return { type: 'failed', code, message, offset, closeCode };
  }

  /** All input is read, and the peer's direction has ended without a Close frame. */
  private peerEnded(): null {
    const { core, reader } = this;
    const isWithin = reader.isInMessage || core.input.length > 0;
    if (core.peerEnd === 'truncated') this.observe('tls-truncated');
    else this.observe(isWithin ? 'ended-in-message' : 'fin-without-close');
    this.stop();
    core.beginClose();
    return null;
  }

  /** After the last message: all that is left is to say so, once the output is out. */
  private afterEnd(): Event | NeedData {
    const { core } = this;
    if (core.peerEnd !== null) core.endLinger();
    if (this.closedReported || !core.isOver) return NEED_DATA;
    this.closedReported = true;
    core.stopDeadlines();
    return this.closing.closedEvent();
  }

  /** Notes the first sign of the end, and what is known at that moment. */
  private observe(seen: Observation): void {
    const { closing, core, record, reader } = this;
    if (closing.observation !== null) return;
    // While it closes, nobody looks at the heartbeat.
    if (closing.state === 'open') this.noteStall();
    const { heartbeat, stallMs } = record;
    closing.observation = stallMs > 0 && isEndOfTransport(seen) ? 'local-stall' : seen;
    closing.evidence = {
      idleMs: Math.max(0, core.now - heartbeat.receivedAt),
      openMs: Math.max(0, core.now - record.openedAt),
      unacceptedBytes: core.output.pendingBytes,
      // A verdict on the input falls wherever the input was cut.
      withinMessage: !isVerdict(seen) && (reader.isInMessage || core.input.length > 0),
      pingUnansweredMs: heartbeat.unansweredMs(core.now),
      stallMs,
      sentCode: this.closeDue === null ? closing.sentCode : null,
      receivedCode: closing.receivedCode,
    };
  }

  /** A heartbeat's deadline that is noticed late says that this side did not run. */
  private noteStall(): void {
    const { record, core } = this;
    const stallMs = record.heartbeat.stallMs(record.settings.timeouts, core.now);
    record.stallMs = Math.max(record.stallMs, stallMs);
  }

  private stopReading(): void {
    this.reader.stop();
    this.core.goDeaf();
  }

  private stop(): void {
    this.stopReading();
    this.answer = null;
    this.closeDue = null;
    this.sender.stop();
  }

  private requireOpen(): void {
    if (this.sender.isOpen) return;
    throw new LocalProtocolError('WS_NOT_OPEN', 'the connection is closing or closed');
  }
}
