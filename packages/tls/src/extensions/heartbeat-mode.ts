// heartbeat (RFC 6520 section 2).
import type { ByteReader } from '../bytes/byte-reader.ts';
import type { ByteWriter } from '../bytes/byte-writer.ts';
import { PeerFault } from '../peer-fault.ts';
import type { HeartbeatMode } from './extension-values.ts';

const MODES: readonly HeartbeatMode[] = ['peer_allowed_to_send', 'peer_not_allowed_to_send'];

/** "Upon reception of an unknown mode, an error Alert message using illegal_parameter ... MUST be sent". */
export function parseHeartbeatMode(reader: ByteReader): HeartbeatMode {
  const code = reader.uint8('HeartbeatMode');
  const mode = MODES[code - 1];
  if (mode === undefined) throw new PeerFault('TLS_INVALID_HEARTBEAT_MODE', `mode ${code}`);
  return mode;
}

/** 1 or 2. */
export function writeHeartbeatMode(writer: ByteWriter, mode: HeartbeatMode): void {
  writer.uint8('HeartbeatMode', MODES.indexOf(mode) + 1);
}
