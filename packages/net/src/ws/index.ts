// Entry `@holdline/net/ws`: the interface of the package `ws` on the connections of this library.
export type { ConnectionError } from './connection-error.ts';
export type {
  CloseEvent,
  ErrorEvent,
  Event,
  EventListener,
  EventType,
  ListenerOptions,
  MessageEvent,
  WebSocketEventMap,
} from './dom-listeners.ts';
export type { WebSocketEvents } from './dom-target.ts';
export type { HandshakeError } from './handshake-error.ts';
export type { ReadyState } from './ready-state.ts';
export { WebSocket, WebSocket as default } from './websocket.ts';
export type {
  BinaryType,
  BufferLike,
  ClientOptions,
  ConnectionOptions,
  PerMessageDeflateOptions,
  RawData,
  SendOptions,
  SentCallback,
  ServerOptions,
  VerifyClient,
  VerifyClientAnswer,
  VerifyClientInfo,
} from './websocket-options.ts';
export { WebSocketServer, type WebSocketServerEvents } from './websocket-server.ts';
export { createWebSocketStream } from './websocket-stream.ts';
