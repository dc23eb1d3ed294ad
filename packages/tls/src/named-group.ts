// Groups of the key exchange (RFC 9846 section 4.3.7).

/** The groups that are implemented, and the number of each. */
export const NAMED_GROUP = {
  secp256r1: 0x0017,
  secp384r1: 0x0018,
  secp521r1: 0x0019,
  x25519: 0x001d,
  X25519MLKEM768: 0x11ec,
} as const;

/** The RFC's name of a group; X25519MLKEM768 is draft-ietf-tls-ecdhe-mlkem's. */
export type NamedGroup = keyof typeof NAMED_GROUP;
