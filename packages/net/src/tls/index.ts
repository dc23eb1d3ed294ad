// Entry `@holdline/net/tls`: TLS under servers and clients, by holdline's engine or node:tls, and on its own.
export { connectTls, type TlsConnectOptions, type TlsTarget } from './connect-tls.ts';
export { type NodeTlsServerOptions, nodeTlsServer } from './node-tls-server.ts';
export { serveTls, type TlsHandler, type TlsListener, type TlsServeOptions } from './serve-tls.ts';
export type { TlsClientSecurityOptions } from './tls-client-options.ts';
export { TlsConnection, type TlsConnectionOwner, type TlsMachine } from './tls-connection.ts';
export { type TlsConnectorOptions, tlsConnector } from './tls-connector.ts';
export type { TlsDrainReport } from './tls-drain.ts';
export { TlsError, type TlsErrorCode, type TlsErrorDetails } from './tls-error.ts';
export type {
  AnyTlsEvent,
  AnyTlsHandlers,
  Eventually,
  PeerVerdict,
  TlsClientHandlers,
  TlsHandlers,
  TlsServerHandlers,
} from './tls-handlers.ts';
export { type TlsServerEngineOptions, tlsServer } from './tls-server.ts';
export type { TlsServerSecurityOptions } from './tls-server-options.ts';
