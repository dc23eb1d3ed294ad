// key_share (RFC 9846 section 4.3.8).
import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import type { KeyShareEntry } from './extension-values.ts';

const BYTES_MAX = 0xffff;

/** A server's KeyShareEntry. */
export function parseKeyShareEntry(reader: ByteReader): KeyShareEntry {
  const group = reader.uint16('group');
  return { group, keyExchange: reader.opaque('key_exchange', 1, BYTES_MAX) };
}

/** A KeyShareEntry. */
export function writeKeyShareEntry(writer: ByteWriter, entry: KeyShareEntry): void {
  writer.uint16('group', entry.group);
  writer.opaque('key_exchange', 1, BYTES_MAX, entry.keyExchange);
}

/** A client's shares, which may be none. How they go with its groups is a rule of the whole hello. */
export function parseClientShares(reader: ByteReader): KeyShareEntry[] {
  const list = reader.list('client_shares', 0, BYTES_MAX);
  const shares: KeyShareEntry[] = [];
  while (list.left > 0) shares.push(parseKeyShareEntry(list));
  return shares;
}

/** A client's shares. */
export function writeClientShares(writer: ByteWriter, shares: readonly KeyShareEntry[]): void {
  writer.list('client_shares', 0, BYTES_MAX, () => {
    for (const share of shares) writeKeyShareEntry(writer, share);
  });
}
