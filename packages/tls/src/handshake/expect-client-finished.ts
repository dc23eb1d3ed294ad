// A server at the end of the handshake: the client's Finished comes (RFC 9846 section 4.5.3).
import type { TlsServerSettings } from '../server-settings.ts';
import { FinishedProof } from './finished-proof.ts';
import type { ApplicationSecrets, HandshakeKeys } from './handshake-keys.ts';
import type { HandshakeRun } from './handshake-run.ts';
import type { PeerAcceptance } from './peer-acceptance.ts';
import { limitReceiving } from './record-sizes.ts';
import { Secured } from './secured.ts';
import type { HandshakeState, Step } from './state.ts';

/** Expects Finished. */
export class ExpectClientFinished implements HandshakeState {
  private readonly run: HandshakeRun<TlsServerSettings>;
  private readonly keys: HandshakeKeys;
  private readonly secrets: ApplicationSecrets;
  private readonly accepted: PeerAcceptance;

  constructor(
    run: HandshakeRun<TlsServerSettings>,
    keys: HandshakeKeys,
    secrets: ApplicationSecrets,
    accepted: PeerAcceptance,
  ) {
    this.run = run;
    this.keys = keys;
    this.secrets = secrets;
    this.accepted = accepted;
  }

  /** {@link HandshakeState} */
  receive(message: Uint8Array): Step {
    const { run, keys, secrets } = this;
    const { crypto, transcript, channel, agreed } = run;
    const { suite } = keys;
    const proof = FinishedProof.verify(crypto, suite.hash, keys.client, transcript.hash(), message);
    transcript.add(message);
    channel.protectReceiving(suite, secrets.client);
    channel.reader.changeCipherSpec = 'refused';
    const { recordBytesMaxLater } = agreed;
    if (recordBytesMaxLater !== null) limitReceiving(channel, recordBytesMaxLater);
    keys.destroy();
    const content = {
      suite,
      sendingSecret: secrets.server,
      receivingSecret: secrets.client,
      exporterSecret: secrets.exporter,
      heartbeat: agreed.heartbeat,
      transcript: agreed.postHandshakeAuth ? transcript : null,
      event: agreed.event(suite),
    };
    return new Secured(content, this.accepted, proof);
  }
}
