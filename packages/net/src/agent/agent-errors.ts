// Errors as programs that use node:http know them.
import { HttpClientError, type HttpClientErrorCode } from '../client/client-errors.ts';

/** Node's codes for what it has a code for, and the text that goes with each. */
const NODE_ERRORS: Partial<Record<HttpClientErrorCode, readonly [code: string, text: string]>> = {
  HTTP_CLIENT_CONNECTION_ENDED: ['ECONNRESET', 'socket hang up'],
  HTTP_CLIENT_CONNECT_TIMEOUT: ['ETIMEDOUT', 'connect ETIMEDOUT'],
};

/**
 * The error that `http.request` would have met: the system's own where a connection could not be
 * opened, Node's code where it has one, and the `HttpClientError` otherwise, which is also the cause.
 * Null for a response that is cut, which node finds out by itself from the end of its socket.
 */
export function nodeError(error: Error): Error | null {
  if (!(error instanceof HttpClientError)) return error;
  if (error.code === 'HTTP_CLIENT_RESPONSE_INCOMPLETE') return null;
  if (error.code === 'HTTP_CLIENT_CONNECT_FAILED' && error.cause instanceof Error) {
    return error.cause;
  }
  const known = NODE_ERRORS[error.code];
  if (known === undefined) return error;
  const [code, text] = known;
  return Object.assign(new Error(text, { cause: error }), { code });
}
