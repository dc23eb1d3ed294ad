// Whether the peer is who it should be: the caller's answer, or what stands for one.
import { PeerFault } from '../peer-fault.ts';
import type { CommonSettings } from '../settings.ts';
import { Decision } from './decision.ts';
import type { PossessionProof } from './possession-proof.ts';
import type { Step } from './state.ts';

/** Of a run, what is needed also after it. */
export interface Asker {
  readonly settings: CommonSettings;
  readonly agreed: { readonly serverName: string | null };
  nextId(): number;
}

/** That the peer was accepted; made only where it was, so that nobody is accepted silently. */
export class PeerAcceptance {
  readonly #isAccepted: true = true;

  private constructor() {}

  /**
   * Asks about a chain whose key has been proved to be the peer's, or compares it with the pinned
   * certificates; `proceed` goes on when it is accepted. `request` is the number of a request after the
   * handshake, or null. Throws PeerFault when it is none of those pinned.
   */
  static ask(
    run: Asker,
    { certificate }: PossessionProof,
    request: number | null,
    proceed: (accepted: PeerAcceptance) => Step,
  ): Step {
    const { pinnedCertificates } = run.settings;
    const { chain, ocspResponse } = certificate;
    if (pinnedCertificates === null) {
      const { serverName } = run.agreed;
      const id = run.nextId();
      return new Decision<'verify-peer'>(
        { type: 'verify-peer', id, chain, ocspResponse, serverName, request },
        () => proceed(new PeerAcceptance()),
      );
    }
    if (!pinnedCertificates.some((pinned) => areSame(pinned, chain[0]!))) {
      throw new PeerFault('TLS_CERTIFICATE_NOT_PINNED', 'the certificate is none of those pinned');
    }
    return proceed(new PeerAcceptance());
  }

  /** By the pre-shared key, without which the peer's Finished cannot fit. */
  static byPreSharedKey(): PeerAcceptance {
    return new PeerAcceptance();
  }

  /** A client that is not to show a certificate, or may do without one. */
  static ofAnonymousClient(): PeerAcceptance {
    return new PeerAcceptance();
  }

  /** Always true: keeps the class from being structurally like others. */
  get isAccepted(): true {
    return this.#isAccepted;
  }
}

/** Certificates are public: no need for constant time. */
function areSame(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
