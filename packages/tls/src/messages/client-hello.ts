// ClientHello (RFC 9846 section 4.2.2).
import type { ClientHelloExtensions, Extension } from '../extensions/extension-values.ts';

/** A ClientHello whose frame has been read, and not yet what its extensions say. */
export interface ClientHello {
  /** The whole message with its header: what the transcript hashes. */
  readonly message: Uint8Array;
  readonly legacyVersion: number;
  /** 32 bytes. */
  readonly random: Uint8Array;
  /** 0 to 32 bytes. */
  readonly legacySessionId: Uint8Array;
  readonly cipherSuites: readonly number[];
  readonly legacyCompressionMethods: Uint8Array;
  /** In the order of the message; empty when there are none, as in hellos older than extensions. */
  readonly extensions: readonly Extension[];
  /** What supported_versions lists; null when it is absent, and the hello is one of TLS 1.2 or older. */
  readonly supportedVersions: readonly number[] | null;
  /**
   * Where Truncate(ClientHello) ends (section 4.3.11.2), as an offset into `message`: in front of the
   * binders' length; -1 without pre_shared_key or when it is not the last. Only `parseClientHelloExtensions`
   * checks what is behind it.
   */
  readonly truncationBytes: number;
}

/** What a client puts into its hello; the constants of TLS 1.3 are added. */
export interface ClientHelloContent {
  readonly random: Uint8Array;
  readonly legacySessionId: Uint8Array;
  readonly cipherSuites: readonly number[];
  readonly extensions: ClientHelloExtensions;
  /** GREASE (RFC 8701) and padding, in front of the others. */
  readonly otherExtensions?: readonly Extension[];
}

/**
 * Reads the frame: all lengths, duplicate extensions, supported_versions. Throws PeerFault.
 * `message` is the whole message with its header.
 */
export declare function parseClientHello(message: Uint8Array): ClientHello;

/**
 * Reads and judges a hello that offers TLS 1.3 by everything that section 4.2.2, 4.3 and 9.2 say of one
 * alone: legacy_version, compression, extensions that must, must not and may only be there, and the
 * body of each that is known. Throws PeerFault. Call it once the version is chosen.
 */
export declare function parseClientHelloExtensions(hello: ClientHello): ClientHelloExtensions;

/** The message, with header. Throws RangeError for what the format has no room for. */
export declare function serializeClientHello(content: ClientHelloContent): Uint8Array;

/** The length of Truncate(ClientHello) of a serialized hello that ends with these binders. */
export declare function truncatedBytes(message: Uint8Array, binders: readonly Uint8Array[]): number;

/** Puts the true binders, of the same lengths, over those at the end of a serialized hello. */
export declare function overwriteBinders(message: Uint8Array, binders: readonly Uint8Array[]): void;
