// NewSessionTicket (RFC 9846 section 4.7.1).
import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import {
  type Found,
  parseExtensionBlock,
  readExtensions,
  writeExtension,
  writeExtensionBlock,
  writeRawExtensions,
} from '../extensions/extension-block.ts';
import { CARRIER, checkPlaces } from '../extensions/extension-placement.ts';
import { EXTENSION_TYPE } from '../extensions/extension-type.ts';
import type { Extension, NewSessionTicketExtensions } from '../extensions/extension-values.ts';
import { bodyReader, decodeError, handshakeMessage } from './handshake-message.ts';
import { HANDSHAKE_TYPE } from './handshake-type.ts';

const NONCE_BYTES_MAX = 0xff;
const TICKET_BYTES_MAX = 0xffff;

/** A ticket with which a client may resume. */
export interface NewSessionTicket {
  /** Seconds, as sent: a client uses no ticket for more than 604 800 whatever it says. */
  readonly lifetime: number;
  /** 0 to 2^32-1. */
  readonly ageAdd: number;
  /** 0 to 255 bytes. */
  readonly nonce: Uint8Array;
  readonly ticket: Uint8Array;
  readonly extensions: NewSessionTicketExtensions;
}

/** Reads the whole message, header included; extensions that are unknown are ignored. Throws PeerFault. */
export function parseNewSessionTicket(message: Uint8Array): NewSessionTicket {
  const reader = bodyReader(message);
  const lifetime = reader.uint32('ticket_lifetime');
  const ageAdd = reader.uint32('ticket_age_add');
  const nonce = reader.opaque('ticket_nonce', 0, NONCE_BYTES_MAX);
  const ticket = reader.opaque('ticket', 1, TICKET_BYTES_MAX);
  const block = parseExtensionBlock(reader, 0);
  reader.finish('NewSessionTicket');
  checkPlaces(block, CARRIER.NST);
  const extensions = readExtensions(block, decodeError, readExtension);
  return { lifetime, ageAdd, nonce, ticket, extensions };
}

function readExtension(
  type: number,
  data: ByteReader,
  found: Found<NewSessionTicketExtensions>,
): boolean {
  if (type !== EXTENSION_TYPE.early_data) return false;
  found.earlyData = data.uint32('max_early_data_size');
  return true;
}

/** The message, with header. `otherExtensions` is for GREASE. */
export function serializeNewSessionTicket(
  ticket: NewSessionTicket,
  otherExtensions: readonly Extension[] = [],
): Uint8Array {
  return handshakeMessage(HANDSHAKE_TYPE.new_session_ticket, (writer) => {
    writer.uint32('ticket_lifetime', ticket.lifetime);
    writer.uint32('ticket_age_add', ticket.ageAdd);
    writer.opaque('ticket_nonce', 0, NONCE_BYTES_MAX, ticket.nonce);
    writer.opaque('ticket', 1, TICKET_BYTES_MAX, ticket.ticket);
    writeExtensionBlock(writer, 0, () => {
      writeRawExtensions(writer, otherExtensions);
      const { earlyData } = ticket.extensions;
      writeExtension(writer, EXTENSION_TYPE.early_data, earlyData, writeMaxEarlyDataSize);
    });
  });
}

function writeMaxEarlyDataSize(writer: ByteWriter, size: number): void {
  writer.uint32('max_early_data_size', size);
}
