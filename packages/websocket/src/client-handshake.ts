// The opening handshake as a client sends it (RFC 6455 section 4.1).
import { acceptKey, NONCE_BYTES } from './accept-key.ts';
import { encodeBase64 } from './base64.ts';
import {
  DEFAULT_DEFLATE_OFFERS,
  type DeflateOffer,
  serializeDeflateOffers,
} from './deflate-offer.ts';
import { serializeExtensionList } from './extension-list.ts';
import {
  checkCallerFields,
  type HandshakeField,
  type HandshakeRequestHead,
  WEBSOCKET_VERSION,
} from './handshake-head.ts';
import { checkSubprotocols } from './subprotocol.ts';
import type { WebSocketUrl } from './websocket-url.ts';

/** What a client asks for. */
export interface OpeningOptions {
  /** Subprotocols, most preferred first. */
  readonly subprotocols?: readonly string[];
  /**
   * Fail the connection when the server chooses none of them: browsers do, RFC 6455 leaves it to
   * the client. Default: false.
   */
  readonly subprotocolRequired?: boolean;
  /** Offers of permessage-deflate, most preferred first; by default what browsers offer, none when empty. */
  readonly deflate?: readonly DeflateOffer[];
  /** The Origin field, which only browsers and what acts for one must send. */
  readonly origin?: string;
  /** Further fields of the request, such as Cookie or Authorization; each name once. */
  readonly fields?: readonly HandshakeField[];
}

/** The request to send, and what its response is checked against. */
export interface ClientHandshake {
  /** `target` is the resource name; the fields go with HTTP/1.1. */
  readonly request: HandshakeRequestHead;
  /** The only valid value of `Sec-WebSocket-Accept`. */
  readonly accept: string;
  readonly subprotocols: readonly string[];
  readonly subprotocolRequired: boolean;
  readonly deflate: readonly DeflateOffer[];
}

/** Fields that the handshake writes itself, and those that a GET request without content cannot have. */
const NOT_IN_REQUEST = [
  'host',
  'upgrade',
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'expect',
  'content-length',
  'transfer-encoding',
];

/**
 * Makes the request for a URL. `nonce` are 16 random bytes, new ones for each connection, which
 * need not be secret. Throws a TypeError or a RangeError when something is not valid.
 */
export function makeOpeningRequest(
  url: WebSocketUrl,
  nonce: Uint8Array,
  options: OpeningOptions = {},
): ClientHandshake {
  const { subprotocols = [], deflate = DEFAULT_DEFLATE_OFFERS, subprotocolRequired } = options;
  if (nonce.length !== NONCE_BYTES) throw new RangeError(`a nonce has ${NONCE_BYTES} bytes`);
  checkSubprotocols(subprotocols);
  const key = encodeBase64(nonce);
  const fields: HandshakeField[] = [
    { name: 'Host', value: url.authority },
    { name: 'Upgrade', value: 'websocket' },
    { name: 'Connection', value: 'Upgrade' },
    { name: 'Sec-WebSocket-Key', value: key },
    { name: 'Sec-WebSocket-Version', value: WEBSOCKET_VERSION },
  ];
  if (subprotocols.length > 0) {
    fields.push({ name: 'Sec-WebSocket-Protocol', value: subprotocols.join(', ') });
  }
  if (deflate.length > 0) {
    const value = serializeExtensionList(serializeDeflateOffers(deflate));
    fields.push({ name: 'Sec-WebSocket-Extensions', value });
  }
  return {
    request: {
      method: 'GET',
      target: url.resourceName,
      fields: [...fields, ...furtherFields(options)],
    },
    accept: acceptKey(key),
    subprotocols,
    subprotocolRequired: subprotocolRequired === true,
    deflate,
  };
}

/** Origin and the caller's fields. «A sender MUST NOT generate multiple field lines with the same name», but for lists, RFC 9110 section 5.3. */
function furtherFields({ origin, fields = [] }: OpeningOptions): readonly HandshakeField[] {
  const further = origin === undefined ? fields : [{ name: 'Origin', value: origin }, ...fields];
  checkCallerFields(further, NOT_IN_REQUEST);
  const names = new Set(further.map(({ name }) => name.toLowerCase()));
  if (names.size !== further.length) throw new TypeError('each field name can come once');
  return further;
}
