// What the pieces of a client connection share.
import type { Http1ClientSettings } from './client-settings.ts';
import type { ConnectionCore } from './connection-core.ts';
import type { ClientCloseCause, ClientEvent } from './events.ts';
import type { Http1FaultCode } from './faults.ts';
import type { Pipeline } from './pipeline.ts';
import type { CLIENT_RECEIVE, CLIENT_SEND, StatePair } from './state.ts';

/** Made by the client, used by those who send, receive and wait for it. */
export interface ClientParts {
  readonly settings: Http1ClientSettings;
  readonly core: ConnectionCore<ClientEvent<Http1FaultCode>, ClientCloseCause>;
  readonly states: StatePair<typeof CLIENT_RECEIVE, typeof CLIENT_SEND>;
  readonly pipeline: Pipeline;
}
