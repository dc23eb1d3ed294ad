// Entry `@holdline/websocket/server`: everything a server needs and nothing of the client.
export * from './common.ts';
export type { DeflateChoice } from './deflate-answer.ts';
export type { Extension, ExtensionParameter } from './extension-list.ts';
export { DEFAULT_SERVER_TIMEOUTS } from './limits.ts';
export { type PreparedMessage, prepareMessage } from './prepared-message.ts';
export {
  type AcceptedRequest,
  type AcceptOptions,
  acceptOpening,
  acceptWebSocket,
  refuseOpening,
} from './server-answer.ts';
export {
  type NotWebSocket,
  type OpeningRequest,
  type RefusedRequest,
  readOpeningRequest,
} from './server-handshake.ts';
export {
  serverSettings,
  type WebSocketServerOptions,
  type WebSocketServerSettings,
} from './settings.ts';
export type { SubprotocolChoice } from './subprotocol.ts';
export { ServerWebSocket } from './websocket-server.ts';
