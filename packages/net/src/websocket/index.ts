// Entry `@holdline/net/websocket`: WebSockets of servers and clients.
export type {
  ClosedEvent,
  Compression,
  DeflateParameters,
  Diagnosis,
  Evidence,
  FailedEvent,
  LikelyCause,
  MessageKind,
  Observation,
  RoundTrip,
  WebSocketFaultCode,
} from '@holdline/websocket';
export type { WebSocketConnectOptions } from './connect-options.ts';
export type { WireFrame } from './frame-scanner.ts';
export type { IncomingMessage, ReadMessageOptions } from './incoming-message.ts';
export { connectWebSocket } from './websocket-connect.ts';
export type {
  MessageOptions,
  StreamOptions,
  StreamSource,
  WebSocketConnection,
  WebSocketHandlers,
  WebSocketMessage,
} from './websocket-connection.ts';
export {
  type RefusalResponse,
  WebSocketMessageError,
  type WebSocketMessageErrorCode,
  WebSocketOpenError,
  type WebSocketOpenErrorCode,
} from './websocket-errors.ts';
export { serveWebSocket, type WebSocketServer } from './websocket-server.ts';
export type {
  AcceptDecision,
  BroadcastOptions,
  CloseAllOptions,
  CloseAllReport,
  OpeningDecision,
  RefuseDecision,
  WebSocketServeOptions,
} from './websocket-server-options.ts';
