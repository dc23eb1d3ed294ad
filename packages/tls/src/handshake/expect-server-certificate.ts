// A client that has to be shown a certificate: CertificateRequest, perhaps, Certificate and
// CertificateVerify come (RFC 9846 sections 4.4.2, 4.5.1, 4.5.2).
import type { TlsClientSettings } from '../client-settings.ts';
import { parseCertificate } from '../messages/certificate.ts';
import {
  type CertificateRequest,
  parseCertificateRequest,
} from '../messages/certificate-request.ts';
import { HANDSHAKE_TYPE } from '../messages/handshake-type.ts';
import { PeerFault } from '../peer-fault.ts';
import { ExpectServerFinished } from './expect-server-finished.ts';
import type { HandshakeKeys } from './handshake-keys.ts';
import type { HandshakeRun } from './handshake-run.ts';
import { PeerAcceptance } from './peer-acceptance.ts';
import { type PeerCertificate, peerCertificate } from './peer-certificate.ts';
import { PossessionProof } from './possession-proof.ts';
import { expectMessage, type HandshakeState, type Step } from './state.ts';

type Run = HandshakeRun<TlsClientSettings>;

/** Expects Certificate, or once a CertificateRequest in front of it. */
export class ExpectServerCertificate implements HandshakeState {
  private readonly run: Run;
  private readonly keys: HandshakeKeys;
  private readonly offeredTypes: readonly number[];
  private readonly request: CertificateRequest | null;

  constructor(
    run: Run,
    keys: HandshakeKeys,
    offeredTypes: readonly number[],
    request: CertificateRequest | null,
  ) {
    this.run = run;
    this.keys = keys;
    this.offeredTypes = offeredTypes;
    this.request = request;
  }

  /** {@link HandshakeState} */
  receive(message: Uint8Array): Step {
    const isRequest = message[0] === HANDSHAKE_TYPE.certificate_request;
    if (isRequest && this.request === null) return this.receiveRequest(message);
    expectMessage(message, HANDSHAKE_TYPE.certificate);
    const { run, keys, request } = this;
    const certificate = parseCertificate(message, this.offeredTypes);
    if (certificate.context.length > 0) throw invalidContext('a server has no context to echo');
    // "If the server supplies an empty Certificate message, the client MUST abort the handshake with a
    // decode_error alert" (section 4.5.1.3).
    if (certificate.entries.length === 0) {
      throw new PeerFault('TLS_NO_CERTIFICATE', 'a server must show a certificate');
    }
    const shown = peerCertificate(run.settings, certificate);
    run.transcript.add(message);
    return new ExpectServerCertificateVerify(run, keys, shown, request);
  }

  private receiveRequest(message: Uint8Array): Step {
    const { run, keys, offeredTypes } = this;
    const request = parseCertificateRequest(message);
    // "This field SHALL be zero length unless used for the post-handshake authentication exchanges".
    if (request.context.length > 0) throw invalidContext('a request of the handshake has none');
    run.transcript.add(message);
    return new ExpectServerCertificate(run, keys, offeredTypes, request);
  }
}

/** Expects CertificateVerify. */
class ExpectServerCertificateVerify implements HandshakeState {
  private readonly run: Run;
  private readonly keys: HandshakeKeys;
  private readonly certificate: PeerCertificate;
  private readonly request: CertificateRequest | null;

  constructor(
    run: Run,
    keys: HandshakeKeys,
    certificate: PeerCertificate,
    request: CertificateRequest | null,
  ) {
    this.run = run;
    this.keys = keys;
    this.certificate = certificate;
    this.request = request;
  }

  /** {@link HandshakeState} */
  receive(message: Uint8Array): Step {
    const { run, keys, request } = this;
    const { signatureSchemes } = run.settings;
    const hash = run.transcript.hash();
    const proof = PossessionProof.verify(
      message,
      this.certificate,
      signatureSchemes,
      'server',
      hash,
    );
    run.transcript.add(message);
    run.agreed.signatureScheme = proof.scheme;
    run.agreed.peerCertificates = proof.certificate.chain;
    return PeerAcceptance.ask(
      run,
      proof,
      null,
      (accepted) => new ExpectServerFinished(run, keys, accepted, request),
    );
  }
}

function invalidContext(detail: string): PeerFault {
  return new PeerFault('TLS_INVALID_CERTIFICATE_CONTEXT', detail);
}
