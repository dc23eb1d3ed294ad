// What the operating system says when something cannot be done, in words.
import { escapeInvisible } from './escape.ts';

const EXPLANATIONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EADDRINUSE: 'the address is in use',
  EADDRNOTAVAIL: 'this machine does not have the address',
  EAFNOSUPPORT: 'this machine does not have this kind of address',
  EAI_AGAIN: 'names cannot be looked up at present',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it was cut',
  EHOSTUNREACH: 'there is no way to that address',
  EIO: 'the device failed',
  EMFILE: 'too many open files',
  ENETUNREACH: 'there is no way to that network',
  ENFILE: 'too many open files in the system',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'not a folder',
  ENOTFOUND: 'the name is not known',
  EPERM: 'not permitted',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'TLS is not spoken there',
  ERR_SSL_WRONG_VERSION_NUMBER: 'TLS is not spoken there',
  ETIMEDOUT: 'there was no answer',
};

/** The code of a system's error; empty for anything else. */
export function errorCode(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : '';
}

/** One line for people, without the paths and traces that errors carry. */
export function describeError(error: unknown): string {
  const code = errorCode(error);
  const explanation = EXPLANATIONS[code];
  if (explanation !== undefined) return `${explanation} (${code})`;
  // The message of OpenSSL begins with numbers and ends with a file of its source.
  const { reason } = (error ?? {}) as { readonly reason?: unknown };
  if (code.startsWith('ERR_SSL_') && typeof reason === 'string') {
    return `${escapeInvisible(reason)} (${code})`;
  }
  return escapeInvisible(error instanceof Error ? error.message : String(error));
}
