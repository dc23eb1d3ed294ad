// Key exchange on elliptic curves by node:crypto (RFC 9846 sections 4.3.8.2 and 7.4.2). Public keys go
// in and out as JSON Web Keys (RFC 7517): on Node 20 an x25519 share by SubjectPublicKeyInfo costs 90
// microseconds, by JWK nothing beyond the key's 30, and every runtime has it.
import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { NamedGroup } from '../named-group.ts';
import type { KeyExchange, KeyExchangeAnswer } from '../provider.ts';
import { plainBytes } from './plain-bytes.ts';

/** The groups that are one curve. */
export type CurveGroup = Exclude<NamedGroup, 'X25519MLKEM768'>;

/** UncompressedPointRepresentation.legacy_form. */
const UNCOMPRESSED = 4;

interface Curve {
  /** Its name in a JWK (RFC 7518 section 6.2.1.1, RFC 8037 section 2). */
  readonly name: string;
  /** Bytes of one coordinate. */
  readonly coordinateBytes: number;
}

const CURVES: Readonly<Record<CurveGroup, Curve>> = {
  x25519: { name: 'X25519', coordinateBytes: 32 },
  secp256r1: { name: 'P-256', coordinateBytes: 32 },
  secp384r1: { name: 'P-384', coordinateBytes: 48 },
  secp521r1: { name: 'P-521', coordinateBytes: 66 },
};

/** Bytes of a group's share. */
export function curveShareBytes(group: CurveGroup): number {
  const { coordinateBytes } = CURVES[group];
  return group === 'x25519' ? coordinateBytes : 1 + 2 * coordinateBytes;
}

/** A key pair of a client, used once. */
export class CurveKeyExchange implements KeyExchange {
  readonly share: Uint8Array;
  private readonly group: CurveGroup;
  // The runtime gives no way to overwrite it: dropping it is all that can be done.
  private privateKey: KeyObject | null;

  constructor(group: CurveGroup) {
    const { publicKey, privateKey } =
      group === 'x25519'
        ? generateKeyPairSync('x25519')
        : generateKeyPairSync('ec', { namedCurve: CURVES[group].name });
    this.group = group;
    this.privateKey = privateKey;
    this.share = exportShare(group, publicKey);
  }

  finish(serverShare: Uint8Array): Uint8Array | null {
    return this.privateKey && agree(this.group, this.privateKey, serverShare);
  }

  destroy(): void {
    this.privateKey = null;
  }
}

/** Answers a client's share; null if it is not valid. */
export function answerCurve(group: CurveGroup, clientShare: Uint8Array): KeyExchangeAnswer | null {
  // A share of a wrong form is not worth a key pair.
  if (!hasForm(group, clientShare)) return null;
  const own = new CurveKeyExchange(group);
  const secret = own.finish(clientShare);
  own.destroy();
  return secret && { share: own.share, secret };
}

/** Whether a share has the length, and a point the form, that the group wants. */
function hasForm(group: CurveGroup, share: Uint8Array): boolean {
  if (share.length !== curveShareBytes(group)) return false;
  return group === 'x25519' || share[0] === UNCOMPRESSED;
}

function exportShare(group: CurveGroup, publicKey: KeyObject): Uint8Array {
  const { x, y } = publicKey.export({ format: 'jwk' });
  const share = new Uint8Array(curveShareBytes(group));
  if (group === 'x25519') {
    share.set(Buffer.from(x!, 'base64url'));
    return share;
  }
  // Coordinates have their full length in a JWK, leading zeros included (RFC 7518 section 6.2.1.2).
  share[0] = UNCOMPRESSED;
  share.set(Buffer.from(x!, 'base64url'), 1);
  share.set(Buffer.from(y!, 'base64url'), 1 + CURVES[group].coordinateBytes);
  return share;
}

/** The shared secret with a peer's share, or null for one that is not a point of the curve. */
function agree(group: CurveGroup, privateKey: KeyObject, share: Uint8Array): Uint8Array | null {
  if (!hasForm(group, share)) return null;
  let secret: Uint8Array;
  try {
    // Making the key verifies that the coordinates are in their interval and on the curve.
    const publicKey = importShare(group, share);
    secret = plainBytes(diffieHellman({ privateKey, publicKey }));
  } catch {
    return null;
  }
  return isZero(secret) ? null : secret;
}

function importShare(group: CurveGroup, share: Uint8Array): KeyObject {
  const { name: crv, coordinateBytes } = CURVES[group];
  const text = Buffer.from(share.buffer, share.byteOffset, share.length);
  const key =
    group === 'x25519'
      ? { kty: 'OKP', crv, x: text.toString('base64url') }
      : {
          kty: 'EC',
          crv,
          x: text.toString('base64url', 1, 1 + coordinateBytes),
          y: text.toString('base64url', 1 + coordinateBytes),
        };
  return createPublicKey({ key, format: 'jwk' });
}

/**
 * "Implementations MUST check whether the computed Diffie-Hellman shared secret is the all-zero value and
 * abort if so" (section 7.4.2); OpenSSL refuses to derive it, other libraries may not.
 */
function isZero(secret: Uint8Array): boolean {
  let bits = 0;
  for (const byte of secret) bits |= byte;
  return bits === 0;
}
