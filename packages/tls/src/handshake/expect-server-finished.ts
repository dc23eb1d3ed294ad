// A client at the end of the server's flight: Finished comes, and its own flight follows (RFC 9846
// section 4.5).
import type { TlsClientSettings } from '../client-settings.ts';
import type { CertificateRequest } from '../messages/certificate-request.ts';
import { answerRequest } from './client-authentication.ts';
import { FinishedProof, finishedMessage } from './finished-proof.ts';
import type { ApplicationSecrets, HandshakeKeys } from './handshake-keys.ts';
import type { HandshakeRun } from './handshake-run.ts';
import type { PeerAcceptance } from './peer-acceptance.ts';
import { Secured } from './secured.ts';
import type { HandshakeState, Step } from './state.ts';

type Run = HandshakeRun<TlsClientSettings>;

/** Expects Finished. */
export class ExpectServerFinished implements HandshakeState {
  private readonly run: Run;
  private readonly keys: HandshakeKeys;
  private readonly accepted: PeerAcceptance;
  private readonly request: CertificateRequest | null;

  constructor(
    run: Run,
    keys: HandshakeKeys,
    accepted: PeerAcceptance,
    request: CertificateRequest | null,
  ) {
    this.run = run;
    this.keys = keys;
    this.accepted = accepted;
    this.request = request;
  }

  /** {@link HandshakeState} */
  receive(message: Uint8Array): Step {
    const { run, keys } = this;
    const { crypto, transcript, channel } = run;
    const hash = transcript.hash();
    const proof = FinishedProof.verify(crypto, keys.suite.hash, keys.server, hash, message);
    transcript.add(message);
    const secrets = keys.toApplication(run);
    channel.protectReceiving(keys.suite, secrets.server);
    channel.reader.changeCipherSpec = 'refused';
    if (this.request === null) return this.finish(secrets, proof);
    return answerRequest(run, this.request, transcript, false, (messages) => {
      for (const own of messages) channel.sendHandshake(own);
      return this.finish(secrets, proof);
    });
  }

  /** Our Finished, the last message under the keys of the handshake. */
  private finish(secrets: ApplicationSecrets, proof: FinishedProof): Step {
    const { run, keys } = this;
    const { crypto, transcript, channel, agreed } = run;
    const { suite } = keys;
    run.send(finishedMessage(crypto, suite.hash, keys.client, transcript.hash()));
    channel.protectSending(suite, secrets.client);
    keys.destroy();
    const content = {
      suite,
      sendingSecret: secrets.client,
      receivingSecret: secrets.server,
      exporterSecret: secrets.exporter,
      heartbeat: agreed.heartbeat,
      transcript: agreed.postHandshakeAuth ? transcript : null,
      event: agreed.event(suite),
    };
    return new Secured(content, this.accepted, proof);
  }
}
