// Finished (RFC 9846 section 4.5.3) and EndOfEarlyData (section 4.6).
import { bodyReader, handshakeMessage } from './handshake-message.ts';
import { HANDSHAKE_TYPE } from './handshake-type.ts';

/** verify_data of a Finished, header included, which must have `hashBytes` bytes. Throws PeerFault. */
export function parseFinished(message: Uint8Array, hashBytes: number): Uint8Array {
  const reader = bodyReader(message);
  const verifyData = reader.fixed('verify_data', hashBytes);
  reader.finish('Finished');
  return verifyData;
}

/** The message, with header. */
export function serializeFinished(verifyData: Uint8Array): Uint8Array {
  return handshakeMessage(HANDSHAKE_TYPE.finished, (writer) => writer.append(verifyData));
}

/** Checks that the message is empty behind its header. Throws PeerFault. */
export function parseEndOfEarlyData(message: Uint8Array): void {
  bodyReader(message).finish('EndOfEarlyData');
}

/** The message, with header. */
export function serializeEndOfEarlyData(): Uint8Array {
  return handshakeMessage(HANDSHAKE_TYPE.end_of_early_data, () => {});
}
