// What the hellos of both sides have in common (RFC 9846 sections 4.2.2 and 4.2.3).

/** TLS 1.3 in supported_versions. */
export const TLS_1_3 = 0x0304;

/** legacy_version, "which is the version number for TLS 1.2". */
export const LEGACY_VERSION = 0x0303;

/** Bytes of both randoms. */
export const RANDOM_BYTES = 32;

/** Most bytes of legacy_session_id. */
export const SESSION_ID_BYTES_MAX = 32;

const VERSION_NAMES = ['SSL 3.0', 'TLS 1.0', 'TLS 1.1', 'TLS 1.2', 'TLS 1.3'];

/** A version as people call it, for messages. */
export function versionName(code: number): string {
  return VERSION_NAMES[code - 0x0300] ?? `version 0x${code.toString(16).padStart(4, '0')}`;
}
