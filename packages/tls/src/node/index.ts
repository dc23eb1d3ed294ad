export { nodeCrypto } from './crypto-provider.ts';
export { nodeRandom } from './random.ts';
export { signingKey } from './signing-key.ts';
