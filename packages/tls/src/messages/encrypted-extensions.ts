// EncryptedExtensions (RFC 9846 section 4.4.1).
import type { ByteReader } from '../bytes/byte-reader.ts';
import { parseSupportedGroups, writeSupportedGroups } from '../extensions/code-lists.ts';
import {
  type Found,
  parseExtensionBlock,
  readExtensions,
  writeExtension,
  writeExtensionBlock,
  writeNothing,
} from '../extensions/extension-block.ts';
import { CARRIER, checkPlaces, checkSolicited } from '../extensions/extension-placement.ts';
import { EXTENSION_TYPE as TYPE } from '../extensions/extension-type.ts';
import type { EncryptedExtensions } from '../extensions/extension-values.ts';
import { parseHeartbeatMode, writeHeartbeatMode } from '../extensions/heartbeat-mode.ts';
import { parseProtocolName, writeProtocolName } from '../extensions/protocol-names.ts';
import {
  parseMaxFragmentLength,
  parseRecordSizeLimit,
  writeMaxFragmentLength,
  writeRecordSizeLimit,
} from '../extensions/record-sizes.ts';
import { PeerFault } from '../peer-fault.ts';
import { bodyReader, decodeError, handshakeMessage } from './handshake-message.ts';
import { HANDSHAKE_TYPE } from './handshake-type.ts';

/** 2^14 bytes of content and one of type (RFC 8449 section 4). */
const RECORD_SIZE_LIMIT_MAX = 0x4001;

/**
 * Reads the whole message, header included. `offered` has the types of the ClientHello's extensions but
 * GREASE: any other is unsupported_extension. Throws PeerFault.
 */
export function parseEncryptedExtensions(
  message: Uint8Array,
  offered: readonly number[],
): EncryptedExtensions {
  const reader = bodyReader(message);
  const extensions = parseExtensionBlock(reader, 0);
  reader.finish('EncryptedExtensions');
  checkPlaces(extensions, CARRIER.EE);
  checkSolicited(extensions, CARRIER.EE, offered);
  const found = readExtensions(extensions, decodeError, readExtension);
  checkRecordSizes(found);
  return found;
}

function readExtension(type: number, data: ByteReader, found: Found<EncryptedExtensions>): boolean {
  switch (type) {
    case TYPE.server_name:
      found.serverName = true;
      return true;
    case TYPE.max_fragment_length:
      found.maxFragmentLength = parseMaxFragmentLength(data);
      return true;
    case TYPE.supported_groups:
      found.supportedGroups = parseSupportedGroups(data);
      return true;
    case TYPE.heartbeat:
      found.heartbeat = parseHeartbeatMode(data);
      return true;
    case TYPE.application_layer_protocol_negotiation:
      found.protocol = parseProtocolName(data);
      return true;
    case TYPE.record_size_limit:
      found.recordSizeLimit = parseRecordSizeLimit(data);
      return true;
    case TYPE.early_data:
      found.earlyData = true;
      return true;
    default:
      return false;
  }
}

function checkRecordSizes({ maxFragmentLength, recordSizeLimit }: EncryptedExtensions): void {
  if (recordSizeLimit === undefined) return;
  // "A client MAY abort the handshake with an 'illegal_parameter' alert" (RFC 8449 section 4).
  if (recordSizeLimit > RECORD_SIZE_LIMIT_MAX) {
    throw new PeerFault('TLS_INVALID_RECORD_SIZE_LIMIT', `record_size_limit ${recordSizeLimit}`);
  }
  // "A client MUST treat receipt of both" in the answer "as a fatal error" (RFC 8449 section 5).
  if (maxFragmentLength !== undefined) {
    const detail = 'max_fragment_length beside record_size_limit';
    throw new PeerFault('TLS_INVALID_MAX_FRAGMENT_LENGTH', detail);
  }
}

/** The message, with header. */
export function serializeEncryptedExtensions(values: EncryptedExtensions): Uint8Array {
  return handshakeMessage(HANDSHAKE_TYPE.encrypted_extensions, (writer) => {
    writeExtensionBlock(writer, 0, () => {
      const fragmentLength = values.maxFragmentLength;
      writeExtension(writer, TYPE.max_fragment_length, fragmentLength, writeMaxFragmentLength);
      writeExtension(writer, TYPE.supported_groups, values.supportedGroups, writeSupportedGroups);
      writeExtension(writer, TYPE.heartbeat, values.heartbeat, writeHeartbeatMode);
      const protocolType = TYPE.application_layer_protocol_negotiation;
      writeExtension(writer, protocolType, values.protocol, writeProtocolName);
      writeExtension(writer, TYPE.record_size_limit, values.recordSizeLimit, writeRecordSizeLimit);
      writeExtension(writer, TYPE.server_name, values.serverName, writeNothing);
      writeExtension(writer, TYPE.early_data, values.earlyData, writeNothing);
    });
  });
}
