// What can be done with the resources here: they can be read.
import type { HttpResponse } from '@holdline/net';
import { textResponse } from './page.ts';

/** The methods of RFC 9110 section 9.3, and PATCH (RFC 5789). Method names are case-sensitive. */
const KNOWN: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
]);

const ALLOW = { name: 'allow', value: 'GET, HEAD, OPTIONS' } as const;

/** The response to what is neither GET nor HEAD; null for these two. */
export function responseToMethod(method: string): HttpResponse | null {
  if (method === 'GET' || method === 'HEAD') return null;
  // «an OPTIONS request with an asterisk» is about the server, which has the same to offer.
  if (method === 'OPTIONS') return { status: 204, fields: [ALLOW] };
  // «the origin server MUST generate an Allow header field in a 405 response», RFC 9110 15.5.6.
  if (KNOWN.has(method)) return textResponse(405, 'This can only be read.', [ALLOW]);
  return textResponse(501, 'This method is not known here.');
}
