// How large handshake messages may be.

/** Bounds below what the format itself allows. */
export interface HandshakeLimits {
  /** Bytes of a ClientHello's body; the format has no larger one than the default. */
  readonly clientHelloBytesMax: number;
  /** Bytes of a Certificate's body: the chain with everything stapled to it. */
  readonly certificateBytesMax: number;
}

/** What holds unless said otherwise. OpenSSL takes chains of 100 KiB, rustls messages of 64 KiB. */
export const HANDSHAKE_LIMITS: HandshakeLimits = {
  clientHelloBytesMax: 131_396,
  certificateBytesMax: 131_072,
};
