// The listeners of programs written for browsers, `addEventListener` and `onmessage`, as listeners of
// an EventEmitter, where `removeAllListeners` and the like find them.

import type { DomTarget } from './dom-target.ts';
import type { WebSocket } from './websocket.ts';
import type { RawData } from './websocket-options.ts';

/** What has happened to `target`. */
export interface Event {
  readonly type: string;
  readonly target: WebSocket;
}

/** A message: text as a string, bytes as `binaryType` says. */
export interface MessageEvent extends Event {
  readonly data: string | RawData | Blob;
}

/** The connection is over. */
export interface CloseEvent extends Event {
  readonly code: number;
  readonly reason: string;
  /** Both Close frames were exchanged. */
  readonly wasClean: boolean;
}

/** Something went wrong. */
export interface ErrorEvent extends Event {
  readonly error: Error;
  readonly message: string;
}

/** Which event comes to which listeners. */
export interface WebSocketEventMap {
  readonly open: Event;
  readonly message: MessageEvent;
  readonly close: CloseEvent;
  readonly error: ErrorEvent;
}

/** The types of {@link WebSocketEventMap}. */
export type EventType = keyof WebSocketEventMap;

/** A function, or an object that has one. */
export type EventListener<Type extends EventType> =
  | ((this: WebSocket, event: WebSocketEventMap[Type]) => void)
  | { handleEvent(event: WebSocketEventMap[Type]): void };

/** How a listener is added. */
export interface ListenerOptions {
  /** It is called once. */
  readonly once?: boolean | undefined;
}

type AnyListener = EventListener<EventType>;
type Emitted = (this: DomTarget, ...values: never[]) => void;

type Untargeted<Any> = Any extends Event ? Omit<Any, 'target'> : never;

interface Origin {
  readonly listener: object;
  /** It is the value of `onopen` or such. */
  readonly isAttribute: boolean;
}

/** Whose listener a function on the emitter is. */
const origins = new WeakMap<object, Origin>();

/** Adds a listener, unless it is there. */
export function addDomListener(
  target: DomTarget,
  type: string,
  listener: object,
  { once = false }: ListenerOptions,
): void {
  if (!isEventType(type) || findEmitted(target, type, listener, false) !== null) return;
  const emitted = emittedListener(type, listener as AnyListener);
  origins.set(emitted, { listener, isAttribute: false });
  if (once) target.once(type, emitted);
  else target.on(type, emitted);
}

/** Takes a listener away, if it is there. */
export function removeDomListener(target: DomTarget, type: string, listener: object): void {
  if (!isEventType(type)) return;
  const emitted = findEmitted(target, type, listener, false);
  if (emitted !== null) target.off(type, emitted as () => void);
}

/** The value of `onopen` or such; null when there is none. */
export function attributeListener<Type extends EventType>(
  target: DomTarget,
  type: Type,
): ((this: WebSocket, event: WebSocketEventMap[Type]) => void) | null {
  const emitted = findEmitted(target, type, null, true);
  if (emitted === null) return null;
  return origins.get(emitted)?.listener as (event: WebSocketEventMap[Type]) => void;
}

/** Sets it; what is no function takes it away. */
export function setAttributeListener(target: DomTarget, type: EventType, listener: unknown): void {
  const present = findEmitted(target, type, null, true);
  if (present !== null) target.off(type, present as () => void);
  if (typeof listener !== 'function') return;
  const emitted = emittedListener(type, listener as AnyListener);
  origins.set(emitted, { listener, isAttribute: true });
  target.on(type, emitted);
}

function isEventType(type: string): type is EventType {
  return type === 'open' || type === 'message' || type === 'close' || type === 'error';
}

function findEmitted(
  target: DomTarget,
  type: EventType,
  listener: object | null,
  isAttribute: boolean,
): Emitted | null {
  for (const emitted of target.listeners(type)) {
    const origin = origins.get(emitted);
    const isSame = listener === null || origin?.listener === listener;
    if (origin?.isAttribute === isAttribute && isSame) return emitted as Emitted;
  }
  return null;
}

/** Makes the event of what an emitter's listener is given. */
function emittedListener(type: EventType, listener: AnyListener): Emitted {
  switch (type) {
    case 'open':
      return function () {
        call(listener, this, { type });
      };
    case 'message':
      return function (data: RawData | Blob, isBinary: boolean) {
        call(listener, this, { type, data: isBinary ? data : String(data) });
      };
    case 'close':
      return function (code: number, reason: Buffer) {
        const { wasClean } = this;
        call(listener, this, { type, code, reason: reason.toString(), wasClean });
      };
    case 'error':
      return function (error: Error) {
        call(listener, this, { type, error, message: error.message });
      };
  }
}

function call(
  listener: AnyListener,
  target: DomTarget,
  event: Untargeted<WebSocketEventMap[EventType]>,
): void {
  const happened = { ...event, target };
  if (typeof listener === 'function') (listener as (event: unknown) => void).call(target, happened);
  else (listener as { handleEvent(event: unknown): void }).handleEvent(happened);
}
