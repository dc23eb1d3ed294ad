// What is answered when no handler does: short, plain, and silent about our insides.
import { type Field, reasonPhrase } from '@holdline/http1/server';
import type { HttpResponse } from './http-response.ts';

const CONTENT_TYPE: Field = Object.freeze({
  name: 'content-type',
  value: 'text/plain; charset=utf-8',
});

/**
 * «The server SHOULD generate a representation for the 505 response that describes why that version
 * is not supported and what other protocols are supported by that server», RFC 9110 section 15.6.6.
 */
const ADVICE: Readonly<Record<number, string>> = Object.freeze({
  505: 'This server speaks HTTP/1.1 and HTTP/1.0; the request was of another major version.\n',
});

/** The default response to a status of 400 and above; `fields` come before its own. */
export function defaultResponse(
  status: number,
  fields: readonly Field[],
): HttpResponse & { readonly content: string } {
  return {
    status,
    fields: [...fields, CONTENT_TYPE],
    content: `${status} ${reasonPhrase(status)}\n${ADVICE[status] ?? ''}`,
  };
}

/** «A server that receives an Expect field value containing a member other than 100-continue MAY respond with a 417», RFC 9110 section 10.1.1. */
export function hasUnknownExpectation(fields: readonly Field[]): boolean {
  for (let index = 0; index < fields.length; index++) {
    const { name, value } = fields[index]!;
    if (name !== 'expect') continue;
    const members = value.split(',').map((member) => member.trim().toLowerCase());
    if (members.some((member) => member !== '' && member !== '100-continue')) return true;
  }
  return false;
}
