// KeyUpdate (RFC 9846 section 4.7.3).
import { PeerFault } from '../peer-fault.ts';
import { bodyReader, handshakeMessage } from './handshake-message.ts';
import { HANDSHAKE_TYPE } from './handshake-type.ts';

/** KeyUpdateRequest. */
export type KeyUpdateRequest = 'update_not_requested' | 'update_requested';

const REQUESTS: readonly KeyUpdateRequest[] = ['update_not_requested', 'update_requested'];

/** Reads the whole message, header included; any other value is illegal_parameter. Throws PeerFault. */
export function parseKeyUpdate(message: Uint8Array): KeyUpdateRequest {
  const reader = bodyReader(message);
  const code = reader.uint8('request_update');
  reader.finish('KeyUpdate');
  const request = REQUESTS[code];
  if (request === undefined)
    throw new PeerFault('TLS_INVALID_KEY_UPDATE', `request_update ${code}`);
  return request;
}

/** The message, with header. */
export function serializeKeyUpdate(request: KeyUpdateRequest): Uint8Array {
  return handshakeMessage(HANDSHAKE_TYPE.key_update, (writer) => {
    writer.uint8('request_update', REQUESTS.indexOf(request));
  });
}
