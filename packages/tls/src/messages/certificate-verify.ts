// CertificateVerify (RFC 9846 section 4.5.2).
import { bodyReader, handshakeMessage } from './handshake-message.ts';
import { HANDSHAKE_TYPE } from './handshake-type.ts';

const SIGNATURE_BYTES_MAX = 0xffff;

/** A signature and its scheme. */
export interface CertificateVerify {
  /** The number of the SignatureScheme, which may be one that is unknown. */
  readonly scheme: number;
  readonly signature: Uint8Array;
}

/** Reads the whole message, header included. Throws PeerFault. */
export function parseCertificateVerify(message: Uint8Array): CertificateVerify {
  const reader = bodyReader(message);
  const scheme = reader.uint16('algorithm');
  const signature = reader.opaque('signature', 0, SIGNATURE_BYTES_MAX);
  reader.finish('CertificateVerify');
  return { scheme, signature };
}

/** The message, with header. */
export function serializeCertificateVerify({ scheme, signature }: CertificateVerify): Uint8Array {
  return handshakeMessage(HANDSHAKE_TYPE.certificate_verify, (writer) => {
    writer.uint16('algorithm', scheme);
    writer.opaque('signature', 0, SIGNATURE_BYTES_MAX, signature);
  });
}
