// Key exchange (RFC 9846 sections 4.3.8.2 and 7.4.2) by @noble/curves and @noble/post-quantum.
import { x25519 } from '@noble/curves/ed25519.js';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import type { NamedGroup } from '../../src/named-group.ts';
import type { KeyExchange, KeyExchangeAnswer } from '../../src/provider.ts';

/** The groups, all of them. */
export const groups: readonly NamedGroup[] = [
  'X25519MLKEM768',
  'x25519',
  'secp256r1',
  'secp384r1',
  'secp521r1',
];

const NIST_CURVES = { secp256r1: p256, secp384r1: p384, secp521r1: p521 } as const;
type CurveGroup = Exclude<NamedGroup, 'X25519MLKEM768'>;

const CIPHERTEXT_BYTES = 1088;
const ENCAPSULATION_KEY_BYTES = 1184;
const X25519_BYTES = 32;

/** Begins a key exchange. */
export function startKeyExchange(group: NamedGroup): KeyExchange {
  return group === 'X25519MLKEM768' ? new Hybrid() : new Curve(group);
}

/** Answers a client's share. */
export function answerKeyExchange(
  group: NamedGroup,
  clientShare: Uint8Array,
): KeyExchangeAnswer | null {
  if (group === 'X25519MLKEM768') return answerHybrid(clientShare);
  const own = new Curve(group);
  const secret = own.finish(clientShare);
  own.destroy();
  return secret && { share: own.share, secret };
}

class Curve implements KeyExchange {
  readonly share: Uint8Array;
  private readonly group: CurveGroup;
  private readonly secretKey: Uint8Array;

  constructor(group: CurveGroup) {
    this.group = group;
    if (group === 'x25519') {
      this.secretKey = x25519.utils.randomSecretKey();
      this.share = x25519.getPublicKey(this.secretKey);
    } else {
      const curve = NIST_CURVES[group];
      this.secretKey = curve.utils.randomSecretKey();
      this.share = curve.getPublicKey(this.secretKey, false);
    }
  }

  finish(serverShare: Uint8Array): Uint8Array | null {
    // Only the uncompressed form has this length, but for the hybrid ones of X9.62, which are refused.
    if (serverShare.length !== this.share.length) return null;
    try {
      // Both refuse points that are not valid, and x25519 a secret of zeros.
      if (this.group === 'x25519') return x25519.getSharedSecret(this.secretKey, serverShare);
      // A compressed point, whose first byte is its form: the secret is the coordinate x.
      const point = NIST_CURVES[this.group].getSharedSecret(this.secretKey, serverShare, true);
      return point.subarray(1);
    } catch {
      return null;
    }
  }

  destroy(): void {
    this.secretKey.fill(0);
  }
}

class Hybrid implements KeyExchange {
  readonly share: Uint8Array;
  private readonly curve: Curve = new Curve('x25519');
  private readonly decapsulationKey: Uint8Array;

  constructor() {
    const { publicKey, secretKey } = ml_kem768.keygen();
    this.decapsulationKey = secretKey;
    this.share = join(publicKey, this.curve.share);
  }

  finish(serverShare: Uint8Array): Uint8Array | null {
    if (serverShare.length !== CIPHERTEXT_BYTES + X25519_BYTES) return null;
    const curveSecret = this.curve.finish(serverShare.subarray(CIPHERTEXT_BYTES));
    if (curveSecret === null) return null;
    const ciphertext = serverShare.subarray(0, CIPHERTEXT_BYTES);
    return join(ml_kem768.decapsulate(ciphertext, this.decapsulationKey), curveSecret);
  }

  destroy(): void {
    this.decapsulationKey.fill(0);
    this.curve.destroy();
  }
}

function answerHybrid(clientShare: Uint8Array): KeyExchangeAnswer | null {
  if (clientShare.length !== ENCAPSULATION_KEY_BYTES + X25519_BYTES) return null;
  const curve = answerKeyExchange('x25519', clientShare.subarray(ENCAPSULATION_KEY_BYTES));
  if (curve === null) return null;
  try {
    // Refuses a key whose coefficients are not below the modulus (FIPS 203 section 7.2).
    const { cipherText, sharedSecret } = ml_kem768.encapsulate(
      clientShare.subarray(0, ENCAPSULATION_KEY_BYTES),
    );
    return { share: join(cipherText, curve.share), secret: join(sharedSecret, curve.secret) };
  } catch {
    return null;
  }
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
