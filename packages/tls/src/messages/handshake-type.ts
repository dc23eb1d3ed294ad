// The numbers of handshake messages (RFC 9846 section 4).

/** HandshakeType. */
export const HANDSHAKE_TYPE = {
  client_hello: 1,
  server_hello: 2,
  new_session_ticket: 4,
  end_of_early_data: 5,
  encrypted_extensions: 8,
  certificate: 11,
  certificate_request: 13,
  certificate_verify: 15,
  finished: 20,
  key_update: 24,
  message_hash: 254,
} as const;

/** The RFC's name of a handshake message. */
export type HandshakeName = keyof typeof HANDSHAKE_TYPE;

/** Bytes of msg_type and length in front of every handshake message. */
export const HANDSHAKE_HEADER_BYTES = 4;
