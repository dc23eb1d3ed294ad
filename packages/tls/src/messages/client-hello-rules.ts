// What must hold between the parts of a ClientHello of TLS 1.3 (RFC 9846 sections 4.2.2, 4.3.8, 4.3.9, 9.2).
import { EXTENSION_TYPE } from '../extensions/extension-type.ts';
import type { ClientHelloExtensions } from '../extensions/extension-values.ts';
import { PeerFault } from '../peer-fault.ts';
import type { ClientHello } from './client-hello.ts';
import { LEGACY_VERSION } from './hello-constants.ts';

/** The rules of the frame: to be checked after the version has been chosen. */
export function checkClientHelloFrame(hello: ClientHello): void {
  const { legacyVersion, legacyCompressionMethods: methods, extensions } = hello;
  // "A server which receives a legacy_version value not equal to 0x0303 MUST abort".
  if (legacyVersion !== LEGACY_VERSION) {
    throw new PeerFault('TLS_INVALID_LEGACY_VERSION', `legacy_version ${legacyVersion}`);
  }
  // "This list MUST contain exactly one byte, set to zero".
  if (methods.length !== 1 || methods[0] !== 0) {
    throw new PeerFault('TLS_INVALID_COMPRESSION', 'legacy_compression_methods is not null alone');
  }
  // "Servers MUST check that it is the last extension" (section 4.3.11).
  const isPsk = ({ type }: { readonly type: number }): boolean =>
    type === EXTENSION_TYPE.pre_shared_key;
  const at = extensions.findIndex(isPsk);
  if (at >= 0 && at < extensions.length - 1) {
    throw new PeerFault('TLS_PRE_SHARED_KEY_NOT_LAST', 'pre_shared_key is not the last extension');
  }
}

/** The rules between extensions. */
export function checkClientHelloExtensions(found: ClientHelloExtensions): void {
  checkPresence(found);
  checkKeyShares(found);
}

function checkPresence(found: ClientHelloExtensions): void {
  if (found.preSharedKey === undefined) {
    // "If not containing a 'pre_shared_key' extension, it MUST contain both" (section 9.2).
    requireExtension('signature_algorithms', found.signatureAlgorithms);
    requireExtension('supported_groups', found.supportedGroups);
  } else {
    // "A client MUST provide a 'psk_key_exchange_modes' extension if it offers" one (section 4.3.9).
    requireExtension('psk_key_exchange_modes', found.pskKeyExchangeModes);
  }
  // "If containing a 'supported_groups' extension, it MUST also contain a 'key_share' ..., and vice versa."
  if (found.supportedGroups !== undefined) requireExtension('key_share', found.keyShares);
  if (found.keyShares !== undefined) requireExtension('supported_groups', found.supportedGroups);
}

function requireExtension(name: string, value: unknown): void {
  if (value === undefined) throw new PeerFault('TLS_MISSING_EXTENSION', `${name} is missing`);
}

/**
 * "Each KeyShareEntry value MUST correspond to a group offered in the 'supported_groups' extension and
 * MUST appear in the same order", and "clients MUST NOT offer multiple KeyShareEntry values for the same
 * group" (section 4.3.8): each share's group stands behind that of the share before it.
 */
function checkKeyShares({ keyShares = [], supportedGroups = [] }: ClientHelloExtensions): void {
  let from = 0;
  for (const { group } of keyShares) {
    const place = supportedGroups.indexOf(group, from);
    if (place < 0) {
      throw new PeerFault('TLS_INVALID_KEY_SHARE', `the share of group ${group} has no place`);
    }
    from = place + 1;
  }
}
