// The numbers of extensions (RFC 9846 section 4.3).

/**
 * Extensions by the RFC's names. Those of TLS 1.2 (extended_main_secret, session_ticket,
 * ec_point_formats, renegotiation_info) may stand in a ClientHello and mean nothing to TLS 1.3.
 */
export const EXTENSION_TYPE = {
  server_name: 0,
  max_fragment_length: 1,
  status_request: 5,
  supported_groups: 10,
  ec_point_formats: 11,
  signature_algorithms: 13,
  heartbeat: 15,
  application_layer_protocol_negotiation: 16,
  signed_certificate_timestamp: 18,
  padding: 21,
  extended_main_secret: 23,
  record_size_limit: 28,
  session_ticket: 35,
  pre_shared_key: 41,
  early_data: 42,
  supported_versions: 43,
  cookie: 44,
  psk_key_exchange_modes: 45,
  certificate_authorities: 47,
  oid_filters: 48,
  post_handshake_auth: 49,
  signature_algorithms_cert: 50,
  key_share: 51,
  renegotiation_info: 0xff01,
} as const;

/** The RFC's name of an extension. */
export type ExtensionName = keyof typeof EXTENSION_TYPE;
