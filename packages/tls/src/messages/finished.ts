// Finished (RFC 9846 section 4.5.3) and EndOfEarlyData (section 4.6).

/** verify_data of a Finished, header included, which must have `hashBytes` bytes. Throws PeerFault. */
export declare function parseFinished(message: Uint8Array, hashBytes: number): Uint8Array;

/** The message, with header. */
export declare function serializeFinished(verifyData: Uint8Array): Uint8Array;

/** Checks that the message is empty behind its header. Throws PeerFault. */
export declare function parseEndOfEarlyData(message: Uint8Array): void;

/** The message, with header. */
export declare function serializeEndOfEarlyData(): Uint8Array;
