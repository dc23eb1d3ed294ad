// The traffic secrets of the handshake and what follows from them (RFC 9846 section 7.1).
import type { CipherSuite } from '../cipher-suite.ts';
import {
  EarlySecret,
  type HandshakeSecret,
  handshakeSecretWithoutPsk,
} from '../schedule/key-schedule.ts';
import { wipe } from '../secret-bytes.ts';
import type { HandshakeRun } from './handshake-run.ts';

/** Secrets of the application traffic, taken over by whoever receives them. */
export interface ApplicationSecrets {
  /** client_application_traffic_secret_0 */
  readonly client: Uint8Array;
  /** server_application_traffic_secret_0 */
  readonly server: Uint8Array;
  /** exporter_secret */
  readonly exporter: Uint8Array;
}

/** Between ServerHello and the Finished messages. */
export class HandshakeKeys {
  readonly suite: CipherSuite;
  /** client_handshake_traffic_secret */
  readonly client: Uint8Array;
  /** server_handshake_traffic_secret */
  readonly server: Uint8Array;
  private readonly secret: HandshakeSecret;

  /**
   * From the pre-shared key and the result of the key exchange, one of which may be null, over the
   * transcript that ends with ServerHello. The shared secret is overwritten, the pre-shared key is not.
   */
  constructor(
    run: HandshakeRun,
    suite: CipherSuite,
    psk: Uint8Array | null,
    sharedSecret: Uint8Array | null,
  ) {
    this.suite = suite;
    const { crypto } = run;
    this.secret =
      psk === null
        ? handshakeSecretWithoutPsk(crypto, suite.hash, sharedSecret)
        : new EarlySecret(crypto, suite.hash, psk).toHandshake(sharedSecret);
    if (sharedSecret !== null) wipe(sharedSecret);
    const hellosHash = run.transcript.hash();
    this.client = this.secret.clientTraffic(hellosHash);
    this.server = this.secret.serverTraffic(hellosHash);
    run.held.hold(this);
    run.logSecret('CLIENT_HANDSHAKE_TRAFFIC_SECRET', this.client);
    run.logSecret('SERVER_HANDSHAKE_TRAFFIC_SECRET', this.server);
  }

  /** The next secrets, over the transcript that ends with the server's Finished; called once. */
  toApplication(run: HandshakeRun): ApplicationSecrets {
    const finishedHash = run.transcript.hash();
    const main = this.secret.toMain();
    const secrets = {
      client: run.held.holdBytes(main.clientTraffic(finishedHash)),
      server: run.held.holdBytes(main.serverTraffic(finishedHash)),
      exporter: run.held.holdBytes(main.exporter(finishedHash)),
    };
    main.destroy();
    run.logSecret('CLIENT_TRAFFIC_SECRET_0', secrets.client);
    run.logSecret('SERVER_TRAFFIC_SECRET_0', secrets.server);
    run.logSecret('EXPORTER_SECRET', secrets.exporter);
    return secrets;
  }

  /** Overwrites what is left. */
  destroy(): void {
    this.secret.destroy();
    wipe(this.client);
    wipe(this.server);
  }
}
