// Our own side of authentication: which scheme to sign with, Certificate, CertificateVerify.
import { readLeaf } from '../certificate/leaf.ts';
import type { Credential, RemoteSigningKey } from '../credential.ts';
import type { CertificateMessage } from '../messages/certificate.ts';
import { PeerFault } from '../peer-fault.ts';
import type { SigningKey } from '../provider.ts';
import { SIGNATURE_SCHEME, type SignatureScheme } from '../signature-scheme.ts';
import { Decision } from './decision.ts';
import { type Signer, signatureContent } from './possession-proof.ts';
import type { Step } from './state.ts';

/** A certificate to show and the scheme that its key signs under. */
export interface ChosenCredential {
  readonly credential: Credential;
  readonly scheme: SignatureScheme;
}

/**
 * The credential with the first of its key's schemes that the peer accepts; null when it accepts none:
 * "the signature algorithm used in the signature MUST be one of those present" in the peer's list (RFC
 * 9846 section 4.5.2).
 */
export function suit(
  credential: Credential,
  peerSchemes: readonly number[],
): ChosenCredential | null {
  const scheme = credential.key.schemes.find((candidate) =>
    peerSchemes.includes(SIGNATURE_SCHEME[candidate]),
  );
  return scheme === undefined ? null : { credential, scheme };
}

/**
 * Whether one of the chain is issued by one of the authorities, by their names in DER: the extension that
 * lists them "SHOULD be used by the receiving endpoint to guide certificate selection" (section 4.3.4).
 */
export function isIssuedBy({ chain }: Credential, authorities: readonly Uint8Array[]): boolean {
  return chain.some((certificate) => {
    const issuer = readLeaf(certificate)?.issuer;
    return issuer !== undefined && authorities.some((name) => isSame(name, issuer));
  });
}

/** The Certificate message of a credential, without certificates for null. */
export function certificateMessage(
  context: Uint8Array,
  credential: Credential | null,
  wantsOcsp: boolean,
): CertificateMessage {
  if (credential === null) return { context, entries: [] };
  const { chain, ocspResponse } = credential;
  const entries = chain.map((data, index) => {
    const isStapled = index === 0 && wantsOcsp && ocspResponse !== undefined;
    return { data, extensions: isStapled ? { ocspResponse } : {} };
  });
  return { context, entries };
}

/** Signs over the transcript up to Certificate, here or by a `sign` event, and goes on with the signature. */
export function sign(
  { credential, scheme }: ChosenCredential,
  signer: Signer,
  transcriptHash: Uint8Array,
  nextId: () => number,
  proceed: (signature: Uint8Array) => Step,
): Step {
  const { key } = credential;
  const content = signatureContent(signer, transcriptHash);
  if (signsHere(key)) return proceed(signature(key, scheme, content));
  return new Decision<'sign'>({ type: 'sign', id: nextId(), scheme, content }, proceed);
}

/** A key in a card or a module may fail at any time; throws PeerFault then, so that the peer hears of it. */
function signature(key: SigningKey, scheme: SignatureScheme, content: Uint8Array): Uint8Array {
  try {
    return key.sign(scheme, content);
  } catch (cause) {
    throw new PeerFault('TLS_SIGNING_FAILED', 'the signing key threw', cause);
  }
}

function signsHere(key: SigningKey | RemoteSigningKey): key is SigningKey {
  return 'sign' in key;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
