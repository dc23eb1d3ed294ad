// What can be done with the TLS under a connection, where it is holdline's.
import type { TlsInfo } from '@holdline/net';
import type { TlsConnection } from '@holdline/net/tls';

/** Updates our sending keys and asks for the peer's (RFC 9846 section 4.7.3); false where that cannot be. */
export function updateKeys(tls: TlsInfo | null): boolean {
  const connection = controllable(tls);
  if (connection === null || connection.closed !== null) return false;
  connection.updateKeys(true);
  return true;
}

/** Whether the peer has agreed to be sent heartbeats (RFC 6520). */
export function hasHeartbeats(tls: TlsInfo | null): boolean {
  return controllable(tls)?.handshake?.heartbeat.sends ?? false;
}

/** Null where it is not holdline's. The class is not loaded for that: the engine's name says as much. */
function controllable(tls: TlsInfo | null): TlsConnection | null {
  return tls?.engine === 'holdline' ? (tls as TlsConnection) : null;
}
