// An EventEmitter that programs written for browsers may listen to as to an EventTarget.
import { EventEmitter } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import {
  addDomListener,
  attributeListener,
  type CloseEvent,
  type ErrorEvent,
  type Event,
  type EventListener,
  type EventType,
  type ListenerOptions,
  type MessageEvent,
  removeDomListener,
  setAttributeListener,
} from './dom-listeners.ts';
import type { RawData } from './websocket-options.ts';

/** What an EventEmitter's listeners are given. */
export interface WebSocketEvents {
  open: [];
  /** Text comes as a Buffer, too. */
  message: [data: RawData, isBinary: boolean];
  /** 1005 when the peer gave no code, 1006 when it did not close. */
  close: [code: number, reason: Buffer];
  error: [error: Error];
  ping: [payload: Buffer];
  pong: [payload: Buffer];
  /** The server agrees. */
  upgrade: [response: IncomingMessage];
  redirect: [url: string, request: ClientRequest];
  /** The server does not agree; without a listener this is an error. */
  'unexpected-response': [request: ClientRequest, response: IncomingMessage];
}

/** What concerns listeners of a WebSocket. */
export abstract class DomTarget extends EventEmitter<WebSocketEvents> {
  /** Both Close frames were exchanged. */
  abstract readonly wasClean: boolean;

  /** Called as a listener of `open`; null for none. The others are alike. */
  get onopen(): ((event: Event) => void) | null {
    return attributeListener(this, 'open');
  }

  set onopen(listener: ((event: Event) => void) | null) {
    setAttributeListener(this, 'open', listener);
  }

  get onmessage(): ((event: MessageEvent) => void) | null {
    return attributeListener(this, 'message');
  }

  set onmessage(listener: ((event: MessageEvent) => void) | null) {
    setAttributeListener(this, 'message', listener);
  }

  get onclose(): ((event: CloseEvent) => void) | null {
    return attributeListener(this, 'close');
  }

  set onclose(listener: ((event: CloseEvent) => void) | null) {
    setAttributeListener(this, 'close', listener);
  }

  get onerror(): ((event: ErrorEvent) => void) | null {
    return attributeListener(this, 'error');
  }

  set onerror(listener: ((event: ErrorEvent) => void) | null) {
    setAttributeListener(this, 'error', listener);
  }

  /** As of an EventTarget, for `open`, `message`, `close` and `error`. */
  addEventListener<Type extends EventType>(
    type: Type,
    listener: EventListener<Type>,
    options: ListenerOptions = {},
  ): void {
    addDomListener(this, type, listener, options);
  }

  /** Takes a listener away that was added so. */
  removeEventListener<Type extends EventType>(type: Type, listener: EventListener<Type>): void {
    removeDomListener(this, type, listener);
  }
}
