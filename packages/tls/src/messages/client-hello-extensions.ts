// The extensions of a ClientHello one by one (RFC 9846 section 4.3).
import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import {
  parsePskKeyExchangeModes,
  parseSignatureSchemes,
  parseSupportedGroups,
  parseSupportedVersions,
  writePskKeyExchangeModes,
  writeSignatureSchemes,
  writeSupportedGroups,
  writeSupportedVersions,
} from '../extensions/code-lists.ts';
import { parseCookie, writeCookie } from '../extensions/cookie.ts';
import { type Found, writeExtension, writeNothing } from '../extensions/extension-block.ts';
import { EXTENSION_TYPE as TYPE } from '../extensions/extension-type.ts';
import type { ClientHelloExtensions } from '../extensions/extension-values.ts';
import { parseHeartbeatMode, writeHeartbeatMode } from '../extensions/heartbeat-mode.ts';
import { parseClientShares, writeClientShares } from '../extensions/key-share.ts';
import {
  parseCertificateAuthorities,
  writeCertificateAuthorities,
} from '../extensions/opaque-lists.ts';
import { parseOfferedPsks, writeOfferedPsks } from '../extensions/pre-shared-key.ts';
import { parseProtocolNames, writeProtocolNames } from '../extensions/protocol-names.ts';
import {
  parseMaxFragmentLength,
  parseRecordSizeLimit,
  writeMaxFragmentLength,
  writeRecordSizeLimit,
} from '../extensions/record-sizes.ts';
import { parseServerNameList, writeServerNameList } from '../extensions/server-name.ts';
import { parseStatusRequest, writeStatusRequest } from '../extensions/status-request.ts';

/** Reads one; false for a type that is not known. */
export function readClientHelloExtension(
  type: number,
  data: ByteReader,
  found: Found<ClientHelloExtensions>,
): boolean {
  switch (type) {
    case TYPE.server_name:
      found.serverName = parseServerNameList(data);
      return true;
    case TYPE.max_fragment_length:
      found.maxFragmentLength = parseMaxFragmentLength(data);
      return true;
    case TYPE.status_request:
      found.statusRequest = parseStatusRequest(data);
      return true;
    case TYPE.heartbeat:
      found.heartbeat = parseHeartbeatMode(data);
      return true;
    case TYPE.application_layer_protocol_negotiation:
      found.protocols = parseProtocolNames(data);
      return true;
    case TYPE.signed_certificate_timestamp:
      found.signedCertificateTimestamp = true;
      return true;
    case TYPE.record_size_limit:
      found.recordSizeLimit = parseRecordSizeLimit(data);
      return true;
    case TYPE.certificate_authorities:
      found.certificateAuthorities = parseCertificateAuthorities(data);
      return true;
    case TYPE.post_handshake_auth:
      found.postHandshakeAuth = true;
      return true;
    default:
      return readKeyExchangeExtension(type, data, found);
  }
}

/** Those that key exchange and its signatures need. */
function readKeyExchangeExtension(
  type: number,
  data: ByteReader,
  found: Found<ClientHelloExtensions>,
): boolean {
  switch (type) {
    case TYPE.supported_groups:
      found.supportedGroups = parseSupportedGroups(data);
      return true;
    case TYPE.signature_algorithms:
      found.signatureAlgorithms = parseSignatureSchemes(data);
      return true;
    case TYPE.pre_shared_key:
      found.preSharedKey = parseOfferedPsks(data);
      return true;
    case TYPE.early_data:
      found.earlyData = true;
      return true;
    case TYPE.supported_versions:
      found.supportedVersions = parseSupportedVersions(data);
      return true;
    case TYPE.cookie:
      found.cookie = parseCookie(data);
      return true;
    case TYPE.psk_key_exchange_modes:
      found.pskKeyExchangeModes = parsePskKeyExchangeModes(data);
      return true;
    case TYPE.signature_algorithms_cert:
      found.signatureAlgorithmsCert = parseSignatureSchemes(data);
      return true;
    case TYPE.key_share:
      found.keyShares = parseClientShares(data);
      return true;
    default:
      return false;
  }
}

/** Writes all there are, pre_shared_key last. */
export function writeClientHelloExtensions(
  writer: ByteWriter,
  values: ClientHelloExtensions,
): void {
  writeExtension(writer, TYPE.server_name, values.serverName, writeServerNameList);
  writeExtension(
    writer,
    TYPE.max_fragment_length,
    values.maxFragmentLength,
    writeMaxFragmentLength,
  );
  writeExtension(writer, TYPE.status_request, values.statusRequest, writeStatusRequest);
  writeExtension(writer, TYPE.supported_groups, values.supportedGroups, writeSupportedGroups);
  const schemes = values.signatureAlgorithms;
  writeExtension(writer, TYPE.signature_algorithms, schemes, writeSignatureSchemes);
  writeExtension(writer, TYPE.heartbeat, values.heartbeat, writeHeartbeatMode);
  const protocolsType = TYPE.application_layer_protocol_negotiation;
  writeExtension(writer, protocolsType, values.protocols, writeProtocolNames);
  const timestamps = values.signedCertificateTimestamp;
  writeExtension(writer, TYPE.signed_certificate_timestamp, timestamps, writeNothing);
  writeExtension(writer, TYPE.record_size_limit, values.recordSizeLimit, writeRecordSizeLimit);
  writeExtension(writer, TYPE.early_data, values.earlyData, writeNothing);
  writeExtension(writer, TYPE.supported_versions, values.supportedVersions, writeSupportedVersions);
  writeExtension(writer, TYPE.cookie, values.cookie, writeCookie);
  const modes = values.pskKeyExchangeModes;
  writeExtension(writer, TYPE.psk_key_exchange_modes, modes, writePskKeyExchangeModes);
  const authorities = values.certificateAuthorities;
  writeExtension(writer, TYPE.certificate_authorities, authorities, writeCertificateAuthorities);
  writeExtension(writer, TYPE.post_handshake_auth, values.postHandshakeAuth, writeNothing);
  const certificateSchemes = values.signatureAlgorithmsCert;
  writeExtension(writer, TYPE.signature_algorithms_cert, certificateSchemes, writeSignatureSchemes);
  writeExtension(writer, TYPE.key_share, values.keyShares, writeClientShares);
  writeExtension(writer, TYPE.pre_shared_key, values.preSharedKey, writeOfferedPsks);
}
