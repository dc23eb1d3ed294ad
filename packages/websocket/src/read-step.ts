// What reading comes to, step by step.
import type { NeedData } from './bytes/connection.ts';
import type { BinaryEvent, DataEvent, EndEvent, MessageEvent, TextEvent } from './events.ts';
import type { WebSocketFaultCode } from './faults.ts';

/** A control frame, whole and unmasked. */
export interface ControlFrame {
  readonly type: 'control';
  readonly opcode: number;
  /** 0-125 bytes, a copy. */
  readonly payload: Uint8Array;
}

/** What a message is found to be: the events that stand for its content. */
type MessageContent = TextEvent | BinaryEvent | MessageEvent | DataEvent | EndEvent;
/** One step of reading; null when there is nothing to report of it. */
export type ReadStep = MessageContent | ControlFrame | WebSocketFaultCode | NeedData | null;
