// The header section of a request of `fetch`: the caller's headers, without those that are not his
// to set, and with those that a request never lacks.
import type { Field } from '@holdline/http1/client';
import { ACCEPT_ENCODING } from './content-coding.ts';

/** Framing and the connection are the client's; these are ignored, as the Fetch Standard has it. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Completes a request's headers in place. */
export function addDefaultHeaders(headers: Headers, userAgent: string): void {
  if (!headers.has('accept')) headers.set('accept', '*/*');
  if (!headers.has('user-agent')) headers.set('user-agent', userAgent);
  if (headers.has('accept-encoding')) return;
  // A part of coded content could not be decoded.
  headers.set('accept-encoding', headers.has('range') ? 'identity' : ACCEPT_ENCODING);
}

/** The fields to be sent. */
export function requestFields(headers: Headers): Field[] {
  const fields: Field[] = [];
  for (const [name, value] of headers) if (!FORBIDDEN.has(name)) fields.push({ name, value });
  if (asksToClose(headers)) fields.push({ name: 'connection', value: 'close' });
  return fields;
}

function asksToClose(headers: Headers): boolean {
  return headers.get('connection')?.toLowerCase() === 'close';
}

/** Whether the caller wants to be asked for the content (RFC 9110 section 10.1.1). */
export function expectsContinue(headers: Headers): boolean {
  return headers.get('expect')?.toLowerCase() === '100-continue';
}

/** A response's fields as headers, each line of its own. */
export function responseHeaders(fields: readonly Field[]): Headers {
  const headers = new Headers();
  for (const { name, value } of fields) headers.append(name, value);
  return headers;
}
