// ServerHello and HelloRetryRequest (RFC 9846 sections 4.2.3 and 4.2.4).
import type {
  Extension,
  HelloRetryRequestExtensions,
  ServerHelloExtensions,
} from '../extensions/extension-values.ts';

/** A ServerHello whose frame has been read, and not yet what its extensions say. */
export interface ServerHello {
  /** The whole message with its header. */
  readonly message: Uint8Array;
  readonly legacyVersion: number;
  /** 32 bytes. */
  readonly random: Uint8Array;
  /** True when the random is that of a HelloRetryRequest. */
  readonly isRetryRequest: boolean;
  readonly legacySessionIdEcho: Uint8Array;
  readonly cipherSuite: number;
  readonly legacyCompressionMethod: number;
  readonly extensions: readonly Extension[];
  /** selected_version of supported_versions; null when that is absent, and the version is TLS 1.2 or older. */
  readonly selectedVersion: number | null;
}

/** What a server puts into its hello; the constants of TLS 1.3, supported_versions among them, are added. */
export interface ServerHelloContent<Extensions> {
  readonly legacySessionIdEcho: Uint8Array;
  readonly cipherSuite: number;
  readonly extensions: Omit<Extensions, 'supportedVersion'>;
}

/** How a server that could have negotiated TLS 1.3 marks a random of something older (section 4.2.3). */
export type DowngradeSentinel = 'tls1.2' | 'tls1.1';

/** The sentinel in a ServerHello's random, or null when there is none. */
export declare function downgradeSentinel(random: Uint8Array): DowngradeSentinel | null;

/** Reads the frame: all lengths, duplicate extensions, supported_versions. Throws PeerFault. */
export declare function parseServerHello(message: Uint8Array): ServerHello;

/**
 * Reads the extensions of a ServerHello of TLS 1.3, and checks legacy_version and compression. `offered`
 * has the types of the ClientHello's extensions but GREASE. Throws PeerFault.
 */
export declare function parseServerHelloExtensions(
  hello: ServerHello,
  offered: readonly number[],
): ServerHelloExtensions;

/** The same of a HelloRetryRequest, which may have a cookie that nobody asked for. Throws PeerFault. */
export declare function parseHelloRetryRequestExtensions(
  hello: ServerHello,
  offered: readonly number[],
): HelloRetryRequestExtensions;

/** A ServerHello with header; `random` has 32 bytes. */
export declare function serializeServerHello(
  random: Uint8Array,
  content: ServerHelloContent<ServerHelloExtensions>,
): Uint8Array;

/** A HelloRetryRequest with header. */
export declare function serializeHelloRetryRequest(
  content: ServerHelloContent<HelloRetryRequestExtensions>,
): Uint8Array;
