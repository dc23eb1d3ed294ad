// KeyUpdate (RFC 9846 section 4.7.3).

/** KeyUpdateRequest. */
export type KeyUpdateRequest = 'update_not_requested' | 'update_requested';

/** Reads the whole message, header included; any other value is illegal_parameter. Throws PeerFault. */
export declare function parseKeyUpdate(message: Uint8Array): KeyUpdateRequest;

/** The message, with header. */
export declare function serializeKeyUpdate(request: KeyUpdateRequest): Uint8Array;
