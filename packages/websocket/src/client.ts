// Entry `@holdline/websocket/client`: everything a client needs and nothing of the server.
export * from './common.ts';
export { DEFAULT_CLIENT_TIMEOUTS } from './limits.ts';
export type { RandomSource } from './masking-keys.ts';
export {
  clientSettings,
  type WebSocketClientOptions,
  type WebSocketClientSettings,
} from './settings.ts';
export { ClientWebSocket } from './websocket-client.ts';
