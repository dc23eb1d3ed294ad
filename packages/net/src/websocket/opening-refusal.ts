// The answer to an opening handshake that does not become a WebSocket.
import type { Field } from '@holdline/http1/server';
import { type HandshakeResponseHead, refuseOpening } from '@holdline/websocket/server';
import type { HttpExchange } from '../http-exchange.ts';
import type { RefuseDecision } from './websocket-server-options.ts';

const CONTENT_TYPE: Field = Object.freeze({
  name: 'content-type',
  value: 'text/plain; charset=utf-8',
});

/**
 * What a response MUST have beside its status (RFC 9110 sections 15.5.2, 15.5.6 and 15.5.22), when the
 * program says nothing of it. A Bearer challenge is the one that makes no browser ask its user.
 */
const FIELDS_OF_STATUS: Readonly<Record<number, readonly Field[]>> = {
  401: [{ name: 'WWW-Authenticate', value: 'Bearer' }],
  405: [{ name: 'Allow', value: 'GET' }],
  426: [
    { name: 'Upgrade', value: 'websocket' },
    { name: 'Connection', value: 'Upgrade' },
  ],
};

/** Answers as the program has decided. Throws TypeError or RangeError for what cannot be sent. */
export function refuseExchange(
  exchange: HttpExchange,
  { status, fields = [], content = '' }: RefuseDecision,
): void {
  const lacking = (FIELDS_OF_STATUS[status] ?? []).filter(({ name }) => !hasField(fields, name));
  respondWith(exchange, refuseOpening(status, [...fields, ...lacking]), content);
}

/** Answers with a few words, plain text unless the fields say otherwise. */
export function respondWith(
  exchange: HttpExchange,
  { status, fields }: HandshakeResponseHead,
  words: string,
): void {
  if (words === '') exchange.respond({ status, fields });
  else {
    const type = hasField(fields, CONTENT_TYPE.name) ? [] : [CONTENT_TYPE];
    exchange.respond({ status, fields: [...fields, ...type], content: `${words}\n` });
  }
}

function hasField(fields: readonly Field[], name: string): boolean {
  return fields.some((field) => field.name.toLowerCase() === name.toLowerCase());
}
