// Heartbeat messages (RFC 6520 section 4).

/** HeartbeatMode, and the number of each on the wire (section 2). */
export const HEARTBEAT_MODE = { peer_allowed_to_send: 1, peer_not_allowed_to_send: 2 } as const;
/** What an endpoint says of requests that its peer may send it. */
export type HeartbeatMode = keyof typeof HEARTBEAT_MODE;

/** A heartbeat message whose lengths fit; the padding is not shown. */
export interface HeartbeatMessage {
  readonly type: 'request' | 'response';
  /** A view of the content. */
  readonly payload: Uint8Array;
}
