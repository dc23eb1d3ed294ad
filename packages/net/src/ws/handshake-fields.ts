// The fields of a request or response of node:http, as the opening handshake reads them.
import type { HandshakeField } from '@holdline/websocket';

/** Names and values by turns, as received. */
export function fieldsOfRaw(rawHeaders: readonly string[]): HandshakeField[] {
  const fields: HandshakeField[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    fields.push({ name: rawHeaders[at]!, value: rawHeaders[at + 1]! });
  }
  return fields;
}
