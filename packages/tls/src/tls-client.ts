// A TLS 1.3 client (RFC 9846).
import type { Instant } from './bytes/connection.ts';
import type { TlsClientSettings } from './client-settings.ts';
import type { TlsClientEvent } from './events.ts';
import type { FaultCode } from './faults.ts';
import { firstOffer } from './handshake/client-offer.ts';
import { ClientTraffic } from './handshake/client-traffic.ts';
import { ExpectServerHello } from './handshake/expect-server-hello.ts';
import type { SecuredContent } from './handshake/secured.ts';
import type { HandshakeState } from './handshake/state.ts';
import { TlsConnection } from './tls-connection.ts';

/** One connection to a server. */
export class TlsClient extends TlsConnection<TlsClientSettings, TlsClientEvent<FaultCode>> {
  /**
   * Says hello at once. `serverName` is the DNS name of the server, ASCII, which it is asked for; null when
   * it has none, such as an IP address, which "MUST NOT" stand there (RFC 6066 section 3).
   */
  constructor(settings: TlsClientSettings, now: Instant, serverName: string | null) {
    super(settings, now, (run, engine) => {
      run.agreed.serverName = serverName;
      const offer = firstOffer(run);
      run.channel.sendFirstHello(offer.message);
      run.channel.reader.changeCipherSpec = 'dropped';
      engine.begin(new ExpectServerHello(run, offer, null));
    });
  }

  /** For the engine: tickets and requests for certificates come from now on. */
  afterHandshake({ suite, transcript }: SecuredContent): HandshakeState {
    const { settings, engine } = this;
    return new ClientTraffic(settings, engine, suite, transcript);
  }
}
