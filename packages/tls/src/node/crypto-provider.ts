// The provider of node:crypto.
import type { NamedGroup } from '../named-group.ts';
import type { AeadName, CryptoProvider, KeyExchange, KeyExchangeAnswer } from '../provider.ts';
import type { SignatureScheme } from '../signature-scheme.ts';
import { nodeAeadKey } from './aead.ts';
import { answerCurve, CurveKeyExchange } from './curve-key-exchange.ts';
import { hmac, startHash } from './hash.ts';
import { answerHybrid, HybridKeyExchange, hasHybrid } from './hybrid-key-exchange.ts';
import { usableSchemes } from './key-schemes.ts';
import { usableAeads } from './usable-aeads.ts';
import { verifyingKey } from './verifying-key.ts';

const CURVES: readonly NamedGroup[] = ['x25519', 'secp256r1', 'secp384r1', 'secp521r1'];

/** All that TLS needs, by the runtime's own native cryptography. */
export const nodeCrypto: CryptoProvider = {
  get aeads(): readonly AeadName[] {
    return usableAeads();
  },
  get groups(): readonly NamedGroup[] {
    return hasHybrid() ? ['X25519MLKEM768', ...CURVES] : CURVES;
  },
  get schemes(): readonly SignatureScheme[] {
    return usableSchemes();
  },
  startHash,
  hmac,
  aeadKey: nodeAeadKey,
  startKeyExchange(group: NamedGroup): KeyExchange {
    return group === 'X25519MLKEM768' ? new HybridKeyExchange() : new CurveKeyExchange(group);
  },
  answerKeyExchange(group: NamedGroup, clientShare: Uint8Array): KeyExchangeAnswer | null {
    return group === 'X25519MLKEM768' ? answerHybrid(clientShare) : answerCurve(group, clientShare);
  },
  verifyingKey,
};
