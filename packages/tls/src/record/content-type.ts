// What a record carries (RFC 9846 section 5, RFC 6520 section 6).

/** ContentType, and the number of each on the wire. */
export const CONTENT_TYPE = {
  change_cipher_spec: 20,
  alert: 21,
  handshake: 22,
  application_data: 23,
  heartbeat: 24,
} as const;

/** The number of a content type. */
export type ContentType = (typeof CONTENT_TYPE)[keyof typeof CONTENT_TYPE];

/** Whether a number is a content type. */
export function isContentType(type: number): type is ContentType {
  return type >= CONTENT_TYPE.change_cipher_spec && type <= CONTENT_TYPE.heartbeat;
}
