// What the tests of the tarball need in a browser: cryptography in plain JavaScript.
import { nobleCrypto } from './noble/noble-crypto.ts';
import { nobleSigningKey } from './noble/signatures.ts';

/** A provider, and keys that sign. */
export const noble = { crypto: nobleCrypto, signingKey: nobleSigningKey };
