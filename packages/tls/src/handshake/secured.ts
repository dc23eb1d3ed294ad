// The end of a handshake.
import type { CipherSuite } from '../cipher-suite.ts';
import type { HandshakeCompleteEvent } from '../events.ts';
import type { Transcript } from '../schedule/transcript.ts';
import type { HeartbeatModes } from './agreements.ts';
import type { FinishedProof } from './finished-proof.ts';
import type { PeerAcceptance } from './peer-acceptance.ts';

/** What a connection takes over from its handshake. */
export interface SecuredContent {
  readonly suite: CipherSuite;
  /** The secret under which we send now. */
  readonly sendingSecret: Uint8Array;
  /** The secret under which the peer sends now. */
  readonly receivingSecret: Uint8Array;
  /** exporter_secret */
  readonly exporterSecret: Uint8Array;
  readonly heartbeat: HeartbeatModes | null;
  /** ClientHello to the client's Finished, for authentication later on; null where there will be none. */
  readonly transcript: Transcript | null;
  readonly event: HandshakeCompleteEvent;
}

/** There is none without the proofs: the peer was accepted, and its Finished fits. */
export class Secured {
  readonly content: SecuredContent;

  constructor(content: SecuredContent, _accepted: PeerAcceptance, _finished: FinishedProof) {
    this.content = content;
  }
}
