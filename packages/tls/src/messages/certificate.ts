// Certificate (RFC 9846 section 4.5.1).
import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import {
  type Found,
  parseExtensionBlock,
  readExtensions,
  writeExtension,
  writeExtensionBlock,
} from '../extensions/extension-block.ts';
import { CARRIER, checkPlaces, checkSolicited } from '../extensions/extension-placement.ts';
import { EXTENSION_TYPE as TYPE } from '../extensions/extension-type.ts';
import type { CertificateEntryExtensions } from '../extensions/extension-values.ts';
import {
  parseSignedCertificateTimestamps,
  writeSignedCertificateTimestamps,
} from '../extensions/opaque-lists.ts';
import { parseCertificateStatus, writeCertificateStatus } from '../extensions/status-request.ts';
import { bodyReader, decodeError, handshakeMessage } from './handshake-message.ts';
import { HANDSHAKE_TYPE } from './handshake-type.ts';

const CONTEXT_BYTES_MAX = 0xff;
const LIST_BYTES_MAX = 0xffffff;

/** A certificate and what is stapled to it. */
interface CertificateEntry {
  /** DER of an X.509 certificate. */
  readonly data: Uint8Array;
  readonly extensions: CertificateEntryExtensions;
}

/** A chain, the sender's own certificate first. */
export interface CertificateMessage {
  readonly context: Uint8Array;
  /** May be empty from a client; that a server's is not is the client's to check (section 4.5.1.3). */
  readonly entries: readonly CertificateEntry[];
}

/**
 * Reads the whole message, header included. `requested` has the types of the extensions in the ClientHello
 * or the CertificateRequest, but GREASE: any other is unsupported_extension. Throws PeerFault.
 */
export function parseCertificate(
  message: Uint8Array,
  requested: readonly number[],
): CertificateMessage {
  const reader = bodyReader(message);
  const context = reader.opaque('certificate_request_context', 0, CONTEXT_BYTES_MAX);
  const list = reader.list('certificate_list', 0, LIST_BYTES_MAX);
  const entries: CertificateEntry[] = [];
  while (list.left > 0) entries.push(parseEntry(list, requested));
  reader.finish('Certificate');
  return { context, entries };
}

function parseEntry(list: ByteReader, requested: readonly number[]): CertificateEntry {
  const data = list.opaque('cert_data', 1, LIST_BYTES_MAX);
  const block = parseExtensionBlock(list, 0);
  checkPlaces(block, CARRIER.CT);
  checkSolicited(block, CARRIER.CT, requested);
  return { data, extensions: readExtensions(block, decodeError, readExtension) };
}

function readExtension(
  type: number,
  data: ByteReader,
  found: Found<CertificateEntryExtensions>,
): boolean {
  switch (type) {
    case TYPE.status_request:
      found.ocspResponse = parseCertificateStatus(data);
      return true;
    case TYPE.signed_certificate_timestamp:
      found.signedCertificateTimestamps = parseSignedCertificateTimestamps(data);
      return true;
    default:
      return false;
  }
}

/** The message, with header. */
export function serializeCertificate(certificate: CertificateMessage): Uint8Array {
  return handshakeMessage(HANDSHAKE_TYPE.certificate, (writer) => {
    writer.opaque('certificate_request_context', 0, CONTEXT_BYTES_MAX, certificate.context);
    writer.list('certificate_list', 0, LIST_BYTES_MAX, () => {
      for (const entry of certificate.entries) writeEntry(writer, entry);
    });
  });
}

function writeEntry(writer: ByteWriter, { data, extensions }: CertificateEntry): void {
  writer.opaque('cert_data', 1, LIST_BYTES_MAX, data);
  writeExtensionBlock(writer, 0, () => {
    const { ocspResponse, signedCertificateTimestamps: timestamps } = extensions;
    const timestampsType = TYPE.signed_certificate_timestamp;
    writeExtension(writer, TYPE.status_request, ocspResponse, writeCertificateStatus);
    writeExtension(writer, timestampsType, timestamps, writeSignedCertificateTimestamps);
  });
}
