// Entry `@holdline/tls/node`: cryptography, randomness, keys and certificates by node:crypto.
export { nodeCrypto } from './crypto-provider.ts';
export { type PemCredential, pemCredential, pinsFromPem } from './pem-credential.ts';
export { nodeRandom } from './random.ts';
export { type NodeKeyObject, signingKey } from './signing-key.ts';
