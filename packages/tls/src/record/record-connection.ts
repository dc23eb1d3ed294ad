// The record layer as a machine of its own, for those who have keys from elsewhere and a handshake of
// their own, or none: bytes in, records out, and back.
import { ALERT, type AlertName } from '../alert.ts';
import {
  type Connection,
  type End,
  type Instant,
  NEED_DATA,
  type NeedData,
  type TrailingData,
  type TransportWish,
} from '../bytes/connection.ts';
import { checkInput, ReceiveBuffer } from '../bytes/receive-buffer.ts';
import { LocalProtocolError } from '../local-error.ts';
import { PeerFault } from '../peer-fault.ts';
import { parseAlert, serializeAlert } from './alert-message.ts';
import { CONTENT_TYPE, type ContentType } from './content-type.ts';
import type { RecordConnectionEvent } from './record-events.ts';
import { RECORD_FAULTS, type RecordFaultCode } from './record-faults.ts';
import { DEFAULT_RECORD_LIMITS, type RecordLimits } from './record-limits.ts';
import { RecordOutput, type RecordOutputOptions } from './record-output.ts';
import { RecordReader, type TlsRecord } from './record-reader.ts';

/** What a record connection may be told; everything has a default. */
export interface RecordConnectionOptions extends RecordOutputOptions {
  /** Over `DEFAULT_RECORD_LIMITS`. */
  readonly limits?: Partial<RecordLimits>;
  /** `owned`: what `receive` is given may be written to. `borrowed`: it is copied first. `owned`. */
  readonly input?: 'owned' | 'borrowed';
}

/** Records in both directions over any stream of bytes. */
export class RecordConnection implements Connection<RecordConnectionEvent> {
  /** The direction from the peer: its key, and which records it takes. */
  readonly reader: RecordReader;
  /** The direction to the peer: its key, and the sizes of its records. */
  readonly output: RecordOutput;
  private readonly input = new ReceiveBuffer();
  private readonly limits: RecordLimits;
  private end: End | null = null;
  private state: 'reading' | 'ended' | 'over' | 'closed' = 'reading';
  private hasEnded = false;

  constructor(options: RecordConnectionOptions = {}) {
    this.limits = { ...DEFAULT_RECORD_LIMITS, ...options.limits };
    this.reader = new RecordReader(this.input, this.limits, options.input === 'borrowed');
    this.output = new RecordOutput(options);
  }

  /** False: stop reading the transport. */
  get wantsData(): boolean {
    return this.input.length <= this.limits.inputBytesMax;
  }

  /** Bytes queued or handed out and not yet accepted. */
  get outputBytes(): number {
    return this.output.pendingBytes;
  }

  /** `close` after a failure or a fatal alert, and once both directions have ended. */
  get transport(): TransportWish {
    if (this.state === 'over' || this.state === 'closed') return 'close';
    if (!this.hasEnded) return 'open';
    return this.state === 'ended' ? 'close' : 'half-close';
  }

  /** Takes over bytes; throws TypeError for what is no Uint8Array of unshared memory, RangeError past `inputBytesMax`. */
  receive(data: Uint8Array, _now: Instant): void {
    checkInput(data);
    if (!this.wantsData) throw new RangeError('receive: more than inputBytesMax is unread');
    // "Any data received after a closure alert has been received MUST be ignored" (section 6.1).
    if (this.state === 'reading') this.input.append(data);
  }

  /** The peer's direction of the transport ended. */
  receiveEnd(_now: Instant, end: End): void {
    this.end ??= end;
  }

  /** Reads exactly one event. */
  nextEvent(now: Instant): RecordConnectionEvent | NeedData {
    if (this.state === 'over') {
      this.state = 'closed';
      return { type: 'closed' };
    }
    if (this.state === 'closed') return NEED_DATA;
    if (this.state === 'ended') return this.end === null ? NEED_DATA : this.closed();
    if (this.end === 'reset' || this.end === 'failed') return this.endedBy(this.end);
    try {
      const record = this.reader.next(now);
      if (record !== null) return this.eventOf(record);
    } catch (error) {
      if (!(error instanceof PeerFault)) throw error;
      return this.fail(error);
    }
    return this.end === null ? NEED_DATA : this.endedBy('truncated');
  }

  /** The next chunk to write, or null. */
  nextOutput(): Uint8Array | null {
    return this.output.next();
  }

  /** The transport took bytes; throws RangeError for more than were handed out. */
  outputAccepted(byteCount: number, _now: Instant): void {
    if (!this.output.accept(byteCount)) {
      throw new RangeError('outputAccepted: more than was handed out, or no count');
    }
  }

  /** Never: this machine has no patience of its own. */
  deadline(): Instant {
    return Number.POSITIVE_INFINITY;
  }

  /** Does nothing. */
  onDeadline(_now: Instant): void {}

  /** Another protocol never follows: throws LocalProtocolError. */
  takeTrailingData(): TrailingData {
    throw new LocalProtocolError('TLS_CLOSED', 'there is no switch from this protocol');
  }

  /** Sends a message under the present key, before data that waits; throws LocalProtocolError after close_notify. */
  send(type: ContentType, content: Uint8Array): void {
    this.checkOpen();
    this.output.send(type, content);
  }

  /** Sends application data, borrowed until it is accepted; throws LocalProtocolError after close_notify. */
  sendData(data: Uint8Array, now: Instant): void {
    this.checkOpen();
    this.output.sendData(data, now);
  }

  /** Ends our direction behind all data (section 6.1); a second call does nothing. */
  closeNotify(): void {
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.output.sendLast(CONTENT_TYPE.alert, serializeAlert('close_notify'));
  }

  private checkOpen(): void {
    if (!this.hasEnded) return;
    throw new LocalProtocolError('TLS_CLOSED', 'this direction has ended');
  }

  private eventOf({ type, content, isProtected }: TlsRecord): RecordConnectionEvent {
    if (type !== CONTENT_TYPE.alert) {
      return { type: 'record', contentType: type, content, isProtected };
    }
    const { name, description } = parseAlert(content);
    if (description === ALERT.close_notify) {
      this.state = 'ended';
      this.input.clear();
      return { type: 'end', end: 'finished' };
    }
    if (name !== 'user_canceled') this.finish();
    return { type: 'alert', name, description };
  }

  private endedBy(end: End): RecordConnectionEvent {
    this.finish();
    return { type: 'end', end };
  }

  private closed(): RecordConnectionEvent {
    this.state = 'closed';
    return { type: 'closed' };
  }

  private fail(fault: PeerFault): RecordConnectionEvent {
    const code = fault.code as RecordFaultCode;
    // After close_notify "the sender will not send any more messages" (section 6.1).
    const isSilent = this.hasEnded && !this.output.awaitsLast;
    const alert: AlertName | null = isSilent ? null : RECORD_FAULTS[code].alert;
    const offset = this.reader.recordOffset;
    this.finish();
    if (alert !== null) this.output.send(CONTENT_TYPE.alert, serializeAlert(alert));
    return { type: 'failed', code, alert, message: fault.message, offset };
  }

  /** Nothing more is received, nor sent but an alert. */
  private finish(): void {
    this.state = 'over';
    this.hasEnded = true;
    this.input.clear();
    this.output.dropData();
    this.reader.destroy();
  }
}
