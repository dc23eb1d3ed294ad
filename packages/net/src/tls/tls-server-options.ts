// How a server of holdline's TLS is told what to do.
import { nodeCrypto, nodeRandom, pemCredential } from '@holdline/tls/node';
import {
  serverSettings,
  type TlsServerOptions,
  type TlsServerSettings,
} from '@holdline/tls/server';
import type { TlsServerHandlers } from './tls-handlers.ts';

/** Options of the engine and the decisions. Certificates come as `cert` and `key`, or as `credentials`. */
export interface TlsServerSecurityOptions
  extends TlsServerHandlers,
    Partial<Omit<TlsServerOptions, 'credentials'>> {
  /** PEM of the server's certificate, with those of its issuers behind it. */
  readonly cert?: string | Uint8Array;
  /** PEM of the private key. */
  readonly key?: string | Uint8Array;
  /** What the key is encrypted with, if it is. */
  readonly passphrase?: string;
  /** Instead of `cert` and `key`; see `TlsServerOptions`. Empty for pre-shared keys alone. */
  readonly credentials?: TlsServerOptions['credentials'];
}

/** Throws TypeError or RangeError for an option that is missing or out of its range. */
export function completeServerSecurity(
  options: TlsServerSecurityOptions,
  protocols: readonly string[] = [],
): TlsServerSettings {
  const { cert, key, passphrase, credentials } = options;
  if ((cert === undefined) !== (key === undefined)) {
    throw new TypeError('cert and key go together');
  }
  if (cert === undefined && credentials === undefined) {
    throw new TypeError('cert and key, or credentials, are missing');
  }
  const own =
    cert === undefined || key === undefined
      ? []
      : [pemCredential({ cert, key, ...(passphrase === undefined ? {} : { passphrase }) })];
  const requires = (options.clientCertificate ?? 'none') !== 'none';
  if (requires && options.verifyPeer === undefined && options.pinnedCertificates === undefined) {
    throw new TypeError('verifyPeer or pinnedCertificates must say which clients to trust');
  }
  return serverSettings({
    crypto: nodeCrypto,
    random: nodeRandom,
    protocols,
    ...options,
    credentials: credentials ?? own,
  });
}
