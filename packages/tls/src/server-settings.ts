// A server's options, validated once and shared by all its connections.
import type { Credential, PreSharedKey } from './credential.ts';
import { checkPreSharedKeys } from './pre-shared-keys.ts';
import { type CommonOptions, type CommonSettings, commonSettings } from './settings.ts';

/** What a server may be told. */
export interface TlsServerOptions extends CommonOptions {
  /**
   * Certificates in the order of preference, of which the first is shown whose key suits the client's
   * schemes; `ask`: by a `choose-certificate` event. Empty for pre-shared keys alone.
   */
  readonly credentials: readonly Credential[] | 'ask';
  /** Whether clients are to show a certificate; `none`. */
  readonly clientCertificate?: 'none' | 'request' | 'require';
  /** DER of distinguished names, told to clients that are to show a certificate (RFC 9846 section 4.3.4). */
  readonly clientAuthorities?: readonly Uint8Array[];
  /** External pre-shared keys; `ask`: a `choose-psk` event has the client's identities. None. */
  readonly preSharedKeys?: readonly PreSharedKey[] | 'ask';
  /** Allow pre-shared keys without a key exchange, which has no forward secrecy (section 2.2); false. */
  readonly allowPskOnly?: boolean;
  /**
   * Whose order of groups counts. `share`: the server's among those for which the client has sent a
   * share, and only without any a HelloRetryRequest; `server` and `client`: that side's most
   * preferred common group, with a HelloRetryRequest if need be (section 4.3.8). `share`.
   */
  readonly groupChoice?: 'share' | 'server' | 'client';
  /** Whose order of cipher suites counts; `server`. */
  readonly cipherSuiteChoice?: 'server' | 'client';
  /** Refuse a client that names no server, with missing_extension (section 9.2); false. */
  readonly requiresServerName?: boolean;
  /** Sends a cookie with a HelloRetryRequest, which the client must bring back (section 4.3.2); false. */
  readonly sendsCookie?: boolean;
}

/** Validated options. */
export interface TlsServerSettings extends CommonSettings {
  readonly credentials: readonly Credential[] | 'ask';
  readonly clientCertificate: 'none' | 'request' | 'require';
  readonly clientAuthorities: readonly Uint8Array[];
  readonly preSharedKeys: readonly PreSharedKey[] | 'ask';
  readonly allowPskOnly: boolean;
  readonly groupChoice: 'share' | 'server' | 'client';
  readonly cipherSuiteChoice: 'server' | 'client';
  readonly requiresServerName: boolean;
  readonly sendsCookie: boolean;
}

/** Validates and completes options; throws TypeError for what is missing, RangeError for what cannot be. */
export function serverSettings(options: TlsServerOptions): TlsServerSettings {
  const common = commonSettings(options);
  const { credentials, preSharedKeys = [] } = options;
  if (credentials !== 'ask' && !Array.isArray(credentials)) {
    throw new TypeError("credentials must be a list or 'ask'");
  }
  for (const credential of credentials === 'ask' ? [] : credentials) {
    if (credential.chain.length === 0) throw new TypeError('a credential must have a certificate');
  }
  return Object.freeze({
    ...common,
    credentials,
    clientCertificate: options.clientCertificate ?? 'none',
    clientAuthorities: options.clientAuthorities ?? [],
    preSharedKeys: preSharedKeys === 'ask' ? 'ask' : checkPreSharedKeys(preSharedKeys),
    allowPskOnly: options.allowPskOnly ?? false,
    groupChoice: options.groupChoice ?? 'share',
    cipherSuiteChoice: options.cipherSuiteChoice ?? 'server',
    requiresServerName: options.requiresServerName ?? false,
    sendsCookie: options.sendsCookie ?? false,
  });
}
