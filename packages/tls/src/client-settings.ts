// A client's options, validated once and shared by all its connections.
import type { Credential, PreSharedKey } from './credential.ts';
import type { NamedGroup } from './named-group.ts';
import { checkPreSharedKeys } from './pre-shared-keys.ts';
import { type CommonOptions, type CommonSettings, commonSettings } from './settings.ts';

/** What a client may be told. */
export interface TlsClientOptions extends CommonOptions {
  /**
   * Groups for which the first hello brings key shares; the first of `groups`, and x25519 beside
   * X25519MLKEM768, which few servers have. Empty asks the server to choose.
   */
  readonly keyShareGroups?: readonly NamedGroup[];
  /**
   * The certificate to show when the server wants one and its key suits; `ask`: by a
   * `choose-certificate` event. Without it, none is shown.
   */
  readonly credential?: Credential | 'ask';
  /** Willing to be asked for a certificate after the handshake (RFC 9846 section 4.3.6); false. */
  readonly postHandshakeAuth?: boolean;
  /** External pre-shared keys, offered instead of asking for a certificate: the two are never mixed (section F.1). */
  readonly preSharedKeys?: readonly PreSharedKey[];
  /** Allow pre-shared keys without a key exchange, which has no forward secrecy (section 2.2); false. */
  readonly allowPskOnly?: boolean;
  /** Ask for an OCSP status (section 4.5.1.1); true. */
  readonly requestOcsp?: boolean;
  /** Look like TLS 1.2 to middleboxes (section E.4); true. */
  readonly middleboxCompatibility?: boolean;
}

/** Validated options. */
export interface TlsClientSettings extends CommonSettings {
  readonly keyShareGroups: readonly NamedGroup[];
  readonly credential: Credential | 'ask' | null;
  readonly postHandshakeAuth: boolean;
  readonly preSharedKeys: readonly PreSharedKey[];
  readonly allowPskOnly: boolean;
  readonly requestOcsp: boolean;
  readonly middleboxCompatibility: boolean;
}

/** Validates and completes options; throws TypeError for what is missing, RangeError for what cannot be. */
export function clientSettings(options: TlsClientOptions): TlsClientSettings {
  const common = commonSettings(options);
  const keyShareGroups = options.keyShareGroups ?? likelyGroups(common.groups);
  const order = keyShareGroups.map((group) => common.groups.indexOf(group));
  // "Each KeyShareEntry value MUST correspond to a group offered in the "supported_groups" extension
  // and MUST appear in the same order" (RFC 9846 section 4.3.8).
  if (order.some((place, index) => place < 0 || place <= (order[index - 1] ?? -1))) {
    throw new RangeError('keyShareGroups must be some of groups, in the same order');
  }
  const preSharedKeys = checkPreSharedKeys(options.preSharedKeys ?? []);
  if (preSharedKeys.length > 0 && (options.credential ?? options.postHandshakeAuth)) {
    throw new TypeError('preSharedKeys do not go with certificates of the client');
  }
  return Object.freeze({
    ...common,
    keyShareGroups: [...keyShareGroups],
    credential: options.credential ?? null,
    postHandshakeAuth: options.postHandshakeAuth ?? false,
    preSharedKeys,
    allowPskOnly: options.allowPskOnly ?? false,
    requestOcsp: options.requestOcsp ?? true,
    middleboxCompatibility: options.middleboxCompatibility ?? true,
  });
}

function likelyGroups(groups: readonly NamedGroup[]): readonly NamedGroup[] {
  const [first] = groups;
  return groups.filter(
    (group) => group === first || (group === 'x25519' && first === 'X25519MLKEM768'),
  );
}
