// What a server chooses from a ClientHello: cipher suite, key exchange, protocol (RFC 9846 section 4.2.1).
import type { CipherSuite } from '../cipher-suite.ts';
import type { ClientHelloExtensions } from '../extensions/extension-values.ts';
import { NAMED_GROUP, type NamedGroup } from '../named-group.ts';
import { PeerFault } from '../peer-fault.ts';
import { hashOfKey, PSK_MODE } from '../pre-shared-keys.ts';
import type { TlsServerSettings } from '../server-settings.ts';
import type { PskChoice } from './decision.ts';

/** What was chosen. */
export interface ServerChoice {
  readonly suite: CipherSuite;
  /** Null when the client shows no known one, or none that fits: then a certificate is shown. */
  readonly psk: PskChoice | null;
  /** Null with a pre-shared key alone (psk_ke). */
  readonly group: NamedGroup | null;
}

/**
 * Chooses suite and group. "External PSKs SHOULD influence cipher suite selection" (section 4.3.11): a
 * suite of the key's hash is looked for first, and the key is ignored if there is none, or if it could
 * be used in no mode. Throws PeerFault.
 */
export function chooseParameters(
  settings: TlsServerSettings,
  offeredSuites: readonly number[],
  extensions: ClientHelloExtensions,
  psk: PskChoice | null,
): ServerChoice {
  const common = commonSuites(settings, offeredSuites);
  const group = chooseGroup(settings, extensions);
  if (psk !== null) {
    const suite = common.find(({ hash }) => hash === hashOfKey(psk.psk));
    const modes = extensions.pskKeyExchangeModes ?? [];
    const canExchange = group !== null && modes.includes(PSK_MODE.psk_dhe_ke);
    const canGoWithout = settings.allowPskOnly && modes.includes(PSK_MODE.psk_ke);
    if (suite !== undefined && canExchange) return { suite, psk, group };
    if (suite !== undefined && canGoWithout) return { suite, psk, group: null };
  }
  const suite = common[0];
  if (suite === undefined) {
    throw new PeerFault('TLS_NO_COMMON_CIPHER_SUITE', 'none of the offered suites is known here');
  }
  checkCertificatesArePossible(settings, extensions);
  if (group === null) throw new PeerFault('TLS_NO_COMMON_GROUP', 'no offered group is known here');
  return { suite, psk: null, group };
}

/**
 * The protocol for ALPN: the server's most preferred one. "In the event that the server supports no
 * protocols that the client advertises, then the server SHALL respond with a fatal
 * no_application_protocol alert" (RFC 7301 section 3.2); one that has none is not a server with ALPN.
 */
export function chooseProtocol(
  settings: TlsServerSettings,
  offered: readonly string[] | undefined,
): string | null {
  if (offered === undefined || settings.protocols.length === 0) return null;
  const protocol = settings.protocols.find((candidate) => offered.includes(candidate));
  if (protocol === undefined) {
    throw new PeerFault('TLS_NO_COMMON_PROTOCOL', 'none of the offered protocols is spoken here');
  }
  return protocol;
}

/** The client's public value in a group; null when it has sent none. */
export function shareOf(extensions: ClientHelloExtensions, group: NamedGroup): Uint8Array | null {
  const code = NAMED_GROUP[group];
  return extensions.keyShares?.find((share) => share.group === code)?.keyExchange ?? null;
}

function commonSuites(
  { cipherSuites, cipherSuiteChoice }: TlsServerSettings,
  offered: readonly number[],
): readonly CipherSuite[] {
  const common = cipherSuites.filter(({ code }) => offered.includes(code));
  if (cipherSuiteChoice === 'server') return common;
  return common.sort((left, right) => offered.indexOf(left.code) - offered.indexOf(right.code));
}

function chooseGroup(
  settings: TlsServerSettings,
  extensions: ClientHelloExtensions,
): NamedGroup | null {
  const { supportedGroups = [], keyShares = [] } = extensions;
  const common = settings.groups.filter((group) => supportedGroups.includes(NAMED_GROUP[group]));
  if (settings.groupChoice === 'client') {
    const place = (group: NamedGroup): number => supportedGroups.indexOf(NAMED_GROUP[group]);
    common.sort((left, right) => place(left) - place(right));
  }
  const shared =
    settings.groupChoice === 'share'
      ? common.find((group) => keyShares.some((share) => share.group === NAMED_GROUP[group]))
      : undefined;
  return shared ?? common[0] ?? null;
}

/** Without a pre-shared key it takes a certificate, and what the client must have said for that. */
function checkCertificatesArePossible(
  { credentials }: TlsServerSettings,
  extensions: ClientHelloExtensions,
): void {
  if (credentials.length === 0 && extensions.preSharedKey !== undefined) {
    throw new PeerFault('TLS_UNKNOWN_PSK', 'no offered pre-shared key can be used here');
  }
  // "If a server is authenticating via a certificate and the client has not sent a
  // signature_algorithms extension, then the server MUST abort" (section 4.3.3).
  if (extensions.signatureAlgorithms === undefined || extensions.supportedGroups === undefined) {
    const detail = 'signature_algorithms and supported_groups are needed without a pre-shared key';
    throw new PeerFault('TLS_MISSING_EXTENSION', detail);
  }
}
