// Entry `@holdline/tls/client`: everything a client needs and nothing of the server.
export {
  clientSettings,
  type TlsClientOptions,
  type TlsClientSettings,
} from './client-settings.ts';
export * from './common.ts';
export type { ClientChooseCertificateEvent, TlsClientEvent } from './events.ts';
export { TlsClient } from './tls-client.ts';
