// What a record connection tells.
import type { AlertName } from '../alert.ts';
import type { End } from '../bytes/connection.ts';
import type { ContentType } from './content-type.ts';
import type { RecordFaultCode } from './record-faults.ts';

/** A record other than an alert. */
export interface RecordEvent {
  readonly type: 'record';
  readonly contentType: ContentType;
  /** The receiver's own; empty only for application_data and heartbeat. */
  readonly content: Uint8Array;
  /** Whether it came under a key. */
  readonly isProtected: boolean;
}

/** An alert other than close_notify; all but user_canceled end the connection (RFC 9846 section 6). */
export interface AlertEvent {
  readonly type: 'alert';
  /** Null for a number that is not known. */
  readonly name: AlertName | null;
  /** The number on the wire. */
  readonly description: number;
}

/** The peer sends nothing more: `finished` by close_notify, `truncated` without it (section 6.1). */
export interface RecordEndEvent {
  readonly type: 'end';
  readonly end: End;
}

/** The peer broke the protocol; the alert is queued. */
export interface RecordFailedEvent {
  readonly type: 'failed';
  readonly code: RecordFaultCode;
  /** What was sent, or null. */
  readonly alert: AlertName | null;
  readonly message: string;
  /** Where in the stream the record began, in bytes. */
  readonly offset: number;
}

/** Nothing comes after it. */
export interface RecordClosedEvent {
  readonly type: 'closed';
}

/** All events of a record connection. */
export type RecordConnectionEvent =
  | RecordEvent
  | AlertEvent
  | RecordEndEvent
  | RecordFailedEvent
  | RecordClosedEvent;
