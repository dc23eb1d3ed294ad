// How TLS connections of a client are told what to do.
import {
  clientSettings,
  type TlsClientOptions,
  type TlsClientSettings,
} from '@holdline/tls/client';
import { nodeCrypto, nodeRandom } from '@holdline/tls/node';
import type { TlsClientHandlers } from './tls-handlers.ts';

/**
 * Options of the engine and the decisions. Whoever connects has to say whom it trusts: by `verifyPeer`,
 * `pinnedCertificates` or `preSharedKeys`; chains are not validated here.
 */
export interface TlsClientSecurityOptions
  extends TlsClientHandlers,
    Omit<TlsClientOptions, 'crypto' | 'random'>,
    Partial<Pick<TlsClientOptions, 'crypto' | 'random'>> {}

/** Throws TypeError or RangeError for an option that is missing or out of its range. */
export function completeClientSecurity(options: TlsClientSecurityOptions): TlsClientSettings {
  const { verifyPeer, pinnedCertificates, preSharedKeys = [] } = options;
  if (verifyPeer === undefined && pinnedCertificates === undefined && preSharedKeys.length === 0) {
    throw new TypeError('verifyPeer, pinnedCertificates or preSharedKeys must say whom to trust');
  }
  return clientSettings({ crypto: nodeCrypto, random: nodeRandom, ...options });
}
