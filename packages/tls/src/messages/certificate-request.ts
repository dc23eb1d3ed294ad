// CertificateRequest (RFC 9846 section 4.4.2).
import type { ByteReader } from '../bytes/byte-reader.ts';
import { parseSignatureSchemes, writeSignatureSchemes } from '../extensions/code-lists.ts';
import {
  type Found,
  parseExtensionBlock,
  readExtensions,
  writeExtension,
  writeExtensionBlock,
  writeNothing,
  writeRawExtensions,
} from '../extensions/extension-block.ts';
import { CARRIER, checkPlaces } from '../extensions/extension-placement.ts';
import { EXTENSION_TYPE as TYPE } from '../extensions/extension-type.ts';
import type { CertificateRequestExtensions, Extension } from '../extensions/extension-values.ts';
import { parseOidFilters, writeOidFilters } from '../extensions/oid-filters.ts';
import {
  parseCertificateAuthorities,
  writeCertificateAuthorities,
} from '../extensions/opaque-lists.ts';
import { PeerFault } from '../peer-fault.ts';
import { bodyReader, decodeError, handshakeMessage } from './handshake-message.ts';
import { HANDSHAKE_TYPE } from './handshake-type.ts';

const CONTEXT_BYTES_MAX = 0xff;

/** A request for a client's certificate. */
export interface CertificateRequest {
  /** 0 to 255 bytes; empty in the handshake itself, which the client checks. */
  readonly context: Uint8Array;
  /** `signatureAlgorithms` is there: its absence is missing_extension. */
  readonly extensions: CertificateRequestExtensions;
  /** The types of all extensions, those unknown included: what the Certificate may answer. */
  readonly extensionTypes: readonly number[];
}

/** Reads the whole message, header included; extensions that are unknown are ignored. Throws PeerFault. */
export function parseCertificateRequest(message: Uint8Array): CertificateRequest {
  const reader = bodyReader(message);
  const context = reader.opaque('certificate_request_context', 0, CONTEXT_BYTES_MAX);
  const block = parseExtensionBlock(reader, 0);
  reader.finish('CertificateRequest');
  checkPlaces(block, CARRIER.CR);
  const extensions = readExtensions(block, decodeError, readExtension);
  // "The 'signature_algorithms' extension MUST be specified".
  if (extensions.signatureAlgorithms === undefined) {
    throw new PeerFault('TLS_MISSING_EXTENSION', 'signature_algorithms is missing');
  }
  return { context, extensions, extensionTypes: block.map(({ type }) => type) };
}

function readExtension(
  type: number,
  data: ByteReader,
  found: Found<CertificateRequestExtensions>,
): boolean {
  switch (type) {
    case TYPE.status_request:
      found.statusRequest = true;
      return true;
    case TYPE.signature_algorithms:
      found.signatureAlgorithms = parseSignatureSchemes(data);
      return true;
    case TYPE.signed_certificate_timestamp:
      found.signedCertificateTimestamp = true;
      return true;
    case TYPE.certificate_authorities:
      found.certificateAuthorities = parseCertificateAuthorities(data);
      return true;
    case TYPE.oid_filters:
      found.oidFilters = parseOidFilters(data);
      return true;
    case TYPE.signature_algorithms_cert:
      found.signatureAlgorithmsCert = parseSignatureSchemes(data);
      return true;
    default:
      // server_name among them, which is for exported authenticators (RFC 9261).
      return false;
  }
}

/** The message, with header. `otherExtensions` is for GREASE. */
export function serializeCertificateRequest(
  context: Uint8Array,
  values: CertificateRequestExtensions,
  otherExtensions: readonly Extension[] = [],
): Uint8Array {
  return handshakeMessage(HANDSHAKE_TYPE.certificate_request, (writer) => {
    writer.opaque('certificate_request_context', 0, CONTEXT_BYTES_MAX, context);
    writeExtensionBlock(writer, 0, () => {
      writeRawExtensions(writer, otherExtensions);
      writeExtension(writer, TYPE.status_request, values.statusRequest, writeNothing);
      const schemes = values.signatureAlgorithms;
      writeExtension(writer, TYPE.signature_algorithms, schemes, writeSignatureSchemes);
      const timestamps = values.signedCertificateTimestamp;
      writeExtension(writer, TYPE.signed_certificate_timestamp, timestamps, writeNothing);
      const names = values.certificateAuthorities;
      writeExtension(writer, TYPE.certificate_authorities, names, writeCertificateAuthorities);
      writeExtension(writer, TYPE.oid_filters, values.oidFilters, writeOidFilters);
      const chainSchemes = values.signatureAlgorithmsCert;
      writeExtension(writer, TYPE.signature_algorithms_cert, chainSchemes, writeSignatureSchemes);
    });
  });
}
