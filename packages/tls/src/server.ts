// Entry `@holdline/tls/server`: everything a server needs and nothing of the client.
export * from './common.ts';
export type {
  ChoosePskEvent,
  ClientAuthenticatedEvent,
  ServerChooseCertificateEvent,
  TlsServerEvent,
} from './events.ts';
export {
  serverSettings,
  type TlsServerOptions,
  type TlsServerSettings,
} from './server-settings.ts';
export { TlsServer } from './tls-server.ts';
