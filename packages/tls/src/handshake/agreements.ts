// What a handshake agrees on bit by bit, of which its last event tells.
import type { CipherSuite } from '../cipher-suite.ts';
import type { HandshakeCompleteEvent } from '../events.ts';
import type { HeartbeatMode } from '../extensions/extension-values.ts';
import type { NamedGroup } from '../named-group.ts';
import type { HeartbeatOption } from '../settings.ts';
import type { SignatureScheme } from '../signature-scheme.ts';

/** The two modes of a heartbeat (RFC 6520 section 2). */
export interface HeartbeatModes {
  readonly local: HeartbeatMode;
  readonly peer: HeartbeatMode;
}

/** Filled in while the handshake goes on. */
export class Agreements {
  /** The name that the client asks for. */
  serverName: string | null = null;
  protocol: string | null = null;
  group: NamedGroup | null = null;
  signatureScheme: SignatureScheme | null = null;
  pskIdentity: Uint8Array | null = null;
  /** What the peer has shown and proved to be its own; empty for nothing. */
  peerCertificates: readonly Uint8Array[] = [];
  wasRetried = false;
  /** What we take of a record once no early data can come any more; null when that holds already. */
  recordBytesMaxLater: number | null = null;
  heartbeat: HeartbeatModes | null = null;
  /** The client takes requests for certificates later on (RFC 9846 section 4.3.6). */
  postHandshakeAuth = false;

  /** Both sides' word on heartbeats. */
  agreeHeartbeat(local: HeartbeatMode, peer: HeartbeatMode): void {
    this.heartbeat = { local, peer };
  }

  /** The event at the end. */
  event(suite: CipherSuite): HandshakeCompleteEvent {
    const { heartbeat } = this;
    return {
      type: 'handshake-complete',
      version: 'TLS 1.3',
      cipherSuite: suite.name,
      group: this.group,
      signatureScheme: this.signatureScheme,
      protocol: this.protocol,
      serverName: this.serverName,
      pskIdentity: this.pskIdentity,
      peerCertificates: this.peerCertificates,
      wasRetried: this.wasRetried,
      heartbeat: {
        sends: heartbeat?.peer === 'peer_allowed_to_send',
        receives: heartbeat?.local === 'peer_allowed_to_send',
      },
    };
  }
}

/** The mode that an option stands for; null for off. */
export function heartbeatMode(option: HeartbeatOption): HeartbeatMode | null {
  if (option === 'off') return null;
  return option === 'peer-allowed-to-send' ? 'peer_allowed_to_send' : 'peer_not_allowed_to_send';
}
