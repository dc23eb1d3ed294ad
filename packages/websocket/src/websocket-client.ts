// The client's side of a connection: what it alone is given. It masks (RFC 6455 section 5.1).
import type { Instant } from './bytes/connection.ts';
import type { DeflateParameters } from './deflate-parameters.ts';
import { Endpoint } from './endpoint.ts';
import type { WebSocketClientSettings } from './settings.ts';

/** One connection as its client has it; see the README for the loop that drives it. */
export class ClientWebSocket extends Endpoint {
  /** As of `ServerWebSocket`; `settings` come from `clientSettings`. */
  constructor(
    settings: WebSocketClientSettings,
    now: Instant,
    deflate: DeflateParameters | null = null,
  ) {
    super(settings, now);
    if (deflate === null) return;
    const { serverMaxWindowBits, clientMaxWindowBits } = deflate;
    this.compress(
      { windowBits: clientMaxWindowBits, contextTakeover: !deflate.clientNoContextTakeover },
      { windowBits: serverMaxWindowBits, contextTakeover: !deflate.serverNoContextTakeover },
    );
  }
}
