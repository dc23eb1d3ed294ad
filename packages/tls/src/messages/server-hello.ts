// ServerHello and HelloRetryRequest (RFC 9846 sections 4.2.3 and 4.2.4).
import type { ByteWriter } from '../bytes/byte-writer.ts';
import {
  parseExtensionBlock,
  readExtensions,
  writeExtensionBlock,
} from '../extensions/extension-block.ts';
import {
  CARRIER,
  type Carrier,
  checkPlaces,
  checkSolicited,
} from '../extensions/extension-placement.ts';
import { EXTENSION_TYPE } from '../extensions/extension-type.ts';
import type {
  Extension,
  HelloRetryRequestExtensions,
  ServerHelloExtensions,
} from '../extensions/extension-values.ts';
import { PeerFault } from '../peer-fault.ts';
import { bodyReader, decodeError, handshakeMessage } from './handshake-message.ts';
import { HANDSHAKE_TYPE } from './handshake-type.ts';
import { LEGACY_VERSION, RANDOM_BYTES, SESSION_ID_BYTES_MAX } from './hello-constants.ts';
import {
  readHelloRetryRequestExtension,
  readServerHelloExtension,
  writeHelloRetryRequestExtensions,
  writeServerHelloExtensions,
} from './server-hello-extensions.ts';
import { isHelloRetryRequestRandom, writeHelloRetryRequestRandom } from './server-random.ts';

export { downgradeSentinel } from './server-random.ts';

const EXTENSIONS_BYTES_MIN = 6;

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

/** Reads the frame: all lengths, duplicate extensions, supported_versions. Throws PeerFault. */
export function parseServerHello(message: Uint8Array): ServerHello {
  const reader = bodyReader(message);
  const legacyVersion = reader.uint16('legacy_version');
  const random = reader.fixed('random', RANDOM_BYTES);
  const legacySessionIdEcho = reader.opaque('legacy_session_id_echo', 0, SESSION_ID_BYTES_MAX);
  const cipherSuite = reader.uint16('cipher_suite');
  const legacyCompressionMethod = reader.uint8('legacy_compression_method');
  // A ServerHello of TLS 1.2 may have none, and its list be empty (RFC 5246 section 7.4.1.3).
  const extensions = reader.left === 0 ? [] : parseExtensionBlock(reader, 0);
  reader.finish('ServerHello');
  return {
    message,
    legacyVersion,
    random,
    isRetryRequest: isHelloRetryRequestRandom(random),
    legacySessionIdEcho,
    cipherSuite,
    legacyCompressionMethod,
    extensions,
    selectedVersion: findSelectedVersion(extensions),
  };
}

function findSelectedVersion(extensions: readonly Extension[]): number | null {
  const isVersion = ({ type }: Extension): boolean => type === EXTENSION_TYPE.supported_versions;
  const found = readExtensions<ServerHelloExtensions>(
    extensions.filter(isVersion),
    decodeError,
    readServerHelloExtension,
  );
  return found.supportedVersion ?? null;
}

/**
 * Reads the extensions of a ServerHello of TLS 1.3, and checks legacy_version and compression. `offered`
 * has the types of the ClientHello's extensions but GREASE. Throws PeerFault.
 */
export function parseServerHelloExtensions(
  hello: ServerHello,
  offered: readonly number[],
): ServerHelloExtensions {
  checkServerHello(hello, CARRIER.SH, offered);
  return readExtensions(hello.extensions, decodeError, readServerHelloExtension);
}

/** The same of a HelloRetryRequest, which may have a cookie that nobody asked for. Throws PeerFault. */
export function parseHelloRetryRequestExtensions(
  hello: ServerHello,
  offered: readonly number[],
): HelloRetryRequestExtensions {
  checkServerHello(hello, CARRIER.HRR, offered);
  return readExtensions(hello.extensions, decodeError, readHelloRetryRequestExtension);
}

function checkServerHello(hello: ServerHello, carrier: Carrier, offered: readonly number[]): void {
  const { legacyVersion, legacyCompressionMethod, extensions } = hello;
  if (legacyVersion !== LEGACY_VERSION) {
    throw new PeerFault('TLS_INVALID_LEGACY_VERSION', `legacy_version ${legacyVersion}`);
  }
  if (legacyCompressionMethod !== 0) {
    const detail = `legacy_compression_method ${legacyCompressionMethod}`;
    throw new PeerFault('TLS_INVALID_COMPRESSION', detail);
  }
  checkPlaces(extensions, carrier);
  checkSolicited(extensions, carrier, offered);
}

/** A ServerHello with header; `random` has 32 bytes. */
export function serializeServerHello(
  random: Uint8Array,
  content: ServerHelloContent<ServerHelloExtensions>,
): Uint8Array {
  return serialize(
    content,
    (writer) => writer.fixed('random', RANDOM_BYTES, random),
    (writer) => writeServerHelloExtensions(writer, content.extensions),
  );
}

/** A HelloRetryRequest with header. */
export function serializeHelloRetryRequest(
  content: ServerHelloContent<HelloRetryRequestExtensions>,
): Uint8Array {
  return serialize(content, writeHelloRetryRequestRandom, (writer) =>
    writeHelloRetryRequestExtensions(writer, content.extensions),
  );
}

function serialize(
  content: ServerHelloContent<object>,
  writeRandom: (writer: ByteWriter) => void,
  writeExtensions: (writer: ByteWriter) => void,
): Uint8Array {
  return handshakeMessage(HANDSHAKE_TYPE.server_hello, (writer) => {
    writer.uint16('legacy_version', LEGACY_VERSION);
    writeRandom(writer);
    writer.opaque('legacy_session_id_echo', 0, SESSION_ID_BYTES_MAX, content.legacySessionIdEcho);
    writer.uint16('cipher_suite', content.cipherSuite);
    writer.uint8('legacy_compression_method', 0);
    writeExtensionBlock(writer, EXTENSIONS_BYTES_MIN, writeExtensions);
  });
}
