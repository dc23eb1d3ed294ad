export { duplexTransport } from './adapters/duplex.ts';
export {
  type Layer,
  type LayerEvent,
  type LayeredOptions,
  LayeredTransport,
} from './adapters/layered.ts';
export { type MemoryPairOptions, MemoryTransport, memoryPair } from './adapters/memory.ts';
export { socketTransport } from './adapters/socket.ts';
export type { StreamTransport } from './adapters/stream.ts';
export { tlsSocketTransport } from './adapters/tls-socket.ts';
export type {
  Connection,
  End,
  Instant,
  NeedData,
  Paused,
  TrailingData,
  TransportWish,
} from './bytes/connection.ts';
export type {
  ClientConnectionCloseCause,
  ClientConnectionInfo,
  ClientConnectionSnapshot,
  ClientConnectionState,
} from './client/client-connection-info.ts';
export {
  HttpClientError,
  type HttpClientErrorCode,
  type HttpClientErrorDetails,
} from './client/client-errors.ts';
export type { HttpClientOptions } from './client/client-options.ts';
export type { ClientRequest, ClientRequestContent } from './client/client-request.ts';
export type { ClientResponse } from './client/client-response.ts';
export type { ClientUpgrade } from './client/client-upgrade.ts';
export type { Connected, ConnectedSocket, Connector } from './client/connector.ts';
export { HttpClient, type PromisedRequest } from './client/http-client.ts';
export type { Origin } from './client/origin.ts';
export type { ReadOptions, ResponseContent } from './client/response-content.ts';
export type { ClientExchange, ResponseSink } from './client/response-sink.ts';
export { type Clock, type Expiring, sharedClock } from './clock.ts';
export { Driver } from './driver.ts';
export type { EventSink, Party } from './event-sink.ts';
export type { RemoteEnd } from './http-connection.ts';
export type {
  ConnectionCloseCause,
  ConnectionInfo,
  ConnectionSnapshot,
  ConnectionState,
} from './http-connection-info.ts';
export type {
  ExchangeRecord,
  HttpExchange,
  HttpHandler,
  PartyFactory,
  SwitchedParty,
} from './http-exchange.ts';
export { type RequestContentCode, RequestContentError } from './http-request-content.ts';
export type { HttpContent, HttpResponse } from './http-response.ts';
export { type HttpServer, serveHttp } from './http-server.ts';
export type {
  DrainReport,
  HttpServerOptions,
  ListenAddress,
  ListenOptions,
} from './http-server-options.ts';
export type {
  SecuredConnection,
  Securing,
  SecuringOwner,
  ServerSecurity,
} from './server-security.ts';
export {
  type TcpCapabilities,
  type TcpKeepAlive,
  type TcpOptions,
  tcpCapabilities,
} from './tcp-options.ts';
export type { TlsInfo } from './tls-info.ts';
export type { Transport, TransportCapabilities, TransportSink } from './transport.ts';
