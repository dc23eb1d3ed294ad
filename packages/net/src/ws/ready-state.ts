// The four states of the WebSocket interface, as its constants say them.

/** The opening handshake is under way. */
export const CONNECTING = 0;
/** Messages may be sent. */
export const OPEN = 1;
/** The closing handshake has begun, or the connection is being cut. */
export const CLOSING = 2;
/** The connection is over. */
export const CLOSED = 3;

/** {@link CONNECTING} to {@link CLOSED}. */
export type ReadyState = typeof CONNECTING | typeof OPEN | typeof CLOSING | typeof CLOSED;

const NAMES = ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED'] as const;

/** What a caller is told who needed an open connection. */
export function notOpen(state: ReadyState): Error {
  return new Error(`WebSocket is not open: readyState ${state} (${NAMES[state]})`);
}
