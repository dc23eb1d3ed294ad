// What an endpoint reports. Every event is a plain object with `type` first.
import type { ClosedEvent } from './closed-event.ts';
import type { MessageKind } from './opcode.ts';

/** A whole text message. */
export interface TextEvent {
  readonly type: 'text';
  /** Decoded from valid UTF-8, a byte order mark included. */
  readonly text: string;
}

/** A whole binary message. */
export interface BinaryEvent {
  readonly type: 'binary';
  readonly data: Uint8Array;
}

/** Where pieces are wanted: a message begins. */
export interface MessageEvent {
  readonly type: 'message';
  readonly kind: MessageKind;
  /** The peer has compressed it; the pieces are inflated. */
  readonly isCompressed: boolean;
  /** Bytes of content to come; -1 when unknown until its end, since it is in fragments or compressed. */
  readonly byteCount: number;
}

/** A piece of a message, never empty. Text is valid UTF-8 so far, and may be cut within a character. */
export interface DataEvent {
  readonly type: 'data';
  readonly data: Uint8Array;
}

/** The message is complete. */
export interface EndEvent {
  readonly type: 'end';
}

/** A ping, which the machine answers (RFC 6455 section 5.5.2). */
export interface PingEvent {
  readonly type: 'ping';
  /** 0-125 bytes. */
  readonly data: Uint8Array;
}

/** A pong, asked for or not (RFC 6455 section 5.5.3). */
export interface PongEvent {
  readonly type: 'pong';
  /** 0-125 bytes. */
  readonly data: Uint8Array;
  /** Milliseconds since the ping that it answers; null when it answers none that is outstanding. */
  readonly roundTripMs: number | null;
}

/** The peer's Close frame (RFC 6455 section 5.5.1); ours is on its way, whoever was first. */
export interface CloseEvent {
  readonly type: 'close';
  /** 1005 when the frame has none (section 7.1.5). */
  readonly code: number;
  readonly reason: string;
}

/** The peer's fault; comes at most once, and the Close frame that says so is queued. */
export interface FailedEvent<Code extends string = string> {
  readonly type: 'failed';
  readonly code: Code;
  /** What, where, and which section; no bytes of the peer's. */
  readonly message: string;
  /** Bytes of the connection's input before the offending one. */
  readonly offset: number;
  /** The code of the Close frame that is sent. */
  readonly closeCode: number;
}

/** Events of both roles. */
export type WebSocketEvent<Code extends string = string> =
  | TextEvent
  | BinaryEvent
  | MessageEvent
  | DataEvent
  | EndEvent
  | PingEvent
  | PongEvent
  | CloseEvent
  | FailedEvent<Code>
  | ClosedEvent;
