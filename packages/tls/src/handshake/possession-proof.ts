// CertificateVerify (RFC 9846 section 4.5.2).
import { parseCertificateVerify } from '../messages/certificate-verify.ts';
import { HANDSHAKE_TYPE } from '../messages/handshake-type.ts';
import { PeerFault } from '../peer-fault.ts';
import { SIGNATURE_SCHEME, type SignatureScheme } from '../signature-scheme.ts';
import type { PeerCertificate } from './peer-certificate.ts';
import { expectMessage } from './state.ts';

/** Who signs, which the content says, so that no signature can be taken for the other side's. */
export type Signer = 'server' | 'client';

const PAD_BYTES = 64;

/** That the peer has the key of its certificate; made only where its signature was verified. */
export class PossessionProof {
  readonly certificate: PeerCertificate;
  readonly scheme: SignatureScheme;
  readonly #isVerified: true = true;

  private constructor(certificate: PeerCertificate, scheme: SignatureScheme) {
    this.certificate = certificate;
    this.scheme = scheme;
  }

  /**
   * Reads and verifies a CertificateVerify over the transcript in front of it; `schemes` are those that
   * we offered. Throws PeerFault.
   */
  static verify(
    message: Uint8Array,
    certificate: PeerCertificate,
    schemes: readonly SignatureScheme[],
    signer: Signer,
    transcriptHash: Uint8Array,
  ): PossessionProof {
    expectMessage(message, HANDSHAKE_TYPE.certificate_verify);
    const { scheme: code, signature } = parseCertificateVerify(message);
    const { key } = certificate;
    const scheme = schemes.find((candidate) => SIGNATURE_SCHEME[candidate] === code);
    // "The signature algorithm MUST be one of those present in the supported_signature_algorithms",
    // of which the rsa_pkcs1 ones "are not defined for use in signed TLS handshake messages".
    if (scheme === undefined) throw invalidScheme(`scheme ${code} was not offered for it`);
    // "In addition, the signature algorithm MUST be compatible with the key".
    if (!key.schemes.includes(scheme)) throw invalidScheme(`scheme ${code} is not the key's`);
    if (!key.verify(scheme, signatureContent(signer, transcriptHash), signature)) {
      throw new PeerFault('TLS_SIGNATURE_MISMATCH', `signature of scheme ${code}`);
    }
    return new PossessionProof(certificate, scheme);
  }

  /** Always true: keeps the class from being structurally like others. */
  get isVerified(): true {
    return this.#isVerified;
  }
}

/** What is signed: 64 spaces, the context string, a zero and the transcript hash. */
export function signatureContent(signer: Signer, transcriptHash: Uint8Array): Uint8Array {
  const context = `TLS 1.3, ${signer} CertificateVerify`;
  const content = new Uint8Array(PAD_BYTES + context.length + 1 + transcriptHash.length);
  content.fill(0x20, 0, PAD_BYTES);
  for (let index = 0; index < context.length; index++) {
    content[PAD_BYTES + index] = context.charCodeAt(index);
  }
  content.set(transcriptHash, PAD_BYTES + context.length + 1);
  return content;
}

function invalidScheme(detail: string): PeerFault {
  return new PeerFault('TLS_INVALID_SIGNATURE_SCHEME', detail);
}
