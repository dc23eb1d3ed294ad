// What may differ between the two ClientHellos around a HelloRetryRequest (RFC 9846 section 4.2.2): "the
// client MUST send the same ClientHello without modification, except as follows".
import { ByteReader } from '../bytes/byte-reader.ts';
import { EXTENSION_TYPE } from '../extensions/extension-type.ts';
import type { Extension } from '../extensions/extension-values.ts';
import { parseClientShares } from '../extensions/key-share.ts';
import { parseOfferedPsks } from '../extensions/pre-shared-key.ts';
import { PeerFault } from '../peer-fault.ts';
import type { ClientHello } from './client-hello.ts';
import { decodeError } from './handshake-message.ts';

/** What the HelloRetryRequest in between said. */
export interface RetryTerms {
  /** selected_group, or null when it had no key_share. */
  readonly selectedGroup: number | null;
  /** The cookie, or null when it had none. */
  readonly cookie: Uint8Array | null;
}

type Body = Uint8Array | undefined;

/**
 * Throws PeerFault `TLS_CLIENT_HELLO_CHANGED` (illegal_parameter) when the second hello differs from the
 * first where it may not, or does not do what the HelloRetryRequest asked for. The order of extensions is
 * not compared. Call it once both have been parsed with their extensions.
 */
export function checkSecondClientHello(
  first: ClientHello,
  second: ClientHello,
  terms: RetryTerms,
): void {
  checkSameFrame(first, second);
  const before = bodies(first.extensions);
  const after = bodies(second.extensions);
  for (const type of new Set([...before.keys(), ...after.keys()])) {
    if (!isAllowedChange(type, before.get(type), after.get(type), terms)) {
      throw changed(`extension ${type}`);
    }
  }
  // A cookie or a group that was asked for and in neither hello has not been seen above.
  if (terms.cookie !== null && !after.has(EXTENSION_TYPE.cookie)) throw changed('cookie');
  if (terms.selectedGroup !== null && !after.has(EXTENSION_TYPE.key_share)) {
    throw changed('key_share');
  }
}

function changed(what: string): PeerFault {
  return new PeerFault('TLS_CLIENT_HELLO_CHANGED', `${what} is not what the second hello needs`);
}

function bodies(extensions: readonly Extension[]): Map<number, Uint8Array> {
  return new Map(extensions.map(({ type, data }) => [type, data]));
}

function checkSameFrame(first: ClientHello, second: ClientHello): void {
  if (first.legacyVersion !== second.legacyVersion) throw changed('legacy_version');
  if (!isSame(first.random, second.random)) throw changed('random');
  if (!isSame(first.legacySessionId, second.legacySessionId)) throw changed('legacy_session_id');
  if (!isSame(first.cipherSuites, second.cipherSuites)) throw changed('cipher_suites');
  if (!isSame(first.legacyCompressionMethods, second.legacyCompressionMethods)) {
    throw changed('legacy_compression_methods');
  }
}

function isSame(
  first: ArrayLike<number> | undefined,
  second: ArrayLike<number> | undefined,
): boolean {
  if (first === undefined || second === undefined) return first === second;
  if (first.length !== second.length) return false;
  for (let at = 0; at < first.length; at += 1) if (first[at] !== second[at]) return false;
  return true;
}

function isAllowedChange(type: number, before: Body, after: Body, terms: RetryTerms): boolean {
  switch (type) {
    case EXTENSION_TYPE.key_share:
      return terms.selectedGroup === null
        ? isSame(before, after)
        : isShareOf(terms.selectedGroup, after);
    case EXTENSION_TYPE.early_data:
      // "Early data is not permitted after a HelloRetryRequest."
      return after === undefined;
    case EXTENSION_TYPE.cookie:
      return terms.cookie === null ? isSame(before, after) : isCookie(terms.cookie, after);
    case EXTENSION_TYPE.pre_shared_key:
      return after === undefined || isPartOf(before, after);
    case EXTENSION_TYPE.padding:
      return true;
    default:
      return isSame(before, after);
  }
}

/** "A list containing a single KeyShareEntry from the indicated group". */
function isShareOf(group: number, body: Body): boolean {
  if (body === undefined) return false;
  const shares = parseClientShares(reader(body));
  return shares.length === 1 && shares[0]?.group === group;
}

/** "The client MUST copy the contents of the extension" (section 4.3.2), behind its length of two bytes. */
function isCookie(cookie: Uint8Array, body: Body): boolean {
  return body !== undefined && isSame(cookie, body.subarray(2));
}

/** Ages and binders may change and identities be gone, the others in the same order. */
function isPartOf(before: Body, after: Uint8Array): boolean {
  if (before === undefined) return false;
  const offered = parseOfferedPsks(reader(before)).identities;
  let at = 0;
  for (const { identity } of parseOfferedPsks(reader(after)).identities) {
    while (at < offered.length && !isSame(offered[at]?.identity, identity)) at += 1;
    if (at === offered.length) return false;
    at += 1;
  }
  return true;
}

function reader(body: Uint8Array): ByteReader {
  return new ByteReader(body, 0, body.length, decodeError);
}
