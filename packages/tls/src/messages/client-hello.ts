// ClientHello (RFC 9846 section 4.2.2).
import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { parseSupportedVersions } from '../extensions/code-lists.ts';
import {
  parseExtensionBlock,
  readExtensions,
  writeExtensionBlock,
  writeRawExtensions,
} from '../extensions/extension-block.ts';
import { CARRIER, checkPlaces } from '../extensions/extension-placement.ts';
import { EXTENSION_TYPE } from '../extensions/extension-type.ts';
import type { ClientHelloExtensions, Extension } from '../extensions/extension-values.ts';
import { bindersBytes, writeBinders } from '../extensions/pre-shared-key.ts';
import { readClientHelloExtension, writeClientHelloExtensions } from './client-hello-extensions.ts';
import { checkClientHelloExtensions, checkClientHelloFrame } from './client-hello-rules.ts';
import { bodyReader, decodeError, handshakeMessage } from './handshake-message.ts';
import { HANDSHAKE_TYPE } from './handshake-type.ts';
import { LEGACY_VERSION, RANDOM_BYTES, SESSION_ID_BYTES_MAX } from './hello-constants.ts';

const CIPHER_SUITES_BYTES_MAX = 0xfffe;
const COMPRESSION_METHODS_BYTES_MAX = 0xff;
const EXTENSIONS_BYTES_MIN = 7;
const NULL_COMPRESSION: Uint8Array = /* @__PURE__ */ Uint8Array.of(0);
const LENGTH_BYTES = 2;

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
   * The length of Truncate(ClientHello) (section 4.3.11.2): where in `message` the binders begin, with
   * their own length; -1 when pre_shared_key is not the last extension. `parseClientHelloExtensions` has
   * checked what is behind it.
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
export function parseClientHello(message: Uint8Array): ClientHello {
  const reader = bodyReader(message);
  const legacyVersion = reader.uint16('legacy_version');
  const random = reader.fixed('random', RANDOM_BYTES);
  const legacySessionId = reader.opaque('legacy_session_id', 0, SESSION_ID_BYTES_MAX);
  const cipherSuites = reader.uint16s('cipher_suites', 2, CIPHER_SUITES_BYTES_MAX);
  const legacyCompressionMethods = reader.opaque(
    'legacy_compression_methods',
    1,
    COMPRESSION_METHODS_BYTES_MAX,
  );
  const extensions = parseOptionalExtensions(reader);
  reader.finish('ClientHello');
  return {
    message,
    legacyVersion,
    random,
    legacySessionId,
    cipherSuites,
    legacyCompressionMethods,
    extensions,
    supportedVersions: findSupportedVersions(extensions),
    truncationBytes: findBinders(message, extensions),
  };
}

/**
 * "The presence of extensions can be detected by determining whether there are bytes following the
 * compression_methods field"; the floor of 7 is TLS 1.3's, whose hellos have more by supported_versions.
 */
function parseOptionalExtensions(reader: ByteReader): Extension[] {
  return reader.left === 0 ? [] : parseExtensionBlock(reader, 0);
}

function findSupportedVersions(extensions: readonly Extension[]): readonly number[] | null {
  const isVersions = ({ type }: Extension): boolean => type === EXTENSION_TYPE.supported_versions;
  const found = readExtensions<{ versions?: number[] }>(
    extensions.filter(isVersions),
    decodeError,
    (_type, data, values) => {
      values.versions = parseSupportedVersions(data);
      return true;
    },
  );
  return found.versions ?? null;
}

function findBinders(message: Uint8Array, extensions: readonly Extension[]): number {
  const last = extensions.at(-1);
  if (last?.type !== EXTENSION_TYPE.pre_shared_key || last.data.length < LENGTH_BYTES) return -1;
  const reader = new ByteReader(last.data, 0, last.data.length, decodeError);
  return message.length - last.data.length + LENGTH_BYTES + reader.uint16('identities');
}

/**
 * Reads and judges a hello that offers TLS 1.3 by everything that sections 4.2.2, 4.3 and 9.2 say of one
 * alone: legacy_version, compression, extensions that must, must not and may only be there, and the
 * body of each that is known. Throws PeerFault. Call it once the version is chosen.
 */
export function parseClientHelloExtensions(hello: ClientHello): ClientHelloExtensions {
  checkClientHelloFrame(hello);
  checkPlaces(hello.extensions, CARRIER.CH);
  const found = readExtensions(hello.extensions, decodeError, readClientHelloExtension);
  checkClientHelloExtensions(found);
  return found;
}

/** The message, with header. Throws RangeError for what the format has no room for. */
export function serializeClientHello(content: ClientHelloContent): Uint8Array {
  return handshakeMessage(HANDSHAKE_TYPE.client_hello, (writer) => {
    writer.uint16('legacy_version', LEGACY_VERSION);
    writer.fixed('random', RANDOM_BYTES, content.random);
    writer.opaque('legacy_session_id', 0, SESSION_ID_BYTES_MAX, content.legacySessionId);
    writer.uint16s('cipher_suites', 2, CIPHER_SUITES_BYTES_MAX, content.cipherSuites);
    writer.opaque('legacy_compression_methods', 1, COMPRESSION_METHODS_BYTES_MAX, NULL_COMPRESSION);
    writeExtensionBlock(writer, EXTENSIONS_BYTES_MIN, () => {
      writeRawExtensions(writer, content.otherExtensions ?? []);
      writeClientHelloExtensions(writer, content.extensions);
    });
  });
}

/** The length of Truncate(ClientHello) of a serialized hello that ends with these binders. */
export function truncatedBytes(message: Uint8Array, binders: readonly Uint8Array[]): number {
  return message.length - bindersBytes(binders);
}

/** Puts the true binders, of the same lengths, over those at the end of a serialized hello. */
export function overwriteBinders(message: Uint8Array, binders: readonly Uint8Array[]): void {
  const writer = new ByteWriter();
  writeBinders(writer, binders);
  message.set(writer.take(), truncatedBytes(message, binders));
}
