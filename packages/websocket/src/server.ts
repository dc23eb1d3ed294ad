// Entry `@holdline/websocket/server`: everything a server needs and nothing of the client.
export * from './common.ts';
export { DEFAULT_SERVER_TIMEOUTS } from './limits.ts';
export {
  serverSettings,
  type WebSocketServerOptions,
  type WebSocketServerSettings,
} from './settings.ts';
export { ServerWebSocket } from './websocket-server.ts';
