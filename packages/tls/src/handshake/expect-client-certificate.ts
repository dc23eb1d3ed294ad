// A server that has asked for a certificate: Certificate and, unless that is empty, CertificateVerify
// come (RFC 9846 section 4.5).
import { parseCertificate } from '../messages/certificate.ts';
import { HANDSHAKE_TYPE } from '../messages/handshake-type.ts';
import { PeerFault } from '../peer-fault.ts';
import type { TlsServerSettings } from '../server-settings.ts';
import { ExpectClientFinished } from './expect-client-finished.ts';
import type { ApplicationSecrets, HandshakeKeys } from './handshake-keys.ts';
import type { HandshakeRun } from './handshake-run.ts';
import { PeerAcceptance } from './peer-acceptance.ts';
import { type PeerCertificate, peerCertificate } from './peer-certificate.ts';
import { PossessionProof } from './possession-proof.ts';
import { expectMessage, type HandshakeState, type Step } from './state.ts';

type Run = HandshakeRun<TlsServerSettings>;

/** Expects Certificate. */
export class ExpectClientCertificate implements HandshakeState {
  private readonly run: Run;
  private readonly keys: HandshakeKeys;
  private readonly secrets: ApplicationSecrets;
  private readonly requestedTypes: readonly number[];

  constructor(
    run: Run,
    keys: HandshakeKeys,
    secrets: ApplicationSecrets,
    requestedTypes: readonly number[],
  ) {
    this.run = run;
    this.keys = keys;
    this.secrets = secrets;
    this.requestedTypes = requestedTypes;
  }

  /** {@link HandshakeState} */
  receive(message: Uint8Array): Step {
    const { run, keys, secrets } = this;
    expectMessage(message, HANDSHAKE_TYPE.certificate);
    const certificate = parseCertificate(message, this.requestedTypes);
    if (certificate.context.length > 0) {
      const detail = 'the request of the handshake has none';
      throw new PeerFault('TLS_INVALID_CERTIFICATE_CONTEXT', detail);
    }
    run.transcript.add(message);
    if (certificate.entries.length > 0) {
      const shown = peerCertificate(run.settings, certificate);
      return new ExpectClientCertificateVerify(run, keys, secrets, shown);
    }
    if (run.settings.clientCertificate === 'require') {
      throw new PeerFault('TLS_CERTIFICATE_REQUIRED', 'the client shows no certificate');
    }
    return new ExpectClientFinished(run, keys, secrets, PeerAcceptance.ofAnonymousClient());
  }
}

/** Expects CertificateVerify. */
class ExpectClientCertificateVerify implements HandshakeState {
  private readonly run: Run;
  private readonly keys: HandshakeKeys;
  private readonly secrets: ApplicationSecrets;
  private readonly certificate: PeerCertificate;

  constructor(
    run: Run,
    keys: HandshakeKeys,
    secrets: ApplicationSecrets,
    certificate: PeerCertificate,
  ) {
    this.run = run;
    this.keys = keys;
    this.secrets = secrets;
    this.certificate = certificate;
  }

  /** {@link HandshakeState} */
  receive(message: Uint8Array): Step {
    const { run, keys, secrets, certificate } = this;
    const { signatureSchemes } = run.settings;
    const hash = run.transcript.hash();
    const proof = PossessionProof.verify(message, certificate, signatureSchemes, 'client', hash);
    run.transcript.add(message);
    run.agreed.peerCertificates = proof.certificate.chain;
    return PeerAcceptance.ask(
      run,
      proof,
      null,
      (accepted) => new ExpectClientFinished(run, keys, secrets, accepted),
    );
  }
}
