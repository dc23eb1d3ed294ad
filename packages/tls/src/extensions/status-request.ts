// status_request, and the OCSP response that answers it (RFC 6066 section 8, RFC 9846 section 4.5.1.1).
import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { PeerFault } from '../peer-fault.ts';
import type { OcspRequest } from './extension-values.ts';

const OCSP = 1;
const LIST_BYTES_MAX = 0xffff;
const RESPONSE_BYTES_MAX = 0xffffff;

/** A client's CertificateStatusRequest; null for a type of status other than ocsp, which is left unread. */
export function parseStatusRequest(reader: ByteReader): OcspRequest | null {
  if (reader.uint8('status_type') !== OCSP) {
    reader.fixed('request', reader.left);
    return null;
  }
  const list = reader.list('responder_id_list', 0, LIST_BYTES_MAX);
  const responderIds = list.opaques('ResponderID', 1, LIST_BYTES_MAX);
  return {
    responderIds,
    requestExtensions: reader.opaque('request_extensions', 0, LIST_BYTES_MAX),
  };
}

/** Of type ocsp; null is a RangeError. */
export function writeStatusRequest(writer: ByteWriter, request: OcspRequest | null): void {
  if (request === null) throw new RangeError('status_request: only OCSP can be asked for');
  writer.uint8('status_type', OCSP);
  writer.list('responder_id_list', 0, LIST_BYTES_MAX, () => {
    for (const id of request.responderIds) writer.opaque('ResponderID', 1, LIST_BYTES_MAX, id);
  });
  writer.opaque('request_extensions', 0, LIST_BYTES_MAX, request.requestExtensions);
}

/** The OCSPResponse, DER, of a CertificateStatus: only OCSP can have been asked for. */
export function parseCertificateStatus(reader: ByteReader): Uint8Array {
  const type = reader.uint8('status_type');
  if (type !== OCSP) throw new PeerFault('TLS_INVALID_STATUS_TYPE', `status_type ${type}`);
  return reader.opaque('OCSPResponse', 1, RESPONSE_BYTES_MAX);
}

/** A CertificateStatus. */
export function writeCertificateStatus(writer: ByteWriter, response: Uint8Array): void {
  writer.uint8('status_type', OCSP);
  writer.opaque('OCSPResponse', 1, RESPONSE_BYTES_MAX, response);
}
