// A client after its handshake: tickets and requests for certificates may come (RFC 9846 section 4.7).
import type { CipherSuite } from '../cipher-suite.ts';
import type { TlsClientSettings } from '../client-settings.ts';
import type { Engine } from '../engine.ts';
import {
  type CertificateRequest,
  parseCertificateRequest,
} from '../messages/certificate-request.ts';
import { HANDSHAKE_TYPE } from '../messages/handshake-type.ts';
import { parseNewSessionTicket } from '../messages/new-session-ticket.ts';
import { PeerFault } from '../peer-fault.ts';
import type { Transcript } from '../schedule/transcript.ts';
import { answerRequest } from './client-authentication.ts';
import { finishedMessage } from './finished-proof.ts';
import { type HandshakeState, type Step, unexpectedMessage } from './state.ts';

const NO_REQUESTS: readonly CertificateRequest[] = [];

/** Takes what a server may send while data flows. */
export class ClientTraffic implements HandshakeState {
  readonly takesData: true = true;
  private readonly settings: TlsClientSettings;
  private readonly engine: Engine;
  private readonly suite: CipherSuite;
  /** Null: we have not offered to be asked. */
  private readonly transcript: Transcript | null;
  /** Requests that wait for the caller. */
  private waiting: readonly CertificateRequest[] = NO_REQUESTS;

  constructor(
    settings: TlsClientSettings,
    engine: Engine,
    suite: CipherSuite,
    transcript: Transcript | null,
  ) {
    this.settings = settings;
    this.engine = engine;
    this.suite = suite;
    this.transcript = transcript;
  }

  /** {@link HandshakeState} */
  receive(message: Uint8Array): Step {
    if (message[0] === HANDSHAKE_TYPE.new_session_ticket) {
      // "Clients which receive a NewSessionTicket message but do not support resumption MUST silently
      // ignore this message": what is malformed is a fault all the same.
      parseNewSessionTicket(message);
      return this;
    }
    const isRequest = message[0] === HANDSHAKE_TYPE.certificate_request;
    // "A client that receives a post-handshake CertificateRequest message without having sent the
    // post_handshake_auth extension MUST send an unexpected_message fatal alert".
    if (!isRequest || this.transcript === null) {
      throw unexpectedMessage(message, 'NewSessionTicket or KeyUpdate');
    }
    this.receiveRequest(message, this.transcript.copy());
    return this;
  }

  private receiveRequest(message: Uint8Array, transcript: Transcript): void {
    const { waiting, engine } = this;
    const request = parseCertificateRequest(message);
    const { certificateRequestsMax } = this.settings.limits;
    for (const other of waiting) {
      if (areSame(other.context, request.context)) {
        throw new PeerFault('TLS_INVALID_CERTIFICATE_CONTEXT', 'a context that is in use');
      }
    }
    if (waiting.length >= certificateRequestsMax) {
      const detail = `more than ${certificateRequestsMax} wait for an answer`;
      throw new PeerFault('TLS_TOO_MANY_CERTIFICATE_REQUESTS', detail);
    }
    // Answers that nobody reads: a signature and a chain for each, which cost the server next to nothing.
    if (engine.channel.outputBytes >= this.settings.limits.outputBytesMax) {
      throw new PeerFault('TLS_TOO_MANY_CERTIFICATE_REQUESTS', 'the answers are not read');
    }
    this.waiting = [...waiting, request];
    transcript.add(message);
    const client = { settings: this.settings, nextId: () => engine.parked.takeId() };
    const step = answerRequest(client, request, transcript, true, (messages) =>
      this.answer(request, transcript, messages),
    );
    engine.parked.park(step, engine);
  }

  /** "All of the client's messages for a given response MUST appear consecutively on the wire". */
  private answer(
    request: CertificateRequest,
    transcript: Transcript,
    messages: readonly Uint8Array[],
  ): Step {
    const { engine, settings, suite } = this;
    const { traffic, channel, closure } = engine;
    this.waiting = this.waiting.filter((other) => other !== request);
    if (traffic === null || closure.isSent) return this;
    for (const message of messages) channel.sendHandshake(message);
    const { sendingBaseKey } = traffic.keys;
    const hash = transcript.hash();
    channel.sendHandshake(finishedMessage(settings.crypto, suite.hash, sendingBaseKey, hash));
    channel.flush();
    return this;
  }
}

function areSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
