// Alerts: their names as the RFC gives them, and the numbers on the wire (RFC 9846 section 6).

/** AlertDescription, and the number of each (RFC 9846 section 6, RFC 6066 section 9, RFC 7301 section 3.2). */
export const ALERT = {
  close_notify: 0,
  unexpected_message: 10,
  bad_record_mac: 20,
  record_overflow: 22,
  handshake_failure: 40,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_revoked: 44,
  certificate_expired: 45,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  inappropriate_fallback: 86,
  user_canceled: 90,
  missing_extension: 109,
  unsupported_extension: 110,
  unrecognized_name: 112,
  bad_certificate_status_response: 113,
  unknown_psk_identity: 115,
  certificate_required: 116,
  general_error: 117,
  no_application_protocol: 120,
} as const;

/** The name of an alert. */
export type AlertName = keyof typeof ALERT;

/** Whether that is the name of an alert that tells of an error, not of closure (RFC 9846 section 6.1). */
export function isErrorAlert(name: AlertName): boolean {
  return Object.hasOwn(ALERT, name) && name !== 'close_notify' && name !== 'user_canceled';
}

/** Alert levels (RFC 9846 section 6): receivers go by the description, not by the level. */
export const ALERT_LEVEL = { warning: 1, fatal: 2 } as const;
