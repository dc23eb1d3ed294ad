// A server after its handshake: it may ask for certificates, and their answers come, in any order (RFC 9846
// section 4.7.2).
import type { CipherSuite } from '../cipher-suite.ts';
import type { Engine } from '../engine.ts';
import { LocalProtocolError } from '../local-error.ts';
import { parseCertificate } from '../messages/certificate.ts';
import { HANDSHAKE_TYPE } from '../messages/handshake-type.ts';
import { PeerFault } from '../peer-fault.ts';
import type { Transcript } from '../schedule/transcript.ts';
import type { TlsServerSettings } from '../server-settings.ts';
import { certificateRequest } from './certificate-wishes.ts';
import { FinishedProof } from './finished-proof.ts';
import { PeerAcceptance } from './peer-acceptance.ts';
import { type PeerCertificate, peerCertificate } from './peer-certificate.ts';
import { PossessionProof } from './possession-proof.ts';
import { type HandshakeState, type Step, unexpectedMessage } from './state.ts';

/** "The server SHOULD make the context unpredictable to the client" (section 4.4.2). */
const CONTEXT_BYTES = 16;

/** A request without an answer yet. */
interface OpenRequest {
  readonly number: number;
  readonly context: Uint8Array;
  readonly extensionTypes: readonly number[];
  /** Through the main handshake and this request. */
  readonly transcript: Transcript;
}

/** Takes what a client may send while data flows. */
export class ServerTraffic implements HandshakeState {
  readonly takesData: true = true;
  readonly settings: TlsServerSettings;
  readonly engine: Engine;
  readonly suite: CipherSuite;
  readonly agreed: { readonly serverName: string | null };
  /** Null: the client has not offered to be asked. */
  private readonly transcript: Transcript | null;
  private open: OpenRequest[] = [];
  private lastNumber = 0;

  constructor(
    settings: TlsServerSettings,
    engine: Engine,
    suite: CipherSuite,
    transcript: Transcript | null,
    serverName: string | null,
  ) {
    this.settings = settings;
    this.engine = engine;
    this.suite = suite;
    this.transcript = transcript;
    this.agreed = { serverName };
  }

  /** The client has offered to be asked. */
  get isAllowed(): boolean {
    return this.transcript !== null;
  }

  /** The number of the next decision. */
  nextId(): number {
    return this.engine.parked.takeId();
  }

  /** Sends a CertificateRequest; its number. Only when `isAllowed`. Throws LocalProtocolError for one too many. */
  request(): number {
    const { settings, engine } = this;
    if (this.open.length >= settings.limits.certificateRequestsMax) {
      throw new LocalProtocolError('TLS_OUTSTANDING', 'too many requests wait for an answer');
    }
    const context = new Uint8Array(CONTEXT_BYTES);
    settings.random(context);
    const { message, extensionTypes } = certificateRequest(settings, context);
    const transcript = this.transcript!.copy();
    transcript.add(message);
    engine.channel.sendHandshake(message);
    engine.channel.flush();
    this.lastNumber++;
    this.open.push({ number: this.lastNumber, context, extensionTypes, transcript });
    return this.lastNumber;
  }

  /** {@link HandshakeState} */
  receive(message: Uint8Array): Step {
    if (message[0] !== HANDSHAKE_TYPE.certificate || this.open.length === 0) {
      throw unexpectedMessage(message, 'KeyUpdate or the answer to a request');
    }
    const types = this.open[0]!.extensionTypes;
    const certificate = parseCertificate(message, types);
    const request = this.open.find(({ context }) => areSame(context, certificate.context));
    if (request === undefined) {
      const detail = 'a context that was not asked with';
      throw new PeerFault('TLS_INVALID_CERTIFICATE_CONTEXT', detail);
    }
    this.open = this.open.filter((other) => other !== request);
    request.transcript.add(message);
    if (certificate.entries.length === 0) return new ExpectRequestedFinished(this, request, null);
    const shown = peerCertificate(this.settings, certificate);
    return new ExpectRequestedVerify(this, request, shown);
  }
}

/** Expects CertificateVerify, and nothing else: "with no intervening messages of other type". */
class ExpectRequestedVerify implements HandshakeState {
  private readonly traffic: ServerTraffic;
  private readonly request: OpenRequest;
  private readonly certificate: PeerCertificate;

  constructor(traffic: ServerTraffic, request: OpenRequest, certificate: PeerCertificate) {
    this.traffic = traffic;
    this.request = request;
    this.certificate = certificate;
  }

  /** {@link HandshakeState} */
  receive(message: Uint8Array): Step {
    const { transcript } = this.request;
    const { signatureSchemes } = this.traffic.settings;
    const hash = transcript.hash();
    const proof = PossessionProof.verify(
      message,
      this.certificate,
      signatureSchemes,
      'client',
      hash,
    );
    transcript.add(message);
    return new ExpectRequestedFinished(this.traffic, this.request, proof);
  }
}

/** Expects Finished. */
class ExpectRequestedFinished implements HandshakeState {
  private readonly traffic: ServerTraffic;
  private readonly request: OpenRequest;
  private readonly proof: PossessionProof | null;

  constructor(traffic: ServerTraffic, request: OpenRequest, proof: PossessionProof | null) {
    this.traffic = traffic;
    this.request = request;
    this.proof = proof;
  }

  /** {@link HandshakeState} */
  receive(message: Uint8Array): Step {
    const { traffic, request, proof } = this;
    const { settings, suite, engine } = traffic;
    const baseKey = engine.traffic!.keys.receivingBaseKey;
    const hash = request.transcript.hash();
    FinishedProof.verify(settings.crypto, suite.hash, baseKey, hash, message);
    if (proof === null) return this.report([]);
    const { chain } = proof.certificate;
    return PeerAcceptance.ask(traffic, proof, request.number, () => this.report(chain));
  }

  private report(chain: readonly Uint8Array[]): Step {
    const { number } = this.request;
    this.traffic.engine.report({ type: 'client-authenticated', request: number, chain });
    return this.traffic;
  }
}

function areSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
