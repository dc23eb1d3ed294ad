// What of a message's fields goes on when it is forwarded: all but those that belong to one
// connection (RFC 9110 section 7.6.1), spelled as they were received.
import { type Field, fieldNamesAsReceived, type ResponseEvent } from '@holdline/http1';

/** What forwarding needs to know of a head. */
export interface ForwardedHead {
  readonly fields: readonly Field[];
  readonly rawHead: string;
}

/** Framing and the connection are said anew on each connection. */
const CONNECTION_FIELDS: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
]);

/** The fields to be forwarded; those in `without`, by lower-case names, stay behind as well. */
export function forwardedFields(head: ForwardedHead, ...without: readonly string[]): Field[] {
  const { fields } = head;
  const names = fieldNamesAsReceived(head.rawHead);
  const options = connectionOptions(fields);
  const forwarded: Field[] = [];
  for (let index = 0; index < fields.length; index += 1) {
    const { name, value } = fields[index] as Field;
    if (CONNECTION_FIELDS.has(name) || options.has(name) || without.includes(name)) continue;
    forwarded.push({ name: names[index] ?? name, value });
  }
  return forwarded;
}

/**
 * The fields of a final response to be forwarded. What they say of its length where the framing says
 * otherwise (RFC 9112 section 6.3) did no harm here, and must not do any behind.
 */
export function forwardedResponseFields(head: ResponseEvent): Field[] {
  const { framing, contentLength, status } = head;
  // Of what HEAD did not ask for, and of 304, the length is as good as its sender.
  if (framing === 'none' && status !== 204) return forwardedFields(head);
  let isKnown = framing === 'content-length';
  return forwardedFields(head).flatMap((field) => {
    if (field.name.toLowerCase() !== 'content-length') return [field];
    if (!isKnown) return [];
    isKnown = false;
    return [{ name: field.name, value: String(contentLength) }];
  });
}

/** Fields that Connection names belong to the connection, too. */
function connectionOptions(fields: readonly Field[]): ReadonlySet<string> {
  const options = new Set<string>();
  for (const { name, value } of fields) {
    if (name !== 'connection') continue;
    for (const option of value.split(',')) options.add(option.trim().toLowerCase());
  }
  // These go on with what they are for: an offer to switch, and the wish for 100 (Continue).
  options.delete('upgrade');
  return options;
}
