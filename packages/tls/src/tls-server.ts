// A TLS 1.3 server (RFC 9846).
import type { Instant } from './bytes/connection.ts';
import type { PreSharedKey } from './credential.ts';
import type { TlsServerEvent } from './events.ts';
import type { FaultCode } from './faults.ts';
import { ExpectClientHello } from './handshake/expect-client-hello.ts';
import type { SecuredContent } from './handshake/secured.ts';
import { ServerTraffic } from './handshake/server-traffic.ts';
import type { HandshakeState } from './handshake/state.ts';
import { LocalProtocolError } from './local-error.ts';
import type { TlsServerSettings } from './server-settings.ts';
import { TlsConnection } from './tls-connection.ts';

/**
 * One connection from a client. Data that is given before the handshake is complete waits for the client's
 * Finished, although "Servers MAY send data after sending their first flight" (section 4.5.3): they "have
 * no assurance of either the peer's identity or its liveness" then, and who the peer is decides the caller.
 */
export class TlsServer extends TlsConnection<TlsServerSettings, TlsServerEvent<FaultCode>> {
  private requests: ServerTraffic | null = null;

  /** Waits for the client's hello. */
  constructor(settings: TlsServerSettings, now: Instant) {
    super(settings, now, (run, engine) => {
      engine.begin(new ExpectClientHello(run));
    });
  }

  /** Answers `choose-psk`: the index of an identity and its key, or null to use none. Throws RangeError for an index that there is not. */
  choosePsk(id: number, choice: { index: number; psk: PreSharedKey } | null, now: Instant): void {
    this.engine.now = now;
    this.engine.answer('choose-psk', id, choice);
  }

  /**
   * Asks the client for a certificate after the handshake (section 4.7.2); its answer is a
   * `client-authenticated` event with the number that is returned. Throws LocalProtocolError when the
   * client does not allow it, or `certificateRequestsMax` are waiting for an answer.
   */
  requestCertificate(now: Instant): number {
    this.inUse();
    if (this.requests?.isAllowed !== true) {
      throw new LocalProtocolError('TLS_NOT_AGREED', 'the client takes no requests');
    }
    this.engine.now = now;
    return this.requests.request();
  }

  /** For the engine: answers to requests for certificates come from now on. */
  afterHandshake({ suite, transcript, event }: SecuredContent): HandshakeState {
    const { settings, engine } = this;
    this.requests = new ServerTraffic(settings, engine, suite, transcript, event.serverName);
    return this.requests;
  }
}
