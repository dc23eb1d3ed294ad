// Entry `@holdline/net/websocket-api`: the `WebSocket` of browsers.
export { CloseEvent, type CloseEventInit, ConnectionErrorEvent } from './close-event.ts';
export type { EventHandler } from './event-handlers.ts';
export { type BinaryType, WebSocket, type WebSocketData, type WebSocketInit } from './websocket.ts';
