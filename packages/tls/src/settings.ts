// What endpoints of both roles may be told, validated once and shared by all their connections.
import { completeNumbers } from './bytes/named-numbers.ts';
import { CIPHER_SUITES, type CipherSuite, type CipherSuiteName } from './cipher-suite.ts';
import { DEFAULT_LIMITS, DEFAULT_TIMEOUTS, type TlsLimits, type TlsTimeouts } from './limits.ts';
import { NAMED_GROUP, type NamedGroup } from './named-group.ts';
import type { CryptoProvider, RandomSource } from './provider.ts';
import type { PaddingPolicy } from './record/padding.ts';
import type { RecordSizes } from './record/record-sizes.ts';
import { SIGNATURE_SCHEME, type SignatureScheme } from './signature-scheme.ts';

/** Who may send heartbeats (RFC 6520 section 2): `off`, or on, with what is said about the peer's requests. */
export type HeartbeatOption = 'off' | 'peer-allowed-to-send' | 'peer-not-allowed-to-send';

/** Options of both roles. */
export interface CommonOptions {
  /** Cryptography, such as `nodeCrypto` of `@holdline/tls/node`. */
  readonly crypto: CryptoProvider;
  /** Source of unpredictable bytes. */
  readonly random: RandomSource;
  /** Cipher suites in the order of preference; all that the provider has. */
  readonly cipherSuites?: readonly CipherSuiteName[];
  /** Groups of the key exchange in the order of preference; all that the provider has. */
  readonly groups?: readonly NamedGroup[];
  /** Schemes by which the peer may sign, in the order of preference; all that the provider has. */
  readonly signatureSchemes?: readonly SignatureScheme[];
  /** Bits of the modulus that an RSA key of the peer's must have, 1024-8192; 2048. */
  readonly rsaBitsMin?: number;
  /** Protocols for ALPN (RFC 7301) in the order of preference, 1-255 code units, one per byte; none. */
  readonly protocols?: readonly string[];
  /**
   * Certificates, DER, one of which the peer's own must equal byte for byte: then `verify-peer` is
   * answered inside, and any other is refused with unknown_ca. Without it every peer is asked about.
   */
  readonly pinnedCertificates?: readonly Uint8Array[];
  /** Heartbeats (RFC 6520); `off`. */
  readonly heartbeat?: HeartbeatOption;
  /** The largest plaintext of a record that the peer may send, 64-16385 (RFC 8449); 16385. */
  readonly recordSizeLimit?: number;
  /** Sizes of data records; `full`. `GROWING_RECORDS` begins with small ones. */
  readonly recordSizes?: RecordSizes;
  /** Padding of records; none. */
  readonly padding?: PaddingPolicy;
  /**
   * `owned`: what `receive` is given becomes the machine's, which decrypts in place. `borrowed`: it is
   * copied first where it is written to. `owned`.
   */
  readonly input?: 'owned' | 'borrowed';
  /** Send values that mean nothing, so that peers keep ignoring such (RFC 8701); false. */
  readonly grease?: boolean;
  /**
   * Receives each line of an SSLKEYLOGFILE (RFC 9850), without line end: who has them can read the
   * connection. For debugging.
   */
  readonly keyLog?: (line: string) => void;
  /** Sizes and counts, over `DEFAULT_LIMITS`. */
  readonly limits?: Partial<TlsLimits>;
  /** Durations in milliseconds, over `DEFAULT_TIMEOUTS`. */
  readonly timeouts?: Partial<TlsTimeouts>;
}

/** Validated options of both roles. */
export interface CommonSettings {
  readonly crypto: CryptoProvider;
  readonly random: RandomSource;
  readonly cipherSuites: readonly CipherSuite[];
  readonly groups: readonly NamedGroup[];
  readonly signatureSchemes: readonly SignatureScheme[];
  readonly rsaBitsMin: number;
  readonly protocols: readonly string[];
  /** Null: every peer is asked about. */
  readonly pinnedCertificates: readonly Uint8Array[] | null;
  readonly heartbeat: HeartbeatOption;
  readonly recordSizeLimit: number;
  readonly recordSizes: RecordSizes;
  readonly padding: PaddingPolicy | null;
  /** What is received is copied before it is decrypted. */
  readonly copiesInput: boolean;
  readonly grease: boolean;
  readonly keyLog: ((line: string) => void) | null;
  readonly limits: TlsLimits;
  readonly timeouts: TlsTimeouts;
}

/** Record plaintext with its inner type: 2^14 + 1 (RFC 8449 section 4). */
const RECORD_SIZE_LIMIT_MAX = 16_385;
const HEARTBEAT_OPTIONS: readonly string[] = [
  'off',
  'peer-allowed-to-send',
  'peer-not-allowed-to-send',
];

/** Completes options; throws TypeError for what is missing and RangeError for what nobody has. */
export function commonSettings(options: CommonOptions): CommonSettings {
  const { crypto, random } = options;
  if (typeof crypto?.startHash !== 'function') throw new TypeError('crypto must be a provider');
  if (typeof random !== 'function') throw new TypeError('random must be a function');
  const { heartbeat = 'off', recordSizeLimit = RECORD_SIZE_LIMIT_MAX, protocols = [] } = options;
  if (!HEARTBEAT_OPTIONS.includes(heartbeat)) {
    throw new RangeError(`heartbeat must be one of ${HEARTBEAT_OPTIONS.join(', ')}`);
  }
  const isSize = Number.isInteger(recordSizeLimit) && recordSizeLimit >= 64;
  if (!isSize || recordSizeLimit > RECORD_SIZE_LIMIT_MAX) {
    throw new RangeError(`recordSizeLimit must be an integer of 64-${RECORD_SIZE_LIMIT_MAX}`);
  }
  const { input = 'owned', rsaBitsMin = 2048 } = options;
  if (!(Number.isInteger(rsaBitsMin) && rsaBitsMin >= 1024 && rsaBitsMin <= 8192)) {
    throw new RangeError('rsaBitsMin must be an integer of 1024-8192');
  }
  if (input !== 'owned' && input !== 'borrowed') {
    throw new RangeError("input must be 'owned' or 'borrowed'");
  }
  for (const protocol of protocols) checkProtocol(protocol);
  return {
    crypto,
    random,
    cipherSuites: suites(options.cipherSuites, crypto),
    groups: chosen('groups', options.groups, NAMED_GROUP, crypto.groups),
    signatureSchemes: chosen(
      'signatureSchemes',
      options.signatureSchemes,
      SIGNATURE_SCHEME,
      crypto.schemes,
    ),
    rsaBitsMin,
    protocols: [...protocols],
    pinnedCertificates: options.pinnedCertificates?.map((pin) => Uint8Array.from(pin)) ?? null,
    heartbeat,
    recordSizeLimit,
    recordSizes: options.recordSizes ?? 'full',
    padding: options.padding ?? null,
    copiesInput: input === 'borrowed',
    grease: options.grease ?? false,
    keyLog: options.keyLog ?? null,
    limits: completeNumbers('limits', DEFAULT_LIMITS, options.limits),
    timeouts: completeNumbers('timeouts', DEFAULT_TIMEOUTS, options.timeouts),
  };
}

function suites(
  names: readonly CipherSuiteName[] | undefined,
  crypto: CryptoProvider,
): readonly CipherSuite[] {
  const available = CIPHER_SUITES.filter((suite) => crypto.aeads.includes(suite.aead));
  if (names === undefined) return available;
  if (names.length === 0) throw new RangeError('cipherSuites must not be empty');
  return names.map((name) => {
    const suite = available.find((candidate) => candidate.name === name);
    if (suite === undefined) throw new RangeError('cipherSuites: the provider has no such suite');
    return suite;
  });
}

function chosen<Name extends string>(
  what: string,
  names: readonly Name[] | undefined,
  known: Readonly<Record<Name, number>>,
  available: readonly Name[],
): readonly Name[] {
  if (names === undefined) return available;
  if (names.length === 0) throw new RangeError(`${what} must not be empty`);
  if (new Set(names).size !== names.length) throw new RangeError(`${what} must not repeat itself`);
  for (const name of names) {
    if (!(name in known && available.includes(name))) {
      throw new RangeError(`${what}: the provider has nothing of that name`);
    }
  }
  return [...names];
}

/** A protocol's name is bytes, one code unit for each (RFC 7301 section 3.1). */
function checkProtocol(protocol: string): void {
  const isName = protocol.length >= 1 && protocol.length <= 255;
  if (!isName || /[^\0-\xff]/.test(protocol)) {
    throw new RangeError('a protocol must have 1-255 code units below 256');
  }
}
