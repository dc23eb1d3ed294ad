// EncryptedExtensions (RFC 9846 section 4.4.1).
import type { EncryptedExtensions } from '../extensions/extension-values.ts';

/**
 * Reads the whole message, header included. `offered` has the types of the ClientHello's extensions but
 * GREASE: any other is unsupported_extension. Throws PeerFault.
 */
export declare function parseEncryptedExtensions(
  message: Uint8Array,
  offered: readonly number[],
): EncryptedExtensions;

/** The message, with header. */
export declare function serializeEncryptedExtensions(extensions: EncryptedExtensions): Uint8Array;
