// pre_shared_key (RFC 9846 section 4.3.11).
import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { PeerFault } from '../peer-fault.ts';
import type { OfferedPsks, PskIdentity } from './extension-values.ts';

const BYTES_MAX = 0xffff;
const IDENTITIES_BYTES_MIN = 7;
const BINDERS_BYTES_MIN = 33;
const BINDER_BYTES_MIN = 32;
const BINDER_BYTES_MAX = 255;
const LENGTH_BYTES = 2;

/** A client's OfferedPsks: binders are "one for each value in the identities list". */
export function parseOfferedPsks(reader: ByteReader): OfferedPsks {
  const list = reader.list('identities', IDENTITIES_BYTES_MIN, BYTES_MAX);
  const identities: PskIdentity[] = [];
  while (list.left > 0) {
    const identity = list.opaque('identity', 1, BYTES_MAX);
    identities.push({ identity, obfuscatedTicketAge: list.uint32('obfuscated_ticket_age') });
  }
  const binders = reader
    .list('binders', BINDERS_BYTES_MIN, BYTES_MAX)
    .opaques('PskBinderEntry', BINDER_BYTES_MIN, BINDER_BYTES_MAX);
  if (binders.length !== identities.length) {
    const detail = `${identities.length} identities, ${binders.length} binders`;
    throw new PeerFault('TLS_WRONG_BINDER_COUNT', detail);
  }
  return { identities, binders };
}

/** OfferedPsks. */
export function writeOfferedPsks(writer: ByteWriter, { identities, binders }: OfferedPsks): void {
  writer.list('identities', IDENTITIES_BYTES_MIN, BYTES_MAX, () => {
    for (const { identity, obfuscatedTicketAge } of identities) {
      writer.opaque('identity', 1, BYTES_MAX, identity);
      writer.uint32('obfuscated_ticket_age', obfuscatedTicketAge);
    }
  });
  writeBinders(writer, binders);
}

/** The binders with their length: what Truncate(ClientHello) leaves out (section 4.3.11.2). */
export function writeBinders(writer: ByteWriter, binders: readonly Uint8Array[]): void {
  writer.list('binders', BINDERS_BYTES_MIN, BYTES_MAX, () => {
    for (const binder of binders) {
      writer.opaque('PskBinderEntry', BINDER_BYTES_MIN, BINDER_BYTES_MAX, binder);
    }
  });
}

/** How many bytes `writeBinders` writes. */
export function bindersBytes(binders: readonly Uint8Array[]): number {
  return binders.reduce((sum, binder) => sum + 1 + binder.length, LENGTH_BYTES);
}
