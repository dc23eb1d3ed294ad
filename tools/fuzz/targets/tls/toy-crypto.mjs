// Cryptography that protects nothing, so that what is changed on the way is read and not thrown away:
// ciphers that leave the text as it is, hashes that are the same for all texts, signatures that always fit.
// What depends on its input would hide all behind the first changed byte.

const HASH_BYTES = { sha256: 32, sha384: 48 };
const TAG_BYTES = 16;
const SHARE_BYTES = { x25519: 32, secp256r1: 65 };
const SCHEMES = ['ecdsa_secp256r1_sha256', 'rsa_pss_rsae_sha256', 'ed25519'];

const filled = (byteCount, byte) => new Uint8Array(byteCount).fill(byte);

function share(group) {
  const bytes = filled(SHARE_BYTES[group], 9);
  // An uncompressed point begins with 4.
  if (group === 'secp256r1') bytes[0] = 4;
  return bytes;
}

class ToyHash {
  #name;

  constructor(name) {
    this.#name = name;
  }

  update() {}

  digest() {
    return filled(HASH_BYTES[this.#name], 1);
  }

  copy() {
    return new ToyHash(this.#name);
  }
}

const KEY = {
  seal: (_nonce, _additionalData, plaintext) => [plaintext, filled(TAG_BYTES, 2)],
  open: (_nonce, _additionalData, sealed) => sealed.subarray(0, sealed.length - TAG_BYTES),
  destroy() {},
};

/** Has every scheme of the toy, so that the certificate does not matter. */
const VERIFYING_KEY = { schemes: SCHEMES, rsaBits: 0, verify: () => true };

/** The provider. */
export const toyCrypto = {
  aeads: ['aes-128-gcm', 'aes-256-gcm', 'chacha20-poly1305'],
  groups: ['x25519', 'secp256r1'],
  schemes: SCHEMES,
  startHash: (name) => new ToyHash(name),
  hmac: (name) => filled(HASH_BYTES[name], 3),
  aeadKey: () => KEY,
  startKeyExchange: (group) => ({
    share: share(group),
    finish: (theirs) => (theirs.length === SHARE_BYTES[group] ? filled(32, 4) : null),
    destroy() {},
  }),
  answerKeyExchange: (group, theirs) =>
    theirs.length === SHARE_BYTES[group] ? { share: share(group), secret: filled(32, 4) } : null,
  verifyingKey: () => VERIFYING_KEY,
};

/** Randomness that is none. */
export const toyRandom = (target) => target.fill(7);

/** A certificate for localhost on P-256 that signs itself; nobody has its key. */
const LEAF = [
  '3082018030820125a0030201020214534f8d3034136a001cf976e3e406971b2a13d8e9300a06082a8648ce3d04',
  '030230143112301006035504030c096c6f63616c686f73743020170d3236313132333233333934305a180f3231',
  '3236313033303233333934305a30143112301006035504030c096c6f63616c686f73743059301306072a8648ce',
  '3d020106082a8648ce3d03010703420004f19d216423d4469472f83887a37747467bc15355bf0a859e2d63f382',
  'df281a1a2674a9ab86f10fc17998d160915113cbbe7fe46c4e827b0be2046618dbc3a40ea3533051301d060355',
  '1d0e04160414d90cb9253235df82e8e741b0b71680a57406a3fd301f0603551d23041830168014d90cb9253235',
  'df82e8e741b0b71680a57406a3fd300f0603551d130101ff040530030101ff300a06082a8648ce3d0403020349',
  '003046022100e09d520bd78ec8eac95d9a506b04cd4fde35a1e225595d3b58e1c959c6cafd89022100b8c5bb83',
  '2f37b7b69673c9f2a4b504b93748d1cad62d5467a80030ad25586679',
].join('');

/** What the toy shows. */
export const toyCredential = {
  chain: [Uint8Array.from(Buffer.from(LEAF, 'hex'))],
  key: { schemes: ['ecdsa_secp256r1_sha256'], sign: () => filled(70, 5) },
};
