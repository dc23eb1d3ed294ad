// Entry `@holdline/websocket/client`: everything a client needs and nothing of the server.

export {
  type ClientHandshake,
  makeOpeningRequest,
  type OpeningOptions,
} from './client-handshake.ts';
export {
  checkOpeningResponse,
  type EstablishedConnection,
  type FailedHandshake,
  type RefusedHandshake,
} from './client-verdict.ts';
export * from './common.ts';
export type { DeflateOffer } from './deflate-offer.ts';
export { DEFAULT_CLIENT_TIMEOUTS } from './limits.ts';
export type { RandomSource } from './masking-keys.ts';
export {
  clientSettings,
  type WebSocketClientOptions,
  type WebSocketClientSettings,
} from './settings.ts';
export { ClientWebSocket } from './websocket-client.ts';
export { parseWebSocketUrl, type WebSocketUrl } from './websocket-url.ts';
